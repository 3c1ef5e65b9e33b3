"""From where on a run is unhealthy: the thresholds of the rules, which are settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from hanicrawler import settings as ours
from hanicrawler.extensions.limits import number

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The bounds of the rules; a rule whose bound is None is off."""

    failed_pages: float | None = ours.HANICRAWLER_FAILED_PAGES
    """Failed fetches from which on their share counts."""
    failed_share: float | None = ours.HANICRAWLER_FAILED_SHARE
    """Of all fetches, above which they are too many."""
    max_problems: float | None = ours.HANICRAWLER_MAX_PROBLEMS
    drift: float | None = ours.HANICRAWLER_DRIFT
    """How far a share may fall: 0.3 is from 90 % to 60 %."""
    quiet_factor: float | None = ours.HANICRAWLER_QUIET_FACTOR
    """Of the longest usual silence."""
    quiet_hours: float | None = ours.HANICRAWLER_QUIET_HOURS

    @classmethod
    def of(cls, settings: BaseSettings) -> Self:
        """Return what *settings* say.  Raises SettingError."""
        return cls(
            failed_pages=number(settings, "HANICRAWLER_FAILED_PAGES"),
            failed_share=number(settings, "HANICRAWLER_FAILED_SHARE"),
            max_problems=number(settings, "HANICRAWLER_MAX_PROBLEMS"),
            drift=number(settings, "HANICRAWLER_DRIFT"),
            quiet_factor=number(settings, "HANICRAWLER_QUIET_FACTOR"),
            quiet_hours=number(settings, "HANICRAWLER_QUIET_HOURS"),
        )
