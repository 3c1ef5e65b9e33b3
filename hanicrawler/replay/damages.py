"""What is damaged in a source: as a problem, and in words for who waits."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hanicrawler.archives import Damage
from hanicrawler.replay import reading

if TYPE_CHECKING:
    from hanicrawler.archives import Capture, Source
    from hanicrawler.items import Problem

TOLD: Final = 5
"""Damages of a run that are told in words; all are counted, and noted as problems."""
_AHEAD: Final = timedelta(days=1)
"""How far another machine's clock may be ahead of ours."""
_LONG: Final = 2000
"""Characters of a hostile address."""


class Damages:
    """Tells what is damaged in *source*, whose reading began at *now* (aware, UTC)."""

    def __init__(self, source: Source, now: datetime) -> None:
        self._source = source
        self._now = now
        self._latest = datetime.now(UTC) + _AHEAD

    def is_to_come(self, at: datetime) -> bool:
        """Tell whether nothing can have come at *at* yet."""
        return at > self._latest

    def to_come(self, capture: Capture) -> Damage:
        """Return that *capture* says a moment to come.

        Taken as it is, it would be the newest of its article for as long, whatever crawls bring.
        """
        reason = f"The page has no date that is one: {capture.at:%Y-%m-%d %H:%M} UTC is to come."
        return Damage(kept=capture.kept, code="no_date", reason=reason, url=capture.url[:_LONG])

    def problem(self, damage: Damage) -> Problem:
        """Return the problem that *damage* is.

        Where it does not say when it came, that is when its file was written last: the same at
        every reading, so that another one changes nothing.
        """
        if damage.at is not None and self.is_to_come(damage.at):
            damage = replace(damage, at=None)
        return reading.damaged(damage, self._now if damage.at else self._written(damage))

    def _written(self, damage: Damage) -> datetime:
        source = self._source
        file = Path(damage.kept.file if source.kind == "html" else source.path)
        with suppress(OSError, ValueError, OverflowError):
            if file.is_file():
                return min(datetime.fromtimestamp(file.stat().st_mtime, UTC), self._now)
        return self._now
