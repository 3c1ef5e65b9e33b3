"""Archives of the invented newspaper, as crawls would have left them; as many pages as wanted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from hanicrawler.archives.writing import Answer, ArchiveWriter, record_of
from tests.replica import Newspaper
from tests.replica.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIRST: Final = datetime(2026, 8, 1, tzinfo=UTC)
"""When the first page came: after all of them were posted."""
PACE: Final = timedelta(seconds=2)
_SLICE: Final = 500
"""Stories that are made at a time: each slice is a newspaper of its own, with its own words."""
_STEP: Final = 7
"""Between the ids of two stories."""
_ID: Final = re.compile(rb"(?<!\d)50[0-3]\d{3}(?!\d)")
"""Of the stories of a slice."""
_HEADERS: Final = ((b"Content-Type", b"text/html; charset=utf-8"), (b"Server", b"nginx"))


class Page(NamedTuple):
    """A page of the newspaper."""

    url: str
    body: bytes


class Made(NamedTuple):
    """An archive's file."""

    file: Path
    pages: int
    kilobytes: float
    """Of a page, on average, as it is read."""


def pages(count: int, template: str, first: int = 0) -> Iterator[Page]:
    """Give the pages of *count* articles in *template* from number *first* on, all different."""
    for number in range(first // _SLICE, (first + count - 1) // _SLICE + 1):
        begin, end = max(first - number * _SLICE, 0), min(first + count - number * _SLICE, _SLICE)
        paper = Newspaper.generate(_SLICE, template=template, seed=1988 + number)
        for story in sorted(paper, key=lambda story: story.source_id)[begin:end]:
            url, body = story.url.encode(), render(story, paper).encode()
            yield Page(_moved(url, number).decode(), _moved(body, number))


def make(folder: Path, count: int, template: str, *, first: int = 0) -> Made:
    """Write an archive's file with *count* pages into *folder*; return it.

    It is written as a crawl writes it.  *first* is the number of its first page: files of
    different numbers have different articles, the later ones captured later.
    """
    writer = ArchiveWriter(folder, crawl_id=1, info={"software": "benchmarks"}, most_bytes=2**40)
    size, name = 0, ""
    for number, page in enumerate(pages(count, template, first), first):
        answer = Answer(
            url=page.url,
            at=FIRST + number * PACE,
            status=200,
            protocol="HTTP/1.1",
            headers=list(_HEADERS),
            body=page.body,
            body_hash=_digest(page.body),
        )
        name = writer.keep(record_of(answer)).file
        size += len(page.body)
    writer.close()
    return Made(folder / name, count, size / count / 1000)


def _moved(text: bytes, number: int) -> bytes:
    """Return *text* with the ids of slice *number*: no two slices have the same articles."""
    return _ID.sub(lambda found: b"%d" % (int(found[0]) + number * _SLICE * _STEP), text)


def _digest(body: bytes) -> str:
    from hashlib import sha256

    return sha256(body).hexdigest()
