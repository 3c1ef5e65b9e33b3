"""Who crawls into a database: one run at a time, or several that share one crawl.

Nothing has to be cleared away after a run that was killed: the system drops the lock of a file
with the process, and the server drops an advisory lock with its connection.
"""

from __future__ import annotations

import errno
import json
import os
import socket
from abc import ABC, abstractmethod
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from hanicrawler.storage.engine import check_folder, server_engine
from hanicrawler.storage.errors import (
    DatabaseError,
    DatabaseFull,
    RunLocked,
    explain,
    unreachable,
)
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from filelock import FileLock

Work = Literal["crawl", "replay"]
"""What a run does: ``replay`` is a reparse or an import, and may go beside a crawl."""

RUNS_TURN: Final = 0x72756E73
"""Key of PostgreSQL's advisory lock that a crawl holds from its start to its end."""
_KEYS: Final[dict[Work, int]] = {"crawl": RUNS_TURN, "replay": 0x72706C79}
_NAMES: Final[dict[Work, str]] = {"crawl": "run", "replay": "reparse or import"}

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_KEEPALIVE: Final = {"idle": 30, "interval": 10, "count": 3}
"""Seconds without a word before either side asks whether the other is there, between two such
questions, and questions without an answer after which it is not: a minute in all."""


class RunLock(ABC):
    """Held by whoever crawls into a database, from before it is opened to the run's very end."""

    @classmethod
    def take(cls, url: sa.URL, *, shared: bool = False, work: Work = "crawl") -> RunLock:
        """Return the lock of *url*'s database, held.

        One run holds it alone; *shared* ones hold it together, and no other beside them.  On
        SQLite it keeps out this machine's runs, on PostgreSQL every machine's.  Raises RunLocked
        at once where another run is at this *work*, else DatabaseError: also for a shared one on
        SQLite.
        """
        if url.get_backend_name() == "sqlite":
            if shared:
                raise DatabaseError(
                    f"{describe(url)}: a crawl that several share needs PostgreSQL:"
                    " name a database there, or leave HANICRAWLER_SHARED off"
                )
            return _OnFile(url, work)
        return _OnServer(url, work, shared=shared)

    @abstractmethod
    def renew(self) -> None:
        """Take it again where the server has lost it, in a restart or with the connection.

        Costs one short question where it is held.  Raises RunLocked where another run has it
        now, DatabaseError where the server is not there.
        """

    @abstractmethod
    def release(self) -> None:
        """Let the next run in.  Raises nothing, and does nothing the second time."""


class _OnFile(RunLock):
    """A lock of the system on a file beside the SQLite file, which is left there, empty.

    It holds who has the lock, for the message only.  Links are followed first, so that two
    names of one database are one lock.
    """

    def __init__(self, url: sa.URL, work: Work) -> None:
        # Imported late: readers have no use for it.
        from filelock import FileLock, Timeout

        check_folder(url)
        database = Path(url.database or "").resolve()
        self._path = lock_file(database, work)
        self._lock: FileLock = FileLock(
            self._path,
            **_mode_of(database),
            thread_local=False,  # one thread takes it, another may release it
            fallback_to_soft=False,  # that one would outlive a run that was killed
            preserve_lock_file=True,
            on_acquired=_sign,
        )
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise RunLocked(_refusal(describe(url), work, *self._holder())) from None
        except OSError as error:
            kind = DatabaseFull if error.errno in _NO_ROOM else DatabaseError
            raise kind(
                f"{self._path}: cannot be locked: {error.strerror}:"
                " check the rights of the file and its folder"
            ) from error

    def renew(self) -> None:
        """Do nothing: the system keeps it as long as the process lives."""

    def release(self) -> None:
        if self._lock.is_locked:
            with suppress(OSError):
                os.truncate(self._path, 0)
            self._lock.release(force=True)

    def _holder(self) -> tuple[str | None, str | None]:
        """Return who holds the lock and since when, as far as the file says."""
        try:
            said = json.loads(self._path.read_text("utf-8"))
            return f"process {int(said['pid'])} on {said['host']}", str(said["since"])
        except (OSError, ValueError, TypeError, KeyError):
            return None, None


class _OnServer(RunLock):
    """An advisory lock of PostgreSQL, on a connection that does nothing else.

    Runs see each other through it whichever machine they are on, as long as the server, and no
    pooler that gives connections to others between transactions, is what the URL names.
    """

    def __init__(self, url: sa.URL, work: Work, *, shared: bool) -> None:
        self._work = work
        self._where = describe(url)
        self._shared = shared
        self._guard = Lock()
        name = f"hanicrawler {work}, pid {os.getpid()}, host {socket.gethostname()}"
        self._engine = server_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            # A name is cut to 63 bytes of ASCII there.
            connect_args={"application_name": name, **_keepalives("keepalives_")},
        )
        self._session: sa.Connection | None = None
        try:
            self._take()
        except DatabaseError:
            self.release()
            raise

    def renew(self) -> None:
        with self._guard:
            if self._session is not None:
                try:
                    self._session.scalar(sa.text("SELECT 1"))
                except sa.exc.SQLAlchemyError as error:
                    if not unreachable(error):
                        raise explain(error, self._where) from error
                    self._drop()
                else:
                    return
            self._take()

    def release(self) -> None:
        with self._guard:
            if self._session is not None:
                # The server hears of a connection's end a moment later: too late for the next run.
                with suppress(sa.exc.SQLAlchemyError):
                    self._session.execute(sa.select(sa.func.pg_advisory_unlock_all()))
            self._drop()
            self._engine.dispose()

    def _take(self) -> None:
        try:
            self._session = session = self._engine.connect()
            _keep_open(session)
            if not session.scalar(_try_to_take(self._work, shared=self._shared)):
                refusal = _refusal(self._where, self._work, *holder_on(session, self._work))
                self._drop()
                raise RunLocked(refusal)
        except sa.exc.SQLAlchemyError as error:
            self._drop()
            raise explain(error, self._where) from error

    def _drop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(sa.exc.SQLAlchemyError):
                session.close()


def lock_file(database: Path, work: Work = "crawl") -> Path:
    """Return the file whose lock a run holds that does *work* in the SQLite file *database*.

    Links are followed first.
    """
    real = database.resolve()
    return real.with_name(f"{real.name}.{'' if work == 'crawl' else f'{work}.'}lock")


def _mode_of(database: Path) -> dict[str, Any]:
    """Return the mode of the lock's file: whoever may write the database may take its lock."""
    try:
        return {"mode": database.stat().st_mode & 0o666 | 0o600}
    except OSError:
        return {}  # no database yet: both get what the umask leaves


def _sign(descriptor: int) -> None:
    """Write down who holds the lock.  Nothing depends on it, so a full disk does not matter."""
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": _moment(datetime.now(UTC)),
    }
    line = json.dumps(holder).encode() + b"\n"
    with suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, line)
        os.ftruncate(descriptor, len(line))


def _refusal(where: str, work: Work, holder: str | None, since: str | None) -> str:
    by = f" by {holder}" if holder else ""
    started = f" since {since}" if since else ""
    return f"another {_NAMES[work]} is at work in {where}{started}{by}: let it end, or end it"


def _try_to_take(work: Work, *, shared: bool) -> sa.Select[tuple[bool]]:
    functions = sa.func.pg_try_advisory_lock_shared if shared else sa.func.pg_try_advisory_lock
    return sa.select(functions(_KEYS[work]))


def holder_on(session: sa.Connection, work: Work = "crawl") -> tuple[str | None, str | None]:
    """Return who holds the lock and since when; others' times are hidden from some users."""
    found = session.execute(
        sa.text(
            "SELECT activity.application_name, activity.backend_start"
            " FROM pg_locks JOIN pg_stat_activity AS activity ON activity.pid = pg_locks.pid"
            " WHERE pg_locks.locktype = 'advisory' AND pg_locks.granted"
            " AND pg_locks.database ="
            " (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND pg_locks.classid = 0 AND pg_locks.objid = :key AND pg_locks.objsubid = 1"
            " ORDER BY activity.backend_start LIMIT 1"
        ),
        {"key": _KEYS[work]},
    ).first()
    if found is None:
        return None, None
    return found[0] or None, _moment(found[1]) if found[1] else None


def _keepalives(prefix: str) -> dict[str, int]:
    return {f"{prefix}{name}": value for name, value in _KEEPALIVE.items()}


def _keep_open(session: sa.Connection) -> None:
    """Let the server notice a machine that has vanished, and mind no silence otherwise."""
    own = {"idle_session_timeout": 0, **_keepalives("tcp_keepalives_")}
    session.execute(
        sa.text(
            "SELECT set_config(name, value, false) FROM unnest(:names, :values) AS own(name, value)"
        ).bindparams(
            sa.bindparam("names", list(own), sa.ARRAY(sa.Text)),
            sa.bindparam("values", [str(value) for value in own.values()], sa.ARRAY(sa.Text)),
        )
    )


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
