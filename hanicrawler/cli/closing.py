"""What closes what is missing: from days and gaps to the commands that fetch them."""

from __future__ import annotations

import shlex
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hanicrawler.storage import Coverage, DayCoverage, ListGap

CRAWLED: Final = frozenset({"en", "ko"})
"""The editions whose lists `scrapy crawl hani` can be sent through."""

RETRY: Final = "hanicrawler problems --retry"
CRAWL: Final = "scrapy crawl hani"


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


def backfills(days: Iterable[DayCoverage]) -> list[str]:
    """Return the commands that ask for what was named on *days* and never asked for."""
    wanted: defaultdict[str, list[date]] = defaultdict(list)
    for row in days:
        if row.unasked and row.section and row.edition in CRAWLED:
            wanted[section_name(row.edition, row.section)].append(row.day)
    spans = {name: (min(found), max(found)) for name, found in wanted.items()}
    return _commands((name, since, until) for name, (since, until) in spans.items())


def closings(gaps: Iterable[ListGap], since: date | None = None) -> list[str]:
    """Return the commands that read the lists of *gaps*.

    A history goes back to *since* at most, where that is given, else to the first article.
    """
    return _commands(
        (section_name(gap.edition, gap.section), gap.first_day or since, gap.last_day)
        for gap in gaps
        if gap.edition in CRAWLED
    )


def first_readings(found: Coverage) -> list[str]:
    """Return the commands that read lists of which none was ever read, for the days of *found*."""
    names = {(row.edition, row.section) for row in found.days if row.lists == "never"}
    return _commands(
        (section_name(edition, section), found.since, found.until)
        for edition, section in names
        if section and edition in CRAWLED
    )


def commands(found: Coverage) -> list[str]:
    """Return all commands that close what is missing in *found*, each once."""
    asked = [*backfills(found.days), *closings(found.gaps), *first_readings(found)]
    return list(dict.fromkeys(asked))


def section_name(edition: str, section: str) -> str:
    """Return a section as ``-a sections=`` takes it."""
    return section if edition == "en" else f"{edition}:{section}"


def _commands(spans: Iterable[tuple[str, date | None, date | None]]) -> list[str]:
    """Return a command for the sections that go back equally far, to the latest day of theirs.

    The lists are read from today on in any case, and what is stored is not fetched again.
    """
    together: defaultdict[date | None, dict[str, date | None]] = defaultdict(dict)
    for name, since, until in spans:
        known = together[since]
        both = (known[name], until) if name in known else (until,)
        known[name] = None if None in both else max(filter(None, both))
    made = []
    for since, sections in sorted(together.items(), key=lambda item: str(item[0] or "")):
        ends = list(sections.values())
        until = None if None in ends else max(filter(None, ends))
        # Codes are plain words; what else a database may hold must stay one word of the shell.
        named = shlex.quote(f"sections={','.join(sorted(sections))}")
        command = f"{CRAWL} -a {named}"
        command += f" -a since={since}" if since else ""
        command += f" -a until={until}" if until else ""
        made.append(command if since or until else f"{command} -a since=1988-05-15")
    return made
