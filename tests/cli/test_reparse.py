"""``hanicrawler reparse``: what it reads, what it says would change, and how it ends."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.replay.warcs import pages, write

COUNT = 6

pytestmark = pytest.mark.slow


@pytest.fixture
def archive(file: Path) -> Path:
    """The archive's folder beside the database, which has what it keeps."""
    folder = file.parent / "archive"
    folder.mkdir()
    write(folder / "a.warc.gz", pages(COUNT))
    return folder


@pytest.fixture
def misread(run: Run, archive: Path, file: Path) -> int:
    """A database whose earlier parser had mistaken a headline and missed every byline.

    Gives the number of bylines.
    """
    assert run("reparse", "--quiet").status == 0
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(
            "UPDATE articles SET headline = 'Mistaken \x1b[2J headline' WHERE id = 1"
        )
        connection.execute("DELETE FROM bylines")
        changed = connection.execute("UPDATE articles SET byline = NULL WHERE byline IS NOT NULL")
        return changed.rowcount


def rows(file: Path) -> dict[str, Any]:
    with closing(sqlite3.connect(file)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            name: connection.execute(f'SELECT * FROM "{name}"').fetchall()
            for (name,) in names.fetchall()
            if not name.startswith(("sqlite_", "article_search"))
        }


def test_the_archive_beside_the_database_is_read(run: Run, archive: Path, file: Path) -> None:
    done = run("reparse")

    assert (done.status, done.err) == (0, "")
    assert f"{COUNT}  new" in done.out
    assert f"{COUNT}  not stored before" in done.out
    again = run("reparse")
    assert f"{COUNT}  as they were" in again.out
    assert "Everything is read as it is stored." in again.out
    assert {row[0] for row in sqlite3.connect(file).execute("SELECT spider FROM crawls")} == {
        "reparse"
    }


def test_another_folder_may_be_the_archive(run: Run, archive: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.move(archive, elsewhere)

    assert run("reparse", HANICRAWLER_ARCHIVE=str(elsewhere)).status == 0
    assert run("reparse", str(elsewhere / "a.warc.gz")).status == 0


def test_a_dry_run_says_by_field_what_would_change_and_writes_nothing(
    run: Run, misread: int, file: Path
) -> None:
    before = rows(file)
    done = run("reparse", "--dry-run")

    assert (done.status, done.err) == (0, "")
    assert "Would be read otherwise than it is stored, by articles:" in done.out
    counted = {line.split(None, 1)[1]: line.split()[0] for line in done.out.splitlines()[2:]}
    assert counted["byline"] == counted["authors"] == str(misread)
    assert counted["headline"] == "1"
    assert counted["newly readable"] == counted["no longer readable"] == "0"
    assert rows(file) == before


def test_a_diff_shows_each_change(run: Run, misread: int) -> None:
    done = run("reparse", "--dry-run", "--diff", COLUMNS="200")

    assert done.out.count("captured 2") >= misread
    assert "\x1b" not in done.out
    assert "[-Mistaken" in done.out
    assert done.out.count("\n  byline\n    + By ") == misread


def test_a_diff_in_lines_of_json(run: Run, misread: int) -> None:
    done = run("reparse", "--dry-run", "--diff", "--json")
    *differences, summary = [json.loads(line) for line in done.out.splitlines()]

    assert summary["is"] == "summary"
    assert (summary["fields"]["byline"], summary["articles_newly_readable"]) == (misread, 0)
    assert {one["is"] for one in differences} == {"difference"}
    assert [one["kind"] for one in differences] == ["changed"] * len(differences)
    headlines = [
        change for one in differences for change in one["changes"] if change["field"] == "headline"
    ]
    assert [change["old"] for change in headlines] == ["Mistaken \x1b[2J headline"]
    assert "\x1b" not in done.out


def test_a_reparse_says_what_it_has_changed(run: Run, misread: int, file: Path) -> None:
    done = run("reparse", "--diff")

    assert done.status == 0
    assert "Read otherwise than it is stored, by articles:" in done.out
    assert f"{misread}  byline" in done.out
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT max(revision) FROM articles").fetchone() == (1,)
        restored = connection.execute("SELECT count(*) FROM articles WHERE byline IS NOT NULL")
        assert restored.fetchone() == (misread,)


def test_a_folder_that_is_not_there_is_told_of(run: Run, file: Path) -> None:
    done = run("reparse")

    assert (done.status, done.out) == (1, "")
    assert f"{file.parent / 'archive'}: no such folder" in done.err


def test_no_archive_at_all_is_wrong_use(run: Run) -> None:
    done = run("reparse", HANICRAWLER_ARCHIVE="")

    assert done.status == 2
    assert "HANICRAWLER_ARCHIVE is empty" in done.err
