"""Last step: storing, many items in one transaction."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from scrapy import signals
from scrapy.exceptions import DropItem

from hanicrawler.extensions.record import RunRecord
from hanicrawler.items import (
    Article,
    Discovered,
    Fetch,
    ListWalk,
    Passed,
    Problem,
    Ranking,
    ReadPage,
)
from hanicrawler.middlewares.stamps import stamp_of
from hanicrawler.storage import DatabaseError, Writer, tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Kept
    from hanicrawler.storage import Outcome

    Storable = Article | Problem | Fetch | Discovered | Ranking | Passed | ListWalk

SIZE: Final = 100
"""Items in a batch: a commit costs about as much as writing a dozen articles."""

AGE: Final = 0.5
"""Seconds after which a batch is written though it is not full: a polite crawl takes minutes
to fill one, and what is not written is lost when the process is killed."""

PAUSE: Final = 0.02
"""Seconds in which the page that gave an item may give more, before it is taken for the last."""


@dataclass(slots=True)
class _Batch:
    done: asyncio.Future[None]
    timer: asyncio.TimerHandle
    items: list[Storable] = field(default_factory=list)


class Store:
    """Collects items and writes them in batches, in a thread of its own.

    An item leaves this step when its transaction has committed, and only then it is counted.
    A database that cannot be written to ends the run.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        record = crawler.get_extension(RunRecord)
        if record is None:
            raise RuntimeError("storing needs the extension RunRecord, which opens the database")
        self._record = record
        self._writer = Writer(record.engine, record.crawl_id, record.lock, record.revisits)
        self._thread = ThreadPoolExecutor(1, "hanicrawler-writer")
        self._batch: _Batch | None = None
        self._unwritten: set[asyncio.Future[None]] = set()
        self._failure: DatabaseError | None = None
        self._error: str | None = None
        self._closing: asyncio.Future[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        store = cls(crawler)
        crawler.signals.connect(store.item_error, signals.item_error)
        crawler.signals.connect(store.spider_error, signals.spider_error)
        return store

    async def process_item(self, item: object) -> object:
        if self._error is not None:
            raise DropItem("the database cannot be written to")
        match item:
            case Article() | Problem():
                await asyncio.shield(self._put([item]))
            case Fetch() | Ranking() | Passed() | ListWalk():
                self._put([item])
            case tuple() if item:
                self._put(item)
        return item

    async def item_error(self, item: object, failure: Failure) -> None:
        """Keep a page that one of the steps before failed on; its fetch is one that failed."""
        if isinstance(item, ReadPage) and self._error is None:
            self._crawler.stats.inc_value("hani/item_errors")
            # Without that it would stay due, and be fetched in every run.
            unread = replace(item.fetch, etag=None, last_modified=None, body_hash=None)
            # A record that only refers to the page gives no bytes to look at.
            kept = None if item.fetch.revisit_of else item.fetch.kept
            at = item.fetch.fetched_at
            self._put([unread, _broken(item.fetch.url, "normalise", failure, at, item.body, kept)])

    def spider_error(self, failure: Failure, response: Response | None) -> None:
        """Keep a page that the spider failed on."""
        if response is None or not response.url or self._error is not None:
            return
        stamp = stamp_of(response)
        at, kept = (stamp.at, stamp.page) if stamp else (datetime.now(UTC), None)
        self._put([_broken(response.url, "parse", failure, at, response.body, kept)])

    async def close_spider(self) -> None:
        self._send()
        if self._unwritten:
            await asyncio.wait(self._unwritten)
        self._thread.shutdown()

    def _put(self, items: Sequence[Storable]) -> asyncio.Future[None]:
        batch = self._batch
        loop = asyncio.get_running_loop()
        if batch is None:
            batch = _Batch(loop.create_future(), loop.call_later(AGE, self._send))
            self._batch = batch
            self._unwritten.add(batch.done)
        batch.items.extend(items)
        if len(batch.items) >= SIZE:
            self._send()
        elif self._is_last():
            loop.call_later(PAUSE, self._send_the_last)
        return batch.done

    def _is_last(self) -> bool:
        """Tell whether nothing more is on its way, so that the run waits for us alone."""
        engine = self._crawler.engine
        scheduler = engine.scheduler
        return not (engine.downloader.active or (scheduler and scheduler.has_pending_requests()))

    def _send_the_last(self) -> None:
        if self._is_last():
            self._send()

    def _send(self) -> None:
        batch, self._batch = self._batch, None
        if batch is None:
            return
        batch.timer.cancel()
        loop = asyncio.get_running_loop()
        written = loop.run_in_executor(self._thread, self._write, batch.items)
        written.add_done_callback(lambda outcomes: self._written(batch, outcomes))

    def _write(self, items: list[Storable]) -> list[Outcome]:
        """Write a batch, in the writer's thread; after a failure none that waits is tried."""
        if self._failure is not None:
            raise self._failure
        try:
            return self._writer.write(items)
        except DatabaseError as error:
            self._failure = error
            raise

    def _written(self, batch: _Batch, written: asyncio.Future[list[Outcome]]) -> None:
        self._unwritten.discard(batch.done)
        if (error := written.exception()) is None:
            self._count(batch.items, written.result())
            batch.done.set_result(None)
            return
        self._fail(error)
        batch.done.set_exception(DropItem("the database cannot be written to"))
        # Read it here: a batch without an article has nobody who waits for it.
        batch.done.exception()

    def _count(self, items: list[Storable], outcomes: list[Outcome]) -> None:
        counts = tally(items, outcomes)
        del counts["gone"]  # the spider has counted those, when the site said so
        for item, outcome in zip(items, outcomes, strict=True):
            if isinstance(item, Article):
                # The same article again, every quarter of an hour, would hide all others.
                if outcome in ("new", "changed"):
                    self._record.cover(item)
            elif isinstance(item, Problem):
                counts[f"problem/{item.code}"] += 1
        for name, number in counts.items():
            if number:
                self._crawler.stats.inc_value(f"hani/{name}", number)

    def _fail(self, error: BaseException) -> None:
        if self._error is not None:
            return
        known = isinstance(error, DatabaseError)
        words = str(error) if known else f"{type(error).__name__}: {error}"
        self._error = " ".join(words.split())
        self._crawler.stats.set_value("hani/writer_error", self._error)
        self._closing = asyncio.ensure_future(
            self._crawler.engine.close_spider_async(reason="writer_failed")
        )


def _broken(
    url: str, stage: str, failure: Failure, at: datetime, body: bytes, kept: Kept | None
) -> Problem:
    error = " ".join(f"{url}: {type(failure.value).__name__}: {failure.value}".split())
    return Problem(
        url=url,
        stage="normalise" if stage == "normalise" else "parse",
        code="normaliser_failed" if stage == "normalise" else "spider_failed",
        error=error,
        seen_at=at,
        body=None if kept else body,
        kept=kept,
    )
