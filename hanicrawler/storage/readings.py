"""Reparses and imports: their rows among the runs, and how far each has read its files.

They stand in ``crawls`` beside the crawls, told apart by name; who judges how the crawler is
doing leaves them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.items import ReadTo
from hanicrawler.storage.crawls import insert_crawl
from hanicrawler.storage.engine import reading, take_turn
from hanicrawler.storage.errors import explain
from hanicrawler.storage.run_models import (
    READERS,
    CoverageRow,
    CrawlRow,
    ReadingRow,
)
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, upsert
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping
    from datetime import datetime

_CRAWLS: Final = table_of(CrawlRow)
_COVERAGE: Final = table_of(CoverageRow)
_READINGS: Final = table_of(ReadingRow)

AT_WORK: Final = "reading"
"""Outcome of one that has not ended: a crawl that begins leaves it alone."""
DONE: Final = "done"
KILLED: Final = "The run was killed; what it has read is stored, and the same command goes on."
_LOOKED_AT: Final = 1000
"""Runs that are looked back over."""


class Readings:
    """How far a batch has come in the files of an archive; written with it."""

    def __init__(self, connection: sa.Connection, crawl_id: int | None) -> None:
        self._connection = connection
        self._crawl_id = crawl_id
        self._rows: dict[str, Row] = {}

    def reached(self, entry: ReadTo) -> None:
        """Take up how far a file has been read; nothing where no run is recorded."""
        if self._crawl_id is not None:
            self._rows[entry.file] = {
                "crawl_id": self._crawl_id,
                "file": entry.file,
                "read_to": entry.offset,
                "at_end": entry.at_end,
            }

    def write(self) -> None:
        """Write it."""
        upsert(self._connection, _READINGS, list(self._rows.values()), ("crawl_id", "file"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A reparse or an import that did not get to its end."""

    id: int
    started_at: datetime
    """Aware, UTC."""
    files: Mapping[str, ReadTo]
    """How far it has come, by the name of the file; those it never began are left out."""


def begin_reading(
    engine: sa.Engine, *, spider: str, arguments: Mapping[str, str], started_at: datetime
) -> int:
    """Record that a reparse or an import, *spider*, has begun; return its id.

    Raises DatabaseError.
    """
    try:
        with engine.begin() as connection:
            take_turn(connection)
            made = insert_crawl(
                connection, spider=spider, arguments=arguments, started_at=started_at
            )
            connection.execute(
                sa.update(_CRAWLS).where(_CRAWLS.c.id == made).values(outcome=AT_WORK)
            )
            return made
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error


def unfinished(
    engine: sa.Engine, *, spider: str, arguments: Mapping[str, str]
) -> Unfinished | None:
    """Return the last run of *spider* with these very *arguments*, where it did not get to its end.

    Raises DatabaseError.
    """
    newest = sa.select(sa.func.max(_CRAWLS.c.id)).scalar_subquery()
    last = (
        sa.select(_CRAWLS.c.id, _CRAWLS.c.started_at, _CRAWLS.c.outcome)
        .where(
            _CRAWLS.c.id > newest - _LOOKED_AT,
            _CRAWLS.c.spider == spider,
            _CRAWLS.c.arguments == dict(arguments),
        )
        .order_by(_CRAWLS.c.id.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        found = connection.execute(last).first()
    if found is None or found.outcome == DONE:
        return None
    return Unfinished(id=found.id, started_at=found.started_at, files=read_files(engine, found.id))


def read_files(engine: sa.Engine, crawl_id: int) -> dict[str, ReadTo]:
    """Return how far the run *crawl_id* has read each file it has begun.  Raises DatabaseError."""
    columns = (_READINGS.c.file, _READINGS.c.read_to, _READINGS.c.at_end)
    with reading(engine) as connection:
        rows = connection.execute(sa.select(*columns).where(_READINGS.c.crawl_id == crawl_id))
        return {
            row.file: ReadTo(file=row.file, offset=row.read_to, at_end=row.at_end) for row in rows
        }


def resume_reading(engine: sa.Engine, crawl_id: int) -> None:
    """Record that the run *crawl_id* goes on.  Raises DatabaseError."""
    again = {"outcome": AT_WORK, "finished_at": None, "reason": None}
    _update(engine, sa.update(_CRAWLS).where(_CRAWLS.c.id == crawl_id).values(again))


def end_killed_readings(engine: sa.Engine) -> None:
    """Give reparses and imports that were killed the outcome ``killed``.

    Only for who holds the lock of readings: nobody else's can be alive.  Raises DatabaseError.
    """
    left = (_CRAWLS.c.outcome == AT_WORK, _CRAWLS.c.spider.in_(sorted(READERS)))
    with reading(engine) as connection:
        found = connection.scalars(sa.select(_CRAWLS.c.id).where(*left)).all()
    if found:
        killed = {"outcome": "killed", "reason": KILLED}
        _update(engine, sa.update(_CRAWLS).where(_CRAWLS.c.id.in_(found)).values(killed))


def add_coverage(
    connection: sa.Connection, crawl_id: int, coverage: Counter[tuple[str, str, str]]
) -> None:
    """Add to the run's coverage: template, field and layer to a number of articles.

    In the transaction of *connection*, so that a run which is killed has counted what it stored.
    """
    if not coverage:
        return
    key = (_COVERAGE.c.template, _COVERAGE.c.field, _COVERAGE.c.layer)
    counted = connection.execute(
        sa.select(*key, _COVERAGE.c.articles).where(_COVERAGE.c.crawl_id == crawl_id)
    )
    before = {(row[0], row[1], row[2]): row.articles for row in counted}
    rows: list[Row] = [
        {
            "crawl_id": crawl_id,
            "template": template,
            "field": field,
            "layer": layer,
            "articles": before.get((template, field, layer), 0) + articles,
        }
        for (template, field, layer), articles in coverage.items()
    ]
    upsert(connection, _COVERAGE, rows, ("crawl_id", "template", "field", "layer"))


def _update(engine: sa.Engine, change: sa.Update) -> None:
    try:
        with engine.begin() as connection:
            take_turn(connection)
            connection.execute(change)
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error
