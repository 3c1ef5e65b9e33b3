"""One run at a time: who is kept out, who is named, what a killed run leaves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from hanicrawler.storage import (
    DatabaseError,
    DatabaseUnreachable,
    RunLock,
    RunLocked,
    database_url,
)
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import sqlalchemy as sa

HOLDER = (
    "import sys, time\n"
    "from hanicrawler.storage import RunLock, database_url\n"
    "lock = RunLock.take(database_url(sys.argv[1]))\n"
    "print('held', flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def url(database: str) -> sa.URL:
    """A database that is not there yet (SQLite) or has nothing in it (PostgreSQL)."""
    return database_url(database)


@pytest.fixture
def on_server(postgres_server: Any) -> Iterator[sa.URL]:
    name = postgres_server.create()
    yield database_url(postgres_server.url(name))
    postgres_server.drop(name)


def free_at_last(url: sa.URL) -> RunLock:
    """Take the lock as soon as the server has noticed that its holder has gone."""
    deadline = time.monotonic() + HANGS
    while True:
        try:
            return RunLock.take(url)
        except RunLocked:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def end_sessions(url: sa.URL) -> None:
    """End every connection that holds or waits for an advisory lock, as an operator might."""
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory'"
        )


def test_a_second_run_is_refused_in_one_line_that_names_the_first(url: sa.URL) -> None:
    lock = RunLock.take(url)
    try:
        with pytest.raises(RunLocked) as caught:
            RunLock.take(url)
    finally:
        lock.release()

    assert re.fullmatch(
        rf"another run is at work in [^\n]+ since \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d UTC"
        rf" by [^\n]*\b{os.getpid()}\b[^\n]*: let it end, or end it",
        str(caught.value),
    )


def test_a_released_lock_is_free_and_released_twice_does_no_harm(url: sa.URL) -> None:
    first = RunLock.take(url)
    first.release()
    second = RunLock.take(url)
    first.release()

    with pytest.raises(RunLocked):
        RunLock.take(url)
    second.release()
    RunLock.take(url).release()


def test_the_lock_of_a_killed_run_needs_no_hands(url: sa.URL) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url.render_as_string(hide_password=False)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    with pytest.raises(RunLocked, match=rf"\b{process.pid}\b"):
        RunLock.take(url)

    process.kill()
    process.wait()
    process.stdout.close()

    free_at_last(url).release()


def test_two_names_of_one_file_are_one_lock(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to("data")
    (tmp_path / "hani.db").symlink_to("data/real.db")
    names = [tmp_path / "data/real.db", tmp_path / "link/real.db", tmp_path / "hani.db"]
    names.append(tmp_path / "data/../link/real.db")

    lock = RunLock.take(database_url(str(names[0])))
    for name in names[1:]:
        with pytest.raises(RunLocked):
            RunLock.take(database_url(str(name)))
    RunLock.take(database_url(str(tmp_path / "other.db"))).release()
    lock.release()

    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["real.db.lock"]


def test_the_lock_makes_no_database_and_leaves_an_empty_file(sqlite_url: str) -> None:
    url = database_url(sqlite_url)
    lock = RunLock.take(url)
    lock.renew()
    lock.release()

    from pathlib import Path

    folder = Path(str(url.database)).parent
    assert [(path.name, path.stat().st_size) for path in folder.iterdir()] == [("hani.db.lock", 0)]


def test_whoever_may_write_the_database_may_take_its_lock(tmp_path: Path) -> None:
    file = tmp_path / "hani.db"
    file.touch()
    file.chmod(0o664)

    RunLock.take(database_url(str(file))).release()

    assert (tmp_path / "hani.db.lock").stat().st_mode & 0o777 == 0o664


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match="no folder") as caught:
        RunLock.take(database_url(str(tmp_path / "nowhere" / "hani.db")))

    assert "\n" not in str(caught.value)


def test_a_lock_file_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "hani.db.lock").mkdir()

    with pytest.raises(DatabaseError, match=r"hani\.db\.lock: cannot be locked") as caught:
        RunLock.take(database_url(str(tmp_path / "hani.db")))

    assert not isinstance(caught.value, RunLocked)
    assert "\n" not in str(caught.value)


def test_a_shared_crawl_needs_postgresql(sqlite_url: str, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="needs PostgreSQL"):
        RunLock.take(database_url(sqlite_url), shared=True)

    assert list(tmp_path.iterdir()) == []


def test_shared_runs_hold_it_together_and_keep_others_out(on_server: sa.URL) -> None:
    first, second = (RunLock.take(on_server, shared=True) for _ in range(2))
    with pytest.raises(RunLocked):
        RunLock.take(on_server)
    first.release()
    with pytest.raises(RunLocked):
        RunLock.take(on_server)
    second.release()

    alone = free_at_last(on_server)
    with pytest.raises(RunLocked):
        RunLock.take(on_server, shared=True)
    alone.release()


def test_another_database_of_the_server_is_another_lock(
    on_server: sa.URL, postgres_server: Any
) -> None:
    lock = RunLock.take(on_server)
    name = postgres_server.create()
    other = database_url(postgres_server.url(name))

    RunLock.take(other).release()

    lock.release()
    postgres_server.drop(name)


def test_a_server_that_is_not_there_is_one_line() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed: the extra postgres")

    with pytest.raises(DatabaseUnreachable) as caught:
        RunLock.take(database_url("postgresql://u:secret@127.0.0.1:1/hani"))

    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_lock_that_was_lost_is_taken_again(on_server: sa.URL) -> None:
    lock = RunLock.take(on_server)
    end_sessions(on_server)

    lock.renew()

    with pytest.raises(RunLocked):
        RunLock.take(on_server)
    lock.release()


def test_a_lock_that_was_lost_and_taken_by_another_run_is_refused(on_server: sa.URL) -> None:
    lock = RunLock.take(on_server)
    end_sessions(on_server)
    other = free_at_last(on_server)

    for _ in range(2):
        with pytest.raises(RunLocked, match="another run"):
            lock.renew()

    lock.release()
    other.release()


def test_a_lock_that_is_held_is_renewed_on_the_same_connection(on_server: sa.URL) -> None:
    lock = RunLock.take(on_server)
    plain = on_server.set(drivername="postgresql").render_as_string(hide_password=False)
    query = "SELECT pid FROM pg_locks WHERE locktype = 'advisory'"
    with psycopg.connect(plain) as connection:
        before = connection.execute(query).fetchall()
        threads = [threading.Thread(target=lock.renew) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert connection.execute(query).fetchall() == before
        assert len(before) == 1
    lock.release()


def test_the_connection_is_idle_and_asks_whether_the_other_side_is_there(
    on_server: sa.URL,
) -> None:
    lock = RunLock.take(on_server)
    plain = on_server.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        found = connection.execute(
            "SELECT state, application_name FROM pg_stat_activity"
            " WHERE application_name LIKE 'hanicrawler%'"
        ).fetchall()
    settings = lock._session.exec_driver_sql(  # type: ignore[attr-defined]
        "SELECT current_setting('tcp_keepalives_idle'), current_setting('tcp_keepalives_count'),"
        " current_setting('idle_session_timeout')"
    ).one()
    lock.release()

    assert len(found) == 1
    assert found[0][0] == "idle"
    assert found[0][1].startswith(f"hanicrawler crawl, pid {os.getpid()}, host ")
    assert tuple(settings) == ("30", "3", "0")
