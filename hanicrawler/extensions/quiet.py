"""Silence: no new article for longer than is usual at this hour of this weekday.

A site that moved its lists, or stopped renewing its feed, answers politely and names nothing
new.  How long a newspaper is silent depends on the hour and the weekday; so the silence now is
held against the silence around this hour, one to eight weeks ago.  Korea has no summer time:
seven days earlier it is the same hour of the same weekday there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hanicrawler.extensions.finding import Finding
from hanicrawler.normalize.dates import KST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

WEEKS: Final = 8
"""How many weeks are looked back over."""
AROUND: Final = (timedelta(hours=-6), timedelta(0), timedelta(hours=6))
"""When in each of them: eight single moments would be too few to know what is usual."""
ENOUGH: Final = 4
"""Weeks of which the silence must be known."""
GAP: Final = timedelta(days=14)
"""So long is not the newspaper silent: its articles of then are not in the record."""


def moments(now: datetime) -> list[datetime]:
    """Return *now* and, for each of the last eight weeks, the moments around this hour of it."""
    return [now, *(moment for week in _weeks(now) for moment in week)]


def quiet(
    now: datetime,
    published: Sequence[datetime | None],
    factor: float,
    hours: float,
) -> Finding | None:
    """Return the finding that nothing new has come for too long, None where all is as usual.

    Too long is both *factor* times as long as is usual and *hours* longer: one day without an
    article, a Sunday or a holiday, may come for the first time in eight weeks.

    *published* says for each of ``moments(now)`` when the newest article of then was published,
    None where there was none.
    """
    newest = dict(zip(moments(now), published, strict=True)) if published else {}
    last = newest.get(now)
    if last is None:
        return None
    usual = [silence for week in _weeks(now) if (silence := _silence(week, newest)) is not None]
    if len(usual) < ENOUGH:
        return None
    silence, longest = now - last, max(usual)
    if silence <= factor * longest or silence <= longest + timedelta(hours=hours):
        return None
    local = now.astimezone(KST)
    words = (
        f"Nothing new has come for {_words(silence)}: the newest article is of"
        f" {last.astimezone(KST):%Y-%m-%d %H:%M} KST. On a {local:%A} around {local:%H:%M} KST it"
        f" was at most {_words(longest)} in the last {WEEKS} weeks."
    )
    advice = "Is it a holiday in Korea? If the front page shows newer articles, has it moved them?"
    return Finding("quiet_too_long", words, advice)


def _weeks(now: datetime) -> list[list[datetime]]:
    return [
        [now - timedelta(weeks=week) + offset for offset in AROUND] for week in range(1, WEEKS + 1)
    ]


def _silence(week: list[datetime], newest: Mapping[datetime, datetime | None]) -> timedelta | None:
    """Return the longest silence around the hour in *week*, None where it is not known."""
    silences = [moment - before for moment in week if (before := newest[moment]) is not None]
    longest = max(silences) if len(silences) == len(week) else None
    return longest if longest is not None and longest <= GAP else None


def _words(duration: timedelta) -> str:
    hours = duration.total_seconds() / 3600
    if hours < 1:
        return f"{max(round(60 * hours), 1)} minutes"
    if hours < 48:
        return f"{round(hours)} hour{'' if round(hours) == 1 else 's'}"
    return f"{round(hours / 24)} days"
