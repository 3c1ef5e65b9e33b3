"""What people ask: the answers behind the summary of a crawl and the command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow, AuthorRow, RevisionRow
from hanicrawler.storage.run_models import ProblemRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.views import ARTICLE_LIST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)
_REVISIONS: Final = table_of(RevisionRow)
_PROBLEMS: Final = table_of(ProblemRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What the database holds."""

    articles: Mapping[str, int]
    """Edition to number of articles; an edition without any is left out."""
    revisions: int
    authors: int
    """Authors of at least one article or of an earlier state of one."""
    open_problems: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedArticle:
    """An article as a list shows it."""

    id: int
    edition: str
    source_id: int
    url: str
    published_at: datetime | None
    """Aware, UTC."""
    section: str | None
    headline: str
    authors: str | None
    """Names in printed order, parted by ``; ``; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemCode:
    """Open problems of one kind."""

    stage: str
    code: str
    count: int
    last_seen_at: datetime
    """Aware, UTC."""


def totals(engine: sa.Engine) -> Totals:
    """Return what the database holds.  Raises DatabaseError."""
    with reading(engine) as connection:
        by_edition = connection.execute(
            sa.select(_ARTICLES.c.edition, sa.func.count())
            .group_by(_ARTICLES.c.edition)
            .order_by(_ARTICLES.c.edition)
        )
        return Totals(
            articles={row[0]: row[1] for row in by_edition},
            revisions=_count(connection, _REVISIONS),
            authors=_count(connection, _AUTHORS),
            open_problems=_count(connection, _PROBLEMS, _PROBLEMS.c.resolved_at.is_(None)),
        )


def newest(engine: sa.Engine, limit: int = 20) -> list[ListedArticle]:
    """Return the *limit* articles published last, the newest first.

    One without a date of publication stands after all that have one.  Raises DatabaseError.
    """
    columns = [ARTICLE_LIST.c[name] for name in ListedArticle.__dataclass_fields__]
    order = (
        ARTICLE_LIST.c.published_at.desc().nulls_last(),
        ARTICLE_LIST.c.id.desc(),
    )
    with reading(engine) as connection:
        found = connection.execute(sa.select(*columns).order_by(*order).limit(limit))
        return [ListedArticle(**row._mapping) for row in found]


def problem_codes(engine: sa.Engine) -> list[ProblemCode]:
    """Return the open problems by stage and code, the commonest first.  Raises DatabaseError."""
    count = sa.func.count().label("count")
    grouped = (
        sa.select(
            _PROBLEMS.c.stage,
            _PROBLEMS.c.code,
            count,
            sa.func.max(_PROBLEMS.c.seen_at).label("last_seen_at"),
        )
        .where(_PROBLEMS.c.resolved_at.is_(None))
        .group_by(_PROBLEMS.c.stage, _PROBLEMS.c.code)
        .order_by(count.desc(), _PROBLEMS.c.stage, _PROBLEMS.c.code)
    )
    with reading(engine) as connection:
        return [ProblemCode(**row._mapping) for row in connection.execute(grouped)]


def _count(
    connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool] | None = None
) -> int:
    counted = sa.select(sa.func.count()).select_from(table)
    return connection.scalar(counted if where is None else counted.where(where)) or 0
