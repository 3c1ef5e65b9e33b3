"""Sources read by several processes, each of which writes what it reads by itself.

A process that dies is replaced and goes on where it had got to; a record that ends the process
which reads it twice is left out from then on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from abc import ABC, abstractmethod
from collections import Counter, deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import wait
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any, Final

try:
    import fcntl
except ImportError:  # pragma: no cover (Windows, where SQLite's own waiting has to do)
    fcntl = None  # type: ignore[assignment]

from hanicrawler.archives import ArchiveError
from hanicrawler.replay.tasks import NOWHERE, Progress, Task, Watcher, name_of, read_source
from hanicrawler.storage import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from hanicrawler.storage import Difference

METHOD: Final = "spawn"
"""How processes are started: with nothing of ours in them, whatever threads we have."""
DEATHS: Final = 2
"""How often a record may end its process before it is left out; a source that ends it before
any record, before it is given up."""
TICK: Final = 0.2
"""Seconds after which a listener is asked whether to stop, whatever happens."""
_PATIENCE: Final = 10.0
"""Seconds for a process to end that has been told so."""


class Listener(ABC):
    """Who has the sources read."""

    @abstractmethod
    def begin(self) -> int | None:
        """Return the id of the run's row, made when there is something to write."""

    @abstractmethod
    def wrote(self, source: str, more: Progress) -> None:
        """Hear what has been done of *source* since the last time; see Watcher."""

    @abstractmethod
    def differ(self, differences: Sequence[Difference]) -> None:
        """Hear in what articles are read otherwise than they are stored."""

    @abstractmethod
    def failed(self, source: str, reason: str) -> None:
        """Hear that *source* cannot be read, in one line."""

    @abstractmethod
    def replaced(self, source: str, reason: str) -> None:
        """Hear that the process which read *source* has died, and another goes on."""

    def warn(self, words: str) -> None:  # noqa: B027 (nobody needs to care)
        """Hear what keeps the reading waiting, in one line."""

    @abstractmethod
    def is_to_stop(self) -> bool:
        """Tell whether to end; asked some times a second."""


def read_here(tasks: Iterable[Task], listener: Listener) -> None:
    """Read *tasks* one after the other in this process.  Raises DatabaseError."""
    for task in tasks:
        if listener.is_to_stop():
            return
        try:
            read_source(task, _Here(name_of(task.source), listener))
        except ArchiveError as error:
            listener.failed(name_of(task.source), str(error))


def read_in_processes(tasks: Sequence[Task], processes: int, listener: Listener) -> None:
    """Read *tasks* in so many *processes*, each a source at a time.

    Raises DatabaseError, once all processes have ended, where one of them could not write.
    """
    crew = _Crew(tasks, processes, listener)
    try:
        crew.work()
    finally:
        crew.dismiss()


class _Here(Watcher):
    """Tells the listener of a task in its own process."""

    def __init__(self, source: str, listener: Listener) -> None:
        self._source = source
        self._listener = listener

    def begin(self) -> int | None:
        return self._listener.begin()

    def wrote(self, more: Progress) -> None:
        self._listener.wrote(self._source, more)

    def differ(self, differences: Sequence[Difference]) -> None:
        self._listener.differ(differences)

    def is_to_stop(self) -> bool:
        return self._listener.is_to_stop()


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    end: Connection
    at: Any
    """Shared: the offset of the record that is being read."""
    task: Task | None = None


class _Crew:
    """The processes, and what each is at."""

    def __init__(self, tasks: Sequence[Task], processes: int, listener: Listener) -> None:
        self._context: Any = multiprocessing.get_context(METHOD)
        self._waiting = deque(tasks)
        self._processes = processes
        self._listener = listener
        self._workers: list[_Worker] = []
        self._stop: Any = self._context.RawValue("b", 0)
        self._deaths: Counter[tuple[str, int]] = Counter()
        self._broken: DatabaseError | None = None
        self._turns: Any = None
        with suppress(OSError):  # nowhere to put it: SQLite's own waiting has to do
            self._turns = NamedTemporaryFile(prefix="hanicrawler-")  # noqa: SIM115 (until dismissed)

    def work(self) -> None:
        while self._waiting or any(worker.task for worker in self._workers):
            if not self._stop.value and (self._broken or self._listener.is_to_stop()):
                self._stop.value = 1
            if self._stop.value:
                self._waiting.clear()
            self._employ()
            ready = wait([worker.end for worker in self._workers], TICK)
            for worker in [each for each in self._workers if each.end in ready]:
                self._hear(worker)
        if self._broken is not None:
            raise self._broken

    def dismiss(self) -> None:
        """End the processes."""
        for worker in self._workers:
            with suppress(OSError):
                worker.end.send(None)
            worker.end.close()
        for worker in self._workers:
            worker.process.join(0 if worker.task else _PATIENCE)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
        if self._turns is not None:
            self._turns.close()

    def _employ(self) -> None:
        """Give each idle process a source, and start one where there are too few."""
        for worker in self._workers:
            if worker.task is None and self._waiting:
                self._give(worker)
        while self._waiting and len(self._workers) < self._processes:
            worker = self._start()
            self._workers.append(worker)
            self._give(worker)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        at = self._context.RawValue("q", NOWHERE)
        turns = self._turns.name if self._turns is not None else None
        process: BaseProcess = self._context.Process(
            target=_work, args=(theirs, at, self._stop, turns), daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours, at)

    def _give(self, worker: _Worker) -> None:
        worker.task = self._waiting.popleft()
        worker.at.value = NOWHERE
        with suppress(OSError):  # its death is heard of where it is waited for
            worker.end.send(worker.task)

    def _hear(self, worker: _Worker) -> None:
        try:
            kind, said = worker.end.recv()
        except (EOFError, OSError):
            self._bury(worker)
            return
        task = worker.task
        assert task is not None
        match kind:
            case "begin":
                made = self._listener.begin()
                # Whoever reads it after this process goes on where that has got to.
                worker.task = replace(task, crawl_id=made)
                with suppress(OSError):
                    worker.end.send(made)
            case "wrote":
                self._listener.wrote(name_of(task.source), said)
            case "differ":
                self._listener.differ(said)
            case "failed":
                self._listener.failed(name_of(task.source), said)
            case "broken":
                self._broken = self._broken or said
            case "ended":
                worker.task = None

    def _bury(self, worker: _Worker) -> None:
        """Replace a process that has died, by itself or by another's hand."""
        worker.process.join()
        self._workers.remove(worker)
        worker.end.close()
        task = worker.task
        if task is None:
            return
        name, at = name_of(task.source), int(worker.at.value)
        reason = _why(worker.process.exitcode)
        self._deaths[name, at] += 1
        if self._deaths[name, at] < DEATHS:
            self._listener.replaced(name, reason)
        elif at == NOWHERE:
            self._listener.failed(name, f"the process that reads it {reason} again and again")
            return
        else:
            task = replace(task, crashes=task.crashes | {at})
            self._listener.replaced(name, f"{reason} at byte {at} again: that record is left out")
        if not self._stop.value:
            self._waiting.appendleft(task)


class _There(Watcher):
    """Tells the first process of a task in another one."""

    def __init__(self, end: Connection, at: Any, stop: Any, turns: str | None) -> None:
        self._end = end
        self._at = at
        self._stop = stop
        self._turns = turns

    def begin(self) -> int | None:
        self._end.send(("begin", None))
        made: int | None = self._end.recv()
        return made

    def reading(self, offset: int) -> None:
        self._at.value = offset

    def wrote(self, more: Progress) -> None:
        self._end.send(("wrote", more))

    def differ(self, differences: Sequence[Difference]) -> None:
        self._end.send(("differ", list(differences)))

    @contextmanager
    def turn(self) -> Iterator[None]:
        # Who waits for SQLite looks again after longer and longer naps, and oversleeps. A lock of
        # the system wakes the next at once, and is gone with the process that holds it.
        if fcntl is None or self._turns is None:
            yield
            return
        with Path(self._turns).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def is_free(self) -> bool:
        if fcntl is None or self._turns is None:
            return True
        with Path(self._turns).open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True

    def is_to_stop(self) -> bool:
        return bool(self._stop.value)


def _work(end: Connection, at: Any, stop: Any, turns: str | None) -> None:
    """Read what comes through *end* until nothing more does: a process's whole life."""
    # A signal to the group is for the first process, which tells us.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    watcher = _There(end, at, stop, turns)
    # Where the first process has been killed there is nobody to tell: what is written is written.
    with suppress(EOFError, OSError):
        while (task := end.recv()) is not None:
            try:
                read_source(task, watcher)
            except ArchiveError as error:
                end.send(("failed", str(error)))
            except DatabaseError as error:
                end.send(("broken", DatabaseError(str(error))))
            except Exception as error:  # noqa: BLE001 (told of, and the other sources go on)
                words = " ".join(f"{type(error).__name__}: {error}".split())
                end.send(("failed", words))
            end.send(("ended", None))
    end.close()


def _why(exitcode: int | None) -> str:
    if exitcode is not None and exitcode < 0:
        with suppress(ValueError):
            return f"was ended by {signal.Signals(-exitcode).name}"
    return f"ended with status {exitcode}"


def cores() -> int:
    """Return how many processes can compute at a time here."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
