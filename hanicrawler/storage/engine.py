"""Connections: how SQLite and PostgreSQL are opened for writing and for reading."""

from __future__ import annotations

import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool

from hanicrawler.storage.errors import DatabaseError, DatabaseUnreachable, explain
from hanicrawler.storage.onlookers import open_reading, unchanged
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK_SECONDS: Final = 30.0
"""How long to wait for another process: it holds the lock for one batch, or for a migration."""

WRITERS_TURN: Final = 0x68616E69
"""Key of PostgreSQL's advisory lock: who writes articles or migrates holds it to the commit."""

CONNECT_SECONDS: Final = 10
"""How long to wait for a server to answer, where the URL does not say."""

_READING: Final = "hanicrawler_reading"

_TURN: Final = sa.select(sa.func.pg_advisory_xact_lock(WRITERS_TURN))
_TURN_BY_KEYS: Final = _TURN.add_columns(sa.func.set_config("enable_seqscan", "off", sa.true()))


def writer_engine(url: sa.URL, **options: Any) -> sa.Engine:
    """Return an engine for *url* whose transactions take the write lock when they begin.

    Nothing is opened yet.  Raises DatabaseError where the driver cannot be loaded.
    """
    if url.get_backend_name() == "sqlite":
        engine = sa.create_engine(_patient(url), **options)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = server_engine(url, **options)
    event.listen(engine, "connect", _send_arrays_binary)
    event.listen(engine, "begin", _bound_waiting)
    return engine


def reader_engine(url: sa.URL) -> sa.Engine:
    """Return an engine for *url* that cannot change it and waits for no writer.

    Its user need not be allowed to write the file or the folder; see ``storage/onlookers.py``.
    """
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "").absolute().as_uri()  # a path may have "?" or "%" in it
        query = {**_patient(url).query, "mode": "ro", "uri": "true"}
        # Opened anew for each question: whether the reader may take part in the locking, and
        # whether a crawl is at work, may be otherwise at the next.
        engine = sa.create_engine(url.set(database=file, query=query), poolclass=NullPool)
        event.listen(engine, "do_connect", open_reading)
        event.listen(engine, "connect", _without_implicit_begin)
        event.listen(engine, "begin", _begin_sqlite_reading)
        return engine
    engine = server_engine(url, execution_options={"postgresql_readonly": True})
    event.listen(engine, "connect", _expect_memory)
    return engine


def migration_engine(url: sa.URL) -> sa.Engine:
    """Return an engine for changing the tables of *url*.

    SQLite changes a table by copying it.  With foreign keys on, dropping the old copy deletes
    every row that refers to it; and without the legacy way of renaming, a view that names the
    table makes the renaming fail.  Neither can be switched inside a transaction.
    """
    engine = writer_engine(url, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _allow_copying)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection in a transaction that takes no write lock, whatever *engine* is for.

    Raises DatabaseError.
    """
    try:
        with engine.connect().execution_options(**{_READING: True}) as connection:
            relied_on = unchanged(connection)
            try:
                yield connection
            finally:
                if relied_on:
                    relied_on.check()
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error


def server_engine(url: sa.URL, **options: Any) -> sa.Engine:
    """Return an engine for the PostgreSQL database *url*; *options* are create_engine's.

    Nothing is opened yet.  Raises DatabaseError where the driver cannot be loaded.
    """
    if "connect_timeout" not in url.query:
        chosen = {"connect_timeout": CONNECT_SECONDS, **options.get("connect_args", {})}
        options["connect_args"] = chosen
    try:
        return sa.create_engine(url, pool_pre_ping="poolclass" not in options, **options)
    except ImportError as error:
        raise DatabaseError(
            f"{describe(url)}: the driver for PostgreSQL does not load:"
            " pip install 'hanicrawler[postgres]'"
        ) from error


def take_turn(connection: sa.Connection, *, by_keys: bool = False) -> None:
    """Wait until no other writer is at work; the turn ends with the transaction.

    On SQLite, BEGIN IMMEDIATE has done so already.  *by_keys*, whoever takes it reads no table
    whole.  PostgreSQL would, while a table is small, and keep to that plan while the table grows.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN_BY_KEYS if by_keys else _TURN)


def was_committed(connection: sa.Connection, number: str) -> bool:
    """Tell whether the transaction *number* of PostgreSQL has taken effect.

    To be asked with the turn taken: a writer's transaction has ended by then.
    """
    asked = sa.text("SELECT pg_xact_status(CAST(:number AS xid8)) = 'committed'")
    return bool(connection.scalar(asked, {"number": number}))


def check_folder(url: sa.URL) -> None:
    """Raise DatabaseUnreachable where a SQLite file's folder does not exist."""
    if url.get_backend_name() != "sqlite":
        return
    folder = Path(url.database or "").absolute().parent
    if not folder.is_dir():
        raise DatabaseUnreachable(f"{describe(url)}: no folder {folder}: make it with mkdir -p")


def check_file(url: sa.URL) -> None:
    """Raise DatabaseUnreachable where a SQLite file does not exist, or may not be looked at."""
    if url.get_backend_name() != "sqlite":
        return
    file = Path(url.database or "").absolute()
    try:
        mode = file.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        raise DatabaseUnreachable(f"{describe(url)}: no such file: run a crawl first") from None
    except PermissionError as error:
        raise DatabaseUnreachable(
            f"{describe(url)}: this user may not enter the folder {file.parent}: run it as the"
            " file's owner, or give the user the right to read there"
        ) from error
    except OSError as error:
        raise DatabaseUnreachable(f"{describe(url)}: {error.strerror}: check the path") from error
    if S_ISDIR(mode):
        raise DatabaseUnreachable(f"{describe(url)}: is a folder: name the file in it")


def _patient(url: sa.URL) -> sa.URL:
    return url if "timeout" in url.query else url.update_query_dict({"timeout": str(LOCK_SECONDS)})


def _without_implicit_begin(connection: sqlite3.Connection, _record: object) -> None:
    # The driver would begin a transaction only at the first write: what was read before it
    # could be overwritten by another process in between, without an error.
    connection.isolation_level = None


def _set_up_sqlite(connection: sqlite3.Connection, record: object) -> None:
    _without_implicit_begin(connection, record)
    _use_wal(connection)
    # FULL: a commit is on the disk when it returns.  With NORMAL a power cut may undo the last
    # commits, and what was counted as stored would be gone; in batches FULL costs little.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _use_wal(connection: sqlite3.Connection) -> None:
    """Let people read while we write; the file remembers it.

    SQLite does not wait by itself for the lock that this change needs.
    """
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _allow_copying(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA legacy_alter_table = ON")


def _begin_sqlite(connection: sa.Connection) -> None:
    reads = connection.get_execution_options().get(_READING)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _begin_sqlite_reading(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _expect_memory(connection: Any, _record: object) -> None:
    """Let PostgreSQL reckon with memory and SSDs, where its own figure for old disks stands.

    By that it would rather read a whole table than look up what belongs to a month's articles.
    """
    connection.execute(
        "SELECT set_config('random_page_cost', '1.1', false)"
        " WHERE current_setting('random_page_cost') = '4'"
    )
    connection.commit()


def _send_arrays_binary(connection: Any, _record: object) -> None:
    """Send lists as they are: as text each word in them is looked through for what to escape."""
    from psycopg.types.array import ListBinaryDumper  # only where there is a server

    connection.adapters.register_dumper(list, ListBinaryDumper)


def _bound_waiting(connection: sa.Connection) -> None:
    """Bound the wait for a lock, where the server or the URL has set no bound."""
    connection.exec_driver_sql(
        f"SELECT set_config('lock_timeout', '{LOCK_SECONDS:g}s', true)"
        " WHERE current_setting('lock_timeout') = '0'"
    )
