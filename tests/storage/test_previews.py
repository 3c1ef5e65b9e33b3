"""What a reparse would change is told of the pages that were read, and of none that were not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hanicrawler.items import Fetch, Kept
from hanicrawler.storage import Writer
from hanicrawler.storage.previews import preview, read_well
from tests.storage.conftest import NOON, make

if TYPE_CHECKING:
    import sqlalchemy as sa

LATER = NOON + timedelta(hours=1)


def same_bytes_again(engine: sa.Engine, *, headline: str = "Talks resume") -> None:
    """Store a page, and that its bytes came again and were kept anew: a crawl reads them once."""
    read = make(1, at=NOON, headline=headline, fetch={"body_hash": "a" * 64})
    again = Fetch(url=read.url, kind="article", fetched_at=LATER, status=200,
                  body_hash="a" * 64, kept=Kept(file="b.warc.gz", offset=9))  # fmt: skip
    Writer(engine, None).write([read])
    Writer(engine, None).write([again])


def test_the_same_bytes_that_came_again_are_not_newly_readable(engine: sa.Engine) -> None:
    same_bytes_again(engine)
    read = make(1, at=LATER, headline="Talks resume", fetch={"body_hash": "a" * 64})

    assert preview(engine, [read]) == []
    assert read_well(engine, [read.fetch]) == {(read.url, LATER)}


def test_they_show_what_a_better_parser_changes(engine: sa.Engine) -> None:
    same_bytes_again(engine, headline="Talks resume By")
    read = make(1, at=LATER, headline="Talks resume", fetch={"body_hash": "a" * 64})

    (told,) = preview(engine, [read])

    assert told.kind == "changed"
    assert [(change.field, change.new) for change in told.changes] == [("headline", "Talks resume")]


def test_other_bytes_that_could_not_be_read_are(engine: sa.Engine) -> None:
    same_bytes_again(engine)
    read = make(1, at=LATER + timedelta(hours=1), fetch={"body_hash": "b" * 64})
    unread = replace(read.fetch, body_hash=None, etag=None)
    Writer(engine, None).write([unread])

    (told,) = preview(engine, [read])

    assert told.kind == "newly_readable"
    assert read_well(engine, [unread]) == set()
