"""``python -m benchmarks.schedule``: a run that finds nothing new, with more and more stored."""

from __future__ import annotations

import argparse
import sys
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from benchmarks.crawl.runs import serving
from benchmarks.documents import table
from benchmarks.machine import describe
from benchmarks.schedule import runs
from benchmarks.schedule.filling import fill
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from benchmarks.processes import Cost
    from benchmarks.schedule.runs import Asked

PACKAGES: Final = ("scrapy", "sqlalchemy", "psycopg")
SIZES: Final = (1_000, 100_000, 1_000_000)
ON_THE_SITE: Final = 100
"""Articles of the invented newspaper; the others are made of them."""
TEMPLATE: Final = "english-next"


@dataclass(frozen=True, slots=True)
class Measured:
    """Runs of the command and of the empty crawl, by turns, with so many articles stored."""

    articles: int
    asked: Asked
    written: int
    """Rows that a run wrote."""
    ours: list[Cost]
    empty: list[Cost]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.schedule", description=__doc__)
    add_arguments(parser)
    given = parser.parse_args(arguments)
    print(f"{describe(*PACKAGES)}\n")
    print(measure(given.stored, given.runs))
    return 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a command the options of this measurement."""
    parser.add_argument(
        "--stored", type=int, nargs="+", default=list(SIZES), help="articles (1k, 100k, 1M)"
    )
    parser.add_argument("--runs", type=int, default=11, help="of each side at each size (11)")


def measure(sizes: list[int], rounds: int) -> str:
    """Return the table of all sizes on both databases."""
    found = []
    with TemporaryDirectory() as name, serving(ON_THE_SITE, TEMPLATE) as site:
        for database, opened in _databases(Path(name)):
            with opened as url:
                measured = growing(site.url, url, sizes, rounds)
                found += [row(database, of_size) for of_size in measured]
    header = ["database", "articles", "requests", "of them 304", "rows written"]
    return table([*header, "seconds", "ratio", "CPU seconds", "ratio", "MiB", "ratio"], found)


def growing(site: str, database: str, sizes: Sequence[int], rounds: int) -> Iterator[Measured]:
    """Let the newspaper at *site* be crawled into *database*, fill it to each size and measure."""
    runs.scheduled(site, database)
    for articles in sorted(sizes):
        fill(database, articles)
        runs.scheduled(site, database)  # the first one after filling warms the files
        before = runs.rows(database)
        ours, empty = [], []
        for _ in range(rounds):
            ours.append(runs.scheduled(site, database))
            empty.append(runs.empty())
        a_run = written(before, runs.rows(database), rounds)
        yield Measured(articles, runs.last_run(database), a_run, ours, empty)


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
        yield server.url(server.create())


def written(
    before: dict[str, tuple[int, ...]], after: dict[str, tuple[int, ...]], rounds: int
) -> int:
    """Return how many rows a run wrote: in ``crawls``.

    Raises RuntimeError where any other table is not as it was.
    """
    changed = sorted(name for name in before if before[name] != after[name])
    if changed != ["crawls"]:
        raise RuntimeError(f"the runs wrote into {', '.join(changed)}")
    return (after["crawls"][0] - before["crawls"][0]) // rounds


def row(database: str, measured: Measured) -> list[str]:
    """Return the cells of a measured size: medians, and the medians of the rounds' ratios."""
    asked = measured.asked
    cells = [database, f"{measured.articles:,}", f"{asked.requests}", f"{asked.not_modified}"]
    cells.append(f"{measured.written}")
    for of, form in (
        (lambda cost: cost.seconds, ".2f"),
        (lambda cost: cost.cpu, ".2f"),
        (lambda cost: cost.memory / 2**20, ".0f"),
    ):
        pairs = zip(measured.ours, measured.empty, strict=True)
        ratio = median(of(ours) / of(empty) for ours, empty in pairs)
        cells += [f"{median(map(of, measured.ours)):{form}}", f"{ratio:.2f}"]
    return cells


if __name__ == "__main__":
    sys.exit(main())
