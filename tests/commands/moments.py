"""Moments in the life of a crawl, as seen from outside, to do it harm at."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from hanicrawler.storage import database_url
from hanicrawler.storage.engine import WRITERS_TURN
from tests.waiting import HANGS, wait_until

if TYPE_CHECKING:
    import subprocess
    from contextlib import ExitStack
    from random import Random


@dataclass(frozen=True)
class Run:
    """A crawl under way, as seen from outside."""

    process: subprocess.Popen[str]
    site: Any
    is_writing: Callable[[], bool]

    def wait_for(self, moment: Callable[[], bool]) -> bool:
        """Wait for *moment*; False where the run ends before it."""
        deadline = time.monotonic() + HANGS
        while not moment():
            if self.process.poll() is not None:
                return False
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return True


Moment = Callable[[Run], bool]
"""Waits for a moment of a run; False where the run ends before it."""


def starting(random: Random) -> Moment:
    """While Python starts, the tables are looked at, the first pages are asked for."""
    seconds = random.uniform(0.02, 1.0)
    end = time.monotonic() + seconds
    return lambda run: run.wait_for(lambda: time.monotonic() > end)


def fetching(random: Random) -> Moment:
    """After so many requests."""
    number = random.randint(1, 70)
    return lambda run: run.wait_for(lambda: len(run.site.paths) >= number)


def writing(random: Random) -> Moment:
    """In the middle of a transaction, or right after it: the first one makes the tables."""
    number, pause = random.randint(1, 5), random.choice((0.0, random.uniform(0.0, 0.03)))

    def moment(run: Run) -> bool:
        run.is_writing()  # what an earlier run left is none of this one's doing
        came = True
        for _ in range(number):
            came = run.wait_for(lambda: not run.is_writing()) and run.wait_for(run.is_writing)
        time.sleep(pause)
        return came

    return moment


def watch(database: str, stack: ExitStack) -> Callable[[], bool]:
    """Return what tells whether a transaction that writes is being committed, or under way."""
    url = database_url(database)
    if url.get_backend_name() == "sqlite":
        log = Path(f"{url.database}-wal")
        before: list[object] = [None]

        def has_grown() -> bool:
            try:
                now = (log.stat().st_size, log.stat().st_mtime_ns)
            except FileNotFoundError:
                return False
            grown, before[0] = now != before[0], now
            return grown

        return has_grown
    connection = stack.enter_context(psycopg.connect(database, autocommit=True))
    query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s"
    return lambda: bool(connection.execute(query, [WRITERS_TURN]).fetchone()[0])  # type: ignore[index]


def wait_for_its_connections(database: str) -> None:
    """Wait until a server has noticed that a run was killed, and holds nothing of it any more."""
    if database_url(database).get_backend_name() == "sqlite":
        return
    query = (
        "SELECT count(*) = 0 FROM pg_locks JOIN pg_database ON pg_database.oid = database"
        " WHERE locktype = 'advisory' AND datname = current_database()"
    )
    with psycopg.connect(database, autocommit=True) as connection:
        wait_until(lambda: bool(connection.execute(query).fetchone()[0]))  # type: ignore[index]
