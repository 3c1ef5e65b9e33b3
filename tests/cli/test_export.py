"""``hanicrawler export``: what it says, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from hanicrawler import open_archive
from hanicrawler.cli.export import command
from hanicrawler.export.fields import NAMES
from tests.storage.conftest import article_url, make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Record, Run


@pytest.fixture
def stored(record: Record) -> None:
    other = make(2, url=article_url(2, "e_business"), section="e_business", label="Editorial")
    record.writer.write([make(1), other])


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


def made(folder: Path) -> list[str]:
    """Return what lies beside the database and its own files."""
    names = sorted(path.name for path in folder.iterdir())
    return [name for name in names if not name.startswith("hani.db")]


def test_standard_output_takes_lines_and_nothing_else(run: Run, stored: None) -> None:
    done = run("export", "-", "--format", "csv")
    assert (done.status, done.err) == (0, "")
    assert [row["source_id"] for row in lines(done.out)] == ["1", "2"]

    done = run("export", "-", "--format", "jsonl", "--columns", "headline")
    assert [json.loads(line)["headline"] for line in done.out.splitlines()] == [
        "Talks resume, part 1",
        "Talks resume, part 2",
    ]


def test_filters_choose(run: Run, stored: None) -> None:
    for option, value, found in (
        ("--section", "e_business", ["2"]),
        ("--label", "editorial", ["2"]),
        ("--author", "kim na-ra", ["1", "2"]),
        ("--edition", "ko", []),
        ("--since", "2026-02-28", []),
        ("--until", "2026-02-28", ["1", "2"]),
        ("--words", '"part 2" -nothing', ["2"]),
    ):
        done = run("export", "-", "--format", "csv", option, value)
        assert [row["source_id"] for row in lines(done.out)] == found, option


def test_a_file_says_nothing_where_nobody_watches(run: Run, stored: None, tmp_path: Path) -> None:
    for name in ("out.csv", "out.jsonl.gz", "out.parquet", "out.db"):
        done = run("export", str(tmp_path / name))
        assert (done.status, done.out, done.err) == (0, "", "")
        assert (tmp_path / name).stat().st_size > 0
        assert json.loads((tmp_path / f"{name}.manifest.json").read_text("utf-8"))["rows"]


def test_every_night_the_same_file_is_replaced(run: Run, stored: None, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    assert run("export", str(file)).status == 0
    done = run("export", str(file))
    assert done.status == 1
    assert done.err == f"Error: {file}: exists already: name another file, or use --overwrite\n"
    assert run("export", str(file), "--overwrite").status == 0


def test_a_snapshot_is_an_archive(run: Run, stored: None, tmp_path: Path) -> None:
    file = tmp_path / "out.db"
    run("export", str(file), "--section", "e_business")

    with open_archive(file) as archive:
        assert [article.source_id for article in archive.articles()] == [2]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("out.txt",), "its name says no format"),
        (("out.parquet.gz",), ".gz goes with csv and jsonl"),
        (("-",), "standard output takes --format csv or --format jsonl"),
        (("-", "--format", "parquet"), "standard output takes"),
        (("out.csv", "--columns", "id,title"), "no column is called 'title': there are id,"),
        (("out.csv", "--columns", "id,,url"), "names parted by commas"),
        (("out.csv", "--columns", "id,id"), "named twice"),
        (("out.csv", "--columns", "silent"), "goes with --revisions"),
        (("out.db", "--columns", "id"), "leave --columns out"),
        (("out.db", "--revisions"), "leave --revisions out"),
        (("out.jsonl", "--excel"), "--excel goes with csv"),
        (("out.csv", "--since", "yesterday"), "is no day"),
        (("out.csv", "--since", "2026-02-02", "--until", "2026-02-01"), "is after"),
        (("out.csv", "--format", "xml"), "'xml'"),
        (("out.csv", "--words", "-"), "nothing to search for in '-'"),
        (("out.csv", "--words", ""), "nothing to search for in ''"),
        ((), "OUT"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(
    run: Run,
    tmp_path: Path,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("export", *arguments)

    assert done.status == 2
    assert said in done.err
    assert done.err.count("\n") == 1
    assert made(tmp_path) == []


@pytest.mark.parametrize(
    ("out", "said"),
    [
        ("nowhere/out.csv", "no folder"),
        ("folder.csv", "is no file"),
        ("hani.db", "is the database itself"),
        (f"{'x' * 300}.csv", "cannot be written"),
    ],
)
def test_a_place_that_takes_no_file_is_one_line(
    run: Run, tmp_path: Path, out: str, said: str
) -> None:
    (tmp_path / "folder.csv").mkdir()
    done = run("export", str(tmp_path / out), "--overwrite")

    assert done.status == 1
    assert said in done.err
    assert done.err.count("\n") == 1
    assert made(tmp_path) == ["folder.csv"]


def test_a_database_that_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    done = run("export", str(tmp_path / "out.csv"), HANICRAWLER_DATABASE=str(tmp_path / "no.db"))

    assert (done.status, done.err.count("\n")) == (1, 1)
    assert "no such file" in done.err
    assert not (tmp_path / "out.csv").exists()


def test_an_empty_database_gives_a_heading(run: Run, tmp_path: Path) -> None:
    assert run("export", "-", "--format", "csv").out.startswith("id,edition,")
    assert run("export", "-", "--format", "jsonl").out == ""
    for name in ("out.parquet", "out.db"):
        assert run("export", str(tmp_path / name)).status == 0


def test_parquet_without_pyarrow_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    done = run("export", str(tmp_path / "out.parquet"))

    assert done.status == 1
    assert "pip install 'hanicrawler[export]'" in done.err
    assert done.err.count("\n") == 1
    assert made(tmp_path) == []


def test_the_help_shows_examples() -> None:
    assert command.help
    assert command.help.count("hanicrawler export ") >= 5


@pytest.mark.slow
def test_on_a_terminal_the_progress_shows_and_the_end_is_told(
    stored: None, file: Path, tmp_path: Path
) -> None:
    ours, theirs = pty.openpty()
    script = "from hanicrawler.cli import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", script, "export", "out.csv", "--database", str(file)],
        cwd=tmp_path,
        stdout=theirs,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
    ) as process:
        os.close(theirs)
        shown = b""
        try:
            while piece := os.read(ours, 4096):
                shown += piece
        except OSError:
            pass  # how Linux says that the other end is closed
    os.close(ours)

    assert process.returncode == 0
    assert b"Articles" in shown
    assert b"100%" in shown
    assert shown.replace(b"\x1b[?25h", b"").endswith(b"out.csv: 2 articles.\r\n")


def test_all_columns_come_where_none_is_named(run: Run, stored: None) -> None:
    heading = run("export", "-", "--format", "csv").out.splitlines()[0].split(",")
    assert [name for name in NAMES if name not in heading] == ["seen_at", "silent"]
