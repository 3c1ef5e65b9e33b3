"""The command's skeleton: its help, its databases, and a whole crawl without the internet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from hanicrawler import __version__
from hanicrawler.cli import COMMANDS, main
from hanicrawler.storage import head
from tests.waiting import HANGS


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, arguments, env={"HANICRAWLER_DATABASE": None, **environment})
    return result.exit_code, result.output


def test_every_command_is_in_the_help_and_has_help_of_its_own() -> None:
    status, shown = run("--help")

    assert status == 0
    for name in COMMANDS:
        assert name in shown
        assert run(name, "--help")[0] == 0


def test_the_version_is_the_packages() -> None:
    assert run("--version") == (0, f"hanicrawler, version {__version__}\n")


def test_the_help_does_not_wait_for_what_it_does_not_need() -> None:
    code = (
        "import sys; from hanicrawler.cli import main\n"
        "main(['--help'], standalone_mode=False)\n"
        "slow = {'scrapy', 'sqlalchemy', 'twisted', 'rich', 'alembic'} & set(sys.modules)\n"
        "sys.exit(str(slow) if slow else 0)\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_the_database_is_made_and_brought_up_to_date(tmp_path: Path) -> None:
    database = str(tmp_path / "hani.db")

    assert run("db", "path", "--database", database) == (0, f"{database}\n")
    assert run("db", "upgrade", "--database", database) == (0, f"{database}: {head()} (newest)\n")
    assert run("db", "current", HANICRAWLER_DATABASE=database) == (0, f"{head()} (newest)\n")


def test_a_database_out_of_reach_is_one_line(tmp_path: Path) -> None:
    status, shown = run("db", "current", "--database", str(tmp_path / "none.db"))
    assert status == 1
    assert len(shown.splitlines()) == 1

    status, shown = run("db", "upgrade", "--database", "mysql://x/y")
    assert status == 2
    assert len(shown.splitlines()) == 1


def demo(folder: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HANICRAWLER_", "SCRAPY_"))
    }
    return subprocess.run(
        [sys.executable, "-c", "from hanicrawler.cli import main; main()", "demo", *arguments],
        cwd=folder,
        env={**environment, "HANICRAWLER_SITE": "http://127.0.0.1:1", **more},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )


@pytest.mark.slow
def test_the_demo_crawls_shows_what_was_stored_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = demo(tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Posted (KST)" in done.stdout
    assert "63 en" in done.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_the_demo_shows_its_table_in_any_charset(tmp_path: Path) -> None:
    done = demo(tmp_path, PYTHONIOENCODING="ascii")

    assert (done.returncode, done.stderr) == (0, "")
    assert "63 en" in done.stdout


@pytest.mark.slow
def test_the_demo_keeps_its_database_where_it_is_told(tmp_path: Path) -> None:
    done = demo(tmp_path, "--articles", "120", "--keep", "kept.db")

    assert (done.returncode, done.stderr) == (0, "")
    assert "120 en" in done.stdout
    assert (tmp_path / "kept.db").exists()
    assert f"{tmp_path / 'archive'}" in done.stdout
    assert len(list((tmp_path / "archive").iterdir())) == 1
