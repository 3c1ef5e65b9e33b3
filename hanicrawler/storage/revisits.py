"""When a page is looked at again: a pure rule of an article's age, or of failures.

Newspapers correct an article in its first hours, seldom after a week.  What a revisit costs is a
conditional request, mostly answered "not modified".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

DEFAULT: Final = "3h:15m 1d:1h 7d:3h 30d:3d 365d:30d"
"""Until an article is 3 hours old every 15 minutes, until a day old every hour, and so on."""

FIRST_RETRY: Final = timedelta(minutes=15)
"""After the first failure; each further one doubles it."""
LAST_RETRY: Final = timedelta(days=1)
"""No longer than that."""
_DOUBLINGS: Final = 7
"""After which it is that long; many more would be more than a timedelta holds."""
ATTEMPTS: Final = 5

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_STEP: Final = re.compile(r"(\d{1,6})([smhd]):(\d{1,6})([smhd])")


@dataclass(frozen=True, slots=True)
class Revisits:
    """When pages are due again."""

    steps: tuple[tuple[timedelta, timedelta], ...]
    """Until which age, how often; ages rise."""
    attempts: int = ATTEMPTS
    """Failures after which a page that was never read is given up."""

    @classmethod
    def parse(cls, text: str = DEFAULT, attempts: int = ATTEMPTS) -> Revisits:
        """Return the rule that *text* states: ``AGE:EVERY`` parted by spaces, ``3h:15m 1d:1h``.

        Units are s, m, h and d.  An empty text means never.  Raises ValueError, in one line,
        for anything else and for ages that do not rise.
        """
        steps = []
        for word in text.split():
            if (match := _STEP.fullmatch(word)) is None:
                raise ValueError(f"{word!r} is no AGE:EVERY such as 3h:15m (units s, m, h, d)")
            steps.append((_duration(match[1], match[2]), _duration(match[3], match[4])))
        ages = [age for age, _ in steps]
        if any(one >= other for one, other in pairwise(ages)):
            raise ValueError(f"the ages in {text!r} do not rise")
        return cls(tuple(steps), attempts)

    def are_over(self, published_at: datetime, now: datetime) -> bool:
        """Tell whether an article is too old *now* to be looked at again."""
        return all(now - published_at >= until for until, _ in self.steps)

    def after_reading(self, fetched_at: datetime, published_at: datetime) -> datetime | None:
        """Return when an article that came, unchanged or gone too, is due again; None is never."""
        age = fetched_at - published_at
        every = next((every for until, every in self.steps if age < until), None)
        return None if every is None else fetched_at + every

    def after_failing(
        self, fetched_at: datetime, failures: int, published_at: datetime | None
    ) -> datetime | None:
        """Return when a page is due that failed for the *failures*-th time in a row.

        *published_at* is None for one that was never read: that one is given up in the end.
        """
        planned: datetime | None = None
        if published_at is not None:
            planned = self.after_reading(fetched_at, published_at)
        if failures >= self.attempts:
            return planned
        wait = FIRST_RETRY * 2 ** min(failures - 1, _DOUBLINGS)
        again: datetime = fetched_at + min(wait, LAST_RETRY)
        return max(again, planned) if planned else again


def _duration(number: str, unit: str) -> timedelta:
    return timedelta(**{_UNITS[unit]: int(number)})
