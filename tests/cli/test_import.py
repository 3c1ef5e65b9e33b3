"""``hanicrawler import``: what it prints, how it ends, and what it makes of wrong use."""

from __future__ import annotations

import errno
import json
from pathlib import Path

import pytest

from hanicrawler.storage import RunLock, database_url
from tests.cli.conftest import Run
from tests.replay.warcs import Answer, pages, write

COUNT = 6


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a WARC file; only to be read."""
    folder = tmp_path_factory.mktemp("archive")
    answers = [*pages(COUNT), Answer(url="https://example.org/", body=b"<html>")]
    write(folder / "a.warc.gz", answers)
    return folder


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """An archive of another site."""
    return write(tmp_path / "other.warc.gz", [Answer(url="https://example.org/", body=b"<html>")])


@pytest.mark.slow
def test_it_says_what_came_of_it(run: Run, archive: Path) -> None:
    done = run("import", str(archive))

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith(f"Read {COUNT} pages in ")
    assert f"{COUNT}  new" in done.out
    assert "1  records of other sites, passed over" in done.out


def lines(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.slow
def test_lines_of_json_for_a_program(run: Run, archive: Path) -> None:
    done = run("import", str(archive), "--json", "--processes", "1")
    (summary,) = lines(done.out)

    assert (summary["is"], summary["outcome"], summary["run"]) == ("summary", "done", 1)
    assert (summary["captures"], summary["new"], summary["others"]) == (COUNT, COUNT, 1)
    assert summary["failures"] == []


@pytest.mark.slow
def test_only_the_editions_that_are_asked_for(run: Run, archive: Path) -> None:
    done = run("import", str(archive), "--edition", "ko")

    assert done.status == 1
    assert "no page of hani.co.kr in 7 records" in done.err


@pytest.mark.slow
def test_quiet_says_nothing(run: Run, archive: Path) -> None:
    done = run("import", str(archive), "--quiet")

    assert (done.status, done.out, done.err) == (0, "", "")


@pytest.mark.slow
def test_an_archive_of_another_site_is_told_of_and_leaves_no_database(
    run: Run, other: Path, tmp_path: Path
) -> None:
    none = tmp_path / "none.db"
    done = run("import", str(other), "--database", str(none))

    assert (done.status, done.out) == (1, "")
    assert done.err == "Error: no page of hani.co.kr in 1 record: the database is as it was\n"
    assert not none.exists()


@pytest.mark.slow
def test_what_is_good_is_read_and_what_is_missing_told_of(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    done = run("import", str(archive), str(tmp_path / "missing.warc.gz"))

    assert done.status == 1
    assert "missing.warc.gz: there is no such file or folder" in done.err
    assert f"{COUNT}  new" in done.out


@pytest.mark.slow
def test_a_file_that_ends_in_the_middle_gives_what_is_whole(
    run: Run, archive: Path, tmp_path: Path
) -> None:
    whole = (archive / "a.warc.gz").read_bytes()
    (tmp_path / "cut.warc.gz").write_bytes(whole[: len(whole) // 2])
    done = run("import", str(tmp_path / "cut.warc.gz"))

    assert done.status == 1
    assert "damaged records" in done.out
    assert "Warning: cut_off: " in done.err
    assert "The archive ends in the middle of a record." in run("problems").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "name the files to read"),
        (["nowhere.warc.gz"], "nowhere.warc.gz: there is no such file or folder"),
        (["nowhere.warc.gz", "--processes", "0"], "0 is not in the range"),
        (["nowhere.warc.gz", "--edition", "xx"], "'xx' is not one of"),
        (["."], "nothing to read in this folder"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    words: str,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    done = run("import", *arguments)

    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1


def test_a_name_from_outside_cannot_write_to_the_terminal(run: Run) -> None:
    done = run("import", "\x1b[2Jgone")

    assert done.status == 2
    assert "\x1b" not in done.err


@pytest.mark.parametrize("name", ["HANICRAWLER_SITE", "HANICRAWLER_REVISIT"])
def test_a_setting_that_cannot_be_obeyed_is_named(run: Run, archive: Path, name: str) -> None:
    done = run("import", str(archive), **{name: "nonsense"})

    assert done.status == 2
    assert name in done.err


def test_another_one_at_work_is_status_75(run: Run, archive: Path, file: Path) -> None:
    lock = RunLock.take(database_url(str(file)), work="replay")
    try:
        done = run("import", str(archive))
    finally:
        lock.release()

    assert done.status == 75
    assert "another reparse or import is at work" in done.err


@pytest.mark.slow
def test_an_import_is_listed_by_name_and_is_no_crawl(run: Run, archive: Path) -> None:
    run("import", str(archive))
    status = run("status")
    check = run("status", "--check")

    assert "import of" in status.out
    assert "done" in status.out
    assert (check.status, "no run yet" in check.out) == (2, True)


def test_too_few_files_for_another_process_are_told_of_in_one_line(
    run: Run, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr("hanicrawler.replay.workers._Crew._start", refused)
    done = run("import", str(archive))

    assert (done.status, done.out) == (1, "")
    assert "Too many open files: look at `ulimit -a`" in done.err
    assert done.err.count("\n") == 1
