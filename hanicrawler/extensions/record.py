"""The run's own record: its row in the crawls table."""

from __future__ import annotations

import logging
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import signals

from hanicrawler.extensions import drift, health, quiet
from hanicrawler.storage import (
    DatabaseError,
    database_url,
    earlier_coverage,
    finish_crawl,
    latest_moment,
    newest_published,
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


class RunRecord:
    """Opens the run's database and keeps the run's row: arguments, outcome, counts.

    Being an extension it is built before anything is fetched: a database that cannot be
    opened ends the run before its first request.
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
        self.engine: sa.Engine = open_database(
            database_url(crawler.settings.get("HANICRAWLER_DATABASE"))
        )
        self.crawl_id = start_crawl(
            self.engine,
            spider=self._spider,
            arguments=self._arguments,
            started_at=self._started_at,
        )

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
        now = datetime.now(UTC)
        history = self._history(reason, now)
        self.found = health.findings(stats, self._thresholds, history)
        self.counts = self._counts(stats)
        try:
            finish_crawl(
                self.engine,
                self.crawl_id,
                finished_at=max(now, self._started_at),
                outcome=health.outcome(stats, self.found),
                reason=" ".join(finding.words for finding in self.found) or None,
                counts=self.counts,
                coverage=self.coverage,
                alarms=[finding.code for finding in self.found],
            )
        except DatabaseError as error:
            # A run without an end is a killed one's row.
            self._crawler.stats.set_value("hani/record_error", str(error))
            logger.error("The run's record could not be finished: %s", error)
            stats["hani/record_error"] = str(error)
            self.found = health.findings(stats, self._thresholds, history)
        self.engine.dispose()

    def _history(self, reason: str, now: datetime) -> health.History:
        """Return what the run's health is to be judged by; what needs no look is left out."""
        if reason == "writer_failed":
            return health.History()
        try:
            return health.History(
                now=now,
                coverage=self.coverage,
                earlier=self._earlier_coverage(),
                published=self._published(now),
                latest=max(
                    self._started_at,
                    latest_moment(self.engine, self.crawl_id) or self._started_at,
                ),
            )
        except DatabaseError as error:
            logger.error("Earlier runs could not be looked at: %s", error)
            return health.History()

    def _earlier_coverage(self) -> list[dict[tuple[str, str, str], int]]:
        if not self.coverage or self._thresholds.drift is None:
            return []
        return earlier_coverage(
            self.engine,
            self.crawl_id,
            spider=self._spider,
            arguments=self._arguments,
            runs=drift.RUNS,
        )

    def _published(self, now: datetime) -> list[datetime | None]:
        # A run that was asked for one section, or for a period, is silent on all others.
        return [] if self._arguments else newest_published(self.engine, quiet.moments(now))

    def _counts(self, stats: Mapping[str, Any]) -> dict[str, int | float]:
        counts: dict[str, int | float] = {name: stats.get(f"hani/{name}", 0) for name in COUNTED}
        counts["bytes"] = stats.get("downloader/response_bytes", 0)
        counts["requests"] = stats.get("downloader/request_count", 0)
        counts["seconds"] = round(time.monotonic() - self._clock, 3)
        return counts
