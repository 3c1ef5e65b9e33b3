"""Lets Twisted forget cancelled timers.

Every request has a timer of DOWNLOAD_TIMEOUT seconds that is cancelled when the answer comes.
Twisted drops cancelled timers only when another one fires, and a crawl has none that does: at
full speed a minute's timers would be tens of megabytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from scrapy import signals
from twisted.internet.task import LoopingCall

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

SECONDS: Final = 2.0
"""Between two timers that fire."""


class Timers:
    """Fires a timer that does nothing, every other second of a run."""

    def __init__(self) -> None:
        self._call = LoopingCall(lambda: None)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        timers = cls()
        crawler.signals.connect(timers.spider_opened, signals.spider_opened)
        crawler.signals.connect(timers.spider_closed, signals.spider_closed)
        return timers

    def spider_opened(self) -> None:
        self._call.start(SECONDS, now=False)

    def spider_closed(self) -> None:
        if self._call.running:
            self._call.stop()
