"""A bare Scrapy spider: fetches the URLs of a file and does nothing with what comes.

    python bare.py URLS

Scrapy's defaults, but for as many requests at a time as the other side and a log at the same
level.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess

from hanicrawler.settings import LOG_LEVEL, ON_LOOPBACK

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SETTINGS = {
    "CONCURRENT_REQUESTS": ON_LOOPBACK["CONCURRENT_REQUESTS"],
    "CONCURRENT_REQUESTS_PER_DOMAIN": ON_LOOPBACK["CONCURRENT_REQUESTS_PER_DOMAIN"],
    "DOWNLOAD_DELAY": 0,
    "LOG_LEVEL": LOG_LEVEL,
}


class BareSpider(Spider):
    """Asks for every URL, in the file's order."""

    name = "bare"

    async def start(self) -> AsyncIterator[Request]:
        for url in Path(sys.argv[1]).read_text("utf-8").split():
            yield Request(url)

    def parse(self, response: Any) -> None:
        """Do nothing."""


if __name__ == "__main__":
    process = CrawlerProcess(SETTINGS)
    process.crawl(BareSpider)
    process.start()
