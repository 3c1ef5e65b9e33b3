"""Sources read by the workers of a Dask cluster, each of which writes what it reads by itself.

Dask gives a job whose worker has died to another one, and that goes on after the last batch which
was written.  Dask is imported when a cluster is asked for, and not before.
"""

from __future__ import annotations

import logging
import pickle
import time
import uuid
import warnings
from collections import Counter
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Final

from hanicrawler.replay.jobs import Job, code, difference, read_job
from hanicrawler.replay.tasks import Progress, name_of
from hanicrawler.replay.workers import TICK
from hanicrawler.storage import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hanicrawler.replay.tasks import Task
    from hanicrawler.replay.workers import Listener

CONNECTING: Final = 10.0
"""Seconds for the scheduler to answer."""
CLOSING: Final = 3.0
"""Seconds for the scheduler to let us go."""
ENDING: Final = 30.0
"""Seconds for the workers to end what they have begun, once it is not wanted any more."""
_LOOKED: Final = 2.0
"""Seconds between two looks at how many workers there are."""
_JOB: Final = 64 << 20
"""Bytes of small sources that are one job: each job starts a process."""
_SHARE: Final = 4
"""Jobs for each thread of the workers at least, so that all have done at about the same time."""
_DEAD: Final = "is gone with its worker"
_LOGGERS: Final = ("distributed", "distributed.client", "tornado", "tornado.application")


class ClusterError(Exception):
    """A cluster cannot be used.

    Its text is one line: what, where, and what to do about it.
    """


def read_in_cluster(tasks: Sequence[Task], address: str, listener: Listener) -> None:
    """Read *tasks* on the workers of the scheduler at *address*.

    Returns when all have been read, or the listener wants it to stop and what was begun has been
    written.  Raises ClusterError where there is no such scheduler, it goes away, or a worker is
    not fit for it; DatabaseError where a worker could not write.  What was read is stored then.
    """
    with _connected(address) as client:
        work = _Work(client, address, listener)
        try:
            work.go(tasks)
        except (OSError, TimeoutError, RuntimeError, CancelledError) as error:
            # Of a connection that breaks; but a pipe that nobody reads is another matter.
            if _is_broken(error) or client.status != "running":
                raise _gone(address) from error
            raise
        finally:
            work.end()


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """Give a client of the scheduler at *address*, which says nothing by itself."""
    from distributed import Client
    from distributed.versions import VersionMismatchWarning

    with _silence():
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", VersionMismatchWarning)
                client = Client(address, timeout=CONNECTING, set_as_default=False)
        except (OSError, ValueError, TypeError, ImportError, RuntimeError) as error:
            raise ClusterError(
                f"{address}: no Dask scheduler answers there ({_words(error)}): start one with"
                " `dask scheduler`, or name where it is"
            ) from error
        try:
            yield client
        finally:
            with suppress(OSError, TimeoutError):
                client.close(timeout=CLOSING)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Dask from writing on the terminal: what matters is said in our words."""
    loggers = [logging.getLogger(name) for name in _LOGGERS]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


class _Work:
    """The jobs, and what has been heard of each."""

    def __init__(self, client: Any, address: str, listener: Listener) -> None:
        self._client = client
        self._address = address
        self._listener = listener
        self._run = f"hanicrawler-{uuid.uuid4().hex}"
        self._news: SimpleQueue[Any] = SimpleQueue()
        self._jobs: dict[int, Job] = {}
        self._futures: dict[int, Any] = {}
        self._at_work: set[int] = set()
        """Jobs that a worker has begun and not ended."""
        self._read: Counter[int] = Counter()
        """Messages of something read, by job; since it was last given out."""
        self._looked = 0.0
        self._alone = False
        self._is_over = False

    def go(self, tasks: Sequence[Task]) -> None:
        threads = self._check()
        self._client.subscribe_topic(self._run, lambda event: self._news.put(event[1]))
        for number, some in enumerate(_grouped(tasks, threads)):
            self._jobs[number] = Job(number=number, run=self._run, code=code(), tasks=tuple(some))
            self._give(number)
        while self._futures and not self._listener.is_to_stop():
            self._hear()
            self._look()

    def end(self) -> None:
        """Take back what is not done, and wait until nobody is at it any more."""
        self._is_over = True
        with suppress(OSError, TimeoutError, RuntimeError, CancelledError, ClusterError):
            self._check_connection()
            self._client.cancel(list(self._futures.values()), force=True)
            self._futures.clear()
            deadline = time.monotonic() + ENDING
            while self._at_work and time.monotonic() < deadline:
                with suppress(DatabaseError, ClusterError):  # the first has been told
                    self._hear()
                self._check_connection()
            self._client.unsubscribe_topic(self._run)

    def _check(self) -> int:
        """Return how many jobs can be read at a time.  Raises ClusterError for an unfit worker."""
        for worker, said in self._client.run(code, on_error="return").items():
            if isinstance(said, BaseException):
                raise ClusterError(
                    f"{worker}: the worker cannot run hanicrawler ({_words(said)}): install"
                    " 'hanicrawler[cluster,postgres]', the same version, for every worker"
                )
            if tuple(said) != code():
                raise self._unfit(worker, difference(code(), tuple(said)))
        return sum(self._client.nthreads().values())

    def _unfit(self, worker: str, why: str) -> ClusterError:
        return ClusterError(
            f"{worker}: the worker {why}: install the same everywhere, and start the workers anew"
        )

    def _give(self, number: int) -> None:
        """Give a job out, to any worker."""
        self._read[number] = 0
        key = f"{self._run}-{number}-{uuid.uuid4().hex[:8]}"
        future = self._client.submit(read_job, self._jobs[number], key=key, pure=False)
        future.add_done_callback(lambda _: self._news.put(number))
        self._futures[number] = future

    def _hear(self) -> None:
        """Hear one thing, where there is one to hear in this tick, and all others by then."""
        with suppress(Empty):
            found = self._news.get(timeout=TICK)
            while True:
                if isinstance(found, int):
                    self._finished(found)
                else:
                    self._heard(found)
                found = self._news.get_nowait()

    def _heard(self, said: Mapping[str, Any]) -> None:
        number = said["job"]
        match said["kind"]:
            case "began":
                if number in self._at_work:
                    self._listener.replaced(self._name(number), _DEAD)
                self._at_work.add(number)
            case "begin" if not self._is_over:
                self._client.set_metadata([self._run], self._listener.begin())
            case "wrote":
                self._read[number] += 1
                counts, fields = Counter(said["counts"]), Counter(said["fields"])
                more = Progress(done=said["done"], counts=counts, fields=fields)
                self._listener.wrote(said["source"], more)
            case "differ":
                self._listener.differ(pickle.loads(said["differences"]))  # noqa: S301 (our own)
            case "replaced":
                self._listener.replaced(said["source"], said["reason"])
            case "refused":
                raise self._unfit(said["worker"], said["reason"])
            case "ended":
                self._ended(said)

    def _ended(self, said: Mapping[str, Any]) -> None:
        self._at_work.discard(said["job"])
        if said["broken"] is not None:
            raise DatabaseError(f"{said['broken']} (on the worker {said['worker']})")
        for source, reason in said["failures"]:
            self._listener.failed(source, reason)

    def _finished(self, number: int) -> None:
        """Hear that Dask has done with a job: it was read, or cannot be."""
        from distributed import KilledWorker

        future = self._futures.get(number)
        if future is None or not future.done():
            return
        if future.status == "finished":
            del self._futures[number]
            return
        if future.status != "error":  # lost with the scheduler
            self._check_connection()
            raise ClusterError(f"{self._address}: somebody has cancelled the jobs there")
        error = future.exception(timeout=CLOSING)
        if not isinstance(error, KilledWorker):
            raise ClusterError(
                f"{self._address}: a worker cannot run hanicrawler ({_words(error)}): install"
                " 'hanicrawler[cluster,postgres]', the same version, for every worker"
            )
        del self._futures[number]
        self._at_work.discard(number)
        if self._read[number]:  # it gets on, however often workers are ended
            self._listener.replaced(self._name(number), _DEAD)
            self._give(number)
            return
        reason = "every worker that begins to read it dies: see what their nannies say of it"
        self._listener.failed(self._name(number), reason)

    def _look(self) -> None:
        """Look, now and then, whether there is a scheduler, and a worker."""
        self._check_connection()
        now = time.monotonic()
        if now - self._looked < _LOOKED:
            return
        self._looked = now
        alone = not self._client.nthreads()
        if alone and not self._alone:
            self._listener.warn(
                f"{self._address}: no worker is there: waiting for one (`dask worker"
                f" {self._address}`)"
            )
        self._alone = alone

    def _check_connection(self) -> None:
        # It may come back, but does not know our jobs any more then.
        if self._client.status != "running":
            raise _gone(self._address)

    def _name(self, number: int) -> str:
        tasks = self._jobs[number].tasks
        more = f" and {len(tasks) - 1} more" if len(tasks) > 1 else ""
        return f"{name_of(tasks[0].source)}{more}"


def _grouped(tasks: Sequence[Task], threads: int) -> Iterator[list[Task]]:
    """Yield *tasks* in jobs: a large source alone, small ones together."""
    total = sum(task.source.size or 0 for task in tasks)
    most = min(_JOB, total // (_SHARE * max(threads, 1)))
    group: list[Task] = []
    size = 0
    for task in tasks:
        more = task.source.size or 0
        if group and size + more > most:
            yield group
            group, size = [], 0
        group.append(task)
        size += more
    if group:
        yield group


def _gone(address: str) -> ClusterError:
    return ClusterError(
        f"{address}: the Dask scheduler is gone: what was read is stored, and the same command"
        " goes on when it is there again"
    )


def _is_broken(error: BaseException) -> bool:
    from distributed.comm.core import CommClosedError

    return isinstance(error, CommClosedError | TimeoutError | CancelledError)


def _words(error: BaseException) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
