"""A monitor's user, who may read the database and write neither it nor its folder."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hanicrawler.storage import database_url, open_database
from tests.cli.conftest import Ran, Record
from tests.storage.conftest import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Look = Callable[..., Ran]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="rights are those of POSIX"),
]

NOBODY = 65534
# A first time with all rights, on another file: whoever the user is, all modules are loaded then.
AS_NOBODY = f"""
import os, sys
from click.testing import CliRunner
from hanicrawler.cli import main
CliRunner().invoke(main, [*sys.argv[2:], "--database", sys.argv[1] + ".warm"])
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
main([*sys.argv[2:], "--database", sys.argv[1]])
"""
SHOWS = f"""
import os, sqlite3, sys
from contextlib import ExitStack
from hanicrawler import open_archive
from hanicrawler.cli.serve import readable_file
def show(database):
    with ExitStack() as stack:
        file = readable_file(stack.enter_context(open_archive(database)), stack)
        connection = sqlite3.connect(file.as_uri() + "?mode=ro", uri=True)
        names = connection.execute("SELECT count(*) FROM authors").fetchone()[0]
        connection.close()
        return file, names
access, os.access = os.access, lambda *_: False  # so that a copy's modules are loaded too
show(sys.argv[1] + ".warm")
os.access = access
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid({NOBODY})
    os.setuid({NOBODY})
os.chdir("/")
file, names = show(sys.argv[1])
print(file == type(file)(sys.argv[1]), names, file.exists() and str(file) != sys.argv[1])
"""
ADD = "INSERT INTO authors (name, language) VALUES ('A', 'en')"


@pytest.fixture
def owned(migrated: Path) -> Iterator[Path]:
    """A database with a run and an article, in a folder that anybody may enter."""
    folder = Path(tempfile.mkdtemp(prefix="hanicrawler-"))
    file = folder / "hani.db"
    shutil.copy(migrated, file)
    shutil.copy(migrated, f"{file}.warm")
    engine = open_database(database_url(str(file)))
    record = Record(engine)
    record.run(timedelta(minutes=1))
    record.writer.write([make(1)])
    engine.dispose()
    assert {each.name for each in folder.iterdir()} == {"hani.db", "hani.db.warm"}
    yield file
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def look(owned: Path) -> Look:
    """Run ``hanicrawler`` on the file as a user who may read."""

    def of(*arguments: str, file: int = 0o444, folder: int = 0o555) -> Ran:
        for each in owned.parent.glob("hani.db*"):
            if not each.name.endswith(".warm"):
                each.chmod(file)
        owned.parent.chmod(folder)
        done = subprocess.run(
            [sys.executable, "-c", AS_NOBODY, str(owned), *arguments],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    return of


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (("status", "--check"), "HANICRAWLER OK - last healthy run ended"),
        (("status",), "last healthy run ended"),
        (("coverage", "--since", "2026-02-27", "--until", "2026-02-27"), "2026-02-27 e_northkorea"),
        (("problems",), "No open problem"),
    ],
    ids=["check", "status", "coverage", "problems"],
)
def test_the_commands_read_what_they_may_not_write(
    look: Look, owned: Path, arguments: tuple[str, ...], shown: str
) -> None:
    found = look(*arguments)

    assert (found.status, found.err) == (0, "")
    assert shown in found.out
    assert {each.name for each in owned.parent.glob("hani.db*")} <= {
        "hani.db", "hani.db.warm", "hani.db.warm-wal", "hani.db.warm-shm",
    }  # fmt: skip


def test_they_read_along_while_a_crawl_writes_and_after_it_was_killed(
    look: Look, owned: Path
) -> None:
    with closing(sqlite3.connect(owned)) as writing:
        writing.execute(ADD)
        writing.commit()
        assert look("status", "--json").json["totals"]["authors"] == 3
        names = [f"{owned}{suffix}" for suffix in ("", "-wal", "-shm")]
        killed = {name: Path(name).read_bytes() for name in names}
    owned.parent.chmod(0o755)
    for name, content in killed.items():
        Path(name).unlink(missing_ok=True)
        Path(name).write_bytes(content)

    assert look("status", "--json").json["totals"]["authors"] == 3


@pytest.mark.parametrize(
    ("file", "folder", "words"),
    [
        (0o000, 0o555, "this user may not read it"),
        (0o444, 0o000, "this user may not enter the folder"),
    ],
    ids=["file", "folder"],
)
def test_what_may_not_be_read_is_said_in_one_line_with_what_to_do(
    look: Look, owned: Path, file: int, folder: int, words: str
) -> None:
    for arguments in (("status", "--check"), ("problems",)):
        found = look(*arguments, file=file, folder=folder)

        (line,) = (found.out + found.err).splitlines()
        assert words in line
        assert "run it as the file's owner" in line
        owned.parent.chmod(0o755)


def test_where_a_writer_left_what_only_a_writer_can_read_it_says_so(
    look: Look, owned: Path
) -> None:
    owned.with_name("hani.db-wal").write_bytes(b"left by a crawl, without its other half")

    found = look("status", "--check")

    assert (found.status, found.err) == (2, "")
    assert found.out.startswith(f"HANICRAWLER CRITICAL - {owned}: a crawl is writing or was killed")
    assert f"the right to write in the folder {owned.parent}" in found.out


def test_the_pages_are_those_of_a_copy_that_is_taken_away_again(owned: Path) -> None:
    """Whether or not a crawl is at work; who may write beside the file is shown the file."""

    def shown() -> str:
        command = [sys.executable, "-c", SHOWS, str(owned)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return (done.stdout or done.stderr).strip()

    owned.chmod(0o444)
    owned.parent.chmod(0o555)
    assert shown() == "False 2 False"
    with closing(sqlite3.connect(owned)) as writing:
        writing.execute(ADD)
        writing.commit()
        for each in owned.parent.glob("hani.db-*"):
            each.chmod(0o444)
        assert shown() == "False 3 False"
    for each in owned.parent.glob("hani.db*"):
        each.chmod(0o666)
    owned.parent.chmod(0o777)
    assert shown() == "True 3 False"
