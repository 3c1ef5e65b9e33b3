"""What the writer makes of articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Byline, Discovered, Fetch, Image, Problem, Ranking, StoryLink
from hanicrawler.storage import Writer
from hanicrawler.storage.models import ArticleRow

HOUR = timedelta(hours=1)


def test_a_new_article_is_stored_with_all_that_belongs_to_it(
    writer: Writer, article: Any, rows: Any
) -> None:
    new = article(7)

    assert writer.write([new]) == ["new"]

    (row,) = rows("articles")
    for name in ("edition", "source_id", "url", "section", "section_name", "label", "headline",
                 "deck", "body", "byline", "published_at", "modified_at", "published_text",
                 "modified_text", "contact", "original_url", "original_source_id", "template",
                 "content_hash", "layers"):  # fmt: skip
        assert row[name] == getattr(new, name), name
    at = new.fetch.fetched_at
    assert (row["first_seen_at"], row["last_seen_at"], row["captured_at"]) == (at, at, at)
    assert (row["revision"], row["gone_at"]) == (1, None)
    (revision,) = rows("revisions")
    assert (revision["number"], revision["seen_at"], revision["silent"]) == (1, at, False)
    assert revision["body"] == new.body
    assert [author["name"] for author in rows("authors")] == ["Kim Na-ra", "Yonhap News"]
    assert [(b["position"], b["role"], b["email"]) for b in rows("bylines")] == [
        (1, "staff reporter", "nara@hani.example"),
        (2, None, None),
    ]
    assert [(i["position"], i["caption"], i["credit"]) for i in rows("images")] == [
        (1, "A hall (Yonhap)", "Yonhap")
    ]
    assert [(s["position"], s["edition"], s["source_id"]) for s in rows("related_stories")] == [
        (1, "en", 900),
        (2, None, None),
    ]


def test_the_same_batch_again_changes_nothing(
    writer: Writer, engine: sa.Engine, article: Any, rows: Any
) -> None:
    link = StoryLink(url="https://www.hani.co.kr/arti/1.html", headline="One")
    first = article(1, most_viewed=(link,))
    at = first.fetch.fetched_at
    batch = [
        first,
        article(2),
        Problem(url="https://x.example/", stage="parse", code="no_headline", error="e", seen_at=at),
        Fetch(url="https://english.hani.co.kr/", kind="front", fetched_at=at, status=503),
        Discovered(url=article(3).url, kind="article", discovered_at=at),
        Ranking(edition="ko", seen_at=at, links=(link, link)),
        Problem(url=first.url, stage="parse", code="no_body", error="e", seen_at=at - HOUR),
        article(1, headline="Talks fail", at=at + HOUR),
    ]
    tables = ("articles", "revisions", "authors", "bylines", "images", "related_stories",
              "most_viewed", "pages", "problems")  # fmt: skip
    assert writer.write(batch) == ["new", "new", *["stored"] * 5, "changed"]
    before = {table: rows(table) for table in tables}

    again = Writer(engine, None).write(batch[1:7])

    assert again == ["unchanged", *["stored"] * 5]
    assert {table: rows(table) for table in tables} == before


def test_a_sighting_moves_only_the_times(writer: Writer, article: Any, rows: Any) -> None:
    seen = article(1)
    writer.write([seen])
    (before,) = rows("articles")
    later = seen.fetch.fetched_at + HOUR

    assert writer.write([article(1, at=later)]) == ["unchanged"]

    (after,) = rows("articles")
    assert after == before | {"last_seen_at": later, "captured_at": later}
    assert len(rows("revisions")) == 1


def test_another_text_is_another_revision(writer: Writer, article: Any, rows: Any) -> None:
    seen = article(1)
    at = seen.fetch.fetched_at
    writer.write([seen])

    loud = article(1, body="Other words.", at=at + HOUR, modified_at=at, modified_text="later")
    silent = replace(article(1, body="Quite other words.", at=at + 2 * HOUR),
                     modified_at=at, modified_text="later")  # fmt: skip
    assert writer.write([loud]) == ["changed"]
    assert writer.write([silent]) == ["changed"]

    found = rows("revisions", "number", "silent", "body", "seen_at")
    assert [(r["number"], r["silent"]) for r in found] == [(1, False), (2, False), (3, True)]
    assert [r["body"] for r in found] == [seen.body, loud.body, silent.body]
    assert [r["seen_at"] for r in found] == [at, at + HOUR, at + 2 * HOUR]
    (row,) = rows("articles", "revision", "body", "first_seen_at")
    assert row == {"revision": 3, "body": silent.body, "first_seen_at": at}


def test_a_text_that_comes_back_is_a_new_revision(writer: Writer, article: Any, rows: Any) -> None:
    at = article(1).fetch.fetched_at
    versions = [
        article(1),
        article(1, headline="Other", at=at + HOUR),
        article(1, at=at + 2 * HOUR),
    ]

    assert writer.write(versions) == ["new", "changed", "changed"]

    assert [r["headline"] for r in rows("revisions")] == [v.headline for v in versions]
    hashes = [r["content_hash"] for r in rows("revisions")]
    assert all(one != other for one, other in pairwise(hashes))


@pytest.mark.parametrize(
    "change",
    [
        {"label": "Photo"},
        {"layers": {"headline": "metadata"}},
        {"body": "The first  paragraph.\n\nThe second “paragraph”,\n\n판문점."},
        {"authors": ()},
        {"authors": (Byline(name="Kim Na-ra", language="ko", role="staff reporter"),)},
        {"images": (Image(url="https://img.example/2.jpg", caption=None),) * 2},
        {"related": ()},
    ],
    ids=["label", "layers", "paragraphs", "no author", "script", "images", "related"],
)
def test_the_same_text_with_another_detail_is_an_update(
    writer: Writer, article: Any, rows: Any, change: dict[str, Any]
) -> None:
    seen = article(1)
    writer.write([seen])
    other = article(1, at=seen.fetch.fetched_at + HOUR, **change)

    assert writer.write([other]) == ["updated"]
    assert writer.write([other]) == ["unchanged"]

    (row,) = rows("articles")
    assert (row["revision"], row["label"], row["layers"], row["body"]) == (
        1,
        other.label,
        other.layers,
        other.body,
    )
    assert len(rows("revisions")) == 1
    assert [b["role"] for b in rows("bylines")] == [author.role for author in other.authors]
    assert [i["url"] for i in rows("images")] == [image.url for image in other.images]
    assert [s["url"] for s in rows("related_stories")] == [link.url for link in other.related]


def test_the_same_bytes_read_anew_correct_their_revision(
    writer: Writer, article: Any, rows: Any
) -> None:
    bytes_ = {"body_hash": "b" * 64}
    misread = article(1, headline="Talks resume By Kim", fetch=bytes_)
    writer.write([article(1, headline="Old"), replace(misread, fetch=replace(
        misread.fetch, fetched_at=misread.fetch.fetched_at + HOUR))])  # fmt: skip
    read = article(1, at=misread.fetch.fetched_at + HOUR, fetch=bytes_)

    assert writer.write([read]) == ["updated"]

    found = rows("revisions", "number", "headline", "content_hash")
    assert [(r["number"], r["headline"]) for r in found] == [(1, "Old"), (2, read.headline)]
    assert found[1]["content_hash"] == read.content_hash == rows("articles")[0]["content_hash"]


def test_a_late_capture_is_an_earlier_revision_and_undoes_nothing(
    writer: Writer, article: Any, rows: Any
) -> None:
    newer = article(1, headline="Newer")
    at = newer.fetch.fetched_at
    writer.write([newer])
    (row,), (page,) = rows("articles"), rows("pages")

    assert writer.write([article(1, headline="Older", at=at - HOUR)]) == ["changed"]

    assert rows("articles") == [row | {"revision": 2, "first_seen_at": at - HOUR}]
    assert rows("pages") == [page | {"discovered_at": at - HOUR}]
    assert [(r["number"], r["seen_at"], r["headline"]) for r in rows("revisions")] == [
        (1, at - HOUR, "Older"),
        (2, at, "Newer"),
    ]


def test_the_newest_capture_can_be_read_anew_after_it_was_not_modified(
    writer: Writer, article: Any, rows: Any
) -> None:
    seen = article(1)
    later = seen.fetch.fetched_at + HOUR
    writer.write([seen, Fetch(url=seen.url, kind="article", fetched_at=later, status=304)])

    assert writer.write([replace(seen, label="Photo")]) == ["updated"]

    (row,) = rows("articles")
    assert (row["label"], row["last_seen_at"]) == ("Photo", later)


def test_a_gone_article_keeps_its_row_and_may_come_back(
    writer: Writer, article: Any, rows: Any
) -> None:
    seen = article(1)
    at = seen.fetch.fetched_at

    def fetch(status: int, hours: int) -> Fetch:
        return Fetch(url=seen.url, kind="article", fetched_at=at + hours * HOUR, status=status)

    def gone_at() -> Any:
        return rows("articles", "gone_at")[0]["gone_at"]

    writer.write([seen, fetch(404, 1), fetch(410, 2)])
    assert gone_at() == at + HOUR
    writer.write([fetch(304, 3)])
    assert gone_at() is None
    writer.write([fetch(404, 4), fetch(503, 5)])
    assert gone_at() == at + 4 * HOUR
    writer.write([replace(seen, fetch=fetch(200, 6))])
    assert gone_at() is None
    writer.write([fetch(404, 5)])
    assert gone_at() is None


def test_the_same_article_many_times_in_a_batch_is_taken_in_order(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    batch = [
        article(1),
        article(1, at=at + HOUR),
        article(1, headline="Second", at=at + 2 * HOUR, authors=()),
        article(1, headline="Second", at=at + 3 * HOUR, label="Photo"),
        article(1, headline="Third", at=at + HOUR),
    ]

    assert writer.write(batch) == ["new", "unchanged", "changed", "updated", "unchanged"]

    (row,) = rows("articles")
    assert (row["headline"], row["label"], row["revision"]) == ("Second", "Photo", 2)
    assert row["last_seen_at"] == at + 3 * HOUR
    assert len(rows("bylines")) == 2
    assert len(rows("pages")) == 1


def test_an_author_is_one_row_however_many_articles(
    writer: Writer, engine: sa.Engine, article: Any, rows: Any
) -> None:
    writer.write([article(1), article(2)])
    writer.write([article(3)])
    Writer(engine, None).write([article(4)])

    assert len(rows("authors")) == 2
    assert len({(b["article_id"], b["author_id"]) for b in rows("bylines")}) == 8


@pytest.mark.slow
def test_a_batch_may_be_longer_than_a_statement_takes_variables(
    writer: Writer, engine: sa.Engine, rows: Any, article: Any
) -> None:
    at = article(1).fetch.fetched_at
    batch = [
        Discovered(url=article(n).url, kind="article", discovered_at=at) for n in range(1, 40_001)
    ]

    assert set(writer.write(batch)) == {"stored"}

    with engine.connect() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM pages")) == 40_000


def test_an_empty_batch_is_no_work(writer: Writer) -> None:
    assert writer.write([]) == []


def test_models_read_what_the_writer_wrote(writer: Writer, engine: sa.Engine, article: Any) -> None:
    target = article(900)
    writer.write([article(1), target])

    with sa.orm.Session(engine) as session:
        row = session.scalars(sa.select(ArticleRow).where(ArticleRow.source_id == 1)).one()
        assert [byline.author.name for byline in row.bylines] == ["Kim Na-ra", "Yonhap News"]
        assert [revision.number for revision in row.revisions] == [1]
        assert [image.credit for image in row.images] == ["Yonhap"]
        named = [related.target for related in row.related]
        assert [story and story.headline for story in named] == [target.headline, None]
