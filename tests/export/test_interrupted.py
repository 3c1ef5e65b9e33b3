"""Exports that are killed, stopped, or run out of room; and how much memory they take."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pytest

from hanicrawler.storage import database_url, open_database
from tests.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.slow

ARTICLES = 36_000
THIRD = ("--section", "e_national")
"""A third of the articles."""
FILL = """
    WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ?)
    INSERT INTO articles (edition, source_id, url, section, headline, body, content_hash, template,
                          revision, first_seen_at, last_seen_at, captured_at, layers)
    SELECT 'en', n, 'https://english.hani.co.kr/arti/english_edition/e_national/' || n || '.html',
           iif(n % 3, 'e_business', 'e_national'), 'Talks ' || n, hex(randomblob(1500)), ?,
           'english-next', 1, '2026-02-01 00:00:00.000000', '2026-02-01 00:00:00.000000',
           '2026-02-01 00:00:00.000000', '{}'
    FROM series
"""
FORMATS = ("csv", "parquet", "db")
"""JSON Lines go the way of CSV."""


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("large") / "hani.db"
    open_database(database_url(str(file))).dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        # Nobody searches here, and indexing would take most of the time.
        trigger = "SELECT sql FROM sqlite_master WHERE name = 'search_article_new'"
        again = connection.execute(trigger).fetchone()[0]
        connection.execute("DROP TRIGGER search_article_new")
        connection.execute(FILL, (ARTICLES, "a" * 64))
        connection.execute(again)
    return file


@dataclass(frozen=True)
class Done:
    status: int
    err: str
    peak: int
    """Memory in kilobytes."""


@dataclass(frozen=True)
class Export:
    """``hanicrawler export`` in a folder of its own."""

    database: Path
    folder: Path

    def start(
        self,
        *arguments: str,
        out: IO[str] | int = subprocess.PIPE,
        before: Callable[[], None] | None = None,
    ) -> subprocess.Popen[str]:
        script = "from hanicrawler.cli import main; main()"
        return subprocess.Popen(
            [sys.executable, "-c", script, "export", *arguments, "--database", str(self.database)],
            cwd=self.folder,
            stdout=out,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=before,
        )

    def end(self, process: subprocess.Popen[str]) -> Done:
        assert process.stderr is not None
        with process.stderr:
            said = process.stderr.read()
        if process.stdout is not None:
            process.stdout.close()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        return Done(process.returncode, said, usage.ru_maxrss)

    def __call__(self, *arguments: str, **more: Any) -> Done:
        return self.end(self.start(*arguments, **more))

    def half_way(self, name: str) -> subprocess.Popen[str]:
        """Start an export and wait until it has written something."""
        process = self.start(name)
        part = self.folder / f".{name}.part"

        def has_begun() -> bool:
            try:
                return part.stat().st_size > 1_000_000
            except FileNotFoundError:
                return False

        wait_until(has_begun, process, every=0.001)
        return process

    @property
    def files(self) -> list[str]:
        return sorted(path.name for path in self.folder.iterdir())


@pytest.fixture
def export(database: Path, tmp_path: Path) -> Export:
    return Export(database, tmp_path)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_killed_export_leaves_no_file_and_the_next_one_clears_up(
    export: Export, kind: str
) -> None:
    name = f"out.{kind}"
    process = export.half_way(name)
    process.kill()
    assert export.end(process).status == -signal.SIGKILL
    assert name not in export.files
    assert f".{name}.part" in export.files

    done = export(name, "--label", "Nothing")

    assert (done.status, done.err) == (0, "")
    beside = [f"{name}.{end}" for end in ("coverage.csv", "dictionary.md", "manifest.json")]
    assert export.files == [name, *beside]


@pytest.mark.parametrize("kind", ["csv", "db"])
def test_ctrl_c_is_one_line_and_leaves_nothing(export: Export, kind: str) -> None:
    (export.folder / "other.csv").write_text("mine")
    process = export.half_way(f"out.{kind}")
    process.send_signal(signal.SIGINT)

    done = export.end(process)

    assert (done.status, done.err) == (130, f"Stopped: out.{kind} was not written.\n")
    assert export.files == ["other.csv"]


@pytest.mark.parametrize("kind", FORMATS)
def test_a_full_disk_is_one_line_and_leaves_nothing(export: Export, kind: str) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    done = export(f"out.{kind}", before=no_room)

    assert done.status == 1
    assert done.err.startswith("Error: ")
    assert f"out.{kind}" in done.err
    assert done.err.count("\n") == 1
    assert export.files == []


def test_a_full_disk_ends_a_snapshot_of_some_articles_too(export: Export) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    done = export("out.db", *THIRD, before=no_room)

    assert (done.status, done.err.count("\n")) == (1, 1)
    assert export.files == []


def test_standard_output_on_a_full_disk_is_one_line(export: Export) -> None:
    with Path("/dev/full").open("w") as full:
        done = export("-", "--format", "csv", out=full)

    assert (done.status, done.err.count("\n")) == (1, 1)
    assert done.err.startswith("Error: ")


def test_a_reader_that_has_gone_is_no_error_to_speak_of(export: Export) -> None:
    process = export.start("-", "--format", "jsonl")
    assert process.stdout is not None
    assert process.stdout.readline().startswith("{")
    process.stdout.close()

    done = export.end(process)

    assert (done.status, done.err) == (141, "")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_three_times_as_many_articles_take_no_more_memory(export: Export, kind: str) -> None:
    columns = ("--columns", "id,headline,body,bylines")
    fewer = export(f"third.{kind}", *THIRD, *columns)
    more = export(f"all.{kind}", *columns)

    assert (fewer.status, more.status) == (0, 0)
    # 24,000 more articles, each of 3,000 characters and its fields, are 70 MB at least.
    assert more.peak < fewer.peak + 35_000
