"""Slower where the site asks for it."""

from __future__ import annotations

import re
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

ASKS_FOR_LESS: Final = frozenset({429, 503})
LONGEST: Final = 60.0
"""Seconds; who asks for more than that does not want us today, and the fetch fails."""
FIRST: Final = 0.2
"""Seconds to begin with where there was no delay."""
RELAXES: Final = 0.9
"""Each page that comes shortens the delay by a tenth, down to DOWNLOAD_DELAY."""


class BackOff:
    """Doubles the delay on errors of the server, and waits as long as Retry-After says.

    Scrapy tries such a page again at once; AutoThrottle looks at the time an answer takes,
    and an error comes quickly.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._slowed_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is None:
            return response
        if response.status in ASKS_FOR_LESS or response.status >= 500:
            self._slow_down(slot, response)
        elif slot.delay > self._least:
            slot.delay = max(self._least, slot.delay * RELAXES)
        return response

    def _slow_down(self, slot: Slot, response: Response) -> None:
        now = monotonic()
        if response.status in ASKS_FOR_LESS:
            pause(slot, now, retry_after(response) or 0.0)
        # What was on its way when the first answer of the kind came says nothing new.
        if now - self._slowed_at > max(1.0, slot.delay):
            self._slowed_at = now
            first = FIRST if response.status in ASKS_FOR_LESS else 0.0
            slot.delay = min(LONGEST, max(slot.delay * 2, first))


def pause(slot: Slot, now: float, seconds: float) -> None:
    """Let nothing of *slot* go out for *seconds* from *now*."""
    # A slot counts its delay from when it was last used; without a delay it does not count.
    slot.lastseen = max(slot.lastseen, now + min(seconds, LONGEST))
    slot.delay = max(slot.delay, 0.01)


def retry_after(response: Response) -> float | None:
    """Return the seconds that Retry-After states; None for none, or for a date."""
    value = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    return float(value) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else None
