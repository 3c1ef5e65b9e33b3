"""Runs of the crawler: when, how they ended, what they counted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading, take_turn
from hanicrawler.storage.errors import DatabaseError, explain
from hanicrawler.storage.problems import storable
from hanicrawler.storage.retries import persist
from hanicrawler.storage.run_models import COUNTED_WITH_THE_WORK, COUNTS, CoverageRow, CrawlRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import upsert
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_CRAWLS: Final = table_of(CrawlRow)
_COVERAGE: Final = table_of(CoverageRow)

LATEST: Final = 1000
"""Runs among which those that were killed are looked for, so that it costs the same for ever:
each start ends those before it."""

KILLED: Final = (
    "The run was killed, or the database out of reach when it ended; what it counted is stored."
)
RECENT: Final = 2000
"""Runs that a look back reads at most: a day of one every minute, whatever the table holds."""
LONGEST_WAIT: Final = timedelta(days=1)
"""No site is left alone for longer; a later moment was written by a clock that was wrong."""


def start_crawl(
    engine: sa.Engine, *, spider: str, arguments: Mapping[str, str], started_at: datetime
) -> int:
    """Record that a run has begun; return its id.  Raises DatabaseError.

    What the writer counts stands at nothing, what is counted at the end is not known yet.
    """
    try:
        with engine.begin() as connection:
            return insert_crawl(
                connection, spider=spider, arguments=arguments, started_at=started_at
            )
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error


def insert_crawl(
    connection: sa.Connection,
    *,
    spider: str,
    arguments: Mapping[str, str],
    started_at: datetime,
    shared: bool = False,
) -> int:
    """Make the row of a run that has begun; return its id."""
    nothing = dict.fromkeys(COUNTED_WITH_THE_WORK, 0)
    made = connection.execute(
        sa.insert(_CRAWLS)
        .values(
            spider=spider,
            arguments=dict(arguments),
            started_at=started_at,
            shared=shared,
            **nothing,
        )
        .returning(_CRAWLS.c.id)
    )
    crawl_id: int = made.scalar_one()
    return crawl_id


def count(connection: sa.Connection, crawl_id: int, counts: Mapping[str, int]) -> str | None:
    """Add COUNTED_WITH_THE_WORK of *counts* to the run's row, in the transaction of *connection*.

    Return the transaction's number on PostgreSQL, where there was something to count.
    """
    values = {
        name: sa.func.coalesce(_CRAWLS.c[name], 0) + counts[name]
        for name in COUNTED_WITH_THE_WORK
        if counts.get(name)
    }
    if not values:
        return None
    change = sa.update(_CRAWLS).where(_CRAWLS.c.id == crawl_id).values(values)
    if connection.dialect.name != "postgresql":
        connection.execute(change)
        return None
    number = sa.cast(sa.func.pg_current_xact_id(), sa.Text)
    found: str | None = connection.scalar(change.returning(number))
    return found


def end_killed(engine: sa.Engine, *, shared: bool = False) -> int:
    """Give the runs that were killed the outcome ``killed``; return how many there were.

    Only for who holds the RunLock: alone, nobody else's run can be alive; *shared*, those that
    were shared may be, and are left.  ``finished_at`` stays NULL, since nobody knows it.
    Raises DatabaseError.
    """
    oldest = sa.select(sa.func.max(_CRAWLS.c.id) - LATEST).scalar_subquery()
    unended = [
        _CRAWLS.c.id > oldest,
        _CRAWLS.c.finished_at.is_(None),
        _CRAWLS.c.outcome.is_(None),
    ]
    if shared:
        unended.append(_CRAWLS.c.shared.is_(sa.false()))
    try:
        with reading(engine) as connection:
            found = list(connection.scalars(sa.select(_CRAWLS.c.id).where(*unended)))
        if found:
            with engine.begin() as connection:
                connection.execute(
                    sa.update(_CRAWLS)
                    .where(_CRAWLS.c.id.in_(found))
                    .values(outcome="killed", reason=KILLED)
                )
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error
    return len(found)


def finish_crawl(
    engine: sa.Engine,
    crawl_id: int,
    *,
    finished_at: datetime,
    outcome: str,
    reason: str | None,
    counts: Mapping[str, float],
    coverage: Mapping[tuple[str, str, str], int],
    not_before: datetime | None = None,
    alarms: Sequence[str] = (),
    patient: bool = True,
) -> None:
    """Record how the run *crawl_id* ended.

    *counts* has some of COUNTS, the others stay as they are: a run sets COUNTED_AT_THE_END, and
    its writer has counted the rest.  *coverage* says of a template, a field and a layer how many
    articles had it.  *not_before* is until when the site asked to be left alone, aware;
    *alarms* are the codes of what is wrong.  Where *patient*, a server that is being started
    anew is waited for.  Raises ValueError for a count that has no column, DatabaseError where
    the run cannot be recorded or there is none of this id.
    """
    if unknown := sorted(set(counts) - set(COUNTS)):
        raise ValueError(f"a crawl has no count {unknown[0]}: there are {', '.join(COUNTS)}")
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
    values = {
        "finished_at": finished_at,
        "outcome": outcome,
        "reason": None if reason is None else storable(reason),
        "alarms": " ".join(alarms) or None,
        **counts,
    }
    if not_before is not None:
        # Another crawler of a shared crawl may have noted one.
        values["not_before"] = not_before
    where = describe(engine.url)

    def attempt() -> None:
        with engine.begin() as connection:
            take_turn(connection)
            ended = connection.execute(
                sa.update(_CRAWLS).where(_CRAWLS.c.id == crawl_id).values(values)
            )
            if not ended.rowcount:
                raise DatabaseError(f"{where}: has no crawl {crawl_id}: it was deleted meanwhile")
            upsert(connection, _COVERAGE, rows, ("crawl_id", "template", "field", "layer"))

    persist(attempt, where, None if patient else ())


def note_wait(engine: sa.Engine, crawl_id: int, until: datetime) -> None:
    """Note that the site asked to be left alone until *until*, in a run that others still make.

    Raises DatabaseError.
    """
    noted = sa.update(_CRAWLS).where(_CRAWLS.c.id == crawl_id).values(not_before=until)

    def attempt() -> None:
        with engine.begin() as connection:
            connection.execute(noted)

    persist(attempt, describe(engine.url))


def waits_until(engine: sa.Engine, spider: str, now: datetime) -> datetime | None:
    """Return until when the site asked *spider* to leave it alone, if that is later than *now*.

    Aware, in UTC.  Raises DatabaseError.
    """
    newest = sa.select(sa.func.max(_CRAWLS.c.id)).scalar_subquery()
    asked = sa.select(sa.func.max(_CRAWLS.c.not_before)).where(
        _CRAWLS.c.id > newest - RECENT,
        _CRAWLS.c.spider == spider,
        _CRAWLS.c.not_before > now,
        _CRAWLS.c.not_before <= now + LONGEST_WAIT,
    )
    with reading(engine) as connection:
        until: datetime | None = connection.scalar(asked)
        return until
