"""Several processes read at once; some of them die, or all of them, or the one that began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.replay import reading, workers
from hanicrawler.storage import database_url, is_there
from tests.replay.conftest import COUNT, Reads
from tests.replay.test_runs import Heard, runs_tables
from tests.replay.warcs import pages, write
from tests.waiting import HANGS, wait_until

if TYPE_CHECKING:
    from hanicrawler.archives import Capture

pytestmark = [
    pytest.mark.slow,
    # A child of a process with threads; ours only reads, and ends.
    pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning"),
]

MANY = 2_400
"""Articles that take seconds to read, and several batches of each file."""


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the processes that read be as this one is, patched."""
    monkeypatch.setattr(workers, "METHOD", "fork")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three WARC files."""
    folder = tmp_path_factory.mktemp("large")
    answers = pages(MANY)
    for number in range(3):
        write(folder / f"{number}.warc.gz", answers[number::3])
    return folder


def test_several_processes_come_to_the_same_as_one(reads: Reads, archive: Path) -> None:
    done = reads(archive, processes=2)
    together = reads.contents()
    assert (done.outcome, done.progress.counts["new"]) == ("done", COUNT)
    with reads.connected() as connection:
        for table in reversed(runs_tables()):
            connection.execute(table.delete())
    alone = reads(archive)

    assert reads.contents() == together
    assert (done.progress.counts, done.progress.done) == (
        alone.progress.counts,
        alone.progress.done,
    )


@pytest.mark.usefixtures("forked")
def test_a_page_that_ends_its_process_twice_is_a_problem_and_the_others_are_read(
    on_file: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deadly = pages(COUNT)[3].url
    harmless = reading.entries_of

    def read(capture: Capture, *args: Any) -> Any:
        if capture.url == deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        return harmless(capture, *args)

    monkeypatch.setattr(reading, "entries_of", read)
    heard = Heard()
    done = on_file(archive, hearer=heard, processes=2)

    assert done.outcome == "done"
    assert len(on_file.rows("articles")) == COUNT - 1
    crashes = [row for row in on_file.rows("problems") if row["code"] == "parser_crashed"]
    assert [(row["url"], row["stage"]) for row in crashes] == [(deadly, "parse")]
    assert [("SIGKILL" in words, "left out" in words) for words in heard.warnings] == [
        (True, False),
        (True, True),
    ]


@pytest.mark.usefixtures("forked")
def test_a_process_that_is_killed_once_is_replaced_and_nothing_is_lost(
    on_file: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    deadly, was_there = pages(COUNT)[3].url, tmp_path / "was there"
    harmless = reading.entries_of

    def read(capture: Capture, *args: Any) -> Any:
        if capture.url == deadly and not was_there.exists():
            was_there.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return harmless(capture, *args)

    monkeypatch.setattr(reading, "entries_of", read)
    done = on_file(archive, processes=2)

    assert done.outcome == "done"
    assert len(on_file.rows("articles")) == COUNT
    assert not any(row["code"] == "parser_crashed" for row in on_file.rows("problems"))


@pytest.mark.usefixtures("forked")
def test_a_source_whose_process_dies_at_once_is_given_up(
    on_file: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: Any) -> Any:
        os._exit(3)

    monkeypatch.setattr(workers, "read_source", die)
    done = on_file(archive, processes=2)

    assert len(done.failures) == 2
    assert all("ended with status 3 again and again" in words for words in done.failures)


def start(database: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    """Start ``hanicrawler``, the leader of its processes."""
    kept = {name: value for name, value in os.environ.items() if "HANICRAWLER" not in name}
    return subprocess.Popen(
        [sys.executable, "-c", "from hanicrawler.cli import main; main()", *map(str, arguments)],
        env={**kept, "HANICRAWLER_DATABASE": str(database)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def are_gone(process: subprocess.Popen[str]) -> bool:
    """Tell whether nothing is left of the processes that *process* has led."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 0)
        return False
    return True


def some_are_stored(reads: Reads) -> bool:
    return is_there(reads.url) and len(reads.rows("readings")) > 0


def test_a_run_that_was_killed_goes_on_and_comes_to_what_it_would_have(
    tmp_path: Path, large: Path
) -> None:
    whole = Reads(database_url(str(tmp_path / "whole.db")))
    whole(large)
    killed = Reads(database_url(str(tmp_path / "killed.db")))
    with start(tmp_path / "killed.db", "import", large, "--processes", "2") as process:
        wait_until(lambda: some_are_stored(killed), process)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=HANGS)
    stored = len(killed.rows("articles"))
    assert 0 < stored < MANY

    with start(tmp_path / "killed.db", "import", large, "--processes", "2") as process:
        out, err = process.communicate(timeout=HANGS)
    assert process.returncode == 0, err
    assert "Going on with the import begun" in err
    assert killed.contents() == whole.contents()
    (run,) = killed.rows("crawls")
    assert (run["outcome"], run["new"]) == ("done", MANY)
    assert f"Read {MANY} pages" not in out  # but those that were left


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_asked_to_end_does_and_leaves_no_process(
    tmp_path: Path, large: Path, number: signal.Signals
) -> None:
    reads = Reads(database_url(str(tmp_path / "hani.db")))
    with start(tmp_path / "hani.db", "import", large, "--processes", "2") as process:
        wait_until(lambda: some_are_stored(reads), process)
        os.killpg(process.pid, number)  # as a terminal does
        out, err = process.communicate(timeout=HANGS)

    assert process.returncode == 128 + number
    assert "Stopped after" in out
    assert "Traceback" not in err
    wait_until(lambda: are_gone(process))
    (run,) = reads.rows("crawls")
    assert run["outcome"] == "stopped"
    assert run["new"] == len(reads.rows("articles")) < MANY


def test_a_pipe_is_read_as_it_comes_and_left_at_once(tmp_path: Path, large: Path) -> None:
    reads = Reads(database_url(str(tmp_path / "hani.db")))
    command = "from hanicrawler.replay import tasks; tasks.SIZE = 5; import hanicrawler.cli as cli;"
    with subprocess.Popen(
        [sys.executable, "-c", f"{command} cli.main()", "import", "-"],
        env={**os.environ, "HANICRAWLER_DATABASE": str(tmp_path / "hani.db")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin is not None
        process.stdin.write((large / "0.warc.gz").read_bytes())
        process.stdin.flush()
        wait_until(lambda: some_are_stored(reads) and process.poll() is None)
        # It waits for more, which never comes.
        process.terminate()
        process.wait(HANGS)

    assert process.returncode == 128 + signal.SIGTERM
    assert 0 < len(reads.rows("articles")) <= MANY // 3
    (run,) = reads.rows("crawls")
    assert run["outcome"] == "stopped"


def test_processes_end_with_the_one_that_began_them(tmp_path: Path, large: Path) -> None:
    reads = Reads(database_url(str(tmp_path / "hani.db")))
    with start(tmp_path / "hani.db", "import", large, "--processes", "2") as process:
        wait_until(lambda: some_are_stored(reads), process)
        process.kill()
        process.communicate(timeout=HANGS)

    wait_until(lambda: are_gone(process))
