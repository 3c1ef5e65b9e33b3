"""What a worker of a Dask cluster does of a reparse or an import.

A job is read by a process of the worker's own, as in the pool of one machine: a record that ends
the process which reads it does not end the worker, and it is known which record it was.
"""

from __future__ import annotations

import multiprocessing
import pickle
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hanicrawler import __version__
from hanicrawler.archives.listing import shown
from hanicrawler.replay.fingerprints import fingerprint
from hanicrawler.replay.tasks import name_of
from hanicrawler.replay.workers import Listener, read_in_processes
from hanicrawler.storage import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.archives import Source
    from hanicrawler.replay.tasks import Progress, Task
    from hanicrawler.storage import Difference

_EVERY: Final = 0.5
"""Seconds between two messages that nothing was written."""
_ASKED: Final = 0.1
"""Seconds between two questions whether the run has its row."""


class Cancelled(Exception):
    """Nobody waits for the job any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Sources for one worker, read one after the other.  Is pickled."""

    number: int
    run: str
    """Names what the jobs of a run have in common on the cluster: the topic to which they tell what
    they do, and the scheduler's metadatum with the run's row, once it has one."""
    code: tuple[str, str]
    """Who reads otherwise than this (see :func:`code`) is to leave it alone."""
    tasks: tuple[Task, ...] = field(repr=False)

    # Dask's logs show what a function was called with, and the database's password is in it.
    def __repr__(self) -> str:
        return f"<{len(self.tasks)} sources, job {self.number} of {self.run}>"


@cache
def code() -> tuple[str, str]:
    """Return the version that is installed here and the fingerprint of what reads pages."""
    return __version__, fingerprint()


def difference(ours: tuple[str, str], theirs: tuple[str, str]) -> str:
    """Return in words in what the code of a worker, *theirs*, is other than *ours*."""
    if ours[0] != theirs[0]:
        return f"has hanicrawler {theirs[0]}, and this machine {ours[0]}"
    return "has other code that reads pages than this machine, of the same version"


def read_job(job: Job) -> None:
    """Read *job*'s sources: what a worker of the cluster runs.

    All that there is to say goes to the topic of the run, in dicts with a ``kind``; ``ended`` is
    the last.  Read again after a worker has died, it goes on where its last batch was written.
    """
    from distributed import get_client, get_worker

    teller = _Teller(job, get_worker(), get_client())
    teller.tell("began")
    broken = None
    try:
        if code() != job.code:
            teller.tell("refused", reason=difference(job.code, code()))
        else:
            teller.read()
    except Cancelled:
        pass
    except DatabaseError as error:
        broken = str(error)
    teller.tell("ended", failures=teller.failures, broken=broken)


class _Teller(Listener):
    """Reads a job and tells the run's topic of it."""

    def __init__(self, job: Job, worker: Any, client: Any) -> None:
        self._job = job
        self._worker = worker
        self._key = worker.get_current_task()
        self._client = client
        self._last = 0.0
        self._untold: dict[str, Progress] = {}
        self.failures: list[tuple[str, str]] = []

    def tell(self, kind: str, **more: Any) -> None:
        message = {"kind": kind, "job": self._job.number, "worker": self._worker.address, **more}
        self._worker.log_event(self._job.run, message)

    def read(self) -> None:
        known = self._crawl_id()
        tasks = []
        for task in self._job.tasks:
            if reason := _unseen(task.source):
                where = f"on the worker {self._worker.address}"
                what = "every worker has to see the files under the same path"
                self.failed(name_of(task.source), f"{reason} {where}: {what}")
            else:
                tasks.append(replace(task, crawl_id=task.crawl_id or known))
        if not tasks:
            return
        # Dask's workers are daemons, which may not start processes.
        multiprocessing.current_process().daemon = False
        try:
            read_in_processes(tasks, 1, self)
        finally:
            self._tell_untold()

    def begin(self) -> int | None:
        self.tell("begin")
        while (made := self._crawl_id()) is None:
            if self.is_to_stop():
                raise Cancelled
            time.sleep(_ASKED)
        return made

    def wrote(self, source: str, more: Progress) -> None:
        untold = self._untold.setdefault(source, more)
        if untold is not more:
            untold.done = more.done
            untold.counts.update(more.counts)
            untold.fields.update(more.fields)
        now = time.monotonic()
        if more.counts["captures"] or more.at_end or now - self._last > _EVERY:
            self._last = now
            self._tell_untold()

    def differ(self, differences: Sequence[Difference]) -> None:
        self.tell("differ", differences=pickle.dumps(list(differences)))

    def failed(self, source: str, reason: str) -> None:
        self.failures.append((source, reason))

    def replaced(self, source: str, reason: str) -> None:
        self.tell("replaced", source=source, reason=reason)

    def is_to_stop(self) -> bool:
        """Tell whether nobody waits for the job, or the worker is told to end."""
        state = self._worker.state.tasks.get(self._key)
        is_wanted = state is not None and state.state != "cancelled"
        return not is_wanted or self._worker.status.name not in ("running", "paused")

    def _crawl_id(self) -> int | None:
        """Return the id of the run's row, None where it has none yet."""
        # Not a Variable of Dask: who asks for one that its run has taken away waits for ever.
        made: int | None = self._client.get_metadata([self._job.run], default=None)
        return made

    def _tell_untold(self) -> None:
        untold, self._untold = self._untold, {}
        for source, more in untold.items():
            self.tell(
                "wrote",
                source=source,
                done=more.done,
                counts=dict(more.counts),
                fields=dict(more.fields),
            )


def _unseen(source: Source) -> str | None:
    """Return why *source* cannot be seen here, None where it can."""
    path = Path(source.path, source.pages[0][0]) if source.pages else Path(source.path)
    if source.kind == "refused":
        return None
    with suppress(OSError), path.open("rb"):
        return None
    what = "cannot be read" if path.exists() else "is not there"
    return f"{shown(path)}: {what}"
