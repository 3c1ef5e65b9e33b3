"""What can go wrong with a database, each in one line: what, where, what to do."""

from __future__ import annotations

import sqlite3
from typing import Final

import sqlalchemy as sa


class DatabaseError(Exception):
    """The database cannot be used as asked; nothing of the work at hand was stored.

    The message is one line for a person, passwords masked.
    """


class DatabaseUnreachable(DatabaseError):
    """No such file or server, or the server does not let us in."""


class DatabaseLocked(DatabaseError):
    """Another process kept it locked for longer than we wait."""


class RunLocked(DatabaseError):
    """Another run crawls into it; the message says who and since when, where that is known."""


class DatabaseFull(DatabaseError):
    """No room on the disk, or the database may not grow."""


class DatabaseTooOld(DatabaseError):
    """Its tables are older than this code, or there are none; a reader does not change that."""


class DatabaseTooNew(DatabaseError):
    """Its tables were made by a newer hanicrawler."""


_SQLITE: Final[dict[str, tuple[type[DatabaseError], str]]] = {
    "SQLITE_BUSY": (DatabaseLocked, "locked by another process: wait for it, or end it"),
    "SQLITE_LOCKED": (DatabaseLocked, "locked by another process: wait for it, or end it"),
    "SQLITE_FULL": (DatabaseFull, "the disk is full: make room and run again"),
    "SQLITE_NOTADB": (DatabaseError, "the file is not a SQLite database: name another file"),
    "SQLITE_CORRUPT": (DatabaseError, "the file is damaged: restore it from a backup"),
    "SQLITE_READONLY": (DatabaseError, "not writable: check the rights of the file and its folder"),
    "SQLITE_PERM": (DatabaseError, "not permitted: check the rights of the file and its folder"),
    "SQLITE_CANTOPEN": (
        DatabaseUnreachable,
        "cannot be opened: check that the file exists and the rights of its folder",
    ),
    "SQLITE_IOERR": (DatabaseError, "the disk failed to read or write: check it"),
}
_POSTGRES: Final[dict[str, tuple[type[DatabaseError], str]]] = {
    "55P03": (DatabaseLocked, "locked by another process: wait for it, or end it"),
    "53100": (DatabaseFull, "the server's disk is full: make room and run again"),
    "53200": (DatabaseFull, "the server is out of memory"),
    "53300": (DatabaseUnreachable, "the server takes no more connections: run again later"),
    "28P01": (DatabaseUnreachable, "the server refuses the password: check user and password"),
    "28000": (DatabaseUnreachable, "the server does not let the user in: check pg_hba.conf"),
    "3D000": (DatabaseUnreachable, "no such database: make it with createdb"),
    "42501": (DatabaseError, "the user may not do this: grant it the rights on the schema"),
    "25006": (DatabaseError, "read-only: name a server that takes writes"),
}
_TRANSIENT: Final = frozenset({"40001", "40P01", "57P01", "57P02", "57P03"})
"""SQLSTATEs after which the same work may succeed: serialisation, deadlock, server restarting."""
_REFUSING_CLASSES: Final = frozenset({"22", "23", "54"})
"""SQLSTATE classes that blame the values: data, integrity, a limit of an index."""


def explain(error: BaseException, where: str) -> DatabaseError:
    """Return *error* as one line about the database that *where* describes."""
    if isinstance(error, DatabaseError):
        return error
    cause = _driver_error(error)
    if isinstance(cause, sqlite3.Error):
        known = _SQLITE.get(_sqlite_name(cause))
    else:
        known = _POSTGRES.get(sqlstate(error) or "")
    if known:
        kind, advice = known
        return kind(f"{where}: {advice}")
    if unreachable(error):
        return DatabaseUnreachable(
            f"{where}: cannot be reached: {one_line(cause)}; check that the server runs"
        )
    return DatabaseError(f"{where}: {one_line(cause)}")


def refused(error: BaseException) -> bool:
    """Tell whether *error* blames the values that were to be stored, and not the database."""
    cause = _driver_error(error)
    if isinstance(cause, (ValueError, OverflowError, TypeError)):  # UnicodeError is a ValueError
        return True
    if isinstance(cause, (sqlite3.InterfaceError, sqlite3.ProgrammingError)):
        return True  # a value of a type that cannot be bound
    if isinstance(cause, sqlite3.Error):
        return isinstance(cause, (sqlite3.IntegrityError, sqlite3.DataError))
    if isinstance(error, sa.exc.DBAPIError):
        state = sqlstate(error)
        if state is None:  # psycopg refused the value before the server saw it
            return isinstance(error, (sa.exc.DataError, sa.exc.ProgrammingError))
        return state[:2] in _REFUSING_CLASSES
    return False


def transient(error: BaseException) -> bool:
    """Tell whether the same work may succeed on a new connection to the server."""
    if isinstance(error, DatabaseError):
        return isinstance(error, DatabaseUnreachable)
    return sqlstate(error) in _TRANSIENT or unreachable(error)


def unreachable(error: BaseException) -> bool:
    """Tell whether *error* is a connection to a server that was lost or never made."""
    if not isinstance(error, sa.exc.DBAPIError) or isinstance(error.orig, sqlite3.Error):
        return False
    lost = isinstance(error, sa.exc.OperationalError) and sqlstate(error) is None
    return error.connection_invalidated or lost


def no_such_table(error: sa.exc.DBAPIError) -> bool:
    """Tell whether *error* says that a table is missing."""
    if isinstance(error.orig, sqlite3.Error):
        return "no such table" in str(error.orig)
    return sqlstate(error) == "42P01"


def sqlstate(error: BaseException) -> str | None:
    """Return PostgreSQL's code of *error*, None where the server gave none."""
    state = getattr(_driver_error(error), "sqlstate", None)
    return state if isinstance(state, str) else None


def one_line(error: BaseException) -> str:
    """Return the first line of *error*'s message, cut where it is very long.

    PostgreSQL's further lines quote the values, which may be a whole article.
    """
    lines = str(error).strip().splitlines()
    return lines[0][:300] if lines else type(error).__name__


def _driver_error(error: BaseException) -> BaseException:
    """Return what the driver or a column type raised, inside SQLAlchemy's wrapping.

    A full disk makes SQLite roll back by itself; giving the savepoint back then fails too,
    and that second error hides the first.
    """
    cause = error.orig if isinstance(error, sa.exc.StatementError) and error.orig else error
    if isinstance(cause, sqlite3.OperationalError) and "no such savepoint" in str(cause):
        earlier = error.__context__
        while earlier is not None:
            if isinstance(earlier, sa.exc.DBAPIError):
                return _driver_error(earlier)
            earlier = earlier.__context__
    return cause


def _sqlite_name(error: sqlite3.Error) -> str:
    """Return the primary code's name: ``SQLITE_BUSY`` for ``SQLITE_BUSY_SNAPSHOT`` too."""
    name = getattr(error, "sqlite_errorname", "")
    return "_".join(name.split("_")[:2])
