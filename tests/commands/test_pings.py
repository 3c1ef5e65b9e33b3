"""Pings: what is sent, what is tried again, and what a failing one does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from scrapy.settings import Settings

from hanicrawler.commands.ended import Ended
from hanicrawler.commands.pings import check, tell
from hanicrawler.extensions.limits import SettingError
from tests.commands.watcher import Watcher
from tests.ports import unused_port

GOOD = Ended(words="Stored in hani.db: 3 new.")
BAD = Ended(words="scrapy crawl hani: it broke: 판문점.", alarms=("drift",))


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    with Watcher() as watcher:
        yield watcher


def test_a_healthy_run_sends_its_summary_to_the_one_and_another_its_reason_to_the_other(
    watcher: Watcher,
) -> None:
    settings = Settings(dict(watcher.settings))

    assert tell(settings, GOOD) is None
    assert tell(settings, BAD) is None

    assert watcher.pings == [("POST", "/ok", GOOD.words), ("POST", "/fail", BAD.words)]


def test_nothing_is_sent_where_no_url_is_set(watcher: Watcher) -> None:
    assert tell(Settings(), BAD) is None
    assert tell(Settings({"HANICRAWLER_PING_SUCCESS": watcher.url("/ok")}), BAD) is None
    assert watcher.pings == []


def test_a_watcher_that_takes_no_body_is_asked_without_one(watcher: Watcher) -> None:
    watcher.answers["/ok"] = [405]

    assert tell(Settings(dict(watcher.settings)), GOOD) is None
    assert watcher.told == [("POST", "/ok"), ("GET", "/ok")]


def test_a_hiccup_is_tried_again_once(watcher: Watcher) -> None:
    watcher.answers["/ok"] = [503]

    assert tell(Settings(dict(watcher.settings)), GOOD) is None
    assert watcher.told == [("POST", "/ok")] * 2


def test_a_ping_that_fails_twice_is_one_line_without_the_secret_url(watcher: Watcher) -> None:
    watcher.answers["/ok"] = [500, 502, 503]

    line = tell(Settings(dict(watcher.settings)), GOOD)

    assert line == "HANICRAWLER_PING_SUCCESS: the ping failed: HTTP status 502"
    assert len(watcher.pings) == 2


def test_a_watcher_that_is_not_there_is_one_line() -> None:
    url = f"http://127.0.0.1:{unused_port()}/secret"

    line = tell(Settings({"HANICRAWLER_PING_FAILURE": url}), BAD)

    assert line is not None
    assert line.startswith("HANICRAWLER_PING_FAILURE: the ping failed: ")
    assert "secret" not in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "url",
    [
        "hc-ping.com/1",
        "ftp://hc-ping.com/1",
        "file:///etc/passwd",
        "https://",
        "https:///1",
        "http://[::1",
        "http://host:99999/",
        "http://host/a b",
        "http://host/\r\nX: y",
    ],
)
def test_what_is_no_web_address_is_refused_by_its_name(url: str) -> None:
    with pytest.raises(SettingError, match="HANICRAWLER_PING_FAILURE: not an http or https URL"):
        check(Settings({"HANICRAWLER_PING_FAILURE": url}))


def test_web_addresses_and_none_are_taken() -> None:
    check(Settings())
    check(Settings({"HANICRAWLER_PING_SUCCESS": ""}))
    check(Settings({"HANICRAWLER_PING_SUCCESS": "https://user:word@hc-ping.com:443/1?a=b"}))
