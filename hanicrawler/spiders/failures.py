"""What a failed fetch is called in the problems table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.spidermiddlewares.httperror import HttpError

from hanicrawler.middlewares.errors import NotAsked, tls_error
from hanicrawler.pages.answers import GONE, refused

if TYPE_CHECKING:
    from scrapy.http import Request, Response
    from twisted.python.failure import Failure

_CODES: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (DownloadTimeoutError, "timeout", "no answer in time"),
    (DownloadConnectionRefusedError, "connection_failed", "the connection was refused"),
    (CannotResolveHostError, "dns_failed", "the host's name was not found"),
    (ResponseDataLossError, "truncated", "the body was cut off on its way"),
    (DownloadCancelledError, "too_large", "the body is larger than DOWNLOAD_MAXSIZE"),
    (DownloadFailedError, "connection_failed", "the connection broke"),
    (OSError, "undecodable", "the body could not be decompressed"),
)


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """Why a URL could not be fetched."""

    code: str
    """Stable: ``http_404``, ``timeout``, ``redirected`` ..."""
    reason: str
    """One line, without the URL."""
    status: int | None
    """HTTP status; None where no response came."""

    @property
    def is_gone(self) -> bool:
        """True where the site says that there is no such page."""
        return self.status in GONE

    @property
    def is_missing(self) -> bool:
        """True where a page is not there, rather than out of reach: a list's end, say."""
        return self.is_gone or self.code == "redirected"


def was_asked(failure: Failure) -> bool:
    """Tell whether the site was asked at all: False where the run was ending instead.

    Of a page that was not asked for there is nothing to say; it is the next run's.
    """
    return not isinstance(failure.value, NotAsked)


def read_failure(failure: Failure, request: Request) -> FetchFailure:
    """Return what *failure*, which ended the fetch of *request*, is called."""
    error = failure.value
    if isinstance(error, HttpError):
        return _read_status(error.response, request)
    if isinstance(error, IgnoreRequest):
        if "DOWNLOAD_MAXSIZE" in str(error):
            return FetchFailure("too_large", "the body unpacks to more than DOWNLOAD_MAXSIZE", None)
        return FetchFailure("robots_forbidden", "robots.txt forbids it", None)
    if said := tls_error(error):
        return FetchFailure("tls_failed", f"no secure connection: {said}", None)
    for kind, code, reason in _CODES:
        if isinstance(error, kind):
            return FetchFailure(code, reason, None)
    words = " ".join(f"{type(error).__name__}: {error}".split())
    return FetchFailure("fetch_failed", words, None)


def _read_status(response: Response, request: Request) -> FetchFailure:
    status = response.status
    target = response.headers.get("Location")
    if target and 300 <= status < 400 and request.meta.get("redirect_ttl") == 0:
        times = request.meta.get("redirect_times", 0)
        return FetchFailure("redirect_loop", f"still redirected after {times} times", status)
    return FetchFailure(*refused(status, target.decode("latin-1") if target else None), status)
