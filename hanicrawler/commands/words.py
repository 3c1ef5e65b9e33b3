"""What a run says to a person: before, after, and where it went wrong."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from hanicrawler.extensions import endings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from hanicrawler.extensions.health import Finding
    from hanicrawler.spiders.arguments import Arguments, Period

FIRST_RUN_PAGES: Final = 400
"""About what a run without arguments fetches when nothing is stored yet."""
PAGES_A_DAY: Final = 8
"""About what the English edition prints in a day, its list pages included."""


def plan(
    arguments: Arguments, *, site: str | None, database: str, delay: float, today: date
) -> str:
    """Return in a line or two what a run will do."""
    where = f"hani.co.kr (through {site})" if site else "hani.co.kr"
    pace = f"{delay:g} s between requests" if delay else "no delay between requests"
    duration = _duration(_pages(arguments, today) * delay) if delay else ""
    return (
        f"Reading {_what(arguments)} of {where} into {database}.\n"
        f"{pace.capitalize()}, robots.txt obeyed; {_how_long(arguments, duration)}."
    )


def summary(stats: Mapping[str, Any], database: str) -> str:
    """Return what a run stored, where, how to look at it, and why it ended before all was done."""
    counts = {name: stats.get(f"hani/{name}", 0) for name in ("new", "changed", "problems")}
    counts["unchanged"] = stats.get("hani/unchanged", 0) + stats.get("hani/updated", 0)
    stored = ", ".join(f"{counts[name]} {name}" for name in ("new", "changed", "unchanged"))
    problems = f"; {counts['problems']} problems noted" if counts["problems"] else ""
    planned = f"{early}\n" if (early := endings.words(stats)) else ""
    return f"{planned}Stored in {database}: {stored}{problems}.\n{look(database)}"


def look(database: str) -> str:
    """Return how to look at what is stored in *database*."""
    query = "SELECT published_at, headline FROM articles ORDER BY published_at DESC LIMIT 10"
    return f'Look at it: {_shell(database)} "{query}"'


def complaint(found: Sequence[Finding], stats: Mapping[str, Any], database: str) -> str:
    """Return in one paragraph, for a log or a mail, what is wrong with a run and what to do.

    It is one line, so that a log that is searched by lines gives the whole of it.
    """
    sentences = [f"scrapy crawl hani: {' '.join(map(str, found))}"]
    option = f"--database {shlex.quote(database)}"
    if codes := _problem_codes(stats):
        sentences.append(f"Problems: {codes}.")
    sentences.append(f"Look at it: hanicrawler problems {option}; hanicrawler status {option}")
    return " ".join(" ".join(sentences).split())


def _problem_codes(stats: Mapping[str, Any]) -> str:
    prefix = "hani/problem/"
    codes = {name[len(prefix) :]: stats[name] for name in stats if name.startswith(prefix)}
    most_first = sorted(codes.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{number} {code}" for code, number in most_first)


def _shell(database: str) -> str:
    """Return the command, to be followed by a query, that asks *database* from a shell."""
    name = shlex.quote(database)
    return f"psql {name} -c" if "://" in database else f"sqlite3 {name}"


def _what(arguments: Arguments) -> str:
    if arguments.urls:
        number = len(arguments.urls)
        return f"{number} article{'' if number == 1 else 's'}"
    names = ", ".join(map(str, arguments.sections))
    lists = f"the section{'s' if len(arguments.sections) > 1 else ''} {names}" if names else ""
    if not arguments.period:
        return lists or "the feed, the front page and the newest of each section"
    return f"{lists or 'the lists of every section'} back {_span(arguments.period)}"


def _span(period: Period) -> str:
    if period.since and period.until:
        return f"from {period.until} to {period.since}"
    return f"to {period.since}" if period.since else f"from {period.until} to the first article"


def _pages(arguments: Arguments, today: date) -> int:
    if arguments.urls:
        return len(arguments.urls)
    period = arguments.period
    if period.since:
        # The lists are read from today on, the articles only inside the period.
        days = (min(period.until or today, today) - period.since).days + 1
        return max(PAGES_A_DAY * days, 0) + max((today - period.since).days, 0) // 2
    return FIRST_RUN_PAGES


def _how_long(arguments: Arguments, duration: str) -> str:
    if not duration:
        return "as quick as it answers"
    if arguments.period and not arguments.period.since:
        return "all the way back takes hours"
    if arguments.is_plain or arguments.sections:
        return f"about {duration} the first time"
    return f"about {duration}"


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(round(seconds), 1)} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours"
