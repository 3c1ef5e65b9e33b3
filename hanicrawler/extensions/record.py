"""The run's own record: its row in the crawls table."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, runtime_checkable

from scrapy import signals

from hanicrawler.extensions import endings, health
from hanicrawler.storage import (
    DatabaseError,
    Frontier,
    Membership,
    Revisits,
    RunLock,
    SharedFrontier,
    database_url,
    end_killed,
    finish_crawl,
    open_database,
    start_crawl,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import sqlalchemy as sa
    from scrapy import Spider
    from scrapy.crawler import Crawler

    from hanicrawler.items import Article

logger = logging.getLogger(__name__)

COUNTED: Final = ("found", "fetched", "not_modified", "failed", "unreadable")
"""What the run's row gets at the end from the stats under ``hani/``; what became of articles
(new, changed, gone, ...) the writer has added to the row with the articles themselves."""


@runtime_checkable
class UsesFrontier(Protocol):
    """A spider that asks what is known before it fetches."""

    def use(self, frontier: Frontier) -> None:
        """Take the run's memory."""


class RunRecord:
    """Opens the run's database and keeps the run's row: arguments, outcome, counts.

    Being an extension it is built before anything is fetched: a database that cannot be
    opened, or that another run is at, ends the run before its first request.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.coverage: Counter[tuple[str, str, str]] = Counter()
        self._crawler = crawler
        self._started_at = datetime.now(UTC)
        self.revisits = Revisits.parse(
            crawler.settings.get("HANICRAWLER_REVISIT") or "",
            crawler.settings.getint("HANICRAWLER_ATTEMPTS"),
        )
        url = database_url(crawler.settings.get("HANICRAWLER_DATABASE"))
        shared = crawler.settings.getbool("HANICRAWLER_SHARED")
        self.lock = RunLock.take(url, shared=shared)
        try:
            self.engine: sa.Engine = open_database(url)
            try:
                end_killed(self.engine, shared=shared)
                self.membership = self._join(url) if shared else None
                self.crawl_id = self.membership.crawl_id if self.membership else self._start()
                self.frontier = self._frontier()
                if isinstance(crawler.spider, UsesFrontier):
                    crawler.spider.use(self.frontier)
                if self.membership is not None:
                    self.membership.enter()
            except BaseException:
                self.engine.dispose()
                raise
        except BaseException:
            self.lock.release()
            raise

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        record = cls(crawler)
        crawler.signals.connect(record.spider_closed, signals.spider_closed)
        return record

    def cover(self, article: Article) -> None:
        """Count by which layer each of the article's fields was found."""
        for name, layer in article.layers.items():
            self.coverage[article.template, name, layer] += 1

    def spider_closed(self, spider: Spider, reason: str) -> None:
        stats = {**self._crawler.stats.get_stats(), "finish_reason": reason}
        try:
            if (everybodys := self._leave(stats)) is None:
                return
            stats = everybodys
            found = health.findings(stats)
            planned = endings.words(stats)
            said = [*(finding.words for finding in found), *([planned] if planned else [])]
            finish_crawl(
                self.engine,
                self.crawl_id,
                # A clock may be set back while a run is under way.
                finished_at=max(datetime.now(UTC), self._started_at),
                outcome=health.outcome(stats, found),
                reason=" ".join(said) or None,
                counts=self._counts(stats),
                coverage=self.coverage,
                not_before=stats.get(endings.NOT_BEFORE),
            )
        except DatabaseError as error:
            # The writer has said so already; a run without an end is a killed one's row.
            self._crawler.stats.set_value("hani/record_error", str(error))
            logger.error("The run's record could not be finished: %s", error)
        finally:
            if self.membership is not None:
                self.membership.close()
            self.engine.dispose()
            self.lock.release()

    def _join(self, url: sa.URL) -> Membership:
        spider = self._crawler.spider
        assert spider is not None
        return Membership.join(
            url,
            spider=spider.name,
            arguments=dict(getattr(spider, "given", {})),
            started_at=self._started_at,
        )

    def _frontier(self) -> Frontier:
        if self.membership is None:
            return Frontier(self.engine)
        settings = self._crawler.settings
        return SharedFrontier(
            self.engine,
            since=self.membership.since,
            lease=settings.getfloat("HANICRAWLER_LEASE"),
            attempts=settings.getint("HANICRAWLER_ATTEMPTS"),
            opens=self.membership.is_first,
        )

    def _leave(self, stats: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the run counted; None where other crawlers are still at it.

        The last one out of a shared crawl ends it, for all who took part.
        """
        if self.membership is None:
            return stats
        if isinstance(self.frontier, SharedFrontier):
            self.frontier.release(untried=True)
        coverage = [[*where, articles] for where, articles in self.coverage.items()]
        counted = {
            name: value
            for name, value in stats.items()
            if name.startswith(("hani/", "downloader/", "spider_exceptions/"))
            and not isinstance(value, datetime)
        }
        everybodys = self.membership.leave({**counted, "coverage": coverage})
        if everybodys is None:
            self._crawler.stats.set_value("hani/left", value=True)
            return None
        self.coverage = Counter()
        for *where, articles in everybodys.pop("coverage", []):
            self.coverage[where[0], where[1], where[2]] += articles
        whole = {**stats, **everybodys}
        self._crawler.stats.set_stats(whole)
        return whole

    def _start(self) -> int:
        spider = self._crawler.spider
        assert spider is not None
        return start_crawl(
            self.engine,
            spider=spider.name,
            arguments=dict(getattr(spider, "given", {})),
            started_at=self._started_at,
        )

    def _counts(self, stats: Mapping[str, Any]) -> dict[str, int | float]:
        counts: dict[str, int | float] = {name: stats.get(f"hani/{name}", 0) for name in COUNTED}
        counts["bytes"] = stats.get("downloader/response_bytes", 0)
        counts["requests"] = stats.get("downloader/request_count", 0)
        seconds = (datetime.now(UTC) - self._started_at).total_seconds()
        counts["seconds"] = round(seconds, 3)
        return counts
