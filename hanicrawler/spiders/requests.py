"""Requests as the spider makes them, conditional where the page is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scrapy import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.python.failure import Failure

    from hanicrawler.items import PageKind
    from hanicrawler.site import ArticleAddress
    from hanicrawler.spiders.lists import SectionLists
    from hanicrawler.storage import KnownPage

SLOT: Final = "hani.co.kr"
"""All hosts of the site are one queue: its delay is for the site, not for each of them."""

LISTS_FIRST: Final = 10
"""Priority of feeds and lists: what they name can then be fetched without waiting for them."""
NEW: Final = 0
"""Priority of articles that were never fetched."""
DUE: Final = -10
"""Priority of articles that are looked at again: where a budget ends, they wait."""


def list_request(
    url: str,
    callback: Callable[..., Any],
    errback: Callable[[Failure], Any],
    kind: PageKind,
    lists: SectionLists | None = None,
    *,
    page: KnownPage | None = None,
) -> Request:
    """Return the request of a feed, a front or a list page, of *lists* where it is a section's.

    *page* makes it conditional.
    """
    return Request(
        url,
        callback,
        errback=errback,
        priority=LISTS_FIRST,
        headers=conditions(page),
        meta=_meta(kind, page),
        cb_kwargs={"lists": lists} if lists else {},
    )


def article_request(
    address: ArticleAddress,
    callback: Callable[..., Any],
    errback: Callable[[Failure], Any],
    depth: int,
    *,
    page: KnownPage | None,
    is_original: bool,
    priority: int,
) -> Request:
    """Return the request of an article, *depth* related stories away from what was asked for.

    What is known of its *page* makes it conditional.
    """
    return Request(
        address.url,
        callback,
        errback=errback,
        priority=priority,
        # The ledger has asked for it once: Scrapy need not remember every address as well.
        dont_filter=True,
        headers=conditions(page),
        # A canonical address needs no second look by Scrapy's URL escaping.
        meta={**_meta("article", page), "verbatim_url": True},
        cb_kwargs={"address": address, "depth": depth, "is_original": is_original},
    )


def conditions(page: KnownPage | None) -> dict[str, str]:
    """Return the headers by which the site need not send again what is known.

    Both where both are known: a server that knows only the one ignores the other (RFC 9110,
    13.1.3).
    """
    if page is None:
        return {}
    known = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in known.items() if value}


def _meta(kind: PageKind, page: KnownPage | None) -> dict[str, Any]:
    meta: dict[str, Any] = {"download_slot": SLOT, "kind": kind}
    if page is not None:
        meta["known"] = page
        # "Not modified" is an answer, not a failure.
        meta["handle_httpstatus_list"] = [304]
    return meta
