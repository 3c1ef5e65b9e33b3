"""What earlier runs and articles tell of a run: the past that its health is judged by.

Each question is answered by an index, over a number of rows that does not grow with the
database: a run that finds nothing asks them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.run_models import READERS, CoverageRow, CrawlRow
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

FAR_BACK: Final = 10_000
"""Runs that are looked back over: more than half a year's at one every half hour."""

LATEST_RUNS: Final = 50
"""Runs of before whose dates are looked at: about a day's."""

_ARTICLES: Final = table_of(ArticleRow)
_CRAWLS: Final = table_of(CrawlRow)
_COVERAGE: Final = table_of(CoverageRow)


def earlier_coverage(
    engine: sa.Engine, crawl_id: int, *, spider: str, arguments: Mapping[str, str], runs: int
) -> list[dict[tuple[str, str, str], int]]:
    """Return the coverage of the last *runs* runs before *crawl_id*, the newest first.

    Only of those that asked for the same and stored articles: template, field and layer to the
    number of articles.  Raises DatabaseError.
    """
    covered = sa.exists().where(_COVERAGE.c.crawl_id == _CRAWLS.c.id)
    alike = (
        sa.select(_CRAWLS.c.id)
        .where(
            _CRAWLS.c.id.between(crawl_id - FAR_BACK, crawl_id - 1),
            _CRAWLS.c.spider == spider,
            _CRAWLS.c.arguments == dict(arguments),
            covered,
        )
        .order_by(_CRAWLS.c.id.desc())
        .limit(runs)
    )
    with reading(engine) as connection:
        ids = connection.scalars(alike).all()
        found: dict[int, dict[tuple[str, str, str], int]] = {id_: {} for id_ in ids}
        rows = sa.select(_COVERAGE).where(_COVERAGE.c.crawl_id.in_(ids))
        for row in connection.execute(rows) if ids else ():
            found[row.crawl_id][row.template, row.field, row.layer] = row.articles
    return list(found.values())


def newest_published(engine: sa.Engine, moments: Sequence[datetime]) -> list[datetime | None]:
    """Return for each of *moments* when the newest English article of then was published.

    None where there was none; aware, UTC.  Raises DatabaseError.
    """
    published = _ARTICLES.c.published_at
    # As it stands, "edition = 'en'" would make SQLite sort all English articles by their date.
    english = sa.func.lower(_ARTICLES.c.edition) == "en"
    newest = [
        sa.select(published)
        .where(published <= moment, english)
        .order_by(published.desc())
        .limit(1)
        .scalar_subquery()
        .label(f"newest_{number}")
        for number, moment in enumerate(moments)
    ]
    with reading(engine) as connection:
        return list(connection.execute(sa.select(*newest)).one())


def latest_moment(engine: sa.Engine, crawl_id: int) -> datetime | None:
    """Return the latest moment at which one of the runs before *crawl_id* began or ended.

    None where there was no run; aware, UTC.  Raises DatabaseError.
    """
    last = (
        sa.select(_CRAWLS.c.started_at, _CRAWLS.c.finished_at)
        .where(_CRAWLS.c.id < crawl_id, _CRAWLS.c.spider.not_in(sorted(READERS)))
        .order_by(_CRAWLS.c.id.desc())
        .limit(LATEST_RUNS)
    )
    with reading(engine) as connection:
        rows = connection.execute(last).all()
    return max((moment for row in rows for moment in row if moment is not None), default=None)


def last_healthy(engine: sa.Engine) -> datetime | None:
    """Return when the last healthy run ended, of those not too far back; None for none.

    Aware, UTC.  Raises DatabaseError.
    """
    newest = sa.select(sa.func.max(_CRAWLS.c.id)).scalar_subquery()
    ended = (
        sa.select(_CRAWLS.c.finished_at)
        .where(_CRAWLS.c.id > newest - FAR_BACK, _CRAWLS.c.outcome == "healthy")
        .order_by(_CRAWLS.c.id.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        return connection.scalar(ended)
