"""Is all well?  One line and a status, in the manner of monitoring plugins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from hanicrawler.cli.screen import kst, plain, span
from hanicrawler.storage import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta

    from hanicrawler.storage import Run

State = Literal["ok", "warning", "critical", "unknown"]

STATUS: Final[dict[State, int]] = {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}
"""The exit status of each state."""

NO_FAULT: Final = frozenset({"healthy", "waiting"})
"""Outcomes that are no fault of anybody here: ``waiting`` obeys the site's own wish."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How things stand, and why."""

    state: State
    words: str
    """One line."""
    age: float | None = None
    """Seconds since the last healthy run ended; None where there was none."""


def judge(
    runs: Sequence[Run],
    healthy_at: datetime | None,
    now: datetime,
    warning: timedelta,
    critical: timedelta,
) -> Verdict:
    """Return how things stand at *now*.

    *runs* are the last ones, the newest first; *healthy_at* is when the last healthy one ended
    that looked for news.  Longer ago than *warning* is a warning, than *critical* critical; a
    fault of the last run that ended is a warning.  While the site asks to be left alone, nothing
    is critical: no run can become healthy.
    """
    until = _left_alone_until(runs, now)
    worst: State = "warning" if until else "critical"
    remarks = _fault(runs) + _waiting(runs, until)
    if healthy_at is None:
        words = "no healthy run yet" if runs else "no run yet"
        return Verdict(worst, words + remarks)
    age = max((now - healthy_at).total_seconds(), 0.0)
    words = f"last healthy run ended {span(age)} ago{remarks}"
    if age > critical.total_seconds():
        return Verdict(worst, words, age)
    if age > warning.total_seconds() or _fault(runs):
        return Verdict("warning", words, age)
    return Verdict("ok", words, age)


def line(
    verdict: Verdict, warning: timedelta, critical: timedelta, figures: Mapping[str, int]
) -> str:
    """Return *verdict* as a monitoring plugin prints it, with its figures behind a bar."""
    words = plain(verdict.words).replace("|", "/")
    age = "U" if verdict.age is None else f"{verdict.age:.0f}s"
    bounds = f"{warning.total_seconds():.0f};{critical.total_seconds():.0f}"
    shown = " ".join(f"{name}={number}" for name, number in figures.items())
    return f"HANICRAWLER {verdict.state.upper()} - {words} | age={age};{bounds} {shown}".rstrip()


def bare_line(state: State, words: str) -> str:
    """Return the line for what has no figures: wrong use, or a database out of reach."""
    return f"HANICRAWLER {state.upper()} - {plain(words).replace('|', '/')}"


def _ended(runs: Sequence[Run]) -> Run | None:
    """Return the newest run that looked for news and is known to have ended."""
    return next((run for run in runs if run.seeks_news and run.is_over), None)


def _fault(runs: Sequence[Run]) -> str:
    """Return what is wrong with the last run that ended, empty where nothing is."""
    last = _ended(runs)
    if last is None or last.state in NO_FAULT:
        return ""
    alarms = f" ({' '.join(last.alarms)})" if last.alarms else ""
    return f"; last run ({kst(last.started_at)} KST): {last.state.replace('_', ' ')}{alarms}"


def _left_alone_until(runs: Sequence[Run], now: datetime) -> datetime | None:
    """Return until when the site asks to be left alone, None where it does not at *now*.

    As for the crawler, who takes no wish for one that lies further ahead than any is noted: the
    clock has been moved.
    """
    wishes = [run.not_before for run in runs if run.not_before]
    return max((wish for wish in wishes if now < wish <= now + LONGEST_WAIT), default=None)


def _waiting(runs: Sequence[Run], until: datetime | None) -> str:
    """Return what the site asked for, empty where that is over and runs have ended since."""
    if until is not None:
        return f"; the site asks to be left alone until {kst(until)} KST"
    last = _ended(runs)
    if last is None or last.state != "waiting":
        return ""
    over = f" until {kst(last.not_before)} KST" if last.not_before else ""
    return f"; the site asked to be left alone{over}"
