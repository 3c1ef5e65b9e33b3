"""When a spider may go on: what Scrapy's engine has under way, and whether the run is ending."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scrapy import signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

LOOK: Final = 0.02
"""Seconds between two looks."""
QUIET_LOOKS: Final = 2
"""Looks in a row that must find nothing: between two of Scrapy's steps there is a moment when a
page is in neither."""


class Pace:
    """Waits for the engine, so that what is requested is never more than it takes up."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    async def has_room(self) -> bool:
        """Wait until more may be requested; False where the run is ending."""
        engine = self._crawler.engine
        while engine and engine.spider and engine.needs_backout():
            await asyncio.sleep(LOOK)
        return bool(engine and engine.spider)

    async def idle(self) -> None:
        """Wait until everything requested is under way."""
        scheduler = self._crawler.engine.scheduler
        while scheduler and scheduler.has_pending_requests():
            await self._crawler.signals.wait_for(signals.scheduler_empty)

    async def quiet(self) -> bool:
        """Wait until everything requested is dealt with; False where the run is ending."""
        looks = 0
        while looks < QUIET_LOOKS:
            await asyncio.sleep(LOOK)
            looks = 0 if self.is_under_way() else looks + 1
        return await self.has_room()

    def is_under_way(self) -> bool:
        """Tell whether anything was requested, or came, and is not dealt with yet."""
        engine = self._crawler.engine
        assert engine is not None
        return bool(
            engine.downloader.active
            or (engine.scheduler and engine.scheduler.has_pending_requests())
            or (engine.scraper.slot and not engine.scraper.slot.is_idle())
        )
