"""One author: what they wrote, as what and from where, in which sections, and with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.days import first_day, read_day
from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import Filters, conditions
from hanicrawler.storage.models import ArticleRow, AuthorRow, BylineRow
from hanicrawler.storage.paging import Page, newest_first
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.signers import AuthorName, Signer, earliest, latest, sections_of

if TYPE_CHECKING:
    from datetime import date, datetime

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)
_BYLINES: Final = table_of(BylineRow)
_OTHERS: Final = _BYLINES.alias("others")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A role and a place that an author's articles name."""

    role: str | None
    """The whole title in the singular; None for an agency, or where none is printed."""
    place: str | None
    """Where the author is, ``Washington``; None where none is printed."""
    articles: int
    first_at: datetime | None
    """Aware, UTC; when the earliest of them was published."""
    last_at: datetime | None
    """Aware, UTC; when the latest of them was published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigner(AuthorName):
    """Somebody who signs articles together with an author."""

    articles: int
    """How many they signed together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """How many articles of a month."""

    month: date
    """Its first day, in Korea."""
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Author(Signer):
    """An author with all that the stored articles say."""

    posts: tuple[Post, ...]
    """The latest first."""
    cosigners: tuple[Cosigner, ...]
    """The commonest first."""
    months: tuple[MonthCount, ...]
    """The earliest first; a month without articles is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedArticle:
    """An article of an author."""

    id: int
    """``articles.id``."""
    edition: str
    source_id: int
    url: str
    section: str | None
    label: str | None
    headline: str
    published_at: datetime | None
    """Aware, UTC."""
    role: str | None
    """The author's, as this article names it."""
    place: str | None
    """Where the author was, as this article names it."""


def read_author(engine: sa.Engine, name: AuthorName, filters: Filters | None = None) -> Author:
    """Return what the articles that *filters* choose say of the author *name*.

    Costs what the author wrote, not what is stored.  Raises DatabaseError.
    """
    asked = conditions(filters or Filters())
    with reading(engine) as connection:
        spans = connection.execute(_by_month(connection, name.id, asked)).all()
        posts = [Post(**row._mapping) for row in connection.execute(_posts(name.id, asked))]
        others = [Cosigner(**row._mapping) for row in connection.execute(_others(name.id, asked))]
    months: dict[date, int] = {}
    for row in spans:
        if month := read_day(row.month):
            months[month] = months.get(month, 0) + row.articles
    return Author(
        id=name.id,
        name=name.name,
        language=name.language,
        articles=sum(row.articles for row in spans),
        first_at=earliest(row.first_at for row in spans),
        last_at=latest(row.last_at for row in spans),
        sections=sections_of(spans),
        posts=tuple(sorted(posts, key=_post_place)),
        cosigners=tuple(sorted(others, key=lambda one: (-one.articles, one.name, one.language))),
        months=tuple(MonthCount(month=one, articles=months[one]) for one in sorted(months)),
    )


def articles_by(
    engine: sa.Engine,
    author_id: int,
    filters: Filters | None = None,
    *,
    limit: int = 20,
    after: str | None = None,
) -> Page[SignedArticle]:
    """Return articles that an author signed, the newest first.

    Raises DatabaseError, and BadPlace for an *after* that no page ended with.
    """
    known = ("id", "edition", "source_id", "url", "section", "label", "headline", "published_at")
    asked = sa.select(*[_ARTICLES.c[name] for name in known]).where(
        _of_author(author_id), *conditions(filters or Filters())
    )
    with reading(engine) as connection:
        by = (_ARTICLES.c.published_at, _ARTICLES.c.id)
        rows, following = newest_first(connection, asked, by, limit, after)
        signed = sa.select(_BYLINES.c.article_id, _BYLINES.c.role, _BYLINES.c.place).where(
            _BYLINES.c.author_id == author_id,
            _BYLINES.c.article_id.in_([row.id for row in rows]),
        )
        # Signed twice, the first place counts: it is read last.
        ordered = connection.execute(signed.order_by(_BYLINES.c.position.desc()))
        posts = {row.article_id: (row.role, row.place) for row in ordered}
    return Page(
        rows=tuple(
            SignedArticle(**row._mapping, role=posts[row.id][0], place=posts[row.id][1])
            for row in rows
        ),
        next=following,
    )


def _of_author(author_id: int) -> sa.ColumnElement[bool]:
    return _ARTICLES.c.id.in_(
        sa.select(_BYLINES.c.article_id).where(_BYLINES.c.author_id == author_id)
    )


def _by_month(
    connection: sa.Connection, author_id: int, asked: list[sa.ColumnElement[bool]]
) -> sa.Select[Any]:
    posted = _ARTICLES.c.published_at
    month = first_day(connection, posted, "month").label("month")
    key = (month, _ARTICLES.c.edition, _ARTICLES.c.section)
    return (
        sa.select(
            *key,
            sa.func.count().label("articles"),
            sa.func.min(posted).label("first_at"),
            sa.func.max(posted).label("last_at"),
        )
        .where(_of_author(author_id), *asked)
        .group_by(*key)
    )


def _posts(author_id: int, asked: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    posted, key = _ARTICLES.c.published_at, (_BYLINES.c.role, _BYLINES.c.place)
    return (
        sa.select(
            *key,
            sa.func.count(_BYLINES.c.article_id.distinct()).label("articles"),
            sa.func.min(posted).label("first_at"),
            sa.func.max(posted).label("last_at"),
        )
        .join(_ARTICLES, _ARTICLES.c.id == _BYLINES.c.article_id)
        .where(_BYLINES.c.author_id == author_id, *asked)
        .group_by(*key)
    )


def _others(author_id: int, asked: list[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    """Return the question for who signed the same articles."""
    together = sa.and_(
        _OTHERS.c.article_id == _BYLINES.c.article_id,
        _OTHERS.c.author_id != _BYLINES.c.author_id,
    )
    joined = _BYLINES.join(_OTHERS, together)
    if asked:
        joined = joined.join(_ARTICLES, _ARTICLES.c.id == _BYLINES.c.article_id)
    counted = (
        sa.select(
            _OTHERS.c.author_id,
            sa.func.count(_OTHERS.c.article_id.distinct()).label("articles"),
        )
        .select_from(joined)
        .where(_BYLINES.c.author_id == author_id, *asked)
        .group_by(_OTHERS.c.author_id)
        .subquery("counted")
    )
    names = [_AUTHORS.c[name] for name in ("id", "name", "language")]
    return sa.select(*names, counted.c.articles).join(counted, counted.c.author_id == _AUTHORS.c.id)


def _post_place(post: Post) -> tuple[Any, ...]:
    latest_first = -post.last_at.timestamp() if post.last_at else 0.0
    return (latest_first, -post.articles, post.role or "", post.place or "")
