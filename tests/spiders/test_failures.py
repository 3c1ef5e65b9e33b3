import pytest
from OpenSSL import SSL
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
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from hanicrawler.middlewares.errors import NotAsked
from hanicrawler.spiders.failures import read_failure, was_asked

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


def test_a_broken_tls_connection_has_a_code_of_its_own() -> None:
    said = SSL.Error([("SSL routines", "", "certificate verify failed")])
    error = DownloadFailedError()
    error.__cause__ = ResponseNeverReceived([Failure(said)])

    failure = read_failure(Failure(error), Request(URL))
    assert failure.code == "tls_failed"
    assert failure.reason == "no secure connection: certificate verify failed"


def test_a_connection_that_broke_is_no_matter_of_tls() -> None:
    error = DownloadFailedError()
    error.__cause__ = ResponseNeverReceived([Failure(ConnectionLost())])

    assert read_failure(Failure(error), Request(URL)).code == "connection_failed"


def test_what_was_not_asked_is_told_from_what_robots_txt_forbids() -> None:
    assert not was_asked(Failure(NotAsked()))
    assert was_asked(Failure(IgnoreRequest("Forbidden by robots.txt")))
