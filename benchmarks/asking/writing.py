"""What the search index costs a crawl: the time its writer takes, with the index and without.

``python -m benchmarks.asking.writing`` crawls by turns into two databases, one of which has lost
the triggers that keep its index; ``python -m benchmarks.asking.writing crawl`` is such a crawl.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from benchmarks.documents import table
from hanicrawler.storage import Writer, database_url, open_database
from tests import postgres
from tests.replica import Newspaper, Replica

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from hanicrawler.storage import Outcome
    from hanicrawler.storage.keys import Entry

    Opened = AbstractContextManager[Callable[[], str]]

ARTICLES: Final = 1_000
ROUNDS: Final = 5
_SEARCHED: Final = ("articles", "images", "bylines", "authors")
_SAID: Final = "writer: "


class Cost(NamedTuple):
    """What a crawl's writer took."""

    seconds: float
    cpu_seconds: float
    """Of the thread that writes; PostgreSQL's own are in *seconds* only."""


def main() -> int:
    """Print the table."""
    print(measure())
    return 0


def measure(articles: int = ARTICLES, rounds: int = ROUNDS) -> str:
    """Return the table: for each database the ratio of the writer's time with the index to without.

    Medians of the rounds' ratios.
    """
    header = ["the crawl's writer, with the index to without", "time", "its CPU time"]
    rows = []
    with Replica(Newspaper.generate(articles, template="english-next"), log=False) as site:
        for name, opened in _databases():
            with opened as fresh:
                pairs = [_round(site.url, fresh, number) for number in range(rounds)]
            time_ = median(indexed.seconds / bare.seconds for indexed, bare in pairs)
            cpu = median(indexed.cpu_seconds / bare.cpu_seconds for indexed, bare in pairs)
            rows.append([name, f"{time_:.2f}", f"{cpu:.2f}" if name == "SQLite" else "-"])
    return table(header, rows)


def crawl() -> None:
    """Crawl as ``scrapy crawl hani`` does, and print what the writer took at the end."""
    from scrapy.cmdline import execute

    spent = [0.0, 0.0]
    write: Callable[[Writer, Sequence[Entry]], list[Outcome]] = Writer.write

    def timed(writer: Writer, batch: Sequence[Entry]) -> list[Outcome]:
        began, cpu = time.perf_counter(), time.thread_time()
        try:
            return write(writer, batch)
        finally:
            spent[0] += time.perf_counter() - began
            spent[1] += time.thread_time() - cpu

    Writer.write = timed  # type: ignore[method-assign, assignment]
    try:
        execute(["scrapy", "crawl", "hani", "-a", "since=2000-01-01"])
    finally:
        print(f"{_SAID}{json.dumps(spent)}", flush=True)


def _round(site: str, fresh: Callable[[], str], number: int) -> tuple[Cost, Cost]:
    """Crawl into a database with the index and one without, now this one first, now that."""
    costs = {}
    for indexed in (True, False) if number % 2 else (False, True):
        url = fresh()
        open_database(database_url(url)).dispose()
        if not indexed:
            _drop_index(url)
        costs[indexed] = _crawled(site, url)
    return costs[True], costs[False]


def _crawled(site: str, database: str) -> Cost:
    ours = {
        "HANICRAWLER_SITE": site,
        "HANICRAWLER_DATABASE": database,
        "HANICRAWLER_LIST_PAGES": "1000",
    }
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.asking.writing", "crawl"],
        env={**os.environ, **ours},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"a crawl ended with {done.returncode}: {done.stderr[-500:]}")
    (said,) = [line for line in done.stdout.splitlines() if line.startswith(_SAID)]
    return Cost(*json.loads(said.removeprefix(_SAID)))


def _drop_index(url: str) -> None:
    """Take away from the database at *url* what keeps its search index true."""
    engine = open_database(database_url(url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            names = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for name in connection.scalars(names).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        else:
            for searched in _SEARCHED:
                connection.exec_driver_sql(f"ALTER TABLE {searched} DISABLE TRIGGER USER")
    engine.dispose()


def _databases() -> Iterator[tuple[str, Opened]]:
    yield "SQLite", _files()
    if found := postgres.programs():
        yield "PostgreSQL", _server(found)


@contextmanager
def _files() -> Iterator[Callable[[], str]]:
    """Give what makes a new file's URL."""
    with TemporaryDirectory() as folder:
        made = iter(range(1_000_000))
        yield lambda: f"sqlite:///{folder}/{next(made)}.db"


@contextmanager
def _server(programs: Path) -> Iterator[Callable[[], str]]:
    with postgres.serving(programs, durable=True) as server:
        yield lambda: server.url(server.create())


if __name__ == "__main__":
    if sys.argv[1:] == ["crawl"]:
        crawl()
    sys.exit(main())
