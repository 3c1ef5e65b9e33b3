from typing import Any

import pytest
from scrapy import Request
from scrapy.exceptions import (
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from scrapy.http import Response

from hanicrawler.middlewares.giveup import AT_FIRST, GiveUp

MOST = 20


class Ended:
    """Keeps what a run was ended with."""

    reason: str | None = None
    refusals: dict[str, int] | None = None

    def end(self, reason: str, *, refusals: dict[str, int]) -> None:
        self.reason, self.refusals = reason, refusals


class Site:
    """A site whose answers the middleware sees."""

    def __init__(self, most: int = MOST) -> None:
        self.closing = Ended()
        closing: Any = self.closing
        self.middleware = GiveUp(closing, most)
        self._pages = 0

    def page(self) -> Request:
        self._pages += 1
        return Request(f"https://english.hani.co.kr/arti/english_edition/e_x/{self._pages}.html")

    def answers(self, *answers: int | Exception, page: Request | None = None) -> None:
        """Let each of *answers* come for a page of its own, or all of them for *page*."""
        for answer in answers:
            request = page or self.page()
            if isinstance(answer, int):
                self.middleware.process_response(request, Response(request.url, status=answer))
            else:
                self.middleware.process_exception(request, answer)

    @property
    def is_left(self) -> bool:
        return self.closing.reason == "site_refuses"


@pytest.mark.parametrize("error", [403, 429, 500, 503, DownloadTimeoutError()])
def test_a_site_that_was_good_is_left_after_twenty_errors(error: int | Exception) -> None:
    site = Site()

    site.answers(200, *[error] * (MOST - 1))
    assert not site.is_left

    site.answers(error)
    assert site.is_left


def test_a_site_of_which_nothing_good_ever_came_is_left_after_six() -> None:
    site = Site()

    site.answers(*[403] * (AT_FIRST - 1))
    assert not site.is_left

    site.answers(403)
    assert site.is_left
    assert site.closing.refusals == {"answered 403": 6}


@pytest.mark.parametrize("good", [200, 301, 304, 404, 410])
def test_whatever_says_that_the_site_is_well_begins_the_count_anew(good: int) -> None:
    site = Site()

    for _ in range(5):
        site.answers(*[500] * 5, good)

    assert not site.is_left


def test_half_of_the_pages_broken_is_no_refusal_however_often_they_are_tried() -> None:
    site = Site()
    broken = [site.page() for _ in range(60)]

    for page in broken:
        site.answers(500, page=page)
        site.answers(200)
    for page in broken * 2:
        site.answers(500, page=page)

    assert not site.is_left


def test_a_page_tried_again_counts_where_nothing_good_came_meanwhile() -> None:
    site = Site()
    pages = [site.page() for _ in range(2)]

    for page in pages * 3:
        site.answers(DownloadConnectionRefusedError(), page=page)

    assert site.is_left
    assert site.closing.refusals == {"refused a connection": 6}


def test_robots_txt_that_comes_says_nothing_of_the_rest() -> None:
    site = Site()
    robots = Request("https://english.hani.co.kr/robots.txt", meta={"dont_obey_robotstxt": True})

    site.answers(200, page=robots)
    site.answers(*[403] * AT_FIRST)

    assert site.is_left


def test_what_we_refuse_ourselves_is_no_error_of_the_site() -> None:
    site = Site()

    site.answers(*[IgnoreRequest(), DownloadCancelledError()] * MOST)

    assert not site.is_left


def test_what_comes_after_the_end_is_not_tried_again() -> None:
    site = Site(most=1)
    first, second = site.page(), site.page()

    site.answers(500, page=first)
    site.answers(500, page=second)

    assert first.meta["dont_retry"]
    assert second.meta["dont_retry"]


def test_zero_is_never() -> None:
    site = Site(most=0)

    site.answers(*[500] * 100)

    assert not site.is_left
