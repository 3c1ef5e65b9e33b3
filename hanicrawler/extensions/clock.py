"""A clock that was wrong: what is due, and what is new, is judged by it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final

from hanicrawler.extensions.finding import Finding

if TYPE_CHECKING:
    from datetime import datetime

TOLERANCE: Final = timedelta(minutes=5)
"""Two machines' clocks may differ by so much, or one be corrected."""


def clock(now: datetime, latest: datetime | None) -> Finding | None:
    """Return the finding that a run of before is dated *latest*, in the future of *now*."""
    if latest is None or latest <= now + TOLERANCE:
        return None
    words = (
        f"A run of before is dated {latest.astimezone(UTC):%Y-%m-%d %H:%M} UTC and now it is"
        f" {now.astimezone(UTC):%Y-%m-%d %H:%M} UTC: a clock was wrong, or is."
    )
    advice = "Set this machine's clock (timedatectl shows it); what is due waits for its time."
    return Finding("clock_moved_back", words, advice)
