"""``python -m benchmarks.asking``: what each question costs, with many articles stored."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from benchmarks import documents
from benchmarks.asking import searching, writing
from benchmarks.asking.filling import fill
from benchmarks.documents import table
from benchmarks.machine import describe
from hanicrawler.storage import ask, database_url, open_read_only, questions
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    import sqlalchemy as sa

    Asked = Callable[[sa.Engine], object]
    Costs = dict[str, dict[str, list[float]]]

PACKAGES: Final = ("sqlalchemy", "psycopg")
STORED: Final = 1_000_000
ROUNDS: Final = 40
MEMORY: Final = "512MB"
"""Of a server that keeps so much: shared_buffers; its default is made for tiny machines."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.asking", description=__doc__)
    parser.add_argument("--stored", type=int, default=STORED, help="articles (1M)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="of each question (40)")
    parser.add_argument(
        "--filled", nargs="+", metavar="URL", help="databases that are filled already"
    )
    parser.add_argument("--fill", metavar="URL", help="only fill a new database, to be kept")
    parser.add_argument("--write", action="store_true", help="into docs/speed.md")
    given = parser.parse_args(arguments)
    if given.fill:
        fill(given.fill, given.stored)
        return 0
    if given.filled:
        found = {_kind(url): costs(url, given.rounds) for url in given.filled}
        searched = {_kind(url): searching.costs(url) for url in given.filled}
    else:
        found, searched = measure(given.stored, given.rounds)
    text = "\n\n".join(
        (
            f"Measured with {describe(*PACKAGES)}.",
            "## Questions",
            table_of("question", found),
            "## Searches",
            table_of("search", searched),
            "## The price of the index",
            writing.measure(),
        )
    )
    if given.write:
        documents.replace("speed.md", "questions", text)
    print(text)
    return 0


def measure(stored: int, rounds: int) -> tuple[Costs, Costs]:
    """Return what questions and searches cost in both databases, filled with so many articles."""
    found, searched = {}, {}
    with TemporaryDirectory() as folder:
        for name, opened in _databases(Path(folder)):
            with opened as url:
                fill(url, stored)
                found[name] = costs(url, rounds)
                searched[name] = searching.costs(url)
    return found, searched


def asked() -> dict[str, Asked]:
    """Return what is measured, by name."""
    return {each.name: partial(ask, name=each.name) for each in questions()}


def costs(url: str, rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each round of each question, by its name.

    The rounds go by turns, so that a busy moment of the machine strikes all alike; what the
    first one finds cold is not counted.
    """
    engine = open_read_only(database_url(url))
    found: dict[str, list[float]] = {name: [] for name in asked()}
    try:
        for number in range(rounds + 1):
            for name, question in asked().items():
                began = time.perf_counter()
                question(engine)
                if number:
                    found[name].append((time.perf_counter() - began) * 1000)
    finally:
        engine.dispose()
    return found


def table_of(what: str, found: Costs) -> str:
    """Return the table: a row an entry, for each database the median and the 95th percentile."""
    header = [what, *(f"{name}, {part}" for name in found for part in ("p50 ms", "p95 ms"))]
    rows = []
    for entry in next(iter(found.values())):
        cells = [entry]
        for name in found:
            times = found[name][entry]
            cells += [f"{median(times):.1f}", f"{quantiles(times, n=20)[-1]:.1f}"]
        rows.append(cells)
    return table(header, rows)


def _kind(url: str) -> str:
    is_sqlite = database_url(url).get_backend_name() == "sqlite"
    return "SQLite" if is_sqlite else "PostgreSQL"


def _databases(folder: Path) -> Iterator[tuple[str, AbstractContextManager[str]]]:
    """Give the databases' names and how to open an empty one."""
    yield "SQLite", nullcontext(f"sqlite:///{folder / 'hani.db'}")
    if found := postgres.programs():
        yield "PostgreSQL", _on_server(found)
    else:
        print("no programs of PostgreSQL here: only SQLite is measured", file=sys.stderr)


@contextmanager
def _on_server(programs: Path) -> Iterator[str]:
    with postgres.serving(programs, durable=True) as server:
        server.run(f"ALTER SYSTEM SET shared_buffers = '{MEMORY}'")
        server.stop("fast")
        server.start()
        yield server.url(server.create())


if __name__ == "__main__":
    sys.exit(main())
