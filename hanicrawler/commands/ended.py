"""How a run ended, for those outside who are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

COULD_NOT_START: Final = "could_not_start"
"""The alarm of a run that ended before its first request, which no row of crawls can hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The end of a run."""

    words: str
    """The paragraph that says what is wrong, or what was stored."""
    alarms: tuple[str, ...] = ()
    """Codes of what is wrong; none for a healthy run."""
    counts: Mapping[str, float] = field(default_factory=dict)
    """By the names of the columns of crawls; empty where it did not come to count."""

    @property
    def is_healthy(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.alarms
