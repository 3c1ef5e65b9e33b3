"""Who may read a SQLite file and not write it gets whole answers, or is told why not."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from hanicrawler.storage import DatabaseError, database_url, open_read_only, totals
from hanicrawler.storage.engine import reading

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX")

NOBODY = 65534
ADD = "INSERT INTO authors (name, language) VALUES (?, 'en')"
FOLD = "PRAGMA wal_checkpoint(TRUNCATE)"
"""Write into the file itself what stands beside it."""


@pytest.fixture
def file(migrated_file: Path) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="hanicrawler-"))
    file = folder / "hani.db"
    shutil.copy(migrated_file, file)
    yield file
    shutil.rmtree(folder)


@contextmanager
def looking_on(file: Path) -> Iterator[None]:
    """Take the right to write the file and its folder from this process."""
    file.chmod(0o444)
    file.parent.chmod(0o555)
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        file.parent.chmod(0o755)
        file.chmod(0o644)


@pytest.fixture
def engine(file: Path) -> Iterator[sa.Engine]:
    with looking_on(file):
        engine = open_read_only(database_url(str(file)))
    yield engine
    engine.dispose()


def add(writing: sqlite3.Connection, name: str) -> None:
    writing.execute(ADD, (name,))
    writing.commit()


def test_each_question_sees_what_was_written_before_it(engine: sa.Engine, file: Path) -> None:
    def authors() -> int:
        with looking_on(file):
            return totals(engine).authors

    assert authors() == 0
    with closing(sqlite3.connect(file)) as writing:
        add(writing, "A")
        assert authors() == 1
        writing.execute(FOLD)
        assert authors() == 1
        add(writing, "B")
    assert authors() == 2
    assert [each.name for each in file.parent.iterdir()] == ["hani.db"]


def test_a_crawl_that_begins_meanwhile_does_not_change_the_answer(
    engine: sa.Engine, file: Path
) -> None:
    count = sa.text("SELECT count(*) FROM authors")
    with closing(sqlite3.connect(file)) as writing:
        with looking_on(file):
            question = reading(engine)
            connection = question.__enter__()
        add(writing, "A")
        assert connection.scalar(count) == 0
        question.__exit__(None, None, None)


@pytest.mark.parametrize("fails", [False, True], ids=["read", "unreadable"])
def test_an_answer_during_which_the_file_changed_is_refused(
    engine: sa.Engine, file: Path, fails: bool
) -> None:
    with closing(sqlite3.connect(file)) as writing:
        with looking_on(file):
            question = reading(engine)
            connection = question.__enter__()
        add(writing, "A")
        writing.execute(FOLD)
        connection.scalar(sa.text("SELECT count(*) FROM authors"))
        error = sa.exc.DatabaseError("", {}, sqlite3.DatabaseError("malformed"))
        given = (type(error), error, None) if fails else (None, None, None)
        with pytest.raises(DatabaseError, match="a crawl wrote into it while it was read") as told:
            question.__exit__(*given)
    assert "\n" not in str(told.value)


def test_who_may_write_takes_part_in_the_locking(file: Path) -> None:
    reader = open_read_only(database_url(str(file)))
    with reading(reader) as connection:
        assert connection.info == {}
    reader.dispose()
