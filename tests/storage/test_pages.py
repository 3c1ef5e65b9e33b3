"""What the crawler remembers of URLs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.items import Discovered, Fetch

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.storage import Writer

HOUR = timedelta(hours=1)
FRONT = "https://english.hani.co.kr/"


def test_an_article_marks_its_page_fetched(writer: Writer, article: Any, rows: Any) -> None:
    seen = article(5, fetch={"last_modified": "Sun, 01 Mar 2026", "body_hash": "c" * 64})

    writer.write([seen])

    (page,) = rows("pages")
    at = seen.fetch.fetched_at
    assert page == {
        "id": page["id"],
        "url": seen.url,
        "kind": "article",
        "edition": "en",
        "source_id": 5,
        "discovered_at": at,
        "fetched_at": at,
        "due_at": at + 3 * HOUR,
        "lease_until": None,
        "status": 200,
        "etag": '"e1"',
        "last_modified": "Sun, 01 Mar 2026",
        "body_hash": "c" * 64,
        "failures": 0,
        "section": "e_northkorea",
        "listed_at": None,
        "depth": None,
        "attempts": 0,
        "top_id": None,
        "archive_file": None,
        "archive_offset": None,
        "archived_at": None,
    }


def test_a_discovered_page_waits_and_keeps_when_it_was_found(
    writer: Writer, article: Any, rows: Any
) -> None:
    seen = article(5)
    found = seen.fetch.fetched_at - HOUR
    writer.write([Discovered(url=seen.url, kind="article", discovered_at=found)])
    (page,) = rows("pages")
    assert (page["fetched_at"], page["status"], page["source_id"]) == (None, None, 5)

    writer.write([seen, Discovered(url=seen.url, kind="article", discovered_at=found + 9 * HOUR)])

    (page,) = rows("pages")
    assert (page["discovered_at"], page["fetched_at"]) == (found, seen.fetch.fetched_at)


@pytest.mark.parametrize("status", [None, 404, 503])
def test_a_failure_is_counted_and_leaves_the_validators(
    writer: Writer, article: Any, rows: Any, status: int | None
) -> None:
    seen = article(5, fetch={"body_hash": "c" * 64})
    at = seen.fetch.fetched_at
    failures = [
        Fetch(url=seen.url, kind="article", fetched_at=at + n * HOUR, status=status) for n in (1, 2)
    ]

    writer.write([seen, *failures])
    writer.write(failures)

    (page,) = rows("pages")
    assert (page["failures"], page["status"], page["fetched_at"]) == (2, status, at + 2 * HOUR)
    assert (page["etag"], page["body_hash"]) == ('"e1"', "c" * 64)


def test_not_modified_keeps_the_validators_it_does_not_repeat(
    writer: Writer, article: Any, rows: Any
) -> None:
    seen = article(5, fetch={"body_hash": "c" * 64})
    at = seen.fetch.fetched_at
    failed = Fetch(url=seen.url, kind="article", fetched_at=at + HOUR, status=500)
    same = Fetch(url=seen.url, kind="article", fetched_at=at + 2 * HOUR, status=304, etag='"e2"')

    writer.write([seen, failed, same])

    (page,) = rows("pages")
    assert (page["failures"], page["status"], page["etag"]) == (0, 304, '"e2"')
    assert page["body_hash"] == "c" * 64


def test_a_page_without_validators_takes_away_the_old_ones(
    writer: Writer, rows: Any, article: Any
) -> None:
    at = article(1).fetch.fetched_at
    first = Fetch(url=FRONT, kind="front", fetched_at=at, status=200, etag='"old"')
    writer.write([first, replace(first, fetched_at=at + HOUR, etag=None)])

    assert rows("pages", "etag") == [{"etag": None}]


def test_an_older_fetch_teaches_nothing(writer: Writer, rows: Any, article: Any) -> None:
    at = article(1).fetch.fetched_at
    fetch = Fetch(url=FRONT, kind="front", fetched_at=at, status=200, etag='"new"')
    writer.write([fetch])
    (before,) = rows("pages")

    writer.write([replace(fetch, fetched_at=at - HOUR, etag='"old"')])
    writer.write([replace(fetch, fetched_at=at - HOUR, status=500)])

    # Nothing but that the page was known by then.
    assert rows("pages") == [before | {"discovered_at": at - HOUR}]


def test_a_fetch_ends_the_lease(writer: Writer, engine: sa.Engine, rows: Any, article: Any) -> None:
    at = article(1).fetch.fetched_at
    writer.write([Discovered(url=article(5).url, kind="article", discovered_at=at)])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE pages SET lease_until = '2026-03-01 13:00:00.000000'")
    assert rows("pages")[0]["lease_until"] is not None

    writer.write([Fetch(url=article(5).url, kind="article", fetched_at=at, status=None)])

    assert rows("pages")[0]["lease_until"] is None


def test_a_renamed_section_leaves_one_page_and_one_article(
    writer: Writer, article: Any, rows: Any
) -> None:
    old = article(5)
    new_url = old.url.replace("e_northkorea", "e_korea")
    at = old.fetch.fetched_at + HOUR
    writer.write([old, Discovered(url=new_url, kind="article", discovered_at=at)])
    assert [page["url"] for page in rows("pages")] == [old.url]

    assert writer.write([article(5, url=new_url, section="e_korea", at=at)]) == ["updated"]

    assert [page["url"] for page in rows("pages")] == [new_url]
    assert [row["url"] for row in rows("articles")] == [new_url]


def test_a_page_known_twice_becomes_one(
    writer: Writer, engine: sa.Engine, article: Any, rows: Any
) -> None:
    """As where the forms of an address were not all known when it was first stored."""
    old = article(5)
    new_url = old.url.replace("e_northkorea", "e_korea")
    at = old.fetch.fetched_at
    writer.write([old, Discovered(url=new_url, kind="list", discovered_at=at)])
    assert len(rows("pages")) == 2

    writer.write([article(5, url=new_url, at=at + HOUR)])

    (page,) = rows("pages")
    assert (page["url"], page["source_id"], page["discovered_at"]) == (new_url, 5, at)


def test_a_page_learns_which_article_it_is(writer: Writer, article: Any, rows: Any) -> None:
    seen = article(5)
    at = seen.fetch.fetched_at
    writer.write([Discovered(url=seen.url, kind="list", discovered_at=at - HOUR)])
    assert rows("pages")[0]["source_id"] is None

    writer.write([seen])

    (page,) = rows("pages")
    assert (page["kind"], page["edition"], page["source_id"]) == ("article", "en", 5)
