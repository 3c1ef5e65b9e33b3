"""SQL by hand: in the database's own shell, which cannot change it."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hanicrawler.storage import Writer, database_url, open_database
from hanicrawler.storage.shells import password_of, readable_name
from tests.storage.conftest import make

if TYPE_CHECKING:
    from tests.cli.conftest import Run

COMMAND = [sys.executable, "-c", "from hanicrawler.cli import main; main()", "db", "shell"]
PROGRAMS = {"sqlite": "sqlite3", "postgresql": "psql"}

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database with one article; the whole module only reads it."""
    if shutil.which(PROGRAMS[request.param]) is None:
        pytest.skip(f"{PROGRAMS[request.param]} is not installed")
    if request.param == "sqlite":
        # A name that a URI would read otherwise.
        made = str(tmp_path_factory.mktemp("shell") / "100% hani?.db")
    else:
        server = request.getfixturevalue("postgres_server")
        made = server.url(server.create())
    engine = open_database(database_url(made))
    Writer(engine, None).write([make(7, headline='He said: "no", 판문점')])
    engine.dispose()
    yield made
    if request.param == "postgresql":
        server.drop(made.rpartition("/")[2])


@pytest.fixture
def shell(url: str, tmp_path: Path) -> Shell:
    """Run ``hanicrawler db shell`` as a process of its own."""

    def of(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "HANICRAWLER_DATABASE": url, "HOME": str(tmp_path)}
        return subprocess.run(
            [*COMMAND, *arguments],
            input=given, env=environment, text=True, capture_output=True, check=False,
        )  # fmt: skip

    return of


@pytest.mark.slow
def test_what_is_piped_is_csv_the_same_from_either_database(shell: Shell) -> None:
    sql = "-- which are there?\nSELECT source_id AS number, headline, deck FROM articles"
    row = ["7", 'He said: "no", 판문점', "Both sides speak of progress"]

    for answered in (shell("-c", sql), shell(given=f"{sql};\n")):
        assert (answered.returncode, answered.stderr) == (0, "")
        assert "\r" not in answered.stdout
        assert list(csv.reader(answered.stdout.splitlines())) == [
            ["number", "headline", "deck"],
            row,
        ]


@pytest.mark.slow
def test_nothing_can_be_changed_and_wrong_sql_is_no_success(shell: Shell) -> None:
    for refused in (shell("-c", "DELETE FROM articles"), shell(given="SELECT nothing; SELECT 1;")):
        assert refused.returncode != 0
        assert refused.stdout == ""
        assert refused.stderr
    assert shell("-c", "SELECT count(*) AS n FROM articles").stdout == "n\n1\n"


@pytest.mark.slow
def test_options_of_the_shells_own_are_passed_on(shell: Shell, url: str) -> None:
    own = ("--tuples-only",) if "://" in url else ("-noheader",)

    assert shell("-c", "SELECT 41 + 1", "--", *own).stdout == "42\n"


@pytest.mark.parametrize("program", ["sqlite3", "psql"])
def test_a_shell_that_is_not_installed_is_named(
    run: Run, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    monkeypatch.setattr("hanicrawler.cli.shell.readable_name", lambda url: "name")
    database = {"psql": "postgresql://user@127.0.0.1/hani"} if program == "psql" else {}

    found = run(
        "db", "shell", PATH="", **({"HANICRAWLER_DATABASE": database["psql"]} if database else {})
    )

    assert (found.status, found.out) == (1, "")
    assert found.err.startswith(f"Error: {program} is not installed: apt-get install ")
    assert found.err.count("\n") == 1


def test_a_password_is_never_on_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hanicrawler.storage.shells.open_read_only", lambda url: NoEngine())
    url = database_url(
        "postgresql://na%40me:se%27cret@db.example:5433/ha'ni\\x?sslmode=require"
        "&sslpassword=hidden&options=-c%20search_path%3Dhani"
    )

    name = readable_name(url)

    assert name == (
        "host='db.example' port='5433' user='na@me' dbname='ha\\'ni\\\\x' sslmode='require'"
        " options='-c search_path=hani -c default_transaction_read_only=on'"
    )
    assert password_of(url) == "se'cret"
    assert password_of(database_url("postgresql:///hani?password=other")) == "other"
    assert password_of(database_url("hani.db")) is None


class NoEngine:
    """Stands for the engine of a server that is not there."""

    def dispose(self) -> None:
        """Do nothing."""
