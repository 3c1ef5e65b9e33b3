"""Bringing a database's tables to the form this code expects.

A start that finds them so asks one question and does not import Alembic.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import (
    check_file,
    check_folder,
    migration_engine,
    reader_engine,
    reading,
    take_turn,
    writer_engine,
)
from hanicrawler.storage.errors import (
    DatabaseError,
    DatabaseTooNew,
    DatabaseTooOld,
    explain,
    no_such_table,
)
from hanicrawler.storage.schema import Base
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alembic.config import Config

HEAD: Final = "0008"
"""The newest revision of ``migrations/versions``; a test compares the two."""

_VERSION: Final = sa.text("SELECT version_num FROM alembic_version")


def open_database(url: sa.URL) -> sa.Engine:
    """Return an engine for writing to *url*, its tables as this code expects them.

    A SQLite file that does not exist is made; missing and older tables are migrated, one
    process at a time.  Raises DatabaseError.
    """
    check_folder(url)
    engine = writer_engine(url)
    try:
        if _version(engine) != HEAD:
            engine.dispose()
            upgrade(url)
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def open_read_only(url: sa.URL) -> sa.Engine:
    """Return an engine that reads *url* and cannot change it.

    Raises DatabaseError, also where its tables are missing, older or newer than this code.
    """
    where = describe(url)
    check_file(url)
    engine = reader_engine(url)
    try:
        version = _version(engine)
        if version is None:
            raise DatabaseTooOld(f"{where}: has no tables of hanicrawler: run a crawl first")
        if version != HEAD:
            _refuse_newer(version, where)
            raise DatabaseTooOld(
                f"{where}: its tables are older than this hanicrawler ({version}, not {HEAD}):"
                " run hanicrawler db upgrade"
            )
    except DatabaseError:
        engine.dispose()
        raise
    return engine


def head() -> str:
    """Return the revision this code expects."""
    return HEAD


def current(url: sa.URL) -> str | None:
    """Return the revision *url* is at, None where it has no tables of ours.

    Raises DatabaseError, also for a SQLite file that does not exist.
    """
    check_file(url)
    engine = reader_engine(url)
    try:
        return _version(engine)
    finally:
        engine.dispose()


def is_there(url: sa.URL) -> bool:
    """Tell whether *url* has tables of ours, of whichever revision; nothing is made.

    Raises DatabaseError, also where a SQLite file's folder does not exist.
    """
    check_folder(url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return False
    return current(url) is not None


def upgrade(url: sa.URL, revision: str = "head") -> None:
    """Migrate *url* up to *revision*, in one transaction; a fresh database too.

    Does nothing where it is there already.  Raises DatabaseError.
    """
    from alembic import command

    _migrate(url, revision, command.upgrade)


def downgrade(url: sa.URL, revision: str) -> None:
    """Migrate *url* down to *revision*; ``base`` leaves no table of ours.  Raises DatabaseError."""
    from alembic import command

    _migrate(url, revision, command.downgrade)


@contextmanager
def migrating(url: sa.URL) -> Iterator[sa.Connection]:
    """Give a connection in a transaction that may change tables; commit at the end.

    Only one process has one at a time, and no writer is at work.  Raises DatabaseError.
    """
    check_folder(url)
    engine = migration_engine(url)
    try:
        with engine.begin() as connection:
            take_turn(connection)
            yield connection
            _check_references(connection)
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(url)) from error
    finally:
        engine.dispose()


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Return Alembic's settings for *connection*; None leaves the choice to ``env.py``."""
    from alembic.config import Config

    config = Config()
    # A "%" would be read as the start of an interpolation.
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


def _migrate(url: sa.URL, revision: str, command: Callable[[Config, str], None]) -> None:
    from alembic.util import CommandError

    where = describe(url)
    with migrating(url) as connection:
        version = _read_version(connection)
        if version is None:
            _refuse_strange(connection, where)
        elif version != HEAD:
            _refuse_newer(version, where)
        try:
            command(alembic_config(connection), revision)
        except CommandError as error:
            raise DatabaseError(f"{where}: {' '.join(str(error).split())}") from error


def _version(engine: sa.Engine) -> str | None:
    with reading(engine) as connection:
        return _read_version(connection)


def _read_version(connection: sa.Connection) -> str | None:
    """Return the revision of the connected database, None where it has none.

    Inside a savepoint: PostgreSQL takes nothing more in a transaction after an error.
    """
    try:
        with connection.begin_nested():
            found: str | None = connection.scalar(_VERSION)
            return found
    except sa.exc.DBAPIError as error:
        if no_such_table(error):
            return None
        raise


def _refuse_newer(version: str, where: str) -> None:
    """Raise DatabaseTooNew where *version* is no revision this code knows."""
    from alembic.script import ScriptDirectory

    known = {
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    }
    if version not in known:
        raise DatabaseTooNew(
            f"{where}: its tables are newer than this hanicrawler ({version}, here {HEAD}):"
            " upgrade hanicrawler"
        )


def _refuse_strange(connection: sa.Connection, where: str) -> None:
    """Raise DatabaseError where a fresh start would meet tables of another program."""
    taken = sorted(set(sa.inspect(connection).get_table_names()) & set(Base.metadata.tables))
    if taken:
        raise DatabaseError(
            f"{where}: has a table {taken[0]} that hanicrawler did not make: name another database"
        )
    if connection.dialect.name == "postgresql":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
        if encoding != "UTF8":
            raise DatabaseError(
                f"{where}: its encoding is {encoding}, which cannot hold Korean:"
                " make one with createdb -E UTF8 -T template0"
            )


def _check_references(connection: sa.Connection) -> None:
    """Raise DatabaseError where a migration of SQLite left a row that refers to nothing."""
    if connection.dialect.name != "sqlite":
        return
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise DatabaseError(
            f"{describe(connection.engine.url)}: a row of {broken[0]} refers to a row of"
            f" {broken[2]} that is not there: nothing was changed; report this"
        )


def _scripts() -> Path:
    """Return the folder of the migrations: inside an installed package, or in a checkout."""
    package = Path(__file__).parent.parent
    installed = package / "migrations"
    return installed if installed.is_dir() else package.parent / "migrations"
