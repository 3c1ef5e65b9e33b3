"""When a response came, what its body is, and where it is kept: written on its request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scrapy.spidermiddlewares.httperror import HttpError

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.http import Request, Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Kept

META: Final = "capture"
"""Key of a request's meta."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A response that has come."""

    at: datetime
    """Aware, UTC; the one moment of it, everywhere it is spoken of."""
    body_hash: str
    """sha256 of the body, hexadecimal."""
    kept: Kept | None = None
    """The record that keeps it; None where no archive does."""
    is_whole: bool = False
    """Whether that record has the body, rather than a reference to one that has."""
    revisit_of: datetime | None = None
    """Aware, UTC; the capture that the record refers to, where it does."""

    @property
    def page(self) -> Kept | None:
        """The record with the response's body; None where there is none."""
        return self.kept if self.is_whole else None


def stamp_of(response: Response | None) -> Stamp | None:
    """Return the stamp of *response*; None for one that came past the middleware."""
    request = getattr(response, "request", None)
    return None if request is None else request.meta.get(META)


def failed_stamp(failure: Failure, request: Request) -> Stamp | None:
    """Return the stamp of the response with which *request* failed, None where none came."""
    if isinstance(failure.value, HttpError):
        return stamp_of(failure.value.response) or request.meta.get(META)
    return None
