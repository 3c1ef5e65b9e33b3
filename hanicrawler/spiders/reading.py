"""From a response to what was read of it: the page, or the problem."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

from hanicrawler import pages
from hanicrawler.items import Fetch, Problem
from hanicrawler.middlewares.stamps import failed_stamp, stamp_of
from hanicrawler.normalize.dates import read_dates
from hanicrawler.pages import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.http import Request, Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Kept, PageKind, Stage
    from hanicrawler.pages import ListPage
    from hanicrawler.spiders.failures import FetchFailure

Page = TypeVar("Page")


def now() -> datetime:
    """Return the moment, aware, in UTC."""
    return datetime.now(UTC)


def came_at(response: Response) -> datetime:
    """Return when *response* came: its one moment, in the archive and everywhere else."""
    stamp = stamp_of(response)
    return stamp.at if stamp else now()


def fetched(
    response: Response,
    kind: PageKind,
    url: str,
    *,
    top_id: int | None = None,
    is_whole: bool = True,
) -> Fetch:
    """Return what the fetch of *url*, which brought *response*, taught.

    *is_whole* is False for a list of which something was left: nothing by which the next run
    could take it for unchanged is kept then.
    """
    stamp = stamp_of(response)
    return Fetch(
        url=url,
        kind=kind,
        fetched_at=came_at(response),
        status=response.status,
        etag=_header(response, "ETag") if is_whole else None,
        last_modified=_header(response, "Last-Modified") if is_whole else None,
        body_hash=_body_hash(response, is_whole=is_whole),
        top_id=top_id,
        kept=stamp.kept if stamp and response.status == 200 else None,
        revisit_of=stamp.revisit_of if stamp else None,
    )


def with_top(fetch: Fetch, top_id: int) -> Fetch:
    """Return *fetch*, of a first list page, with the mark down from which the list was read."""
    return replace(fetch, top_id=top_id or None)


def digest(response: Response) -> str:
    """Return the sha256 of the body, hexadecimal."""
    stamp = stamp_of(response)
    return stamp.body_hash if stamp else hashlib.sha256(response.body).hexdigest()


def unread(
    url: str,
    kind: PageKind,
    status: int | None,
    at: datetime,
    kept: Kept | None = None,
) -> Fetch:
    """Return what a fetch of *url* taught that brought nothing readable at *at*.

    *kept* is the record of a page that came.
    """
    return Fetch(url=url, kind=kind, fetched_at=at, status=status, kept=kept)


def not_read(response: Response, kind: PageKind, url: str) -> Fetch:
    """Return what the fetch of *url* taught that brought *response*, which cannot be read."""
    stamp = stamp_of(response)
    kept = stamp.kept if stamp and response.status == 200 else None
    return unread(url, kind, response.status, came_at(response), kept)


def not_fetched(url: str, why: FetchFailure, failure: Failure, request: Request) -> Problem:
    """Return the problem of a *url* that could not be fetched: *failure* ended *request*."""
    stamp = failed_stamp(failure, request)
    return problem(
        url,
        "fetch",
        why.code,
        why.reason,
        stamp.at if stamp else now(),
        kept=stamp.page if stamp else None,
    )


def problem(
    url: str,
    stage: Stage,
    code: str,
    reason: str,
    at: datetime,
    *,
    body: bytes | None = None,
    kept: Kept | None = None,
) -> Problem:
    """Return a problem seen at *at*; its error is one line that names *url*."""
    return Problem(
        url=url,
        stage=stage,
        code=code,
        error=f"{url}: {reason}",
        seen_at=at,
        body=None if kept else body,
        kept=kept,
    )


def attempt(read: Callable[[], Page], response: Response, stage: Stage) -> Page | Problem:
    """Return what *read* makes of *response*, or the problem that keeps the page.

    Whatever a reader raises, the page's raw bytes are kept and the run goes on.
    """
    try:
        return read()
    except Exception as error:  # noqa: BLE001 (hostile pages; counted, kept and reported)
        return unreadable(response, stage, error)


def unreadable(response: Response, stage: Stage, error: Exception) -> Problem:
    """Return the problem of a page that a reader refused, or failed at, with *error*."""
    stamp = stamp_of(response)
    return problem(
        response.url,
        stage,
        *answers.unreadable(error),
        came_at(response),
        body=response.body,
        kept=stamp.page if stamp else None,
    )


def list_page(response: Response, body: bytes, *, is_front: bool) -> ListPage | Problem:
    """Return what the list page *body* names: a list names stories, a front at least sections."""

    def read() -> ListPage:
        page = pages.read_list(body, response.url, charset=charset(response))
        return page if is_front and page.sections else pages.require_stories(page, response.url)

    return attempt(read, response, "discover")


def moment(text: str | None, at: datetime) -> datetime | None:
    """Return the moment the words of a page of *at* state, None where that is not possible."""
    return read_dates(text, None, at).published_at


def charset(response: Response) -> str | None:
    """Return the charset the Content-Type header names."""
    return answers.charset_of(_header(response, "Content-Type"))


def content_type(response: Response) -> str | None:
    """Return the Content-Type header as sent."""
    return _header(response, "Content-Type")


def _body_hash(response: Response, *, is_whole: bool) -> str | None:
    if response.status == 304:
        return None
    return digest(response) if is_whole else ""


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
