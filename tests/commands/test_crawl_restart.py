"""A database server that is started anew, or goes away, in the middle of a crawl."""

from __future__ import annotations

import dataclasses
import re
import subprocess
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
from tests.waiting import HANGS, wait_until

if TYPE_CHECKING:
    from tests.commands.contents import Contents

pytestmark = pytest.mark.slow

ARTICLES = 120
ARTICLE = re.compile(r"\d\.html$")
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
    """A site that gives half of its articles, and the others so slowly that no run gets them all.

    So every run writes some, and has more to come, however slow the machine is.
    """
    with replica.Replica(replica.Newspaper.generate(ARTICLES)) as site:
        slow = replica.Fault.slow(2)
        site.fault(ARTICLE, dataclasses.replace(slow, limit=(ARTICLES // 2, HANGS)))
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


def wait_until_some_are_stored(address: str, process: subprocess.Popen[str]) -> None:
    """Wait until a crawl into *address* has committed its first articles."""
    with psycopg.connect(address, autocommit=True) as connection:

        def some_are() -> bool:
            try:
                row = connection.execute("SELECT count(*) FROM articles").fetchone()
            except psycopg.errors.UndefinedTable:
                return False
            return bool(row and row[0])

        wait_until(some_are, process)


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_run_outlives_a_restart_of_its_server(
    crawl: Crawl, slow: Any, server: Any, address: str, mode: str, wanted: Contents
) -> None:
    chosen = {"HANICRAWLER_SITE": slow.url, "HANICRAWLER_DATABASE": address}
    process = crawl.start(*SLOW, *PERIOD, **chosen)
    wait_until_some_are_stored(address, process)
    server.stop(mode)
    time.sleep(2.0)  # as long as a restart takes where there is something to recover
    server.start()
    # The run takes its lock again before it writes: nobody slips in between.
    other: list[RunLock] = []
    with psycopg.connect(address, autocommit=True) as connection:
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
        wait_until(lambda: connection.execute(query).fetchone() != (0,), process)
    with pytest.raises(RunLocked):
        other.append(RunLock.take(database_url(address)))
    slow.heal()
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
    wait_until_some_are_stored(address, process)
    server.stop("fast")
    try:
        done = crawl.end(process)
    finally:
        server.start()

    assert done.status == 1
    assert re.fullmatch(r"scrapy crawl hani: [^\n]*could not be written to[^\n]*\n", done.stderr)
    assert broken(address) == []
    assert 0 < len(contents(address)["articles"]) < ARTICLES

    slow.heal()
    again = crawl(*PERIOD, **chosen)

    assert (again.status, again.stderr) == (0, "")
    assert broken(address) == []
    assert differences(contents(address), wanted) == {}
    with reading(address) as connection:
        ends = connection.exec_driver_sql("SELECT outcome FROM crawls ORDER BY id").scalars().all()
    assert ends == ["killed", "healthy"]
