"""The runs that are measured, and what they left in the database."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from benchmarks.environments import ROOT
from benchmarks.processes import cost_of, plain_environment
from hanicrawler.storage import database_url, open_read_only
from hanicrawler.storage.run_models import CrawlRow
from hanicrawler.storage.schema import Base
from hanicrawler.storage.types import UtcDateTime

if TYPE_CHECKING:
    from benchmarks.processes import Cost

EMPTY: Final = Path(__file__).parent / "empty"
SCRAPY: Final = [sys.executable, "-m", "scrapy", "crawl"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asked of the site."""

    requests: int
    """robots.txt among them."""
    not_modified: int
    """How many of them were answered 304."""


def scheduled(site: str, database: str) -> Cost:
    """Run ``scrapy crawl hani`` as cron does.  Raises RuntimeError where it does not end well."""
    ours = plain_environment(HANICRAWLER_SITE=site, HANICRAWLER_DATABASE=database)
    return cost_of([*SCRAPY, "hani"], ROOT, ours)


def empty() -> Cost:
    """Run ``scrapy crawl`` of a spider without a request, in a project without a setting."""
    return cost_of([*SCRAPY, "empty"], EMPTY, plain_environment())


def last_run(database: str) -> Asked:
    """Return what the last run in *database* asked for."""
    engine = open_read_only(database_url(database))
    try:
        with engine.connect() as connection:
            columns = CrawlRow.requests, CrawlRow.not_modified
            row = connection.execute(
                sa.select(*columns).order_by(CrawlRow.id.desc()).limit(1)
            ).one()
            return Asked(*row)
    finally:
        engine.dispose()


def rows(database: str) -> dict[str, tuple[int, ...]]:
    """Return the number of rows of each table of *database*, and the latest of its times."""
    engine = open_read_only(database_url(database))
    try:
        with engine.connect() as connection:
            return {
                name: tuple(connection.execute(_state(table)).one())
                for name, table in Base.metadata.tables.items()
            }
    finally:
        engine.dispose()


def _state(table: sa.Table) -> sa.Select[Any]:
    times = [column for column in table.c if isinstance(column.type, UtcDateTime)]
    return sa.select(sa.func.count(), *map(sa.func.max, times)).select_from(table)
