"""What closes what is missing: from days and gaps to the commands that fetch them."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from hanicrawler.storage import Coverage, DayCoverage, ListGap, NamedStories

CRAWLED: Final = frozenset({"en", "ko"})
"""The editions whose lists `scrapy crawl hani` can be sent through."""

RETRY: Final = "hanicrawler problems --retry"
CRAWL: Final = "scrapy crawl hani"

NEAR: Final = timedelta(days=7)
"""Sections that go back equally far but for this are read by one command."""

Span = tuple[str, "date | None", "date | None"]
"""A section as ``-a sections=`` takes it, its first and its last day; None leaves an end open."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many articles of some days are named and not stored."""

    failed: int
    waiting: int
    unasked: int
    """Named, and no run asked for them or will."""

    @property
    def total(self) -> int:
        """All of them."""
        return self.failed + self.waiting + self.unasked


def missing(days: Iterable[DayCoverage]) -> Missing:
    """Return how many articles of *days* are missing, and why."""
    waiting = unasked = total = 0
    for row in days:
        total += row.missing
        waiting += row.waiting
        unasked += min(row.unasked, row.missing)
    return Missing(max(total - waiting - unasked, 0), waiting, unasked)


def closings(gaps: Iterable[ListGap], since: date | None = None) -> list[str]:
    """Return the commands that read the lists of *gaps*.

    A history goes back to *since* at most, where that is given, else to the first article.
    """
    return _commands(_of_gaps(gaps, since))


def commands(found: Coverage, history_to: date | None = None) -> list[str]:
    """Return the commands that fetch what was never asked for, or named, in *found*.

    A history goes back to *history_to* at most, where that is given.
    """
    return _commands([*_unasked(found.days), *_of_gaps(found.gaps, history_to), *_never(found)])


def by_address(named: Iterable[NamedStories]) -> str | None:
    """Return the command that fetches the stories *named* which tell their addresses, if any."""
    urls = [url for one in named if one.edition in CRAWLED for url in one.urls]
    return f"{CRAWL} -a {shlex.quote('urls=' + ','.join(urls))}" if urls else None


def section_name(edition: str, section: str) -> str:
    """Return a section as ``-a sections=`` takes it."""
    return section if edition == "en" else f"{edition}:{section}"


def _unasked(days: Iterable[DayCoverage]) -> Iterator[Span]:
    for row in days:
        if row.unasked and row.section and row.edition in CRAWLED:
            yield section_name(row.edition, row.section), row.day, row.day


def _of_gaps(gaps: Iterable[ListGap], since: date | None) -> Iterator[Span]:
    for gap in gaps:
        if gap.edition in CRAWLED:
            name = section_name(gap.edition, gap.section)
            yield name, gap.first_day or since, gap.last_day


def _never(found: Coverage) -> Iterator[Span]:
    """Give the sections of which no list was ever read, for the days of *found*."""
    for row in found.days:
        if row.lists == "never" and row.section and row.edition in CRAWLED:
            yield section_name(row.edition, row.section), found.since, found.until


@dataclass(slots=True)
class _Walk:
    """Lists read from today on down to *since*, and what is asked for up to *until*."""

    sections: set[str]
    since: date | None
    until: date | None

    def reaches(self, other: _Walk) -> bool:
        """Tell whether *other*, which goes back less far, is little work more on this walk."""
        if self.since is None or other.since is None:
            return self.since == other.since
        overlaps = self.until is None or other.since <= self.until
        return overlaps and other.since - self.since <= NEAR

    def take(self, other: _Walk) -> None:
        """Go the way of *other*, which goes back less far, too."""
        self.sections |= other.sections
        is_open = self.until is None or other.until is None
        self.until = None if is_open else max(filter(None, (self.until, other.until)))

    def command(self) -> str:
        # Codes are plain words; what else a database may hold must stay one word of the shell.
        words = f"{CRAWL} -a {shlex.quote('sections=' + ','.join(sorted(self.sections)))}"
        words += f" -a since={self.since}" if self.since else ""
        words += f" -a until={self.until}" if self.until else ""
        return words if self.since or self.until else f"{words} -a since=1988-05-15"


def _commands(spans: Iterable[Span]) -> list[str]:
    """Return the commands that read *spans*: one where walks overlap, as far back as any of them.

    Lists are read from today on in any case, so that a section's longer walk passes where its
    shorter one leads; and what is stored is not fetched again.  A walk through all of history is
    never joined to one that has an end.
    """
    of_section: dict[tuple[str, bool], _Walk] = {}
    for name, since, until in sorted(spans, key=lambda span: (str(span[1] or ""), span[0])):
        walk = _Walk({name}, since, until)
        of_section.setdefault((name, since is None), walk).take(walk)
    together: list[_Walk] = []
    for walk in of_section.values():
        if longer := next((one for one in together if one.reaches(walk)), None):
            longer.take(walk)
        else:
            together.append(walk)
    return [walk.command() for walk in together]
