"""A database server that is started anew, or goes away, in the middle of a crawl."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from hanicrawler.cli.demo import load_replica
from hanicrawler.storage import RunLock, RunLocked, database_url
from tests.commands.conftest import Crawl
from tests.commands.contents import broken, contents, differences, reading
from tests.conftest import postgres_of_its_own

if TYPE_CHECKING:
    from tests.commands.contents import Contents

pytestmark = pytest.mark.slow

ARTICLES = 120
SLOW = ("-s", "CONCURRENT_REQUESTS=4", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=4")
PERIOD = ("-a", "since=2012-01-01")


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A server of our own, since it is stopped under a crawl."""
    with postgres_of_its_own(durable=True) as server:
        yield server


@pytest.fixture
def address(server: Any) -> Iterator[str]:
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def slow(replica: Any) -> Iterator[Any]:
    """A site whose answers take a while, so that a run writes several batches."""
    with replica.Replica(replica.Newspaper.generate(ARTICLES)) as site:
        site.fault(re.compile("."), replica.Fault.slow(0.04))
        yield site


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """What a database says after a crawl that nobody disturbed."""
    replica = load_replica()
    crawl = Crawl(tmp_path_factory.mktemp("undisturbed"))
    with replica.Replica(replica.Newspaper.generate(ARTICLES)) as site:
        done = crawl(*PERIOD, HANICRAWLER_SITE=site.url)
    assert (done.status, done.stderr) == (0, "")
    return contents(str(crawl.database))


def wait_until_some_are_stored(address: str) -> None:
    """Wait until a crawl into *address* has committed its first articles."""
    deadline = time.monotonic() + 60
    with psycopg.connect(address, autocommit=True) as connection:
        while time.monotonic() < deadline:
            try:
                row = connection.execute("SELECT count(*) FROM articles").fetchone()
            except psycopg.errors.UndefinedTable:
                row = None
            if row and row[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nothing was stored")


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_run_outlives_a_restart_of_its_server(
    crawl: Crawl, slow: Any, server: Any, address: str, mode: str, wanted: Contents
) -> None:
    chosen = {"HANICRAWLER_SITE": slow.url, "HANICRAWLER_DATABASE": address}
    process = crawl.start(*SLOW, *PERIOD, **chosen)
    wait_until_some_are_stored(address)
    server.stop(mode)
    time.sleep(2.0)  # as long as a restart takes where there is something to recover
    server.start()
    # The run takes its lock again before it writes: nobody slips in between.
    other: list[RunLock] = []
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with psycopg.connect(address, autocommit=True) as connection:
            query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            row = connection.execute(query).fetchone()
        if row and row[0]:
            with pytest.raises(RunLocked):
                other.append(RunLock.take(database_url(address)))
            break
        time.sleep(0.01)
    done = crawl.end(process)

    assert other == []
    assert (done.status, done.stderr) == (0, "")
    assert broken(address) == []
    assert differences(contents(address), wanted) == {}
    with reading(address) as connection:
        (row,) = connection.exec_driver_sql("SELECT outcome, new, unchanged FROM crawls").all()
    assert tuple(row) == ("healthy", ARTICLES, 0)


def test_a_server_that_stays_away_ends_the_run_and_the_next_one_finishes(
    crawl: Crawl, slow: Any, server: Any, address: str, wanted: Contents
) -> None:
    chosen = {"HANICRAWLER_SITE": slow.url, "HANICRAWLER_DATABASE": address}
    process = crawl.start(*SLOW, *PERIOD, **chosen)
    wait_until_some_are_stored(address)
    server.stop("fast")
    try:
        done = crawl.end(process)
    finally:
        server.start()

    assert done.status == 1
    assert re.fullmatch(r"scrapy crawl hani: [^\n]*could not be written to[^\n]*\n", done.stderr)
    assert broken(address) == []
    assert 0 < len(contents(address)["articles"]) < ARTICLES

    again = crawl(*PERIOD, **chosen)

    assert (again.status, again.stderr) == (0, "")
    assert broken(address) == []
    assert differences(contents(address), wanted) == {}
    with reading(address) as connection:
        ends = connection.exec_driver_sql("SELECT outcome FROM crawls ORDER BY id").scalars().all()
    assert ends == ["killed", "healthy"]
