"""Slower where the site asks for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, Self

from hanicrawler.extensions.closing import ASKS_FOR_LESS, Closing
from hanicrawler.extensions.endings import WAITS
from hanicrawler.middlewares.errors import NotAsked

if TYPE_CHECKING:
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

LONGEST: Final = 60.0
"""Seconds that a run waits at most; for who asks for more it ends."""
A_DAY: Final = 86_400.0
"""Seconds for which a site is left alone at most: a server that asks for more is in error."""
FIRST: Final = 0.2
"""Seconds to begin with where there was no delay."""
RELAXES: Final = 0.9
"""Each page that comes shortens the delay by a tenth, down to DOWNLOAD_DELAY."""


class BackOff:
    """Doubles the delay on errors of the server, and waits as long as Retry-After says.

    Scrapy tries such a page again at once; AutoThrottle looks at the time an answer takes,
    and an error comes quickly.  Where Retry-After asks for more than a minute the run ends, and
    no run begins before that time: the page was not refused, but put off.
    """

    def __init__(self, crawler: Crawler, closing: Closing) -> None:
        self._crawler = crawler
        self._closing = closing
        self._least = crawler.settings.getfloat("DOWNLOAD_DELAY")
        self._slowed_at = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, Closing.of(crawler))

    def process_response(self, request: Request, response: Response) -> Response:
        seconds = retry_after(response) or 0.0 if response.status in ASKS_FOR_LESS else 0.0
        if seconds > LONGEST:
            until = datetime.now(UTC) + timedelta(seconds=min(seconds, A_DAY))
            self._closing.end(WAITS, not_before=until)
        if self._closing.reason == WAITS and response.status in ASKS_FOR_LESS:
            raise NotAsked("the site asks to wait")
        slot = self._crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is None:
            return response
        if response.status in ASKS_FOR_LESS or response.status >= 500:
            self._slow_down(slot, response, seconds)
        elif slot.delay > self._least:
            slot.delay = max(self._least, slot.delay * RELAXES)
        return response

    def _slow_down(self, slot: Slot, response: Response, seconds: float) -> None:
        now = monotonic()
        if response.status in ASKS_FOR_LESS:
            pause(slot, now, seconds)
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
    """Return the seconds for which Retry-After asks; None where it says nothing readable.

    A date is counted from the response's own Date, where it has one: a clock of ours that is
    wrong changes nothing then.
    """
    value = _header(response, "Retry-After")
    if re.fullmatch(r"\d{1,9}", value, re.ASCII):
        return float(value)
    if (then := _moment(value)) is None:
        return None
    now = _moment(_header(response, "Date")) or datetime.now(UTC)
    return max((then - now).total_seconds(), 0.0)


def _header(response: Response, name: str) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    # Every date of HTTP is in GMT, whether it says so or not.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
