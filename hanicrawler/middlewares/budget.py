"""What a run may cost: HANICRAWLER_MAX_REQUESTS, _MAX_BYTES and _MAX_SECONDS."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Self

from scrapy import signals

from hanicrawler.extensions.closing import Closing

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request
    from scrapy.settings import BaseSettings


class Budget:
    """Lets requests through until one of a run's budgets is spent, or the run ends otherwise.

    Every request that is sent counts, robots.txt, retries and redirects too: it is what the
    site has to bear.  Bytes are those of bodies, as they come.  What is under way when bytes or
    seconds are spent is let come.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._closing = Closing.of(crawler)
        self._requests = _whole(settings, "HANICRAWLER_MAX_REQUESTS")
        self._bytes = _whole(settings, "HANICRAWLER_MAX_BYTES")
        seconds = settings.get("HANICRAWLER_MAX_SECONDS")
        self._seconds = None if seconds in (None, "") else float(seconds)
        self._sent = self._received = 0
        self._timer: asyncio.TimerHandle | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        budget = cls(crawler)
        # Connected where it is asked for: it is called for every piece of a body.
        if budget._bytes is not None:
            crawler.signals.connect(budget.bytes_received, signals.bytes_received)
        if budget._seconds is not None:
            crawler.signals.connect(budget.spider_opened, signals.spider_opened)
            crawler.signals.connect(budget.spider_closed, signals.spider_closed)
        return budget

    def process_request(self, request: Request) -> None:
        if self._closing.reason is None and self._sent == self._requests:
            # Those before it are within the budget, though their delay may hold them back.
            self._closing.end("budget_requests", drops_queued=False, budget_spent=self._requests)
        if self._closing.reason is not None:
            raise self._closing.instead(request)
        self._sent += 1

    def bytes_received(self, data: bytes) -> None:
        self._received += len(data)
        if self._bytes is not None and self._received >= self._bytes:
            self._closing.end("budget_bytes", budget_spent=self._bytes)

    def spider_opened(self) -> None:
        if (seconds := self._seconds) is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(seconds, self._time_is_up, seconds)

    def spider_closed(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _time_is_up(self, seconds: float) -> None:
        self._closing.end("budget_seconds", budget_spent=seconds)


def _whole(settings: BaseSettings, name: str) -> int | None:
    """Return a bound that is a whole number; None where there is none."""
    return None if settings.get(name) in (None, "") else settings.getint(name)
