"""An entry the database refuses takes no other along."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanicrawler.items import Byline, Discovered, Fetch, Problem, Ranking, StoryLink

if TYPE_CHECKING:
    from hanicrawler.storage import Writer

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"body": "a\0b"}, "NUL"),
        ({"deck": "a\ud800b"}, "surrogate"),
        ({"headline": "  "}, "ck_articles_headline"),
        ({"source_id": 2**31}, "source_id|range"),
        ({"source_id": 2**70}, "range|too large|int|source_id"),
        ({"source_id": 0}, "ck_articles_source_id"),
        ({"edition": "fr"}, "ck_articles_edition"),
        ({"original_source_id": -1}, "ck_articles_original_source_id"),
        ({"published_at": datetime(2026, 3, 1)}, "time zone"),  # noqa: DTZ001
        ({"content_hash": "short"}, "ck_articles_content_hash"),
        ({"authors": (Byline(name="", language="en"),)}, "ck_authors_name"),
        ({"authors": (Byline(name="A" * 201, language="en"),)}, "ck_authors_name"),
        ({"url": "https://x.example/" + "x" * 2000}, "ck_articles_url"),
    ],
    ids=lambda value: next(iter(value)) + str(value)[:28] if isinstance(value, dict) else None,
)
def test_a_refused_article_is_a_problem_and_its_neighbours_are_stored(
    writer: Writer, article: Any, rows: Any, change: dict[str, Any], reason: str
) -> None:
    bad = replace(article(2), **change)

    assert writer.write([article(1), bad, article(3)]) == ["new", "refused", "new"]

    assert [row["source_id"] for row in rows("articles")] == [1, 3]
    assert [row["source_id"] for row in rows("pages")] == [1, 3]
    (problem,) = rows("problems")
    assert (problem["stage"], problem["code"]) == ("store", "refused")
    assert bad.url.startswith(problem["url"])
    assert problem["seen_at"] == bad.fetch.fetched_at
    assert "\n" not in problem["error"]
    assert re.search(reason, problem["error"]), problem["error"]


def test_a_modified_time_before_publication_is_refused(
    writer: Writer, article: Any, rows: Any
) -> None:
    bad = article(1)
    bad = replace(bad, modified_at=bad.published_at - HOUR)

    assert writer.write([bad]) == ["refused"]
    assert "ck_articles_modified_at" in rows("problems")[0]["error"]


def test_a_refused_change_leaves_what_was_stored(writer: Writer, article: Any, rows: Any) -> None:
    writer.write([article(1)])
    tables = ("articles", "revisions", "bylines", "images", "related_stories", "pages")
    before = {table: rows(table) for table in tables}

    at = article(1).fetch.fetched_at + HOUR
    bad = article(1, at=at, headline="Other", authors=(), related=(
        StoryLink(url="https://x.example/", headline="half a key", edition="en"),))  # fmt: skip
    assert writer.write([bad]) == ["refused"]

    assert {table: rows(table) for table in tables} == before


def test_the_next_good_reading_resolves_the_refusal(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    writer.write([article(1, body="a\0b")])
    assert writer.write([article(1, at=at + HOUR)]) == ["new"]

    assert [row["resolved_at"] for row in rows("problems")] == [at + HOUR]


def test_whatever_is_refused_is_recorded(writer: Writer, article: Any, rows: Any) -> None:
    at = article(1).fetch.fetched_at
    batch: list[Any] = [
        Fetch(url="https://x.example/\0", kind="front", fetched_at=at, status=200),
        Fetch(url="https://x.example/status", kind="front", fetched_at=at, status=7),
        Discovered(url="https://x.example/\udfff", kind="list", discovered_at=at),
        Problem(url="https://x.example/stage", stage="nowhere", code="c", error="e",  # type: ignore[arg-type]
                seen_at=at, body=b"kept"),
        Ranking(edition="en", seen_at=at, links=(
            StoryLink(url="https://x.example/", headline="a\0b"),)),
        Ranking(edition="en", seen_at=datetime(2026, 3, 1), links=(  # noqa: DTZ001
            StoryLink(url="https://x.example/", headline="naive"),)),
        Problem(url="https://x.example/\0" + "x" * 5000, stage="parse", code="odd\ncode",
                error="Many\nlines\0 \ud800", seen_at=at),
    ]  # fmt: skip

    assert writer.write(batch) == ["refused"] * 6 + ["stored"]

    found = [(row["code"], row["url"][:26]) for row in rows("problems")]
    assert ("refused", "https://x.example/stage") in found
    assert ("odd code", "https://x.example/�xxxxxxx") in found
    assert len(rows("most_viewed")) == len(rows("pages")) == 0


def test_an_author_of_a_refused_article_is_not_believed_to_be_stored(
    writer: Writer, article: Any, rows: Any
) -> None:
    authors = (Byline(name="Somebody", language="en"),)
    half_a_key = StoryLink(url="https://x.example/", headline="", edition="en")
    assert writer.write([article(1, authors=authors, related=(half_a_key,))]) == ["refused"]
    assert rows("authors") == []

    assert writer.write([article(2, authors=authors)]) == ["new"]

    assert [author["name"] for author in rows("authors")] == ["Somebody"]


TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), min_size=1)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXT.map(lambda text: f"{text}."), number=st.integers(1, 2**31 - 1))
def test_any_text_comes_back_as_it_was(
    writer: Writer, article: Any, rows: Any, text: str, number: int
) -> None:
    at = article(1).fetch.fetched_at
    seen = article(
        number,
        headline=text,
        body=text,
        deck=text,
        contact=text,
        layers={text: "template"},
        authors=(Byline(name=text[:200], language="ko", role=text, place=text, email=text),),
        related=(StoryLink(url=text, headline=text),),
        at=at,
    )

    assert writer.write([seen])[0] != "refused"
    assert writer.write([seen]) == ["unchanged"]

    row = next(row for row in rows("articles") if row["source_id"] == number)
    assert [row[name] for name in ("headline", "body", "deck", "contact")] == [text] * 4
    assert row["layers"] == {text: "template"}
