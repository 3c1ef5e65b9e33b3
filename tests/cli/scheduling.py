"""What the tests of schedulers share: the command, the programs it prints for, and a site."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import chdir, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from hanicrawler.cli import main

STRANGE = 'it\'s 5%d of "all" $HOME; 한겨레'
"""A folder's name with what means something to a shell, to cron and to systemd."""


@dataclass(frozen=True)
class Printed:
    """What ``hanicrawler schedule`` printed."""

    status: int
    stdout: str
    stderr: str

    @property
    def line(self) -> str:
        """The crontab line."""
        (line,) = [line for line in self.stdout.splitlines() if not line.startswith("#")]
        return line

    @property
    def command(self) -> str:
        """The line's command as cron hands it to the shell: crontab(5) says how."""
        return self.line.split(" ", 5)[5].replace("\\%", "%")

    def unit(self, ending: str) -> str:
        """The unit whose name ends so."""
        units = self.stdout.split("# hanicrawler")
        (text,) = [unit for unit in units if unit.partition("\n")[0].endswith(ending)]
        return text.partition("\n")[2]


def schedule(folder: Path, *arguments: str, **more: str) -> Printed:
    """Ask in *folder* for a schedule, with only *more* set of what is ours."""
    ours: dict[str, str | None] = {
        name: None
        for name in os.environ
        if name.startswith(("HANICRAWLER_", "SCRAPY_", "PG", "PYTHON"))
        or name.lower().endswith("_proxy")
    }
    with chdir(folder):
        done = CliRunner().invoke(main, ["schedule", *arguments], env={**ours, **more})
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return Printed(done.exit_code, done.stdout, done.stderr)


def rows(database: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what *query* finds, nothing while there is no database yet."""
    if not database.exists():
        return []
    with closing(sqlite3.connect(f"file:{quoted(database)}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" in str(error):
                return []
            raise


def quoted(path: Path) -> str:
    return path.as_uri().removeprefix("file://")


def program(name: str, package: str) -> str:
    """Return where *name* is; without it CI fails, and anybody else skips the test."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found:
        return found
    reason = f"no {name} here (apt-get install {package})"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
