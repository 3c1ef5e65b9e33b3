"""A PostgreSQL that nobody else uses, started for tests and benchmarks, and gone with them."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

from tests.ports import unused_port

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMBERS = count(1)
_SHAPE = """
    SELECT relname, relkind::text, attname, atttypid, attnotnull, pg_get_viewdef(pg_class.oid)
    FROM pg_class
    JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT version_num, '', '', 0, false, '' FROM alembic_version
    ORDER BY 1, 2, 3
"""
_END_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_EMPTY = """
    DO $$ BEGIN
        EXECUTE (
            SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' RESTART IDENTITY'
            FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        );
        DELETE FROM pg_statistic USING pg_class
        WHERE starelid = pg_class.oid AND relnamespace = 'public'::regnamespace;
    END $$
"""


@dataclass(frozen=True)
class PostgresServer:
    """A server that nobody else uses, durable in nothing unless told to."""

    programs: Path
    folder: Path
    port: int
    durable: bool = False

    def start(self) -> None:
        settings = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        if not self.durable:
            # Nor does anything happen in it that no test has asked for.
            settings += " -c fsync=off -c full_page_writes=off -c autovacuum=off"
        self.control("pg_ctl", "-w", "-l", str(self.folder / "log"), "-o", settings, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: ``fast`` ends its sessions in order, ``immediate`` is a crash."""
        self.control("pg_ctl", "-w", "-m", mode, "stop")

    def control(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-D", str(self.folder / "data"), *arguments]
        environment = {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        subprocess.run(
            command,
            check=True,
            cwd=self.folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            **_as_postgres(self.folder),
        )

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str) -> None:
        """Run *statement* outside any transaction, in the database ``postgres``."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def create(self, template: str = "template1") -> str:
        """Make a database and return its name."""
        name = f"test_{next(_NUMBERS)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            # Without fsync, a copy of the files takes a quarter of the time of one through the log.
            strategy = " STRATEGY file_copy" if connection.info.server_version >= 150000 else ""
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}".encode())
        return name

    def shape(self, name: str) -> Any:
        """Return what tells whether the tables of a database are as they were."""
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            return connection.execute(_SHAPE).fetchall()

    def empty(self, name: str, shape: Any) -> bool:
        """Leave nothing in the tables of a database, and nothing known of what they held.

        A fraction of the time that another database would take.  Return whether the tables are
        of *shape*; else nothing was done.
        """
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            try:
                if connection.execute(_SHAPE).fetchall() != shape:
                    return False
            except psycopg.Error:
                return False
            connection.execute(_EMPTY)
            return True

    def drop(self, name: str) -> None:
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def programs() -> Path | None:
    """Return the folder of the server's programs, None where there are none."""
    found = shutil.which("pg_ctl")
    folders = [Path(found).parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


@contextmanager
def serving(found: Path, *, durable: bool = False) -> Iterator[PostgresServer]:
    """Give a running server of the programs *found*."""
    # Not in pytest's own folder: each run of pytest closes that to other users again.
    folder = Path(tempfile.mkdtemp(prefix="hanicrawler-postgres-"))
    server = PostgresServer(found, folder, unused_port(), durable)
    try:
        how = ("-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        server.control("initdb", *how)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _as_postgres(folder: Path) -> dict[str, Any]:
    """Return how to run the programs: they refuse root, so root hands *folder* to postgres."""
    if os.getuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
