"""Crawlers that share one crawl: who takes part, who is alive, who closes the run.

PostgreSQL only.  Each crawler is a row of ``workers`` and holds an advisory lock of its own as
long as it lives: the server drops it with the connection, so a crawler that was killed is known
to be dead at once.  Joining and leaving take turns, so that exactly one is the last one out.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from hanicrawler.storage.crawls import KILLED, insert_crawl
from hanicrawler.storage.engine import server_engine
from hanicrawler.storage.errors import DatabaseError, RunLocked, explain, unreachable
from hanicrawler.storage.locks import RunLock
from hanicrawler.storage.run_models import CrawlRow, WorkerRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

DOOR: Final = 0x646F6F72
"""Key of the advisory lock that whoever joins or leaves a shared crawl holds meanwhile."""
ALIVE: Final = 0x616C6976
"""First key of the advisory lock of a living crawler; the second is its ``workers.id``."""

SKEW: Final = 120.0
"""Seconds by which a crawler's clock may differ from the server's: pages fetched in a crawl are
not due again for some minutes, and then they must not look as if they were fetched before it."""

_CRAWLS: Final = table_of(CrawlRow)
_WORKERS: Final = table_of(WorkerRow)


@dataclass
class Membership:
    """A crawler's part in a shared crawl, from joining it to leaving it."""

    crawl_id: int
    worker_id: int
    since: datetime
    """Aware, UTC; when the crawl began."""
    is_first: bool
    """True for the one that made the crawl."""
    _session: sa.Connection = field(repr=False)
    _where: str
    _guard: Lock = field(default_factory=Lock, repr=False)

    @classmethod
    def join(
        cls, url: sa.URL, *, spider: str, arguments: Mapping[str, str], started_at: datetime
    ) -> Membership:
        """Join the shared crawl that is on in the database *url*, or begin one.

        One whose crawlers are all dead is ended as killed, and another begun, which finds what
        it left.  Nobody else joins before :meth:`enter` is called: whoever begins a crawl opens
        first what it begins with.  Raises RunLocked where the one that is on was asked for
        something else, else DatabaseError.
        """
        where = describe(url)
        engine = server_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        try:
            session = engine.connect()
            try:
                return cls._join(session, where, spider, dict(arguments), started_at)
            except BaseException:
                session.close()
                raise
        except sa.exc.SQLAlchemyError as error:
            raise explain(error, where) from error

    @classmethod
    def _join(
        cls,
        session: sa.Connection,
        where: str,
        spider: str,
        arguments: dict[str, str],
        started_at: datetime,
    ) -> Membership:
        _check_clock(session, where, datetime.now(UTC))
        _lock(session, DOOR)
        on = session.execute(
            sa.select(_CRAWLS.c.id, _CRAWLS.c.spider, _CRAWLS.c.arguments, _CRAWLS.c.started_at)
            .where(_CRAWLS.c.shared, _CRAWLS.c.outcome.is_(None))
            .order_by(_CRAWLS.c.id.desc())
        ).all()
        alive = next((crawl for crawl in on if _has_life(session, crawl.id)), None)
        for crawl in on:
            if crawl is not alive:
                session.execute(
                    sa.update(_CRAWLS)
                    .where(_CRAWLS.c.id == crawl.id)
                    .values(outcome="killed", reason=KILLED)
                )
        if alive is not None and (alive.spider, dict(alive.arguments)) != (spider, arguments):
            asked = " ".join(f"-a {name}={value}" for name, value in alive.arguments.items())
            raise RunLocked(
                f"{where}: the shared crawl that is on was asked for something else"
                f" ({asked or 'a plain run'}): let it end, or ask for the same"
            )
        if alive is None:
            crawl_id = insert_crawl(
                session, spider=spider, arguments=arguments, started_at=started_at, shared=True
            )
        else:
            crawl_id, started_at = alive.id, alive.started_at
        worker_id = session.scalar(
            sa.insert(_WORKERS)
            .values(
                crawl_id=crawl_id,
                host=socket.gethostname(),
                pid=os.getpid(),
                started_at=sa.func.now(),
            )
            .returning(_WORKERS.c.id)
        )
        assert worker_id is not None
        _lock(session, ALIVE, worker_id)
        return cls(crawl_id, worker_id, started_at, alive is None, session, where)

    def enter(self) -> None:
        """Let others join.  Raises DatabaseError."""
        try:
            _unlock(self._session, DOOR)
        except sa.exc.SQLAlchemyError as error:
            raise explain(error, self._where) from error

    def renew(self) -> None:
        """Show again that this crawler lives, where the server has lost its connection.

        Costs one short question where it has not.  Raises DatabaseError.
        """
        with self._guard:
            try:
                self._session.scalar(sa.text("SELECT 1"))
            except sa.exc.SQLAlchemyError as error:
                if not unreachable(error):
                    raise explain(error, self._where) from error
                self._connect_again()

    def _connect_again(self) -> None:
        engine = self._session.engine
        with suppress(sa.exc.SQLAlchemyError):
            self._session.close()
        try:
            self._session = engine.connect()
            _lock(self._session, ALIVE, self.worker_id)
        except sa.exc.SQLAlchemyError as error:
            raise explain(error, self._where) from error

    def leave(self, stats: Mapping[str, Any]) -> dict[str, Any] | None:
        """End this crawler's part, with what it counted.

        Return the counts of all who left the crawl where this one is the last, who is to end
        the run and then to call :meth:`close`; else None.  Raises DatabaseError.
        """
        self.renew()
        try:
            with self._guard:
                return self._leave(self._session, stats)
        except sa.exc.SQLAlchemyError as error:
            raise explain(error, self._where) from error

    def _leave(self, session: sa.Connection, stats: Mapping[str, Any]) -> dict[str, Any] | None:
        _lock(session, DOOR)
        session.execute(
            sa.update(_WORKERS)
            .where(_WORKERS.c.id == self.worker_id)
            .values(finished_at=sa.func.now(), stats=dict(stats))
        )
        _unlock(session, ALIVE, self.worker_id)
        if _has_life(session, self.crawl_id):
            return None
        left = session.scalars(
            sa.select(_WORKERS.c.stats).where(
                _WORKERS.c.crawl_id == self.crawl_id, _WORKERS.c.stats.is_not(None)
            )
        )
        return merge(left)

    def close(self) -> None:
        """Let others join and leave.  Raises nothing."""
        with self._guard, suppress(sa.exc.SQLAlchemyError):
            engine = self._session.engine
            self._session.close()
            engine.dispose()


class MembersLock(RunLock):
    """The lock of a run that is shared, and the sign that this member of it lives."""

    def __init__(self, lock: RunLock, membership: Membership) -> None:
        self._lock = lock
        self._membership = membership

    def renew(self) -> None:
        self._lock.renew()
        self._membership.renew()

    def release(self) -> None:
        self._membership.close()
        self._lock.release()


def merge(stats: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of several crawlers' counts; lists are joined, of words the last holds."""
    counts: Counter[str] = Counter()
    rest: dict[str, Any] = {}
    for one in stats:
        for name, value in one.items():
            if isinstance(value, list):
                rest[name] = [*rest.get(name, []), *value]
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                counts[name] += value  # type: ignore[assignment]
            else:
                rest[name] = value
    return {**counts, **rest}


def _check_clock(session: sa.Connection, where: str, now: datetime) -> None:
    """Raise DatabaseError where this machine's clock and the server's differ by too much.

    Who fetched what before the crawl began is told by the crawlers' own clocks.
    """
    off = (session.execute(sa.select(sa.func.now())).scalar_one() - now).total_seconds()
    if abs(off) > SKEW:
        which = "behind" if off > 0 else "ahead of"
        raise DatabaseError(
            f"{where}: this machine's clock is {abs(off):.0f} s {which} the server's:"
            " crawlers share a crawl by the time, so set the clock first"
        )


def _has_life(session: sa.Connection, crawl_id: int) -> bool:
    """Tell whether a crawler of the crawl that has not left it is alive."""
    unfinished = session.scalars(
        sa.select(_WORKERS.c.id).where(
            _WORKERS.c.crawl_id == crawl_id, _WORKERS.c.finished_at.is_(None)
        )
    ).all()
    for worker_id in unfinished:
        if not session.scalar(sa.select(sa.func.pg_try_advisory_lock(ALIVE, worker_id))):
            return True
        _unlock(session, ALIVE, worker_id)
    return False


def _lock(session: sa.Connection, *key: int) -> None:
    session.execute(sa.select(sa.func.pg_advisory_lock(*key)))


def _unlock(session: sa.Connection, *key: int) -> None:
    session.execute(sa.select(sa.func.pg_advisory_unlock(*key)))
