"""What the commands cost as processes: pages a second with one and with two, and memory."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.archives.making import make
from benchmarks.documents import table
from benchmarks.processes import cost_of, plain_environment
from hanicrawler.storage import database_url, open_database
from tests import postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.processes import Cost

    Fresh = Callable[[], str]

TEMPLATE: Final = "english-next"
FILES: Final = 8
"""Over which the pages are spread: one process takes a file at a time."""
SLICE: Final = 2_000
"""Pages of a file where memory is measured: some thirty megabytes each."""


class Turn(NamedTuple):
    """A command once with one process and once with two."""

    one: Cost
    two: Cost


def speed(pages: int, rounds: int) -> str:
    """Return the table of pages a second with one process and with two, by turns."""
    rows = []
    with TemporaryDirectory() as name:
        folder = Path(name)
        archive = spread(folder / "archive", pages, FILES)
        for database, opened in (("SQLite", _files(folder)), ("PostgreSQL", _server())):
            with opened as fresh:
                if fresh is None:
                    continue
                for words, turns in _turns(folder, archive, fresh, rounds).items():
                    rows.append([words, database, f"{pages:,}", *_figures(turns, pages)])
    header = ["command", "database", "pages", "one process", "two", "ratio", "CPU ms a page"]
    return table(header, rows)


def memory(sizes: Sequence[int]) -> str:
    """Return the table of the most an import held, by its number of pages."""
    rows: list[list[str]] = []
    least = 0
    for pages in sizes:
        with TemporaryDirectory() as name:
            folder = Path(name)
            archive = spread(folder / "archive", pages, -(-pages // SLICE))
            size = sum(file.stat().st_size for file in archive)
            cost = run(folder, _fresh_file(folder), ["import", *_names(archive)], 2)
            least = least or cost.memory
            rows.append(
                [
                    f"{pages:,}",
                    f"{size / 2**20:,.0f}",
                    f"{cost.memory / 2**20:.0f}",
                    f"{cost.memory / least:.2f}",
                    f"{pages / cost.seconds:.0f}/s",
                ]
            )
    header = ["pages", "archive, MiB", "peak memory, MiB", "ratio", "speed"]
    return table(header, rows)


def spread(folder: Path, pages: int, files: int) -> list[Path]:
    """Write *pages* different pages into so many *files* of about the same size."""
    folder.mkdir()
    ends = [pages * number // files for number in range(files + 1)]
    return [make(folder, end - begin, TEMPLATE, first=begin).file for begin, end in pairwise(ends)]


def run(folder: Path, database: str, arguments: Sequence[str], processes: int) -> Cost:
    """Run ``hanicrawler`` with *arguments*; return what it cost.

    Its memory is that of the biggest of its processes.
    """
    command = [str(Path(sys.executable).with_name("hanicrawler")), arguments[0], "--quiet"]
    environment = plain_environment(
        HANICRAWLER_DATABASE=database, HANICRAWLER_ARCHIVE=str(folder / "archive")
    )
    return cost_of([*command, f"--processes={processes}", *arguments[1:]], folder, environment)


def _turns(
    folder: Path, archive: Sequence[Path], fresh: Fresh, rounds: int
) -> dict[str, list[Turn]]:
    """Return what each command cost, of each round."""
    commands = {
        "import into an empty database": ["import", *_names(archive)],
        "import of the same again": ["import", *_names(archive)],
        "reparse --dry-run": ["reparse", "--dry-run"],
    }
    found: dict[str, list[Turn]] = {words: [] for words in commands}
    for number in range(rounds):
        costs: dict[int, list[Cost]] = {}
        # Whoever comes second may find the machine warmer, or busier.
        for processes in (1, 2) if number % 2 else (2, 1):
            database = fresh()
            costs[processes] = [
                run(folder, database, arguments, processes) for arguments in commands.values()
            ]
        for words, one, two in zip(commands, costs[1], costs[2], strict=True):
            found[words].append(Turn(one, two))
    return found


def _figures(turns: Sequence[Turn], pages: int) -> list[str]:
    return [
        f"{pages / median(turn.one.seconds for turn in turns):.0f}/s",
        f"{pages / median(turn.two.seconds for turn in turns):.0f}/s",
        f"{median(turn.one.seconds / turn.two.seconds for turn in turns):.2f}",
        f"{median(turn.one.cpu for turn in turns) / pages * 1000:.2f}",
    ]


def _names(files: Sequence[Path]) -> list[str]:
    return [str(file) for file in files]


def _fresh_file(folder: Path) -> str:
    """Return the URL of a new SQLite database with its tables."""
    number = sum(1 for _ in folder.glob("*.db"))
    url = f"sqlite:///{folder}/{number}.db"
    open_database(database_url(url)).dispose()
    return url


@contextmanager
def _files(folder: Path) -> Iterator[Fresh | None]:
    yield lambda: _fresh_file(folder)


@contextmanager
def _server() -> Iterator[Fresh | None]:
    """Give what makes a new database of a server; None where there is no PostgreSQL."""
    programs = postgres.programs()
    if programs is None:
        yield None
        return
    with postgres.serving(programs, durable=True) as server:

        def fresh() -> str:
            url = server.url(server.create())
            open_database(database_url(url)).dispose()
            return url

        yield fresh
