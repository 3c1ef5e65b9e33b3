import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from hanicrawler.spiders.failures import read_failure

URL = "https://english.hani.co.kr/arti/english_edition/e_x/1.html"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DownloadTimeoutError(), "timeout"),
        (DownloadConnectionRefusedError(), "connection_failed"),
        (DownloadFailedError(), "connection_failed"),
        (CannotResolveHostError(), "dns_failed"),
        (ResponseDataLossError(), "truncated"),
        (DownloadCancelledError(), "too_large"),
        (IgnoreRequest("Ignored: its body exceeded DOWNLOAD_MAXSIZE"), "too_large"),
        (IgnoreRequest("Forbidden by robots.txt"), "robots_forbidden"),
        (OSError("Not a gzipped file"), "undecodable"),
        (KeyError("a\nb"), "fetch_failed"),
    ],
)
def test_each_failure_has_a_stable_code(error: Exception, code: str) -> None:
    failure = read_failure(Failure(error), Request(URL))

    assert failure.code == code
    assert failure.status is None
    assert "\n" not in failure.reason


@pytest.mark.parametrize(
    ("status", "is_gone"), [(404, True), (410, True), (403, False), (500, False)]
)
def test_a_status_is_its_own_code(status: int, is_gone: bool) -> None:
    failure = read_failure(Failure(HttpError(Response(URL, status=status))), Request(URL))

    assert failure.code == f"http_{status}"
    assert failure.status == status
    assert failure.is_gone is is_gone


def test_a_redirect_that_was_not_followed_names_its_target() -> None:
    response = Response(URL, status=302, headers={"Location": "https://www.hani.co.kr/"})

    failure = read_failure(Failure(HttpError(response)), Request(URL))

    assert failure.code == "redirected"
    assert "https://www.hani.co.kr/" in failure.reason


def test_redirects_without_end_are_a_loop() -> None:
    response = Response(URL, status=302, headers={"Location": URL})
    request = Request(URL, meta={"redirect_ttl": 0, "redirect_times": 5})

    assert read_failure(Failure(HttpError(response)), request).code == "redirect_loop"
