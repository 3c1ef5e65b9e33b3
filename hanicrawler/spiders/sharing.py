"""How a crawler of a shared crawl gets its work.

One open entrance after the other, then what is due, until nobody holds anything any more.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import CloseSpider

from hanicrawler.spiders import reading

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from scrapy import Request

    from hanicrawler.items import Problem
    from hanicrawler.spiders.pace import Pace
    from hanicrawler.spiders.stories import Stories
    from hanicrawler.storage import KnownPage, SharedFrontier

WAITS: Final = "site_asks_to_wait"
"""The finish reason of a run that the site asked to come back later."""
AT_ONCE: Final = 20
"""Due articles that are claimed together: few, so that the others have work too."""
POLL: Final = 0.3
"""Seconds between two looks whether another crawler has left something."""
IDLE_LOOKS: Final = 10
"""Looks in a row at which nothing is under way here, after which what is held is given back: a
page that got lost on its way would be held for ever."""


async def work(
    frontier: SharedFrontier,
    stories: Stories,
    pace: Pace,
    *,
    enter: Callable[[KnownPage], Request],
    is_to_wait: Callable[[], bool],
    plain: bool,
) -> AsyncIterator[Request | Problem]:
    """Give the requests of what this crawler claims, as long as there is anything to claim.

    *enter* requests an entrance; *is_to_wait* tells whether the site has asked another crawler
    to leave it alone, which ends this one too.  Unless the crawl is *plain*, of due articles only
    its own are taken.
    """
    looks = 0
    while await pace.has_room():
        if is_to_wait():
            raise CloseSpider(WAITS)
        entrance = frontier.claim_entrance()
        for page in entrance:
            yield enter(page)
        due = frontier.claim_due(AT_ONCE, plain=plain)
        for page in due:
            yield stories.claimed(page)
        if entrance or due:
            looks = 0
            await pace.idle()
            continue
        if not frontier.is_busy() and not pace.is_under_way():
            given_up = frontier.give_up()
            for url in given_up:
                yield _given_up(url)
            if not given_up:
                return
            # What was linked may have waited for them.
            continue
        looks = 0 if pace.is_under_way() else looks + 1
        if looks > IDLE_LOOKS:
            looks = 0
            frontier.release(untried=False)
        await asyncio.sleep(POLL)


def _given_up(url: str) -> Problem:
    reason = "given up: every crawler that claimed it ended before it was stored"
    return reading.problem(url, "fetch", "given_up", reason, reading.now())
