"""This project's answer to a frozen page, in the form every tool's answer has."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from hanicrawler import __version__
from hanicrawler.items import Fetch
from hanicrawler.normalize.article import normalise
from hanicrawler.pages import PageError, read_article
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from benchmarks.accuracy.cases import Case

NAME: Final = f"hanicrawler {__version__}"
_FETCHED_AT: Final = datetime(2026, 11, 1, tzinfo=UTC)
"""Later than every date on the pages: a date after the fetch is no date."""


def read(case: Case) -> dict[str, Any]:
    """Return what the parser and the normaliser make of the page."""
    address = article_address(case.url)
    if address is None:
        raise ValueError(f"{case.url} names no article")
    fetch = Fetch(url=address.url, kind="article", fetched_at=_FETCHED_AT, status=200)
    try:
        article = normalise(read_article(case.page, case.url), fetch, address=address)
    except (PageError, ValueError) as error:
        return {"error": str(error)}
    return {
        "headline": article.headline,
        "posted": article.published_at and article.published_at.isoformat(),
        "modified": article.modified_at and article.modified_at.isoformat(),
        "deck": article.deck,
        "body": article.body,
        "authors": [author.name for author in article.authors],
        "roles": [author.role for author in article.authors],
        "captions": [image.caption for image in article.images],
        "credits": [image.credit for image in article.images],
        "original": article.original_url,
        "related": [link.url for link in article.related],
    }
