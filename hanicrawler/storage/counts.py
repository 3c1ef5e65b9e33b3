"""How many articles there are, by day, week or month, and section."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.days import Unit, first_day
from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import KOREA, Filters, conditions
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from datetime import datetime

_ARTICLES: Final = table_of(ArticleRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCount:
    """How many articles of a section were published in a span of days."""

    first_day: date
    """In Korea: the day, the week's Monday, the first of the month or the year."""
    edition: str
    section: str | None
    """None where the articles' addresses name none."""
    articles: int


def count_articles(
    engine: sa.Engine, by: Unit = "day", filters: Filters | None = None
) -> list[ArticleCount]:
    """Return how many articles were published, by *by*, edition and section, the earliest first.

    Spans without any are left out, and so are articles without a date.  A span at an end of what
    *filters* choose may be there in part.  Raises DatabaseError.
    """
    posted = _ARTICLES.c.published_at
    with reading(engine) as connection:
        began = first_day(connection, posted, by).label("began")
        key = (began, _ARTICLES.c.edition, _ARTICLES.c.section)
        asked = (
            sa.select(*key, sa.func.count())
            .where(posted.is_not(None), *conditions(filters or Filters()))
            .group_by(*key)
        )
        found = connection.execute(asked).all()
    counts = [
        ArticleCount(
            first_day=date.fromisoformat(row[0]), edition=row[1], section=row[2], articles=row[3]
        )
        for row in found
    ]
    return sorted(counts, key=lambda one: (one.first_day, one.edition, one.section or ""))


def newest_day(engine: sa.Engine, filters: Filters | None = None) -> date | None:
    """Return the last Korean day of which there are articles, None where there are none.

    Raises DatabaseError.
    """
    posted = _ARTICLES.c.published_at
    asked = (
        sa.select(posted)
        .where(posted.is_not(None), *conditions(filters or Filters()))
        .order_by(posted.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        newest: datetime | None = connection.scalar(asked)
    return None if newest is None else newest.astimezone(KOREA).date()
