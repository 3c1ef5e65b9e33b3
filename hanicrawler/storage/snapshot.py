"""A snapshot: a SQLite file of its own, with the tables, views and search of any database.

All of a SQLite file is copied by SQLite itself (``VACUUM INTO``).  What comes from PostgreSQL,
or is only some articles, goes row by row into a file that migrations have just made, in the
words in which SQLite stores it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.coverage import coverage_in
from hanicrawler.storage.engine import reader_engine, reading
from hanicrawler.storage.errors import explain
from hanicrawler.storage.migrate import upgrade
from hanicrawler.storage.onlookers import unchanged
from hanicrawler.storage.schema import Base
from hanicrawler.storage.search_tables import FILL_SEARCH
from hanicrawler.storage.snapshot_rows import every_row, rows_of
from hanicrawler.storage.streams import ALL, choose, one_view
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hanicrawler.storage.coverage import Coverage
    from hanicrawler.storage.filters import Filters

    Progress = Callable[[int, int], None]

_LOADING: Final = {"journal_mode": "OFF", "synchronous": "OFF", "cache_size": -64_000}
"""A file that is not finished is thrown away: nothing of it need outlive a crash."""
_STEPS: Final = 200_000
"""Of SQLite's machine between two looks at the file: some hundredths of a second."""
_WRITING: Final = frozenset({"SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What was written."""

    rows: dict[str, int]
    """Table to the number of its rows."""
    coverage: Coverage
    """Of the days, sections and editions that were asked for, as the snapshot's view saw them."""


def write_snapshot(
    engine: sa.Engine,
    file: Path,
    filters: Filters = ALL,
    *,
    words: str | None = None,
    progress: Progress | None = None,
) -> Snapshot:
    """Write what *engine* holds into the SQLite *file*, which is empty or does not exist.

    All tables where nothing is filtered.  Else the articles that *filters* ask for and a search
    for *words* finds, and what belongs to them: revisions, bylines and their authors, pictures,
    related stories, their pages and captures, their places in rankings.  *progress* is told how
    much is done of how much, in a unit of its own.

    The file is whole when this returns, and is not yet forced to the disk.  Raises BadSearch and
    DatabaseError, then it is not whole.
    """
    tell = progress or (lambda _done, _total: None)
    if filters or words is not None:
        with choose(engine, filters, words=words) as chosen:
            coverage = chosen.coverage()
            _write_rows(file, lambda target: rows_of(chosen, target, tell))
    elif engine.dialect.name == "sqlite":
        _copy(engine, file, tell)
        coverage = _coverage_of(file)
    else:
        with one_view(engine) as source:
            coverage = coverage_in(source)
            _write_rows(file, lambda target: every_row(source, target, tell))
    return Snapshot(rows=_finish(file), coverage=coverage)


def _copy(engine: sa.Engine, file: Path, tell: Progress) -> None:
    """Have SQLite copy its database into *file*, in one view of it."""
    source = describe(engine.url)
    try:
        with engine.connect() as connection:
            relied_on = unchanged(connection)
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            pages, free, size = [
                raw.execute(f"PRAGMA {name}").fetchone()[0]
                for name in ("page_count", "freelist_count", "page_size")
            ]
            total = (pages - free) * size
            look = lambda: tell(min(file.stat().st_size, total), total)  # noqa: E731
            with _looking_up(raw, look):
                raw.execute("VACUUM INTO ?", (str(file.absolute()),))
            tell(total, total)
            if relied_on:
                relied_on.check()
    except sqlite3.Error as error:
        raise explain(error, str(file) if _is_writing(error) else source) from error
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, source) from error


def _write_rows(file: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Make the tables in *file* and have *fill* fill them."""
    url = sa.URL.create("sqlite", database=str(file.absolute()))
    upgrade(url)
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as target:
            target.execute("PRAGMA journal_mode = DELETE")  # a snapshot is one file
            for name, value in _LOADING.items():
                target.execute(f"PRAGMA {name} = {value}")
            target.execute("BEGIN")
            triggers, indexes = _put_off(target, "trigger"), _put_off(target, "index")
            fill(target)
            with _looking_up(target, lambda: None):
                for statement in (*indexes, FILL_SEARCH, *triggers, "COMMIT"):
                    target.execute(statement)
    except sqlite3.Error as error:
        raise explain(error, str(file)) from error


def _put_off(target: sqlite3.Connection, kind: str) -> list[str]:
    """Drop what is of *kind*; return what makes it again, quicker than row by row."""
    found = target.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY rowid",
        (kind,),
    ).fetchall()
    for name, _ in found:
        target.execute(f'DROP {kind} "{name}"')
    return [sql for _, sql in found]


def _finish(file: Path) -> dict[str, int]:
    """Let SQLite learn what *file* holds; return how many rows each table has."""
    try:
        with closing(sqlite3.connect(file, isolation_level=None)) as target:
            for name, value in _LOADING.items():
                target.execute(f"PRAGMA {name} = {value}")
            with _looking_up(target, lambda: None):
                target.execute("PRAGMA analysis_limit = 1000")
                target.execute("ANALYZE")
                return {
                    table: target.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 (names of ours)
                    for table in Base.metadata.tables
                }
    except sqlite3.Error as error:
        raise explain(error, str(file)) from error


def _coverage_of(file: Path) -> Coverage:
    engine = reader_engine(sa.URL.create("sqlite", database=str(file)))
    try:
        with reading(engine) as connection:
            return coverage_in(connection)
    finally:
        engine.dispose()


@contextmanager
def _looking_up(connection: sqlite3.Connection, look: Callable[[], None]) -> Iterator[None]:
    """Call *look* now and then during a long statement, and let Ctrl-C end it.

    The driver swallows what is raised meanwhile and says that it was interrupted.
    """

    def step() -> int:
        look()
        return 0

    connection.set_progress_handler(step, _STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from error
        raise
    finally:
        connection.set_progress_handler(None, 0)


def _is_writing(error: sqlite3.Error) -> bool:
    name = getattr(error, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2]) in _WRITING
