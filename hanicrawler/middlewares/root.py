"""The site's addresses and the root that stands for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import IgnoreRequest

from hanicrawler.site import Root, on_site

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response


class SiteDownloadHandler(HTTP11DownloadHandler):
    """Fetches the site's pages, and nothing else, from the site or from another root.

    Everything before it thinks in the site's own addresses; so do the responses that come
    out of it, redirects included.  Being the last step before the network it is also where
    any other address is refused.
    """

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        site = crawler.settings.get("HANICRAWLER_SITE")
        self._root = Root.parse(site) if site else None

    async def download_request(self, request: Request) -> Response:
        if not on_site(request.url):
            raise IgnoreRequest(f"not on the site: {request.url}")
        if (root := self._root) is None:
            return await super().download_request(request)
        there = request.replace(url=root.to_root(request.url))
        if root.is_loopback:
            # A proxy cannot reach this machine's own server.
            there.meta["proxy"] = None
        response = await super().download_request(there)
        if latency := there.meta.get("download_latency"):
            request.meta["download_latency"] = latency
        if location := response.headers.get("Location"):
            target = root.to_site(location.decode("latin-1"), request.url)
            response.headers["Location"] = target
        return response.replace(url=request.url)
