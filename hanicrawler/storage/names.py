"""The names that articles can be chosen by: for completing what a person types.

Each answer costs the same however many articles are stored.
"""

from __future__ import annotations

from typing import Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow, AuthorRow
from hanicrawler.storage.schema import table_of

MOST: Final = 200
"""Names that are given at most."""
LATEST: Final = 2000
"""Articles whose labels are looked at, the newest: no index has them."""

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)


def section_codes(engine: sa.Engine) -> list[str]:
    """Return the codes of sections that have articles, in order.  Raises DatabaseError."""
    # From each code to the next by the index: to gather them would read it from end to end.
    code = _ARTICLES.c.section
    first = sa.select(sa.func.min(code).label("code"), sa.literal(1).label("number"))
    found = first.cte("found", recursive=True)
    following = sa.select(sa.func.min(code)).where(code > found.c.code).scalar_subquery()
    found = found.union_all(
        sa.select(following, found.c.number + 1).where(
            found.c.code.is_not(None), found.c.number < MOST
        )
    )
    with reading(engine) as connection:
        return [each for each in connection.scalars(sa.select(found.c.code)) if each is not None]


def labels(engine: sa.Engine) -> list[str]:
    """Return the labels of the LATEST articles, in order.  Raises DatabaseError."""
    latest = (
        sa.select(_ARTICLES.c.label)
        .where(_ARTICLES.c.published_at.is_not(None))
        .order_by(_ARTICLES.c.published_at.desc())
        .limit(LATEST)
        .subquery()
    )
    asked = sa.select(latest.c.label).where(latest.c.label.is_not(None)).distinct().limit(MOST)
    with reading(engine) as connection:
        return sorted(connection.scalars(asked))


def author_names(engine: sa.Engine, beginning: str) -> list[str]:
    """Return names of authors that begin so, in any case, in order.  Raises DatabaseError."""
    asked = (
        sa.select(_AUTHORS.c.name)
        .where(sa.func.lower(_AUTHORS.c.name).startswith(beginning.lower(), autoescape=True))
        .distinct()
        .order_by(_AUTHORS.c.name)
        .limit(MOST)
    )
    with reading(engine) as connection:
        return list(connection.scalars(asked))
