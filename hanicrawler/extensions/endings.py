"""Ways in which a run of ours ends before its work is done, in words.

What is left stays for the next run.  Everything here is a pure function of a run's stats.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

BUDGETS: Final = {
    "budget_requests": "request",
    "budget_bytes": "byte",
    "budget_seconds": "second",
}
"""Finish reason to what was spent, in the singular."""

WAITS: Final = "site_asks_to_wait"
"""Finish reason: the site asked for more patience than a run has (Retry-After)."""

REFUSES: Final = "site_refuses"
"""Finish reason: answers in a row that were errors."""

PLANNED: Final = frozenset({*BUDGETS, WAITS})
"""Ways to end that are no failure."""

SPENT: Final = "hani/budget_spent"
"""Stat: the budget that was spent, a number."""

NOT_BEFORE: Final = "hani/not_before"
"""Stat: until when the site asked to be left alone, aware, in UTC."""

REFUSALS: Final = "hani/refusals"
"""Stat: what the last answers were to how many of them, such as ``answered 403`` to 6."""


class Refusal(NamedTuple):
    """What is wrong with a run that left the site alone."""

    words: str
    advice: str


def words(stats: Mapping[str, Any]) -> str | None:
    """Return the sentence of a run that ended early and as planned; None for any other."""
    reason = stats.get("finish_reason")
    if unit := BUDGETS.get(str(reason)):
        number = f"{float(stats.get(SPENT, 0)):,.3f}".rstrip("0").rstrip(".")
        spent = f"{number} {unit}" if number == "1" else f"{number} {unit}s"
        return f"The budget of {spent} was spent; what is left is the next run's."
    if reason == WAITS:
        until: datetime | None = stats.get(NOT_BEFORE)
        when = f"until {until:%Y-%m-%d %H:%M:%S} UTC" if until else "for a while"
        asked = stats.get("downloader/request_count", 0)
        then = "no run asks anything of it before" if asked else "nothing was asked of it"
        return f"The site asked to be left alone {when} (Retry-After); {then}."
    return None


def refusal(stats: Mapping[str, Any]) -> Refusal | None:
    """Return what is wrong with a run that left the site alone; None for any other."""
    if stats.get("finish_reason") != REFUSES:
        return None
    refusals: Mapping[str, int] = stats.get(REFUSALS) or {}
    total = sum(refusals.values())
    if len(refusals) == 1:
        what = f"The site {next(iter(refusals))} to the last {total} requests"
    else:
        most_first = sorted(refusals.items(), key=lambda item: -item[1])
        each = ", ".join(f"{kind} to {number}" for kind, number in most_first)
        what = f"Of the last {total} requests none got a page (the site {each})"
    return Refusal(
        f"{what}, so it was left alone.",
        "The next run asks again, what was not asked included; docs/bad-days.md says what to do"
        " if it goes on.",
    )
