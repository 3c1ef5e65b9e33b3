"""kill -9 at any moment: nothing counted is lost, nothing is doubled, the next run finishes."""

from __future__ import annotations

import re
import signal
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

from hanicrawler.storage import DatabaseTooOld, DatabaseUnreachable, database_url
from hanicrawler.storage.engine import WRITERS_TURN
from tests.commands.conftest import Crawl
from tests.commands.contents import broken, contents, differences, reading

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.commands.contents import Contents

    Moment = Callable[["Run"], bool]

pytestmark = pytest.mark.slow

ARTICLES: Final = 100
LATER: Final = 20
"""Articles that appear between the run through the lists and the plain one."""

SLOW: Final = ("-s", "CONCURRENT_REQUESTS=6", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=6")
SECONDS: Final = 0.03
"""What an answer takes, so that a run has several batches to write."""


@dataclass(frozen=True)
class Run:
    """A crawl under way, as seen from outside."""

    process: subprocess.Popen[str]
    site: Any
    is_writing: Callable[[], bool]

    def wait_for(self, moment: Callable[[], bool]) -> bool:
        """Wait for *moment*; False where the run ends before it."""
        deadline = time.monotonic() + 60
        while not moment():
            if self.process.poll() is not None:
                return False
            assert time.monotonic() < deadline
            time.sleep(0.001)
        return True


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


MOMENTS: Final = {
    # Through the lists, into a database that is not there yet.
    ("-a", "since=2012-01-01"): (
        *(writing, writing, starting, fetching),
        *(writing, fetching, writing, fetching),
    ),
    # A plain run, after new articles have appeared.
    (): (fetching, writing, starting, fetching, writing),
}


def the_site(replica: Any) -> Any:
    site = replica.Replica(replica.Newspaper.generate(ARTICLES))
    site.fault(re.compile("."), replica.Fault.slow(SECONDS))
    return site


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """What a database says after runs that nobody disturbed."""
    from hanicrawler.cli.demo import load_replica

    replica = load_replica()
    crawl = Crawl(tmp_path_factory.mktemp("undisturbed"))
    with the_site(replica) as site:
        for arguments in MOMENTS:
            done = crawl(*SLOW, *arguments, HANICRAWLER_SITE=site.url)
            assert (done.status, done.stderr) == (0, "")
            site.newspaper.publish(LATER)
    found = contents(str(crawl.database))
    assert len(found["articles"]) == ARTICLES + LATER
    return found


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


def stored(database: str) -> int:
    """Return how many articles are stored, having looked that all is in order."""
    try:
        assert broken(database) == []
        with reading(database) as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one())
    except (DatabaseTooOld, DatabaseUnreachable):
        return 0  # killed before its tables were made


def test_runs_that_are_killed_and_one_that_is_not_end_with_what_one_run_gives(
    crawl: Crawl, replica: Any, database: str, wanted: Contents
) -> None:
    random = Random(2012)
    chosen = {"HANICRAWLER_DATABASE": database}
    killed, before = 0, 0
    with the_site(replica) as site, ExitStack() as stack:
        chosen["HANICRAWLER_SITE"] = site.url
        is_writing = watch(database, stack)

        def kill(arguments: tuple[str, ...], moment: Moment) -> bool:
            site.clear()
            process = crawl.start(*SLOW, *arguments, **chosen)
            moment(Run(process, site, is_writing))
            process.kill()
            process.communicate()
            return process.returncode == -signal.SIGKILL

        for arguments, moments in MOMENTS.items():
            for make in moments:
                # A run may be done before its moment comes; its start never is.
                was_killed = kill(arguments, make(random)) or kill(arguments, starting(random))
                killed += was_killed
                now = stored(database)
                assert now >= before
                before = now
            done = crawl(*SLOW, *arguments, **chosen)
            assert (done.status, done.stderr) == (0, "")
            site.newspaper.publish(LATER)

    assert killed >= 12
    assert stored(database) == ARTICLES + LATER
    assert differences(contents(database), wanted) == {}
    with reading(database) as connection:
        ended = connection.exec_driver_sql(
            "SELECT outcome, finished_at IS NOT NULL FROM crawls ORDER BY id"
        ).all()
    assert {tuple(row) for row in ended} == {("killed", False), ("healthy", True)}
    assert tuple(ended[-1]) == ("healthy", True)
