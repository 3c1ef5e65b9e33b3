from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.settings import Settings

from hanicrawler.middlewares.backoff import LONGEST, BackOff, pause, retry_after

URL = "https://english.hani.co.kr/"


def answer(slot: Slot, *statuses: int, least: float = 0.0) -> float:
    """Let answers of *statuses* come at once; return the slot's delay after them."""
    downloader = SimpleNamespace(slots={"hani.co.kr": slot})
    crawler: Any = SimpleNamespace(
        settings=Settings({"DOWNLOAD_DELAY": least}), engine=SimpleNamespace(downloader=downloader)
    )
    back_off = BackOff.from_crawler(crawler)
    for status in statuses:
        request = Request(URL, meta={"download_slot": "hani.co.kr"})
        back_off.process_response(request, Response(URL, status=status))
    return slot.delay


def test_an_error_of_the_server_doubles_the_delay() -> None:
    assert answer(Slot(2, 1.0, 0.0), 500) == 2.0


def test_answers_that_come_together_count_once() -> None:
    assert answer(Slot(2, 1.0, 0.0), 503, 503, 503, 503) == 2.0


def test_a_site_that_asks_for_less_gets_a_delay_where_there_was_none() -> None:
    assert answer(Slot(2, 0.0, 0.0), 429) > 0


def test_the_delay_never_grows_past_a_minute() -> None:
    assert answer(Slot(2, 50.0, 0.0), 503) == LONGEST


def test_pages_that_come_bring_the_delay_back_to_what_it_was() -> None:
    assert answer(Slot(2, 8.0, 0.0), *[200] * 50, least=1.0) == 1.0
    assert answer(Slot(2, 1.0, 0.0), 200, 404, least=1.0) == 1.0


def test_a_pause_keeps_everything_back_for_so_long() -> None:
    busy = Slot(2, 1.0, 0.0)

    pause(busy, 100.0, 30.0)
    assert busy.lastseen == 130.0

    pause(busy, 100.0, 9999.0)
    assert busy.lastseen == 100.0 + LONGEST


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("30", 30.0), (" 0 ", 0.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)],
)
def test_retry_after_is_read_where_it_is_a_number(value: str, seconds: float | None) -> None:
    assert retry_after(Response(URL, headers={"Retry-After": value})) == seconds
