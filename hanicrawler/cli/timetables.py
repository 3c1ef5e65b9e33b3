"""How often a run starts, in the words of cron and of systemd."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

HOUR: Final = 60
DAY: Final = 24 * HOUR
_UNITS: Final = {"m": 1, "h": HOUR, "d": DAY}
_NAMES: Final = {"m": "minute", "h": "hour", "d": "day"}
_LISTED: Final = 6
"""Times that are written one by one; more of them are written as a step."""


@dataclass(frozen=True)
class Timetable:
    """Starts of a run, equally far apart, and the first of them after midnight."""

    minutes: int
    """From one start to the next; divides an hour or a day."""
    first: int
    """Minutes from midnight, local time, to the day's first start."""

    @property
    def crontab(self) -> str:
        """The five fields of a crontab line."""
        if self.minutes <= HOUR:
            return f"{_field(self.first, self.minutes, HOUR)} * * * *"
        hours = _field(self.first // HOUR, self.minutes // HOUR, 24)
        return f"{self.first % HOUR} {hours} * * *"

    @property
    def calendar(self) -> str:
        """What OnCalendar= of a timer takes."""
        if self.minutes <= HOUR:
            return f"*-*-* *:{_field(self.first, self.minutes, HOUR, systemd=True)}:00"
        hours = _field(self.first // HOUR, self.minutes // HOUR, 24, systemd=True)
        return f"*-*-* {hours}:{self.first % HOUR:02}:00"

    def __str__(self) -> str:
        unit = next(unit for unit in "dhm" if self.minutes % _UNITS[unit] == 0)
        number = self.minutes // _UNITS[unit]
        return f"every {f'{number} {_NAMES[unit]}s' if number > 1 else _NAMES[unit]}"


def read_timetable(text: str, place: str) -> Timetable:
    """Return the timetable that *text* (``30m``, ``6h``, ``1d``) states for a run at *place*.

    The first start follows from *place*, any text that tells installations apart: not everybody
    should ask the site at the full hour.  Raises ValueError where cron cannot say it.
    """
    stated = re.fullmatch(r"([1-9][0-9]{0,3})([mhd])", text.strip())
    if not stated:
        raise ValueError(f"{text!r} is no interval: write 30m, 1h, 6h or 1d")
    minutes = int(stated[1]) * _UNITS[stated[2]]
    if minutes > DAY:
        raise ValueError(f"{text} is longer than a day, which is the longest between two runs")
    whole = HOUR if minutes < HOUR else DAY
    if whole % minutes or (whole == DAY and minutes % HOUR):
        name = "an hour" if whole == HOUR else "a day into whole hours"
        raise ValueError(
            f"{text} does not divide {name}, so cron cannot say it: take {_nearest(minutes)}"
        )
    digest = sha256(place.encode("utf-8", "surrogateescape")).digest()
    return Timetable(minutes, int.from_bytes(digest[:8], "big") % minutes)


def _field(first: int, step: int, end: int, *, systemd: bool = False) -> str:
    times = range(first, end, step)
    if len(times) == end:
        return "*"
    if len(times) <= _LISTED:
        return ",".join(f"{time:02}" if systemd else str(time) for time in times)
    return f"{first:02}/{step}" if systemd else f"{first}-{end - 1}/{step}"


def _nearest(minutes: int) -> str:
    """Return the interval nearest to *minutes* that can be said."""
    sayable = [step for step in range(1, HOUR) if HOUR % step == 0]
    sayable += [hours * HOUR for hours in range(1, 25) if 24 % hours == 0]
    best = min(sayable, key=lambda step: (abs(step - minutes), step))
    return f"{best}m" if best < HOUR else f"{best // HOUR}h"
