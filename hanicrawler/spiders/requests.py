"""Requests as the spider makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scrapy import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from twisted.python.failure import Failure

    from hanicrawler.items import PageKind
    from hanicrawler.site import ArticleAddress
    from hanicrawler.spiders.lists import SectionLists

SLOT: Final = "hani.co.kr"
"""All hosts of the site are one queue: its delay is for the site, not for each of them."""

LISTS_FIRST: Final = 10
"""Priority of feeds and lists: what they name can then be fetched without waiting for them."""


def list_request(
    url: str,
    callback: Callable[..., Any],
    errback: Callable[[Failure], Any],
    kind: PageKind,
    lists: SectionLists | None = None,
) -> Request:
    """Return the request of a feed, a front or a list page, of *lists* where it is a section's."""
    return Request(
        url,
        callback,
        errback=errback,
        priority=LISTS_FIRST,
        meta={"download_slot": SLOT, "kind": kind},
        cb_kwargs={"lists": lists} if lists else {},
    )


def article_request(
    address: ArticleAddress,
    callback: Callable[..., Any],
    errback: Callable[[Failure], Any],
    depth: int,
    *,
    is_original: bool,
) -> Request:
    """Return the request of an article, *depth* related stories away from what was asked for."""
    return Request(
        address.url,
        callback,
        errback=errback,
        # The ledger has asked for it once: Scrapy need not remember every address as well.
        dont_filter=True,
        # A canonical address needs no second look by Scrapy's URL escaping.
        meta={"download_slot": SLOT, "kind": "article", "verbatim_url": True},
        cb_kwargs={"address": address, "depth": depth, "is_original": is_original},
    )
