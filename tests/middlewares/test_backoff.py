from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.settings import Settings

from hanicrawler.extensions.closing import Closing
from hanicrawler.middlewares.backoff import LONGEST, BackOff, pause, retry_after
from hanicrawler.middlewares.errors import NotAsked

URL = "https://english.hani.co.kr/"


def middleware(slot: Slot, least: float = 0.0) -> tuple[BackOff, Closing]:
    """Return what is tested, and the extension that it ends the run with."""
    downloader = SimpleNamespace(slots={"hani.co.kr": slot})
    crawler: Any = SimpleNamespace(
        settings=Settings({"DOWNLOAD_DELAY": least}), engine=SimpleNamespace(downloader=downloader)
    )
    closing: Any = Ended()
    return BackOff(crawler, closing), closing


class Ended:
    """Keeps what a run was ended with."""

    reason: str | None = None

    def end(self, reason: str, **facts: Any) -> None:
        self.reason, self.facts = reason, facts


def answer(slot: Slot, *statuses: int, least: float = 0.0) -> float:
    """Let answers of *statuses* come at once; return the slot's delay after them."""
    back_off, _ = middleware(slot, least)
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
    ("value", "seconds"), [("30", 30.0), (" 0 ", 0.0), ("-1", None), ("", None)]
)
def test_retry_after_is_read_as_seconds(value: str, seconds: float | None) -> None:
    assert retry_after(Response(URL, headers={"Retry-After": value})) == seconds


@pytest.mark.parametrize(
    "value",
    [
        "Fri, 31 Jul 2026 08:00:00 GMT",
        "Friday, 31-Jul-26 08:00:00 GMT",
        "Fri Jul 31 08:00:00 2026",
    ],
)
def test_retry_after_is_read_as_a_date_by_the_clock_of_the_site(value: str) -> None:
    headers = {"Retry-After": value, "Date": "Fri, 31 Jul 2026 07:30:00 GMT"}

    assert retry_after(Response(URL, headers=headers)) == 1800.0


def test_a_date_that_is_over_asks_for_no_wait_and_one_that_is_none_says_nothing() -> None:
    past = "Fri, 31 Jul 1998 08:00:00 GMT"

    assert retry_after(Response(URL, headers={"Retry-After": past})) == 0.0
    assert retry_after(Response(URL, headers={"Retry-After": "Fri, 99 Jul 2026"})) is None


def test_without_a_date_of_the_site_our_clock_counts() -> None:
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)

    seconds = retry_after(Response(URL, headers={"Retry-After": then}))
    assert seconds is not None
    assert 90 < seconds <= 100


def asked(seconds: int, status: int = 429) -> Response:
    return Response(URL, status=status, headers={"Retry-After": str(seconds)})


def test_a_minute_is_waited_for_and_more_ends_the_run() -> None:
    slot = Slot(2, 1.0, 0.0)
    back_off, closing = middleware(slot)
    request = Request(URL, meta={"download_slot": "hani.co.kr"})

    assert back_off.process_response(request, asked(60)).status == 429
    assert closing.reason is None

    with pytest.raises(NotAsked):
        back_off.process_response(request, asked(61))
    assert closing.reason == "site_asks_to_wait"


@pytest.mark.parametrize(("seconds", "hours"), [(7200, 2), (999_999_999, 24)])
def test_a_site_is_left_alone_as_long_as_it_asks_but_no_longer_than_a_day(
    seconds: int, hours: int
) -> None:
    back_off, closing = middleware(Slot(2, 1.0, 0.0))

    with pytest.raises(NotAsked):
        back_off.process_response(Request(URL), asked(seconds, 503))

    ahead = closing.facts["not_before"] - datetime.now(UTC)  # type: ignore[attr-defined]
    assert timedelta(hours=hours, seconds=-5) < ahead <= timedelta(hours=hours)


def test_retry_after_on_any_other_status_ends_nothing() -> None:
    back_off, closing = middleware(Slot(2, 1.0, 0.0))

    assert back_off.process_response(Request(URL), asked(7200, 500)).status == 500
    assert closing.reason is None
