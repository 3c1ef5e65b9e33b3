"""Who signs articles: their names, and a list of them with what they signed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import Filters, conditions
from hanicrawler.storage.models import ArticleRow, AuthorRow, BylineRow
from hanicrawler.storage.paging import check_limit, newest_first
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import CHUNK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

SignerOrder = Literal["articles", "name", "newest"]
"""Of a list of authors: the most articles first, by name, or who signed last first."""

FIRST_LOOK: Final = 200
"""So many of the newest articles are looked at first for who signed last."""

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)
_BYLINES: Final = table_of(BylineRow)
_NAME: Final = [_AUTHORS.c[name] for name in ("id", "name", "language")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorName:
    """An author by name."""

    id: int
    """``authors.id``."""
    name: str
    language: str
    """The script of the name, ``en`` or ``ko``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionCount:
    """How many articles of a section."""

    edition: str
    section: str | None
    """None where the articles' addresses name none."""
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer(AuthorName):
    """An author with what the articles say that were asked about."""

    articles: int
    first_at: datetime | None
    """Aware, UTC; when the earliest was published; None where no date is known."""
    last_at: datetime | None
    """Aware, UTC; when the latest was published."""
    sections: tuple[SectionCount, ...]
    """The commonest first."""


def all_authors(engine: sa.Engine) -> list[AuthorName]:
    """Return the names of all who sign a stored article, by name.  Raises DatabaseError."""
    signs = sa.exists().where(_BYLINES.c.author_id == _AUTHORS.c.id)
    with reading(engine) as connection:
        rows = connection.execute(sa.select(*_NAME).where(signs)).all()
    found = [AuthorName(**row._mapping) for row in rows]
    # Not by the database: they do not agree on the order of names.
    return sorted(found, key=lambda one: (one.name, one.language))


def list_signers(
    engine: sa.Engine,
    filters: Filters | None = None,
    *,
    among: Collection[int] | None = None,
    order: SignerOrder = "articles",
    limit: int = 20,
) -> list[Signer]:
    """Return up to *limit* authors of the articles that *filters* choose.

    *among* are the ids of the authors that come into question, None for all.  Raises
    DatabaseError.
    """
    check_limit(limit)
    chosen = filters or Filters()
    if among is not None and not among:
        return []
    with reading(engine) as connection:
        if among is None and order == "newest":
            among = _last_to_sign(connection, chosen, limit)
        is_narrow = chosen.sections or chosen.authors or chosen.since or chosen.until
        if among is None and order != "newest" and not is_narrow:
            found = _first_ones(connection, chosen, order, limit)
        else:
            found = _signers(connection, chosen, among)
    return sorted(found, key=lambda one: _place(one, order))[:limit]


def sections_of(rows: Iterable[Any]) -> tuple[SectionCount, ...]:
    """Return *rows* with edition, section and number of articles, the commonest first."""
    counted: defaultdict[tuple[str, str | None], int] = defaultdict(int)
    for row in rows:
        counted[row.edition, row.section] += row.articles
    ordered = sorted(counted, key=lambda key: (-counted[key], key[0], key[1] or ""))
    return tuple(
        SectionCount(edition=key[0], section=key[1], articles=counted[key]) for key in ordered
    )


def earliest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the earliest of the *moments* that are known."""
    return min((moment for moment in moments if moment is not None), default=None)


def latest(moments: Iterable[datetime | None]) -> datetime | None:
    """Return the latest of the *moments* that are known."""
    return max((moment for moment in moments if moment is not None), default=None)


def _first_ones(
    connection: sa.Connection, filters: Filters, order: SignerOrder, limit: int
) -> list[Signer]:
    """Return who stands first, without a look at every article.

    How many articles anybody signed is known from an index alone.  Who signed many is looked at
    first, and nobody who signed fewer in all than the last of those that *filters* leave.
    """
    # Ordered here: the databases do not agree on the order of names.
    names = list(connection.execute(sa.select(*_NAME)))
    most: dict[int, int] = {}
    if order == "articles":
        articles = sa.func.count(_BYLINES.c.article_id.distinct())
        counted = sa.select(_BYLINES.c.author_id, articles).group_by(_BYLINES.c.author_id)
        most = {row[0]: row[1] for row in connection.execute(counted)}
        names = [row for row in names if row.id in most]
    names.sort(key=lambda row: (-most.get(row.id, 0), row.name, row.language))
    found: list[Signer] = []
    looked = 0
    while looked < len(names):
        some = [row.id for row in names[looked : looked + max(limit, looked)][:CHUNK]]
        found += _signers(connection, filters, some)
        looked += len(some)
        if len(found) >= limit and looked < len(names):
            found.sort(key=lambda one: _place(one, order))
            if order == "name" or found[limit - 1].articles > most[names[looked].id]:
                break
    return found


def _last_to_sign(connection: sa.Connection, filters: Filters, limit: int) -> list[int]:
    """Return the authors of the newest articles, going back until there are enough."""
    by = (_ARTICLES.c.published_at, _ARTICLES.c.id)
    asked = sa.select(*by).where(*conditions(filters))
    found: dict[int, None] = {}
    number, after = FIRST_LOOK, None
    while True:
        articles, after = newest_first(connection, asked, by, number, after)
        of_article: defaultdict[int, list[int]] = defaultdict(list)
        signed = sa.select(_BYLINES.c.article_id, _BYLINES.c.author_id).where(
            _BYLINES.c.article_id.in_([row.id for row in articles])
        )
        for article_id, author_id in connection.execute(signed):
            of_article[article_id].append(author_id)
        for row in articles:
            found |= dict.fromkeys(of_article[row.id])
            if len(found) >= limit:
                return list(found)
        if after is None:
            return list(found)
        number = CHUNK


def _signers(
    connection: sa.Connection, filters: Filters, among: Collection[int] | None
) -> list[Signer]:
    posted = _ARTICLES.c.published_at
    key = (_BYLINES.c.author_id, _ARTICLES.c.edition, _ARTICLES.c.section)
    asked = (
        sa.select(
            *key,
            sa.func.count(_BYLINES.c.article_id.distinct()).label("articles"),
            sa.func.min(posted).label("first_at"),
            sa.func.max(posted).label("last_at"),
        )
        .join(_ARTICLES, _ARTICLES.c.id == _BYLINES.c.article_id)
        .where(*conditions(filters))
        .group_by(*key)
    )
    names = sa.select(*_NAME)
    if among is not None:
        asked = asked.where(_BYLINES.c.author_id.in_(among))
        names = names.where(_AUTHORS.c.id.in_(among))
    signed: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(asked):
        signed[row.author_id].append(row)
    return [
        Signer(
            **name._mapping,
            articles=sum(row.articles for row in signed[name.id]),
            first_at=earliest(row.first_at for row in signed[name.id]),
            last_at=latest(row.last_at for row in signed[name.id]),
            sections=sections_of(signed[name.id]),
        )
        for name in connection.execute(names)
        if name.id in signed
    ]


def _place(signer: Signer, order: SignerOrder) -> tuple[Any, ...]:
    name = (signer.name, signer.language)
    if order == "name":
        return name
    if order == "articles":
        return (-signer.articles, *name)
    return (-signer.last_at.timestamp() if signer.last_at else 0.0, *name)
