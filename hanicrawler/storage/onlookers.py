"""Readers of a SQLite file who may write neither it nor its folder: a monitor's user.

In WAL mode a reader writes too: it makes the ``-shm`` file where there is none.  While a crawl
writes, and after one was killed, ``-wal`` and ``-shm`` are there, as readable as the file
itself, and who may not write reads along.  When the last writer has left properly they are gone
and the file alone is whole: then it is opened as one that does not change (``immutable``), which
takes no lock.  Should a crawl begin meanwhile, it writes beside the file first; only when it
writes into the file itself could an answer be half old and half new.  So an onlooker opens the
file anew for each question and looks afterwards whether it is still the same: an answer during
which it changed is refused.
"""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

from hanicrawler.storage.errors import DatabaseError, DatabaseUnreachable

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.pool import ConnectionPoolEntry

_KEY: Final = "hanicrawler_unchanged"
_TRIES: Final = 3
"""A writer that comes or goes between two looks at its files is gone or there at the next."""
_REFUSED: Final = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A file that was opened as one that does not change, and how it looked then."""

    file: Path
    looks: tuple[int, ...]

    @classmethod
    def of(cls, file: Path) -> Unchanged:
        """Return how *file* looks.  Raises OSError."""
        return cls(file, _looks(file))

    def check(self) -> None:
        """Raise DatabaseError where the file looks otherwise by now."""
        try:
            same = _looks(self.file) == self.looks
        except OSError:
            same = False
        if not same:
            raise DatabaseError(
                f"{self.file}: a crawl wrote into it while it was read, and this user may not"
                " take part in the locking: run it again"
            )


def open_reading(
    _dialect: sa.Dialect, record: ConnectionPoolEntry, arguments: list[Any], options: dict[str, Any]
) -> sqlite3.Connection:
    """Open the file that *arguments* name as a URI with ``mode=ro`` (an event's listener).

    Raises DatabaseError where the user may not read it, and sqlite3.Error as SQLite does.
    """
    uri = arguments[0]
    file = Path(url2pathname(urlsplit(uri).path))
    for _ in range(_TRIES):
        try:
            return _connect(uri, options)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _REFUSED or not file.is_file():
                raise
        if not os.access(file, os.R_OK):
            raise DatabaseUnreachable(
                f"{file}: this user may not read it: run it as the file's owner, or give the user"
                " the right to read the file"
            )
        seen = Unchanged.of(file)
        if not _has_content(file.with_name(f"{file.name}-wal")):
            connection = _connect(f"{uri}&immutable=1", options)
            record.info[_KEY] = seen
            return connection
    raise DatabaseError(
        f"{file}: a crawl is writing or was killed, and this user may not read along: run it as"
        f" the file's owner, or give the user the right to write in the folder {file.parent}"
    )


def unchanged(connection: sa.Connection) -> Unchanged | None:
    """Return what *connection* relies on, None for one that takes part in the locking."""
    found = connection.info.get(_KEY)
    return found if isinstance(found, Unchanged) else None


def _connect(uri: str, options: dict[str, Any]) -> sqlite3.Connection:
    connection: sqlite3.Connection = sqlite3.connect(uri, **options)
    try:
        connection.execute("PRAGMA schema_version").fetchone()  # nothing is opened before
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _looks(file: Path) -> tuple[int, ...]:
    found = file.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _has_content(file: Path) -> bool:
    """Tell whether *file* holds something, or is not to be looked at."""
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError:
        return True
