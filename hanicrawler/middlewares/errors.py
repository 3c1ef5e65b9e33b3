"""Why a request brought nothing, where Scrapy does not say it plainly."""

from __future__ import annotations

from OpenSSL import SSL
from scrapy.exceptions import IgnoreRequest
from service_identity.exceptions import VerificationError


class NotAsked(IgnoreRequest):
    """Raised for a request that was not sent, because the run is ending.

    Nothing was learnt of its page: it is no failure and no problem, and what it was for is left
    to the next run.
    """


def tls_error(error: BaseException | None) -> str | None:
    """Return what OpenSSL says where *error* is a failed TLS connection, None for any other.

    Scrapy calls that a failed download, like a connection that broke.
    """
    for reason in getattr(error and error.__cause__, "reasons", ()):
        cause = reason.value
        if isinstance(cause, VerificationError):
            return "the certificate is another host's"
        if isinstance(cause, SSL.Error):
            # A list of (library, function, reason), the last one being what ended it.
            said = cause.args[0] if cause.args else None
            return str(said[-1][-1]) if said else "the TLS connection broke"
    return None
