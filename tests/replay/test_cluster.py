"""Archives read by the two workers of a Dask cluster, some of which die, as does all of it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from click.testing import CliRunner
from distributed import Client

from hanicrawler.archives import sources
from hanicrawler.cli import main
from hanicrawler.replay import cluster as replay_cluster
from hanicrawler.replay.cluster import ClusterError
from hanicrawler.replay.jobs import Job, code, read_job
from hanicrawler.replay.tasks import Task
from hanicrawler.storage import database_url
from tests.ports import unused_port
from tests.replay import preloaded
from tests.replay.conftest import Reads
from tests.replay.test_runs import Heard
from tests.replay.warcs import NOON, Answer, pages, write
from tests.waiting import HANGS, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
STORIES = 120
CAPTURES = 2 * STORIES
PASSWORD = "not to be printed"
"""Of the database; the server does not ask for it."""
FILES = 3


@dataclass
class Cluster:
    """A scheduler, and the process that keeps its two workers alive."""

    address: str
    folder: Path
    scheduler: subprocess.Popen[str]
    workers: subprocess.Popen[str]

    @property
    def logs(self) -> str:
        return "".join(file.read_text() for file in self.folder.glob("*.log"))

    def kill_a_worker(self) -> None:
        """Kill the worker whose process has read most, and leave that one to itself."""
        found = [
            (sum(reader.cpu_times()[:2]), worker)
            for worker in psutil.Process(self.workers.pid).children()
            for reader in worker.children()
        ]
        max(found, key=lambda each: each[0])[1].kill()


@contextmanager
def clustered(folder: Path) -> Iterator[Cluster]:
    """Give a cluster of two workers on loopback."""
    kept = {name: value for name, value in os.environ.items() if "HANICRAWLER" not in name}
    places = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
    file = folder / "scheduler.json"

    def start(*arguments: str | Path) -> subprocess.Popen[str]:
        log = stack.enter_context((folder / f"{arguments[0]}.log").open("w"))
        command = [sys.executable, "-m", "dask", *map(str, arguments), *places]
        return subprocess.Popen(command, cwd=ROOT, env=kept, stdout=log, stderr=log, text=True)

    with ExitStack() as stack:
        scheduler = start("scheduler", "--port", "0", "--scheduler-file", file)
        stack.callback(end, scheduler)
        wait_until(lambda: is_written(file), scheduler)
        workers = start(
            "worker", "--scheduler-file", file, "--nworkers", "2", "--nthreads", "1",
            "--local-directory", folder, "--preload", preloaded.__name__,
        )  # fmt: skip
        stack.callback(end, workers)
        yield Cluster(json.loads(file.read_text())["address"], folder, scheduler, workers)


def is_written(file: Path) -> bool:
    try:
        return bool(json.loads(file.read_text()))
    except (OSError, ValueError):
        return False


def end(process: subprocess.Popen[str]) -> None:
    """End *process* and all that it has started."""
    below = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    for each in (process, *below):
        try:
            each.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait(HANGS)
    psutil.wait_procs(below, HANGS)


@pytest.fixture(scope="module")
def clusters(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Cluster]]:
    """Give a cluster that is there: the same as before, or another one."""
    running: list[Cluster] = []

    def get() -> Cluster:
        if not running or running[-1].scheduler.poll() is not None:
            running.append(stack.enter_context(clustered(tmp_path_factory.mktemp("cluster"))))
        return running[-1]

    with ExitStack() as stack:
        yield get


@pytest.fixture
def cluster(clusters: Callable[[], Cluster]) -> Cluster:
    return clusters()


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of WARC files with two captures an article, in no order and spread over them."""
    folder = tmp_path_factory.mktemp("mixed")
    # Late enough that no page was changed after its capture.
    first = [replace(answer, at=answer.at + timedelta(days=30)) for answer in pages(STORIES)]
    later = [
        replace(
            answer,
            at=answer.at + timedelta(days=1),
            body=answer.body.replace(b"the", b"a") if number % 2 else answer.body,
        )
        for number, answer in enumerate(first)
    ]
    answers = random.Random(5).sample([*first, *later], CAPTURES)
    for number in range(FILES):
        write(folder / f"{number}.warc.gz", answers[number::FILES])
    return folder


@pytest.fixture
def reads(postgres_server: Any, migrated_template: str) -> Iterator[Reads]:
    """Reads archives into a database of PostgreSQL with its tables and nothing in them."""
    name = postgres_server.create(migrated_template)
    yield Reads(database_url(postgres_server.url(name)).set(password=PASSWORD))
    postgres_server.drop(name)


@pytest.fixture(scope="module")
def alone(postgres_server: Any, migrated_template: str, mixed: Path) -> Any:
    """What one process makes of the mixed archive."""
    name = postgres_server.create(migrated_template)
    reads = Reads(database_url(postgres_server.url(name)))
    reads(mixed)
    contents = without_counts(reads)
    postgres_server.drop(name)
    assert len(contents["articles"]) == STORIES
    assert len(contents["revisions"]) > STORIES
    return contents


def without_counts(reads: Reads) -> dict[str, Any]:
    """Return all tables but what a run counts: which capture came first is its own."""
    return reads.contents() | {"coverage": []}


class Acting(Heard):
    """Does something once the first batch has been written."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self._act: Callable[[], None] | None = act
        self.captures = 0

    def done(self, bytes_read: int, counts: Mapping[str, int]) -> None:
        self.captures = counts["captures"]
        act, self._act = self._act, None
        if act is not None:
            assert 0 < counts["captures"] < CAPTURES
            act()


def test_two_workers_come_to_the_same_as_one_process(
    cluster: Cluster, reads: Reads, mixed: Path, alone: Any
) -> None:
    done = reads(mixed, cluster=cluster.address)

    assert (done.outcome, done.failures) == ("done", [])
    assert done.progress.counts["captures"] == CAPTURES
    assert done.progress.done == sum(file.stat().st_size for file in mixed.iterdir())
    assert without_counts(reads) == alone
    (run,) = reads.rows("crawls")
    assert (run["outcome"], run["new"]) == ("done", STORIES)
    assert [row["at_end"] for row in reads.rows("readings")] == [True] * FILES


def test_a_worker_killed_half_way_changes_nothing(
    cluster: Cluster, reads: Reads, mixed: Path, alone: Any
) -> None:
    heard = Acting(cluster.kill_a_worker)
    done = reads(mixed, hearer=heard, cluster=cluster.address)

    assert (done.outcome, done.failures) == ("done", [])
    assert "gone with its worker" in " ".join(heard.warnings)
    assert "Registered to" in cluster.logs
    assert PASSWORD not in cluster.logs
    assert without_counts(reads) == alone
    (run,) = reads.rows("crawls")
    assert (run["outcome"], run["new"]) == ("done", STORIES)


def test_a_page_that_ends_its_process_twice_is_a_problem_and_no_worker_ends(
    cluster: Cluster, reads: Reads, tmp_path: Path
) -> None:
    answers = pages(4)
    answers[1] = replace(answers[1], body=preloaded.DEADLY)
    heard = Heard()
    done = reads(write(tmp_path / "a.warc.gz", answers), hearer=heard, cluster=cluster.address)

    assert (done.outcome, done.failures) == ("done", [])
    assert len(reads.rows("articles")) == 3
    (crash,) = [row for row in reads.rows("problems") if row["code"] == "parser_crashed"]
    assert crash["url"] == answers[1].url
    replaced = [words for words in heard.warnings if "another goes on" in words]
    assert ["left out" in words for words in replaced] == [False, True]


def test_ctrl_c_stops_the_workers_and_the_same_run_goes_on(
    cluster: Cluster, reads: Reads, mixed: Path, alone: Any
) -> None:
    stopped = reads(
        mixed,
        hearer=Acting(lambda: os.kill(os.getpid(), signal.SIGINT)),
        cluster=cluster.address,
    )
    assert (stopped.outcome, stopped.signal) == ("stopped", signal.SIGINT)
    (run,) = reads.rows("crawls")
    assert run["outcome"] == "stopped"
    # What has been told is what has been written, and nobody writes any more.
    assert run["new"] == stopped.progress.counts["new"] == len(reads.rows("articles")) < STORIES
    heard = Heard()
    done = reads(mixed, hearer=heard, cluster=cluster.address)

    assert heard.resumed is not None
    assert done.progress.counts["captures"] == CAPTURES - stopped.progress.counts["captures"]
    assert without_counts(reads) == alone


def test_a_job_whose_run_is_over_keeps_no_worker(
    cluster: Cluster, reads: Reads, archive: Path
) -> None:
    task = Task(
        source=sources([str(archive / "a.warc.gz")], None)[0],
        database=reads.url.render_as_string(hide_password=False),
        now=NOON,
    )
    asked = SimpleQueue[str]()
    with Client(cluster.address, set_as_default=False) as client:
        client.subscribe_topic("over", lambda event: asked.put(event[1]["kind"]))
        job = Job(number=0, run="over", code=code(), tasks=(task,))
        future = client.submit(read_job, job, pure=False)
        while asked.get(timeout=HANGS) != "begin":
            pass  # nobody answers
        client.cancel([future], force=True)
        while asked.get(timeout=HANGS) != "ended":
            pass

    assert reads.rows("articles") == []


def test_workers_that_read_otherwise_are_refused_before_anything_is_written(
    cluster: Cluster, reads: Reads, mixed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_cluster, "code", lambda: ("99.0", "0123456789abcdef"))
    with pytest.raises(ClusterError, match=r"worker has hanicrawler .*, and this machine 99\.0: "):
        reads(mixed, cluster=cluster.address)

    assert reads.rows("crawls") == []


def test_a_file_that_a_worker_cannot_see_is_a_failure_and_the_others_are_read(
    cluster: Cluster, reads: Reads, tmp_path: Path
) -> None:
    here, elsewhere = pages(2)
    files = [write(tmp_path / "a.warc.gz", [here]), write(tmp_path / "b.warc.gz", [elsewhere])]
    found = sources([str(file) for file in files], None)
    files[1].unlink()
    done = reads(tmp_path, sources=found, cluster=cluster.address)

    (failure,) = done.failures
    assert f"{files[1]}: is not there on the worker tcp://127.0.0.1:" in failure
    assert failure.endswith("every worker has to see the files under the same path")
    assert len(reads.rows("articles")) == 1


def test_an_archive_of_another_site_leaves_no_trace(
    cluster: Cluster, reads: Reads, tmp_path: Path
) -> None:
    other = Answer(url="https://example.org/", body=b"<html>")
    done = reads(write(tmp_path / "o.warc.gz", [other]), cluster=cluster.address)

    assert (done.outcome, done.progress.counts["others"]) == ("nothing", 1)
    assert reads.rows("crawls") == []


def test_no_scheduler_there_is_one_line_and_status_1(
    reads: Reads, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay_cluster, "CONNECTING", 1.0)
    address = f"tcp://127.0.0.1:{unused_port()}"
    database = reads.url.render_as_string(hide_password=False)
    arguments = ["import", str(archive), "--cluster", address, "--database", database]
    done = CliRunner().invoke(main, arguments)

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Error: {address}: no Dask scheduler answers there")
    assert done.stderr.count("\n") == 1
    assert reads.rows("crawls") == []


def test_a_cluster_that_goes_away_ends_the_run_which_goes_on_without_it(
    cluster: Cluster, reads: Reads, mixed: Path, alone: Any
) -> None:
    heard = Acting(cluster.scheduler.kill)
    with pytest.raises(ClusterError, match="scheduler is gone: what was read is stored"):
        reads(mixed, hearer=heard, cluster=cluster.address)
    cluster.scheduler.wait()
    wait_until(lambda: not is_reading(cluster.workers))
    (run,) = reads.rows("crawls")
    assert (run["outcome"], len(reads.rows("articles")) > 0) == ("failed", True)
    heard_again = Heard()
    done = reads(mixed, hearer=heard_again)

    assert heard_again.resumed is not None
    assert done.outcome == "done"
    assert without_counts(reads) == alone


def is_reading(workers: subprocess.Popen[str]) -> bool:
    """Tell whether a worker still has a process that reads."""
    try:
        return any(
            "spawn_main" in " ".join(each.cmdline()) and each.ppid() != workers.pid
            for each in psutil.Process(workers.pid).children(recursive=True)
        )
    except psutil.NoSuchProcess:
        return True
