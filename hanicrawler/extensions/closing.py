"""Ends a run before its work is done, and lets nothing more go out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import signals
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from hanicrawler.extensions import endings
from hanicrawler.extensions.record import RunRecord
from hanicrawler.middlewares.errors import NotAsked
from hanicrawler.storage import waits_until

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Request

ASKS_FOR_LESS: Final = frozenset({429, 503})
"""Statuses with which a site says that it is asked too much."""

LAST: Final = "last_answer"
"""Key of a request's meta: the error that it got and that it is tried again for, a status or an
exception."""


class Closing:
    """The way out of a run that has had enough, for whoever finds that it has.

    From then on no request is sent.  Those that were never sent end as NotAsked; one that got
    an error and was to be tried again ends with that error.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.reason: str | None = None
        """The finish reason, once the run is ending this way."""
        self._crawler = crawler
        self._ending: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        closing = cls(crawler)
        crawler.signals.connect(closing.spider_opened, signals.spider_opened)
        return closing

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the crawler's own; raises RuntimeError where EXTENSIONS does not name it."""
        closing = crawler.get_extension(cls)
        if closing is None:
            raise RuntimeError(f"the middlewares need the extension {cls.__name__}")
        return closing

    def spider_opened(self, spider: Spider) -> None:
        """End the run here where an earlier one was asked to wait until later than now."""
        record = self._crawler.get_extension(RunRecord)
        if record is None:
            return
        if until := waits_until(record.engine, spider.name, datetime.now(UTC)):
            self.reason = endings.WAITS
            self._crawler.stats.set_value(endings.NOT_BEFORE, until)
            raise CloseSpider(endings.WAITS)

    def end(self, reason: str, *, drops_queued: bool = True, **facts: Any) -> None:
        """End the run with the finish reason *reason*; the first reason holds.

        *facts* are stats that say more.  What the downloader holds back for its delay is not
        sent either, unless *drops_queued* is false.
        """
        if self.reason is not None:
            return
        self.reason = reason
        for name, value in facts.items():
            self._crawler.stats.set_value(f"hani/{name}", value)
        if drops_queued:
            self._drop_queued()
        self._ending = asyncio.ensure_future(self._close(reason))

    def instead(self, request: Request) -> Exception:
        """Return what *request*, which is not sent, ends with."""
        answer: int | Exception | None = request.meta.get(LAST)
        if answer is None or (self.reason == endings.WAITS and answer in ASKS_FOR_LESS):
            return NotAsked(f"the run is ending: {self.reason}")
        request.meta["dont_retry"] = True
        if isinstance(answer, Exception):
            return answer
        return HttpError(Response(request.url, status=answer, request=request))

    def _failure(self, request: Request) -> Failure:
        return Failure(self.instead(request))  # type: ignore[no-untyped-call]

    def _drop_queued(self) -> None:
        # The downloader has taken these up, and waits for the delay of their slot.
        for slot in self._crawler.engine.downloader.slots.values():
            slot.close()
            while slot.queue:
                request, waiting = slot.queue.popleft()
                waiting.errback(self._failure(request))

    async def _close(self, reason: str) -> None:
        engine = self._crawler.engine
        # Closing forgets what the scheduler holds: right for what was never sent.
        while engine.scheduler and (request := engine.scheduler.next_request()):
            if LAST in request.meta:
                engine.scraper.enqueue_scrape(self._failure(request), request)
        await engine.close_spider_async(reason=reason)
