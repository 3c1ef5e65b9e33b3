"""What a response is stamped with, and what of it is kept as what."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from hanicrawler.archives.writing import Answer, Before
from hanicrawler.items import Kept
from hanicrawler.middlewares.archive import Captures, Encodings
from hanicrawler.middlewares.stamps import Stamp, failed_stamp, stamp_of
from hanicrawler.storage import KnownPage

URL = "https://english.hani.co.kr/arti/english_edition/e_national/1.html"
PAGE = b"<html>" * 100
HASH = hashlib.sha256(PAGE).hexdigest()
YESTERDAY = datetime.now(UTC) - timedelta(days=1)
RECORD = Kept(file="a.warc.gz", offset=9)


class Folder:
    """An archive that remembers what it was given."""

    def __init__(self, *, is_on: bool = True, has: bool = True, kept: Kept | None = RECORD) -> None:
        self.is_on = is_on
        self.given: list[tuple[Answer, Before | None]] = []
        self._has = has
        self._kept = kept

    def before(self, known: KnownPage) -> Before | None:
        if not self._has or known.archived_at is None:
            return None
        return Before(at=known.archived_at, body_hash=known.body_hash or "")

    async def keep(self, answer: Answer, before: Before | None) -> Kept | None:
        self.given.append((answer, before))
        return self._kept


def known(body_hash: str | None = HASH, archived_at: datetime | None = YESTERDAY) -> KnownPage:
    return KnownPage(
        id=1, url=URL, kind="article", edition="en", source_id=1, section=None, status=200,
        discovered_at=YESTERDAY, fetched_at=YESTERDAY, due_at=None, depth=None, etag=None,
        last_modified=None, body_hash=body_hash, failures=0, top_id=None,
        archive_file="old.warc.gz", archive_offset=0, archived_at=archived_at,
    )  # fmt: skip


def stamped(folder: Any, response: Response | None = None, **meta: Any) -> Stamp | None:
    """Return what the middleware stamps a response with."""
    request = Request(URL, meta={"kind": "article", **meta})
    came = response or HtmlResponse(URL, body=PAGE)
    came.request = request
    assert asyncio.run(Captures(folder).process_response(request, came)) is came
    return stamp_of(came)


@pytest.mark.parametrize("is_on", [True, False])
def test_every_response_has_a_moment_and_a_hash(is_on: bool) -> None:
    before = datetime.now(UTC)
    stamp = stamped(Folder(is_on=is_on))

    assert stamp is not None
    assert before <= stamp.at <= datetime.now(UTC)
    assert stamp.body_hash == HASH
    assert stamp.kept == (RECORD if is_on else None)


def test_the_record_bears_the_same_moment() -> None:
    folder = Folder()
    response = HtmlResponse(URL, body=PAGE, ip_address=ip_address("192.0.2.1"), protocol="HTTP/1.0")

    stamp = stamped(folder, response)

    ((answer, _),) = folder.given
    assert stamp is not None
    assert (answer.at, answer.body_hash) == (stamp.at, stamp.body_hash)
    assert (answer.url, answer.status, answer.body) == (URL, 200, PAGE)
    assert (answer.ip, answer.protocol) == ("192.0.2.1", "HTTP/1.0")


def test_a_proxys_address_is_not_the_sites() -> None:
    folder = Folder()

    stamped(folder, HtmlResponse(URL, ip_address=ip_address("192.0.2.1")), proxy="http://p")

    assert folder.given[0][0].ip is None


def test_the_encoding_is_noted_before_the_body_is_decoded() -> None:
    folder = Folder()
    request = Request(URL, meta={"kind": "article"})
    packed = Response(URL, headers={"Content-Encoding": "gzip", "Content-Length": "9"})
    Encodings().process_response(request, packed)
    decoded = HtmlResponse(URL, body=PAGE, headers={"Content-Length": "9"})

    asyncio.run(Captures(folder).process_response(request, decoded))  # type: ignore[arg-type]

    headers = folder.given[0][0].headers
    assert headers == [(b"Content-Length", b"9"), (b"Content-Encoding", b"gzip")]


def test_robots_txt_is_not_kept() -> None:
    folder = Folder()
    request = Request("https://english.hani.co.kr/robots.txt", meta={"dont_obey_robotstxt": True})

    asyncio.run(Captures(folder).process_response(request, Response(request.url)))  # type: ignore[arg-type]

    assert not folder.given
    assert "capture" not in request.meta


@pytest.mark.parametrize(
    ("page", "has", "refers"),
    [
        (known(), True, True),
        (known(body_hash="b" * 64), True, False),
        (known(body_hash=None), True, False),
        (known(archived_at=None), True, False),
        (known(), False, False),
        (None, True, False),
    ],
    ids=["known", "changed", "no-hash", "not-kept", "file-gone", "new"],
)
def test_only_a_body_that_the_archive_has_is_referred_to(
    page: KnownPage | None, has: bool, refers: bool
) -> None:
    folder = Folder(has=has)

    stamp = stamped(folder, **({"known": page} if page else {}))

    ((_, before),) = folder.given
    assert stamp is not None
    assert (before is not None) is refers
    assert stamp.revisit_of == (YESTERDAY if refers else None)
    assert stamp.is_whole is not refers
    assert stamp.page == (None if refers else RECORD)


def test_not_modified_refers_to_what_is_known_and_has_no_page() -> None:
    folder = Folder()

    stamp = stamped(folder, Response(URL, status=304), known=known())

    assert folder.given[0][1] == Before(at=YESTERDAY, body_hash=HASH)
    assert stamp is not None
    assert (stamp.revisit_of, stamp.page) == (YESTERDAY, None)


def test_that_a_list_is_not_modified_is_nothing_to_keep() -> None:
    folder = Folder()

    stamp = stamped(folder, Response(URL, status=304), known=known(), kind="list")

    assert folder.given == []
    assert stamp is not None
    assert stamp.kept is None


def test_an_error_with_the_known_body_is_kept_whole() -> None:
    folder = Folder()

    stamped(folder, HtmlResponse(URL, body=PAGE, status=500), known=known())

    assert folder.given[0][1] is None


def test_what_could_not_be_kept_refers_to_nothing() -> None:
    stamp = stamped(Folder(kept=None), known=known())

    assert stamp is not None
    assert (stamp.kept, stamp.page, stamp.revisit_of) == (None, None, None)


def test_a_failure_has_the_stamp_of_the_response_it_came_with() -> None:
    request = Request(URL, meta={"kind": "article"})
    response = Response(URL, status=404, request=request)
    asyncio.run(Captures(Folder()).process_response(request, response))  # type: ignore[arg-type]

    failed = failed_stamp(Failure(HttpError(response)), request)  # type: ignore[no-untyped-call]
    assert failed is not None
    assert failed == stamp_of(response)
    assert failed_stamp(Failure(TimeoutError()), request) is None  # type: ignore[no-untyped-call]
