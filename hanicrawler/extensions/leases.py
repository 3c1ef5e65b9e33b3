"""Keeps what a crawler of a shared crawl has claimed, as long as it lives."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

from hanicrawler.extensions.record import RunRecord
from hanicrawler.storage import DatabaseError, SharedFrontier

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


class Leases:
    """Renews the leases three times while one lasts.

    A page may wait longer than that: in the queue of a polite crawl, or for a site that asks
    for patience.
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("HANICRAWLER_SHARED"):
            raise NotConfigured
        self._crawler = crawler
        self._every = crawler.settings.getfloat("HANICRAWLER_LEASE") / 3
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        leases = cls(crawler)
        crawler.signals.connect(leases.spider_opened, signals.spider_opened)
        crawler.signals.connect(leases.spider_closed, signals.spider_closed)
        return leases

    def spider_opened(self) -> None:
        record = self._crawler.get_extension(RunRecord)
        if record is not None and isinstance(record.frontier, SharedFrontier):
            self._task = asyncio.ensure_future(self._renew(record, record.frontier))

    def spider_closed(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _renew(self, record: RunRecord, frontier: SharedFrontier) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await asyncio.to_thread(frontier.renew)
                if record.membership is not None:
                    await asyncio.to_thread(record.membership.renew)
            except DatabaseError as error:
                # What is lost another crawler fetches too; storing it twice changes nothing.
                logger.warning("Leases could not be renewed: %s", error)
