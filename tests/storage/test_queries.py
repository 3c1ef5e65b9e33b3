"""The answers behind the summary of a crawl, and the views."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hanicrawler.items import Problem, Ranking, StoryLink
from hanicrawler.storage import ProblemCode, Totals, newest, problem_codes, totals

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.storage import Writer

HOUR = timedelta(hours=1)


def test_totals_count_what_is_there(writer: Writer, engine: sa.Engine, article: Any) -> None:
    at = article(1).fetch.fetched_at
    problem = Problem(url="https://x.example/", stage="parse", code="c", error="e", seen_at=at)
    writer.write([article(1), article(2), article(3, edition="ko"), problem])
    writer.write([article(1, headline="Other", at=at + HOUR)])

    assert totals(engine) == Totals(
        articles={"en": 2, "ko": 1}, revisions=4, authors=2, open_problems=1
    )


def test_the_newest_come_first_and_the_undated_last(
    writer: Writer, engine: sa.Engine, article: Any
) -> None:
    day = article(1).published_at
    writer.write(
        [
            article(1, published_at=None, authors=()),
            article(2, published_at=day),
            article(3, published_at=day + HOUR, modified_at=None),
        ]
    )

    found = newest(engine, 5)

    assert [one.source_id for one in found] == [3, 2, 1]
    assert [one.published_at for one in found] == [day + HOUR, day, None]
    assert [one.authors for one in found] == ["Kim Na-ra; Yonhap News"] * 2 + [None]
    assert newest(engine, 1) == found[:1]


def test_open_problems_are_grouped(writer: Writer, engine: sa.Engine, article: Any) -> None:
    at = article(1).fetch.fetched_at

    def problem(number: int, stage: Any, code: str, hours: int) -> Problem:
        url = article(number).url
        return Problem(url=url, stage=stage, code=code, error="e", seen_at=at + hours * HOUR)

    writer.write(
        [
            problem(1, "fetch", "gone", 1),
            problem(2, "parse", "no_body", 1),
            problem(3, "parse", "no_body", 2),
            problem(4, "parse", "solved", -1),
            article(4),
        ]
    )

    assert problem_codes(engine) == [
        ProblemCode(stage="parse", code="no_body", count=2, last_seen_at=at + 2 * HOUR),
        ProblemCode(stage="fetch", code="gone", count=1, last_seen_at=at + HOUR),
    ]


def test_article_list_has_one_row_an_article(writer: Writer, article: Any, rows: Any) -> None:
    writer.write([article(2), article(1, authors=tuple(reversed(article(1).authors)))])

    found = {row["source_id"]: row for row in rows("article_list")}
    assert found[2]["authors"] == "Kim Na-ra; Yonhap News"
    assert found[1]["authors"] == "Yonhap News; Kim Na-ra"
    assert found[1]["published_at"] == article(1).published_at
    assert len(rows("article_list")) == 2


def test_translations_stand_side_by_side(writer: Writer, article: Any, rows: Any) -> None:
    korean_url = "https://www.hani.co.kr/arti/50.html"
    english = article(1, original_source_id=50, original_url=korean_url)
    writer.write([english, article(2)])
    (alone,) = rows("translations")
    assert (alone["korean_id"], alone["korean_source_id"]) == (None, 50)
    assert (alone["korean_url"], alone["korean_headline"]) == (korean_url, None)

    writer.write([article(50, edition="ko", url=korean_url, headline="회담 재개")])

    (pair,) = rows("translations")
    assert (pair["english_headline"], pair["korean_headline"]) == (english.headline, "회담 재개")
    assert pair["korean_body"] == english.body


def test_the_story_graph_grows_as_targets_are_stored(
    writer: Writer, article: Any, rows: Any
) -> None:
    writer.write([article(1)])
    edges = rows("story_graph")
    assert [(e["source_id"], e["position"], e["related_id"]) for e in edges] == [
        (1, 1, None),
        (1, 2, None),
    ]

    writer.write([article(900, related=())])

    edges = rows("story_graph")
    assert [(e["related_headline"], e["link_headline"]) for e in edges] == [
        (article(900).headline, "Earlier talks"),
        (None, ""),
    ]
    assert {e["headline"] for e in edges} == {article(1).headline}


def test_ranking_history_says_how_long_a_ranking_stood(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    known = StoryLink(url=article(1).url, headline="As linked", edition="en", source_id=1)
    other = StoryLink(url="https://elsewhere.example/", headline="Elsewhere")
    writer.write(
        [
            article(1),
            Ranking(edition="en", seen_at=at, links=(known,)),
            Ranking(edition="en", seen_at=at + HOUR, links=(other, known)),
        ]
    )

    found = [
        (row["seen_at"], row["replaced_at"], row["position"], row["headline"], row["section"])
        for row in rows("ranking_history")
    ]
    assert sorted(found, key=lambda row: (row[0], row[2])) == [
        (at, at + HOUR, 1, article(1).headline, "e_northkorea"),
        (at + HOUR, None, 1, "Elsewhere", None),
        (at + HOUR, None, 2, article(1).headline, "e_northkorea"),
    ]
