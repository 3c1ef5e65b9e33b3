"""What a reader browses by: the newest articles of an edition, its sections, their years.

Every question is answered by an index, a few rows for each section; counting reads an index and
no article.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import Filters, day_begins
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.names import section_codes
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.search import search
from hanicrawler.storage.views import ARTICLE_LIST

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

_ARTICLES: Final = table_of(ArticleRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelvedArticle:
    """An article as a front page shows it."""

    id: int
    edition: str
    source_id: int
    published_at: datetime | None
    """Aware, UTC."""
    section: str | None
    section_name: str | None
    label: str | None
    headline: str
    deck: str | None
    authors: str | None
    """Names in printed order, parted by ``; ``; None where it has none."""
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A section of the newspaper, as far as it is stored."""

    code: str
    name: str | None
    """As its newest article prints it."""
    edition: str
    """Of its newest article."""
    articles: int
    oldest_at: datetime | None
    """Aware, UTC; None where no article of it has a date."""
    newest_at: datetime | None


def latest(engine: sa.Engine, edition: str, limit: int) -> list[ShelvedArticle]:
    """Return the *limit* articles of an edition that were published last, the newest first.

    They come by way of the search, to which an edition of ten articles is as quick as one of a
    million.  Raises DatabaseError.
    """
    found = search(engine, "", Filters(editions=(edition,)), limit=limit).articles
    columns = [ARTICLE_LIST.c[name] for name in ShelvedArticle.__dataclass_fields__]
    asked = sa.select(*columns).where(ARTICLE_LIST.c.id.in_([article.id for article in found]))
    with reading(engine) as connection:
        shelved = {row.id: ShelvedArticle(**row._mapping) for row in connection.execute(asked)}
    # An article may have gone between the two questions.
    return [shelved[article.id] for article in found if article.id in shelved]


def shelves(engine: sa.Engine) -> list[Shelf]:
    """Return the sections that are stored, the greatest first.  Raises DatabaseError."""
    codes = section_codes(engine)
    with reading(engine) as connection:
        found = [_shelf(connection, code) for code in codes]
    return sorted(found, key=lambda shelf: (-shelf.articles, shelf.code))


def section_names(engine: sa.Engine) -> dict[str, str | None]:
    """Return what each section is called: its code, and its name as printed last.

    Raises DatabaseError.
    """
    codes = section_codes(engine)
    with reading(engine) as connection:
        return {code: _newest(connection, code).section_name for code in codes}


def counts(
    engine: sa.Engine, codes: Sequence[str], days: Sequence[date]
) -> dict[str, tuple[int, ...]]:
    """Return how many articles each section of *codes* has in the spans between *days*.

    The first span begins with the first of *days* (in Korea) and ends before the second.  Raises
    DatabaseError.
    """
    column = _ARTICLES.c.published_at
    bounds = [day_begins(day) for day in days]
    with reading(engine) as connection:
        return {
            code: tuple(
                connection.scalar(_count(code).where(column >= begin, column < end)) or 0
                for begin, end in pairwise(bounds)
            )
            for code in codes
        }


def _shelf(connection: sa.Connection, code: str) -> Shelf:
    column = _ARTICLES.c.published_at
    inside = _ARTICLES.c.section == code
    dated = sa.select(column).where(inside, column.is_not(None)).limit(1)
    row = _newest(connection, code)
    return Shelf(
        code=code,
        name=row.section_name,
        edition=row.edition,
        articles=connection.scalar(_count(code)) or 0,
        oldest_at=connection.scalar(dated.order_by(column)),
        newest_at=connection.scalar(dated.order_by(column.desc())),
    )


def _newest(connection: sa.Connection, code: str) -> sa.Row[Any, Any]:
    """Return edition and name of a section as its newest article has them."""
    asked = sa.select(_ARTICLES.c.edition, _ARTICLES.c.section_name).limit(1)
    asked = asked.where(_ARTICLES.c.section == code)
    posted = _ARTICLES.c.published_at
    # The databases do not agree on where NULL stands, so it is asked for apart.
    dated = connection.execute(asked.where(posted.is_not(None)).order_by(posted.desc())).first()
    return dated or connection.execute(asked).one()


def _count(code: str) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(_ARTICLES).where(_ARTICLES.c.section == code)
