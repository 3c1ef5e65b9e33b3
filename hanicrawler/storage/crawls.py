"""Runs of the crawler: when, how they ended, what they counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import take_turn
from hanicrawler.storage.errors import DatabaseError, explain
from hanicrawler.storage.problems import storable
from hanicrawler.storage.run_models import COUNTS, CoverageRow, CrawlRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import upsert
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_CRAWLS: Final = table_of(CrawlRow)
_COVERAGE: Final = table_of(CoverageRow)


def start_crawl(
    engine: sa.Engine, *, spider: str, arguments: Mapping[str, str], started_at: datetime
) -> int:
    """Record that a run has begun; return its id.  Raises DatabaseError."""
    try:
        with engine.begin() as connection:
            made = connection.execute(
                sa.insert(_CRAWLS)
                .values(spider=spider, arguments=dict(arguments), started_at=started_at)
                .returning(_CRAWLS.c.id)
            )
            crawl_id: int = made.scalar_one()
            return crawl_id
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error


def finish_crawl(
    engine: sa.Engine,
    crawl_id: int,
    *,
    finished_at: datetime,
    outcome: str,
    reason: str | None,
    counts: Mapping[str, float],
    coverage: Mapping[tuple[str, str, str], int],
    alarms: Sequence[str] = (),
) -> None:
    """Record how the run *crawl_id* ended.

    *counts* has some of COUNTS, the others stay as they are.  *coverage* says of a template,
    a field and a layer how many articles had it.  *alarms* are the codes of what is wrong.
    Raises ValueError for a count that has no column, DatabaseError where the run cannot be
    recorded or there is none of this id.
    """
    if unknown := sorted(set(counts) - set(COUNTS)):
        raise ValueError(f"a crawl has no count {unknown[0]}: there are {', '.join(COUNTS)}")
    where = describe(engine.url)
    rows = [
        {
            "crawl_id": crawl_id,
            "template": template,
            "field": field,
            "layer": layer,
            "articles": articles,
        }
        for (template, field, layer), articles in coverage.items()
    ]
    try:
        with engine.begin() as connection:
            take_turn(connection)
            ended = connection.execute(
                sa.update(_CRAWLS)
                .where(_CRAWLS.c.id == crawl_id)
                .values(
                    finished_at=finished_at,
                    outcome=outcome,
                    reason=None if reason is None else storable(reason),
                    alarms=" ".join(alarms) or None,
                    **counts,
                )
            )
            if not ended.rowcount:
                raise DatabaseError(f"{where}: has no crawl {crawl_id}: it was deleted meanwhile")
            upsert(connection, _COVERAGE, rows, ("crawl_id", "template", "field", "layer"))
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, where) from error
