"""Opening a database, and what is said where that fails."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.storage import (
    DatabaseError,
    DatabaseFull,
    DatabaseLocked,
    DatabaseTooNew,
    DatabaseTooOld,
    DatabaseUnreachable,
    Writer,
    current,
    database_url,
    describe,
    downgrade,
    head,
    open_database,
    open_read_only,
    totals,
)
from hanicrawler.storage.engine import WRITERS_TURN, writer_engine

if TYPE_CHECKING:
    from collections.abc import Callable


def failure(kind: type[DatabaseError], work: Callable[[], object]) -> str:
    """Return the message *work* fails with, which must be one line."""
    with pytest.raises(DatabaseError) as caught:
        work()
    assert type(caught.value) is kind, caught.value
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_fresh_database_gets_its_tables(database: str) -> None:
    url = database_url(database)

    open_database(url).dispose()

    assert current(url) == head()
    engine = open_read_only(url)
    assert totals(engine).articles == {}
    engine.dispose()


def test_opening_a_database_that_is_as_it_should_be_does_not_import_alembic(
    stored_at: sa.URL,
) -> None:
    code = (
        "import sys; from hanicrawler import storage;"
        "url = storage.database_url(sys.argv[1]);"
        "storage.open_database(url).dispose(); storage.open_read_only(url).dispose();"
        "sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(stored_at)], check=True)


@pytest.mark.slow
def test_two_starts_at_once_on_a_fresh_database_both_succeed(database: str) -> None:
    code = (
        "import sys; from hanicrawler import storage;"
        "sys.stdin.readline();"
        "storage.open_database(storage.database_url(sys.argv[1])).dispose()"
    )
    starts = [
        subprocess.Popen([sys.executable, "-c", code, database], stdin=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("go\n")
        start.stdin.flush()
    for start in starts:
        start.communicate()

    assert [start.returncode for start in starts] == [0, 0, 0]
    assert current(database_url(database)) == head()


@pytest.mark.slow
def test_many_connections_at_once_set_a_fresh_file_up(tmp_path: Path) -> None:
    """SQLite itself does not always wait where several switch to WAL at once."""
    failed: list[BaseException] = []

    def connect(url: sa.URL, together: threading.Barrier) -> None:
        engine = writer_engine(url)
        together.wait()
        try:
            with engine.begin():
                pass
        except sa.exc.SQLAlchemyError as error:
            failed.append(error)
        engine.dispose()

    for number in range(100):
        url, together = database_url(str(tmp_path / f"{number}.db")), threading.Barrier(4)
        threads = [threading.Thread(target=connect, args=(url, together)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not failed


def test_a_reader_changes_nothing(stored_at: sa.URL) -> None:
    engine = open_read_only(stored_at)
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError, match=r"read-?only"):
        connection.execute(sa.text("DELETE FROM pages"))
    with pytest.raises(DatabaseError):
        Writer(engine, None).write([_fetch()])
    engine.dispose()


@pytest.mark.parametrize(
    ("options", "cost"), [({}, "1.1"), ({"options": "-c random_page_cost=2.5"}, "2.5")]
)
@pytest.mark.parametrize("stored_at", ["postgresql"], indirect=True)
def test_a_reader_reckons_with_memory_unless_the_server_was_told_otherwise(
    stored_at: sa.URL, options: dict[str, str], cost: str
) -> None:
    engine = open_read_only(stored_at.update_query_dict(options))
    for _ in range(2):
        with engine.connect() as connection:
            assert connection.scalar(sa.text("SHOW random_page_cost")) == cost
    engine.dispose()


def test_people_read_while_a_crawl_writes(stored_at: sa.URL) -> None:
    writing, reader = open_database(stored_at), open_read_only(stored_at)
    with writing.begin() as connection:
        connection.execute(sa.text("INSERT INTO authors (name, language) VALUES ('A', 'en')"))
        assert totals(reader).authors == 0
    assert totals(reader).authors == 1
    writing.dispose()
    reader.dispose()


def test_commits_are_on_the_disk_and_references_hold(sqlite_url: str) -> None:
    engine = open_database(database_url(sqlite_url))
    with engine.connect() as connection:
        found = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert found == ["wal", 2, 1, 30_000]


def test_a_database_of_a_newer_hanicrawler_is_left_alone(stored_at: sa.URL) -> None:
    _set_version(stored_at, "9999")

    for opening in (open_database, open_read_only):
        message = failure(DatabaseTooNew, partial(opening, stored_at))
        assert message == (
            f"{describe(stored_at)}: its tables are newer than this hanicrawler"
            f" (9999, here {head()}): upgrade hanicrawler"
        )
    failure(DatabaseTooNew, lambda: downgrade(stored_at, "base"))


def test_a_reader_does_not_migrate(stored_at: sa.URL) -> None:
    downgrade(stored_at, "0002")
    assert "hanicrawler db upgrade" in failure(DatabaseTooOld, lambda: open_read_only(stored_at))

    open_database(stored_at).dispose()

    assert current(stored_at) == head()


def test_a_reader_of_a_database_without_our_tables_is_told_so(database: str) -> None:
    url = database_url(database)
    if url.get_backend_name() == "sqlite":
        failure(DatabaseUnreachable, lambda: open_read_only(url))
        failure(DatabaseUnreachable, lambda: current(url))
        sqlite3.connect(url.database or "").close()
        Path(url.database or "").touch()
    assert "run a crawl" in failure(DatabaseTooOld, lambda: open_read_only(url))
    assert current(url) is None


def test_tables_of_another_program_are_left_alone(database: str) -> None:
    url = database_url(database)
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE articles (id INTEGER PRIMARY KEY, words TEXT)"))

    assert "a table articles" in failure(DatabaseError, lambda: open_database(url))

    assert sa.inspect(engine).get_table_names() == ["articles"]
    engine.dispose()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    url = database_url(str(tmp_path / "no" / "hani.db"))

    assert str(tmp_path / "no") in failure(DatabaseUnreachable, lambda: open_database(url))


def test_a_folder_that_takes_no_file_is_named() -> None:
    url = database_url("/proc/hani.db")  # not even root may write there

    assert "/proc/hani.db: " in failure(DatabaseUnreachable, lambda: open_database(url))


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    failure(DatabaseUnreachable, lambda: open_database(database_url(str(tmp_path))))


@pytest.mark.parametrize("opening", [open_database, open_read_only])
def test_a_file_that_is_no_database_is_left_alone(
    tmp_path: Path, opening: Callable[[sa.URL], sa.Engine]
) -> None:
    file = tmp_path / "notes.db"
    file.write_text("These are notes.\n" * 100)

    message = failure(DatabaseError, lambda: opening(database_url(str(file))))

    assert message.startswith(f"{file}: the file is not a SQLite database")
    assert file.read_text() == "These are notes.\n" * 100


def test_a_path_may_have_any_character(tmp_path: Path) -> None:
    folder = tmp_path / "50% off? #1 한겨레"
    folder.mkdir()
    url = database_url(str(folder / "hani.db"))

    open_database(url).dispose()
    engine = open_read_only(url)

    assert describe(engine.url) == str(folder / "hani.db")
    engine.dispose()
    assert {file.name.partition("-")[0] for file in folder.iterdir()} == {"hani.db"}


def test_an_unreachable_server_is_named_without_its_password() -> None:
    url = database_url("postgresql://hani:geheim@127.0.0.1:1/news")

    message = failure(DatabaseUnreachable, lambda: open_database(url))

    assert message.startswith("postgresql://hani:***@127.0.0.1:1/news: cannot be reached")


def test_a_missing_database_is_named(postgres_server: Any) -> None:
    url = database_url(postgres_server.url("nowhere"))

    failure(DatabaseUnreachable, lambda: open_database(url))


def test_a_database_that_cannot_hold_korean_is_refused(postgres_server: Any) -> None:
    postgres_server.run("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    url = database_url(postgres_server.url("latin"))

    assert "LATIN1" in failure(DatabaseError, lambda: open_database(url))
    postgres_server.drop("latin")


def test_a_locked_database_is_said_to_be_locked(stored_at: sa.URL) -> None:
    impatient = stored_at.update_query_dict(
        {"timeout": "0.2"}
        if stored_at.get_backend_name() == "sqlite"
        else {"options": "-c lock_timeout=200"}
    )
    other, engine = open_database(stored_at), open_database(impatient)
    writer = Writer(engine, None)
    with other.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({WRITERS_TURN})"))
        failure(DatabaseLocked, lambda: writer.write([_fetch()]))
    assert writer.write([_fetch()]) == ["stored"]
    other.dispose()
    engine.dispose()


def test_a_full_disk_leaves_what_was(migrated_file: Path, tmp_path: Path, article: Any) -> None:
    file = tmp_path / "full.db"
    shutil.copy(migrated_file, file)
    engine = open_database(database_url(str(file)))
    writer = Writer(engine, None)
    writer.write([article(1)])
    pages = _pragma(engine, "page_count")

    @sa.event.listens_for(engine, "begin")
    def no_room(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")

    batch = [article(n, body=f"{n} " * 5000) for n in range(2, 30)]
    message = failure(DatabaseFull, lambda: writer.write(batch))
    assert message == f"{file}: the disk is full: make room and run again"
    assert totals(engine).articles == {"en": 1}

    sa.event.remove(engine, "begin", no_room)
    engine.dispose()
    assert set(writer.write(batch)) == {"new"}
    assert totals(engine).articles == {"en": 29}
    assert _pragma(engine, "integrity_check") == "ok"
    engine.dispose()


def _pragma(engine: sa.Engine, name: str) -> Any:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def _set_version(url: sa.URL, version: str) -> None:
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE alembic_version SET version_num = :version"), {"version": version}
        )
    engine.dispose()


def _fetch() -> Any:
    from datetime import UTC, datetime

    from hanicrawler.items import Fetch

    at = datetime(2026, 3, 1, tzinfo=UTC)
    return Fetch(url="https://english.hani.co.kr/", kind="front", fetched_at=at, status=200)
