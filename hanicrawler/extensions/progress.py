"""A live line on the terminal: how far the run is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from scrapy import signals
from scrapy.exceptions import NotConfigured

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.text import Text
    from scrapy.crawler import Crawler


class Progress:
    """Shows what the run has found, fetched and stored so far, on standard error.

    The command switches it on where a person watches (HANICRAWLER_PROGRESS).
    """

    def __init__(self, crawler: Crawler) -> None:
        if not crawler.settings.getbool("HANICRAWLER_PROGRESS"):
            raise NotConfigured
        # Imported late: a run from cron does not need it.
        from rich.console import Console
        from rich.live import Live

        self._crawler = crawler
        self._started = time.monotonic()
        self._live = Live(
            console=Console(stderr=True),
            get_renderable=self._line,
            refresh_per_second=4,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        progress = cls(crawler)
        crawler.signals.connect(progress.spider_opened, signals.spider_opened)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def spider_opened(self) -> None:
        self._started = time.monotonic()
        self._live.start()

    def spider_closed(self) -> None:
        self._live.stop()

    def _line(self) -> Text:
        from rich.text import Text

        seconds = time.monotonic() - self._started
        return Text(line(self._crawler.stats.get_stats(), seconds))


def line(stats: Mapping[str, Any], seconds: float) -> str:
    """Return a run's state in one line."""
    count = {
        name: stats.get(f"hani/{name}", 0)
        for name in ("found", "fetched", "new", "changed", "failed", "gone", "unreadable")
    }
    lost = count["failed"] + count["gone"] + count["unreadable"]
    pages = stats.get("response_received_count", 0)
    rate = pages / seconds if seconds > 0 else 0.0
    minutes, rest = divmod(int(seconds), 60)
    return (
        f"{minutes}:{rest:02d}  found {count['found']}  fetched {count['fetched']}"
        f"  new {count['new']}  changed {count['changed']}  failed {lost}"
        f"  {rate:.1f} pages/s"
    )
