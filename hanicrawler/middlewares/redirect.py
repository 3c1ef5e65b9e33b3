"""Redirects that stay with the page that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from scrapy.downloadermiddlewares.redirect import RedirectMiddleware

from hanicrawler.site import is_same_page

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response


class SameArticleRedirects(RedirectMiddleware):
    """Follows a redirect to another address of the same thing, and no other.

    The site sends readers of a lost article to its front page, with status 200 in the end:
    that page is not the article.  A redirect that is not followed is passed on as it came,
    so that the spider learns its status and target.
    """

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        # Scrapy's own would look for what sends the Referer, and warn in every log that it is not
        # there: it is not meant to be.
        redirects = cls(crawler.settings)
        redirects.crawler = crawler
        return redirects

    def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        location = response.headers.get("Location")
        if location is None or not 300 <= response.status < 400:
            return response
        if request.meta.get("redirect_times", 0) >= self.max_redirect_times:
            return response
        target = urljoin(request.url, location.decode("latin-1").strip())
        if not is_same_page(request.url, target):
            return response
        return super().process_response(request, response)

    def handle_referer(self, request: Request, response: Response) -> None:
        """Send no Referer: where a redirect came from says nothing to the site."""
        request.headers.pop("Referer", None)
