"""The run's own record: its row in the crawls table."""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol, Self, TypedDict, runtime_checkable

from scrapy import signals

from hanicrawler.extensions import endings, health, past
from hanicrawler.storage import (
    COUNTED_AT_THE_END,
    DatabaseError,
    Frontier,
    Membership,
    MembersLock,
    Revisits,
    RunLock,
    SharedFrontier,
    database_url,
    end_killed,
    finish_crawl,
    note_wait,
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

COUNTED: Final = (
    "found",
    "fetched",
    "not_modified",
    "new",
    "changed",
    "updated",
    "unchanged",
    "gone",
    "failed",
    "problems",
    "unreadable",
)
"""The counts kept under ``hani/`` in the stats."""


class _Asked(TypedDict):
    spider: str
    arguments: dict[str, str]
    started_at: datetime


@runtime_checkable
class UsesFrontier(Protocol):
    """A spider that asks what is known before it fetches."""

    def use(self, frontier: Frontier) -> None:
        """Take the run's memory."""


class RunRecord:
    """Opens the run's database and keeps the run's row: arguments, outcome, counts.

    Being an extension it is built before anything is fetched: a database that cannot be
    opened, or in which another run is at work, ends the run before its first request.
    """

    def __init__(self, crawler: Crawler) -> None:
        self.coverage: Counter[tuple[str, str, str]] = Counter()
        self.found: list[health.Finding] | None = None
        """What was wrong with the run; None until it has ended."""
        self.counts: dict[str, int | float] = {}
        """What it counted; empty until then."""
        self._crawler = crawler
        self._thresholds = health.Thresholds.of(crawler.settings)
        self._started_at = datetime.now(UTC)
        # Unlike the time of day, this clock is never set.
        self._clock = time.monotonic()
        spider = crawler.spider
        assert spider is not None
        self._spider = spider.name
        self._arguments: dict[str, str] = dict(getattr(spider, "given", {}))
        self.revisits = Revisits.parse(
            crawler.settings.get("HANICRAWLER_REVISIT") or "",
            crawler.settings.getint("HANICRAWLER_ATTEMPTS"),
        )
        url = database_url(crawler.settings.get("HANICRAWLER_DATABASE"))
        shared = crawler.settings.getbool("HANICRAWLER_SHARED")
        self.lock = RunLock.take(url, shared=shared)
        self.membership: Membership | None = None
        try:
            self.engine: sa.Engine = open_database(url)
            try:
                self._begin(url, spider, shared=shared)
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
            everybodys = self._leave(stats)
            if everybodys is None:
                # Who leaves a shared crawl before the last judges what it did, not the crawl.
                has_ended = reason in health.ASKED_FOR
                self.found = [] if has_ended else health.findings(stats, self._thresholds)
                self.counts = self._counts(stats)
            else:
                self._end(everybodys)
        except DatabaseError as error:
            # A run without an end is a killed one's row.
            self._crawler.stats.set_value("hani/record_error", str(error))
            logger.error("The run's record could not be finished: %s", error)
            stats["hani/record_error"] = str(error)
            self.found = health.findings(stats, self._thresholds)
        finally:
            self.engine.dispose()
            self.lock.release()

    def _begin(self, url: sa.URL, spider: Spider, *, shared: bool) -> None:
        """Make the run's row, or join the run that others have begun."""
        end_killed(self.engine, shared=shared)
        asked: _Asked = {
            "spider": self._spider,
            "arguments": self._arguments,
            "started_at": self._started_at,
        }
        if shared:
            self.membership = Membership.join(url, **asked)
            self.lock = MembersLock(self.lock, self.membership)
            self.crawl_id = self.membership.crawl_id
        else:
            self.crawl_id = start_crawl(self.engine, **asked)
        self.frontier = self._frontier()
        if isinstance(spider, UsesFrontier):
            spider.use(self.frontier)
        if self.membership is not None:
            self.membership.enter()

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

    def _end(self, stats: Mapping[str, Any]) -> None:
        """Judge the run and finish its row."""
        now = datetime.now(UTC)
        history = health.History()
        if stats.get("finish_reason") != "writer_failed":
            history = past.history(
                self.engine,
                self.crawl_id,
                spider=self._spider,
                arguments=self._arguments,
                started_at=self._started_at,
                now=now,
                coverage=self.coverage,
                thresholds=self._thresholds,
            )
        self.found = health.findings(stats, self._thresholds, history)
        self.counts = self._counts(stats)
        planned = endings.words(stats)
        said = [*(finding.words for finding in self.found), *([planned] if planned else [])]
        finish_crawl(
            self.engine,
            self.crawl_id,
            # A clock may be set back while a run is under way.
            finished_at=max(now, self._started_at),
            outcome=health.outcome(stats, self.found),
            reason=" ".join(said) or None,
            counts={name: self.counts[name] for name in COUNTED_AT_THE_END},
            coverage=self.coverage,
            not_before=stats.get(endings.NOT_BEFORE),
            alarms=[finding.code for finding in self.found],
            # It has waited long enough for a server that did not come back.
            patient=stats.get("finish_reason") != "writer_failed",
        )

    def _leave(self, stats: dict[str, Any]) -> dict[str, Any] | None:
        """Return what the run counted; None where other crawlers are still at it.

        The last one out of a shared crawl ends it, for all who took part.
        """
        if self.membership is None:
            return stats
        if isinstance(self.frontier, SharedFrontier):
            self.frontier.release(untried=True)
        if until := stats.get(endings.NOT_BEFORE):
            # The others are to know at once.
            note_wait(self.engine, self.crawl_id, until)
        coverage = [[*where, articles] for where, articles in self.coverage.items()]
        counted = {
            name: value
            for name, value in stats.items()
            if name.startswith(("hani/", "downloader/", "spider_exceptions/"))
            and not isinstance(value, datetime)
        }
        everybodys = self.membership.leave({**counted, "coverage": coverage})
        if everybodys is None:
            return None
        self.coverage = Counter()
        for *where, articles in everybodys.pop("coverage", []):
            self.coverage[where[0], where[1], where[2]] += articles
        whole = {**stats, **everybodys}
        self._crawler.stats.set_stats(whole)
        return whole

    def _counts(self, stats: Mapping[str, Any]) -> dict[str, int | float]:
        counts: dict[str, int | float] = {name: stats.get(f"hani/{name}", 0) for name in COUNTED}
        counts["bytes"] = stats.get("downloader/response_bytes", 0)
        counts["requests"] = stats.get("downloader/request_count", 0)
        # A shared crawl began with the one that made it.
        of_others = (self._started_at - self.membership.since) if self.membership else timedelta()
        elapsed = time.monotonic() - self._clock + max(of_others.total_seconds(), 0)
        counts["seconds"] = round(elapsed, 3)
        return counts
