"""A disk that fills up, and what a power cut leaves of an SQLite file."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest

from tests.commands.conftest import Crawl
from tests.commands.contents import broken, contents, differences, stored
from tests.commands.moments import Run, watch, writing

pytestmark = pytest.mark.slow

PERIOD: Final = ("-a", "since=1999-01-01")
ARTICLES: Final = 450
FRAME_HEADER: Final = 24
LOG_HEADER: Final = 32


def test_a_disk_that_fills_up_ends_the_run_and_the_next_one_finishes_its_work(
    crawl: Crawl, replica: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    newspaper = replica.Newspaper.generate(400, template="english-next")
    undisturbed = Crawl(tmp_path_factory.mktemp("undisturbed"))
    with replica.Replica(newspaper) as site:

        def no_room() -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, 1_500_000))

        process = subprocess.Popen(
            [sys.executable, "-m", "scrapy", "crawl", "hani", *PERIOD],
            cwd=crawl.folder,
            env=crawl.environment(HANICRAWLER_SITE=site.url),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=no_room,
        )
        done = crawl.end(process)

        assert done.status == 1
        line = r"scrapy crawl hani: [^\n]*could not be written to[^\n]*\n"
        assert re.fullmatch(line, done.stderr)
        assert 0 < len(done.ids) < 400
        assert broken(str(crawl.database)) == []

        again = crawl(*PERIOD, HANICRAWLER_SITE=site.url)
        assert undisturbed(*PERIOD, HANICRAWLER_SITE=site.url).status == 0

    assert (again.status, again.stderr) == (0, "")
    assert len(again.ids) == 400
    assert broken(str(crawl.database)) == []
    wanted = contents(str(undisturbed.database))
    assert differences(contents(str(crawl.database)), wanted) == {}


def as_it_is(log: Path, _: int, __: Random) -> None:
    """Leave the log as the kernel had it: all that was written came to the disk."""


def cut_short(log: Path, first: int, random: Random) -> None:
    """Lose what came after some byte: the end of a write, or several."""
    size = log.stat().st_size
    os.truncate(log, random.randint(min(first, size), size))


def torn(log: Path, first: int, random: Random) -> None:
    """Have a piece of what was written last come to the disk as something else."""
    content = bytearray(log.read_bytes())
    if len(content) > first:
        start = random.randint(first, len(content) - 1)
        end = min(len(content), start + 4096)
        content[start:end] = random.randbytes(end - start)
    log.write_bytes(content + random.randbytes(random.randint(0, 6000)))


@contextmanager
def frozen(process: subprocess.Popen[str]) -> Iterator[None]:
    """Have *process* stand still, all its threads."""
    process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)


def copy_of(database: Path, folder: Path) -> int:
    """Copy *database* and its log; return where in the log begins what only the log has.

    What lies before that may have been written to the database itself, which begins only when
    the log is on the disk.
    """
    folder.mkdir()
    for name in (database.name, f"{database.name}-wal"):
        shutil.copy(database.parent / name, folder / name)
    index = (database.parent / f"{database.name}-shm").read_bytes()
    page = int.from_bytes(index[14:16], sys.byteorder)
    moved = int.from_bytes(index[128:132], sys.byteorder)  # nBackfillAttempted of wal.c
    return LOG_HEADER + moved * (FRAME_HEADER + page)


@dataclass(frozen=True)
class Cut:
    """What a power cut at some moment of a crawl may have left."""

    crawl: Crawl
    damage: Callable[[Path, int, Random], None]

    @property
    def database(self) -> str:
        return str(self.crawl.database)


def cuts(run: Run, database: Path, folder: Path, random: Random) -> Iterator[Cut]:
    """Give what power cuts at random moments of *run* may have left, until it ends."""
    made = count()
    run.wait_for(database.with_name(f"{database.name}-shm").exists)
    while writing(random)(run):
        whole = folder / f"moment{next(made)}"
        with frozen(run.process):
            if not database.with_name(f"{database.name}-wal").exists():
                continue  # closed: by the migration that has made the tables, or at the end
            first = copy_of(database, whole)
            # Still frozen: where this takes long, the run would be done before the next moment.
            for damage in (as_it_is, cut_short, torn):
                copy = Crawl(folder / f"{whole.name}_{damage.__name__}")
                shutil.copytree(whole, copy.folder)
                damage(copy.folder / f"{database.name}-wal", first, random)
                yield Cut(copy, damage)


def test_what_a_power_cut_leaves_is_sound_and_the_next_run_finishes(
    crawl: Crawl, replica: Any, tmp_path: Path
) -> None:
    random = Random(1999)
    with replica.Replica(replica.Newspaper.generate(ARTICLES)) as site, ExitStack() as stack:
        site.fault(re.compile("."), replica.Fault.slow(0.05))
        is_writing = watch(str(crawl.database), stack)
        process = crawl.start("-s", "CONCURRENT_REQUESTS=6", *PERIOD, HANICRAWLER_SITE=site.url)
        run = Run(process, site, is_writing)
        found = list(cuts(run, crawl.database, tmp_path, random))
        assert crawl.end(process).status == 0
        wanted = contents(str(crawl.database))
        site.heal()

        numbers = {stored(cut.database) for cut in found}
        assert len(numbers - {0, ARTICLES}) >= 3
        for damage in (as_it_is, cut_short, torn):
            cut = random.choice([cut for cut in found if cut.damage is damage])
            again = cut.crawl(*PERIOD, HANICRAWLER_SITE=site.url)
            assert (again.status, again.stderr) == (0, "")
            assert broken(cut.database) == []
            assert differences(contents(cut.database), wanted) == {}
