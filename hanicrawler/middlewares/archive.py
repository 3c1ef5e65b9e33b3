"""Notes when each response came, and hands it to the archive.

robots.txt is not kept, and neither is an answer that is not the last: a redirect that is
followed, an error after which the page is asked for again.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from hanicrawler.archives.writing import Answer
from hanicrawler.extensions.archive import Archive
from hanicrawler.middlewares.stamps import META, Stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Request, Response

    from hanicrawler.storage import KnownPage

_ENCODING: Final = "received_encoding"
"""Key of a request's meta: the Content-Encoding headers as received."""


class Encodings:
    """Remembers how a body was encoded, before it is decoded and its headers forget it."""

    def process_response(self, request: Request, response: Response) -> Response:
        request.meta[_ENCODING] = response.headers.getlist("Content-Encoding")
        return response


class Captures:
    """Stamps the response of each page the spider asked for, and keeps it where it can.

    It is the last to see a response before the spider: what it stamps, the spider gets.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Archive.of(crawler))

    async def process_response(self, request: Request, response: Response) -> Response:
        if "kind" not in request.meta:
            return response
        at = datetime.now(UTC)
        body_hash = hashlib.sha256(response.body).hexdigest()
        request.meta[META] = (
            await self._keep(request, response, at, body_hash)
            if self._archive.is_on and _says_something(request, response)
            else Stamp(at=at, body_hash=body_hash)
        )
        return response

    async def _keep(
        self, request: Request, response: Response, at: datetime, body_hash: str
    ) -> Stamp:
        known: KnownPage | None = request.meta.get("known")
        before = None
        if known is not None and known.body_hash:
            is_same = response.status == 200 and known.body_hash == body_hash
            if is_same or response.status == 304:
                before = self._archive.before(known)
        # A proxy's address is not the server's.
        ip = None if request.meta.get("proxy") else response.ip_address
        answer = Answer(
            url=response.url,
            at=at,
            status=response.status,
            protocol=response.protocol or "HTTP/1.1",
            headers=list(_received(request, response)),
            body=response.body,
            body_hash=body_hash,
            ip=str(ip) if ip else None,
        )
        kept = await self._archive.keep(answer, before)
        return Stamp(
            at=at,
            body_hash=body_hash,
            kept=kept,
            is_whole=kept is not None and before is None and response.status != 304,
            revisit_of=before.at if kept and before else None,
        )


def _received(request: Request, response: Response) -> Iterator[tuple[bytes, bytes]]:
    """Give the headers as they were received."""
    encodings: list[bytes] = request.meta.get(_ENCODING, [])
    for name, values in response.headers.items():
        if name.lower() != b"content-encoding":
            for value in values:
                yield name, value
    for encoding in encodings:
        yield b"Content-Encoding", encoding


def _says_something(request: Request, response: Response) -> bool:
    """Tell whether the archive learns anything from *response*.

    That an article was live is something.  That a feed, a front or a list is as it was is not:
    a run that finds nothing new would begin a file to say so, every half hour.
    """
    return response.status != 304 or request.meta["kind"] == "article"
