"""The captures of an article, in the archive of a database or in any file, and their pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from hanicrawler.archives import (
    ArchiveError,
    Capture,
    Damage,
    read_captures,
    read_record,
    sources,
)
from hanicrawler.cli.fixture_case import SavedPage, make_case
from hanicrawler.cli.screen import iso
from hanicrawler.pages.mapping import Mapping
from hanicrawler.site import article_address
from hanicrawler.storage import (
    KeptCapture,
    kept_captures,
    kept_page,
    noted_problem,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from hanicrawler.site import ArticleAddress, Root

_TIME: Final = re.compile(r"\d{4}(-\d\d(-\d\d([T ]\d\d(:\d\d(:\d\d)?)?)?)?)?Z?", re.ASCII)


class PageLost(Exception):
    """Raised where a capture's page cannot be had; the message is one line, perhaps hostile."""


class Shelf(Protocol):
    """Where captures of one article are."""

    def captures(self, *, reads: bool) -> list[KeptCapture]:
        """Return them, the newest first; *reads* where it matters what they give."""

    def page(self, capture: KeptCapture) -> SavedPage:
        """Return the page of one of them.  Raises PageLost."""


@dataclass(frozen=True, slots=True)
class DatabaseShelf:
    """What the database *engine* knows to be kept, in its archive's *folder* or in itself."""

    engine: sa.Engine
    folder: Path | None
    address: ArticleAddress
    root: Root | None

    def captures(self, *, reads: bool) -> list[KeptCapture]:
        """Return what is kept.  Raises DatabaseError."""
        return kept_captures(self.engine, self.address)

    def page(self, capture: KeptCapture) -> SavedPage:
        """Return its page.  Raises PageLost, DatabaseError."""
        if capture.kept is not None:
            return _saved(_record(self.folder, capture, self.address), self.root)
        assert capture.problem_id is not None
        problem = noted_problem(self.engine, capture.problem_id)
        try:
            found = kept_page(self.engine, problem) if problem else None
        except ValueError as error:
            raise PageLost(str(error)) from error
        if problem is None or found is None:
            raise PageLost(f"nothing is kept with problem {capture.problem_id} any more")
        body = Mapping(self.root).page(found.body, problem.url)
        return SavedPage(url=problem.url, at=found.fetched_at, body=body)


@dataclass(frozen=True, slots=True)
class FileShelf:
    """What an archive's file, anybody's, has of an article."""

    path: str
    address: ArticleAddress
    root: Root | None
    warn: Callable[[str], None]
    """Hears what of the file is damaged, in one line of hostile words."""

    def captures(self, *, reads: bool) -> list[KeptCapture]:
        """Read the file through and return what it has.  Raises ArchiveError."""
        found = []
        for source in sources([self.path], None):
            for each in read_captures(source, wanted=self._is_it):
                if isinstance(each, Capture) and self._is_it(each.url):
                    found.append(self._told(each, reads=reads))
                elif isinstance(each, Damage):
                    self.warn(f"{each.kept.file}, byte {each.kept.offset}: {each.reason}")
        return sorted(found, key=lambda capture: (capture.at, capture.status or 0), reverse=True)

    def page(self, capture: KeptCapture) -> SavedPage:
        """Return its page.  Raises PageLost."""
        return _saved(_record(None, capture, self.address), self.root)

    def _is_it(self, url: str) -> bool:
        named = article_address(url)
        return named is not None and named.key == self.address.key

    def _told(self, capture: Capture, *, reads: bool) -> KeptCapture:
        is_same = capture.is_revisit or capture.status == 304
        told = KeptCapture(
            at=capture.at,
            status=capture.status,
            gave="same" if is_same else "nothing",
            kept=capture.kept,
        )
        if not (reads and told.has_page):
            return told
        error = make_case(_saved(capture, self.root)).error
        return KeptCapture(
            at=capture.at,
            status=capture.status,
            gave="problem" if error else "article",
            kept=capture.kept,
            codes=(error,) if error else (),
        )


def read_time(text: str) -> str:
    """Return the time that *text* is, or begins, as ``iso`` prints it.  Raises ValueError."""
    words = text.strip().upper()
    if not _TIME.fullmatch(words):
        raise ValueError(f"{text!r} is no time: write it as --list shows it, 2024-06-01T09:30:00Z")
    return words.removesuffix("Z").replace(" ", "T")


def choose(found: Sequence[KeptCapture], time: str | None) -> KeptCapture:
    """Return the newest capture with a page; of those whose time begins with *time*, if given.

    Raises PageLost where there is none.
    """
    if not found:
        raise PageLost("no capture of it is kept")
    of_time = [each for each in found if time is None or (iso(each.at) or "").startswith(time)]
    if not of_time:
        raise PageLost(f"no capture of {time} is kept")
    for capture in of_time:
        if capture.has_page:
            return capture
    status = of_time[0].status
    if time is None:
        raise PageLost("none of its captures has a page")
    if of_time[0].gave == "same":
        raise PageLost(f"the capture of {time} says that the page was as before, without it")
    raise PageLost(f"the capture of {time} has no page: its status is {status}")


def _record(folder: Path | None, capture: KeptCapture, address: ArticleAddress) -> Capture:
    assert capture.kept is not None
    try:
        found = read_record(folder, capture.kept, address.url)
    except ArchiveError as error:
        raise PageLost(str(error)) from error
    if found.is_revisit:
        raise PageLost(f"the capture of {iso(found.at)} says that the page was as before")
    return found


def _saved(capture: Capture, root: Root | None) -> SavedPage:
    return SavedPage(
        url=capture.url,
        at=capture.at,
        body=Mapping(root).page(capture.body, capture.url),
        content_type=capture.content_type,
    )
