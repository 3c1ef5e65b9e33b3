"""Searching: what was found, with the words that were searched for marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hanicrawler.ask.marks import Mark, marked, snippet
from hanicrawler.storage import Filters, FoundArticle, Term, read_words, search

if TYPE_CHECKING:
    from datetime import datetime

    import sqlalchemy as sa

    from hanicrawler.storage import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """An article that was found."""

    id: int
    """``articles.id``."""
    edition: str
    source_id: int
    url: str
    published_at: datetime | None
    """Aware, UTC; None where the printed date is impossible."""
    section: str | None
    section_name: str | None
    label: str | None
    headline: str
    authors: str | None
    """Names in printed order, parted by ``; ``; None where it has none."""
    headline_marks: tuple[Mark, ...]
    """The headline; together the marks are the headline."""
    snippet: tuple[Mark, ...]
    """Some 240 characters of deck, body or captions, where most of the words stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found."""

    hits: tuple[Hit, ...]
    next: str | None
    """What *after* has to be for the next page; None on the last one."""
    ranked: int | None
    """By relevance, how many of the newest matches were ranked where there are more; else None."""


def find_articles(
    engine: sa.Engine, words: str, filters: Filters, order: Order, limit: int, after: str | None
) -> Found:
    """Return what ``Archive.search`` gives."""
    page = search(engine, words, filters, order=order, limit=limit, after=after)
    terms = read_words(words).terms if words.strip() else ()
    return Found(
        hits=tuple(_hit(article, terms) for article in page.articles),
        next=page.next,
        ranked=page.ranked,
    )


def _hit(article: FoundArticle, terms: tuple[Term, ...]) -> Hit:
    texts = (article.deck or "", article.body, *article.captions)
    return Hit(
        headline_marks=marked(article.headline, terms),
        snippet=snippet(texts, terms),
        **{
            name: getattr(article, name)
            for name in Hit.__dataclass_fields__
            if name not in ("headline_marks", "snippet")
        },
    )
