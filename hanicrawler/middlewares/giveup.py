"""Leaves a site alone that answers with nothing but errors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Self

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)

from hanicrawler.extensions.closing import LAST, Closing
from hanicrawler.extensions.endings import REFUSES
from hanicrawler.middlewares.errors import tls_error

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

AT_FIRST: Final = 6
"""Errors in a row that are enough where nothing good ever came: two pages, each tried thrice."""

_NO_PAGE_THERE: Final = frozenset({404, 410})
_NO_ANSWER: Final[tuple[tuple[type[Exception], str], ...]] = (
    (DownloadConnectionRefusedError, "refused a connection"),
    (CannotResolveHostError, "was not found by its name"),
    (DownloadTimeoutError, "gave no answer in time"),
    (ResponseDataLossError, "sent a body that was cut off"),
    (DownloadFailedError, "broke the connection"),
)
_BEFORE: Final = "good_before"
"""Key of a request's meta: how many good answers had come when it got its first error."""


class GiveUp:
    """Counts answers in a row that are errors; after HANICRAWLER_GIVE_UP of them the run ends.

    An error is a status from 400 on, other than 404 and 410, or no answer.  A page that fails
    again counts only while nothing good came since it failed first: a site of which half the
    pages are broken is no site that refuses us.  That robots.txt came says nothing of the rest.
    """

    def __init__(self, closing: Closing, most: int) -> None:
        self._closing = closing
        self._most = most
        self._good = 0
        self._row: list[str] = []

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Closing.of(crawler), crawler.settings.getint("HANICRAWLER_GIVE_UP"))

    def process_response(self, request: Request, response: Response) -> Response:
        if response.status >= 400 and response.status not in _NO_PAGE_THERE:
            self._failed(request, response.status, f"answered {response.status}")
            return response
        request.meta.pop(LAST, None)
        if not request.meta.get("dont_obey_robotstxt"):
            self._good += 1
            self._row.clear()
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        for kind, words in _NO_ANSWER:
            if isinstance(exception, kind):
                secure = "broke off its TLS connection" if tls_error(exception) else words
                self._failed(request, exception, secure)
                return

    def _failed(self, request: Request, answer: int | Exception, words: str) -> None:
        # For the run's end, which may come before the page is tried again.
        request.meta[LAST] = answer
        if self._closing.reason is not None:
            request.meta["dont_retry"] = True
            return
        if self._good > request.meta.setdefault(_BEFORE, self._good):
            return
        self._row.append(words)
        enough = self._most if self._good else min(AT_FIRST, self._most)
        if self._most and len(self._row) >= enough:
            request.meta["dont_retry"] = True
            self._closing.end(REFUSES, refusals=dict(Counter(self._row)))
