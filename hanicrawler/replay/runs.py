"""A reparse or an import: its row among the runs, its sources, and how it ends."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, Literal

from hanicrawler.replay.cluster import read_in_cluster
from hanicrawler.replay.damages import TOLD
from hanicrawler.replay.fingerprints import fingerprint
from hanicrawler.replay.reading import EDITIONS
from hanicrawler.replay.tasks import Progress, Task
from hanicrawler.replay.workers import Listener, read_here, read_in_processes
from hanicrawler.storage import (
    Revisits,
    RunLock,
    begin_reading,
    current,
    end_killed_readings,
    finish_crawl,
    head,
    is_there,
    open_database,
    open_read_only,
    resume_reading,
    unfinished,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import sqlalchemy as sa

    from hanicrawler.archives import Source
    from hanicrawler.site import Edition
    from hanicrawler.storage import Difference, Unfinished

Name = Literal["reparse", "import"]
Outcome = Literal["done", "stopped", "failed", "nothing"]
"""``nothing``: no page of the site is in the sources, and the database was not touched."""

_LONG: Final = 1000
"""Characters of the names of files that a run's row tells in full."""
_ENDINGS: Final = ("SIGINT", "SIGTERM", "SIGHUP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be read, and how."""

    name: Name
    sources: Sequence[Source]
    files: Sequence[str]
    """What the user named, for the run's row: the same names are the same run."""
    database: sa.URL
    processes: int = 1
    """0 reads in this very process."""
    cluster: str | None = None
    """Where the scheduler of a Dask cluster is that reads instead; the database is PostgreSQL's."""
    editions: frozenset[Edition] = EDITIONS
    root: str | None = None
    """HANICRAWLER_SITE."""
    revisits: Revisits = field(default_factory=Revisits.parse)
    anew: bool = False
    """Whether a run that was interrupted is left as it is."""
    writes: bool = True
    """False only compares what is read with what is stored."""
    compares: bool = False

    @property
    def arguments(self) -> dict[str, str]:
        """What tells this order from another, in the run's row."""
        names = " ".join(sorted(self.files))
        if len(names) > _LONG:
            digest = sha256(names.encode("utf-8", "surrogateescape")).hexdigest()[:16]
            names = f"{len(self.files)} files, {digest}"
        return {
            "files": names.encode("utf-8", "replace").decode("utf-8"),
            "editions": ",".join(sorted(self.editions)),
            "reading": fingerprint(),
        }


class Hearer:
    """Is shown how a run is getting on; this one shows nothing."""

    def began(self, resumed: Unfinished | None) -> None:
        """Hear that the reading begins; *resumed* is the run that goes on."""

    def done(self, bytes_read: int, counts: Mapping[str, int]) -> None:
        """Hear what has been done of all sources together."""

    def differ(self, differences: Sequence[Difference]) -> None:
        """Hear in what articles are read otherwise than they are stored."""

    def warn(self, words: str) -> None:
        """Hear what went wrong and does not end the run, in one line of hostile words."""


@dataclass(slots=True)
class Summary:
    """What a run has done."""

    outcome: Outcome = "done"
    progress: Progress = field(default_factory=Progress)
    """Of this process's life: a run that goes on counts in its row what it did before."""
    seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    """Sources that could not be read, each in one line."""
    crawl_id: int | None = None
    """The run's row, None where nothing was written."""
    signal: int | None = None
    """By which signal it was told to end, None where it was not."""


def replay(order: Order, hearer: Hearer | None = None) -> Summary:
    """Read *order*'s sources into its database, as a crawl at their times would have.

    Ctrl-C and the signals by which services are stopped end it with what has been begun written.
    Raises RunLocked where another reparse or import is at work, DatabaseError where the database
    cannot be used, ClusterError where the cluster cannot.
    """
    run = _Run(order, hearer or Hearer())
    try:
        with _told_to_stop() as stop:
            return run.go(stop)
    finally:
        run.close()


class _Run(Listener):
    """An order at work."""

    def __init__(self, order: Order, hearer: Hearer) -> None:
        self._order = order
        self._hearer = hearer
        self._now = datetime.now(UTC)
        self._summary = Summary()
        self._done: Counter[str] = Counter()
        self._lock: RunLock | None = None
        self._engine: sa.Engine | None = None
        self._stop = _Stop()

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def go(self, stop: _Stop) -> Summary:
        self._stop = stop
        clock = time.monotonic()
        order, summary = self._order, self._summary
        there = is_there(order.database)
        resumed = self._find() if there and order.writes else None
        self._hearer.began(resumed)
        try:
            self._read(there=there)
        except KeyboardInterrupt:
            if not stop:
                self._finish("stopped", None, clock)
                raise
        except BaseException as error:
            self._finish("failed", str(error) or type(error).__name__, clock)
            raise
        summary.signal = stop.signal
        if stop:
            summary.outcome = "stopped"
        elif not summary.progress.counts["captures"] and summary.crawl_id is None:
            summary.outcome = "nothing"
        summary.progress.at_end = summary.outcome == "done"
        self._tell_of_more_damages()
        failures = "; ".join(summary.failures)
        self._finish(summary.outcome, failures or None, clock)
        return summary

    def _tell_of_more_damages(self) -> None:
        progress, order = self._summary.progress, self._order
        more = progress.counts["damaged"] - len(progress.damages)
        if more > 0:
            noted = order.writes and self._summary.crawl_id is not None
            where = ": hanicrawler problems --stage fetch --all" if noted else ""
            self._hearer.warn(f"and {more:,} more of the kind{where}")

    def begin(self) -> int | None:
        if self._summary.crawl_id is not None or not self._order.writes:
            return self._summary.crawl_id
        self._take_lock()
        self._engine = open_database(self._order.database)
        end_killed_readings(self._engine)
        self._summary.crawl_id = begin_reading(
            self._engine,
            spider=self._order.name,
            arguments=self._order.arguments,
            started_at=self._now,
        )
        return self._summary.crawl_id

    def wrote(self, source: str, more: Progress) -> None:
        progress = self._summary.progress
        progress.done += max(more.done - self._done[source], 0)
        self._done[source] = max(more.done, self._done[source])
        progress.counts.update(more.counts)
        progress.fields.update(more.fields)
        for words in more.damages[: TOLD - len(progress.damages)]:
            progress.damages.append(words)
            self._hearer.warn(words)
        self._hearer.done(progress.done, progress.counts)

    def differ(self, differences: Sequence[Difference]) -> None:
        self._hearer.differ(differences)

    def failed(self, source: str, reason: str) -> None:
        words = reason if source in reason else f"{source}: {reason}"
        self._summary.failures.append(words)
        self._hearer.warn(words)

    def replaced(self, source: str, reason: str) -> None:
        self._hearer.warn(f"{source}: the process that reads it {reason}: another goes on")

    def warn(self, words: str) -> None:
        self._hearer.warn(words)

    def is_to_stop(self) -> bool:
        return bool(self._stop)

    def _find(self) -> Unfinished | None:
        """Take up the run that was interrupted, where there is one of the same order."""
        self._take_lock()
        order = self._order
        # What comes through a pipe may be something else the next time.
        is_other = any(source.size is None for source in order.sources)
        if order.anew or is_other or current(order.database) != head():
            return None
        engine = open_read_only(order.database)
        try:
            found = unfinished(engine, spider=order.name, arguments=order.arguments)
        finally:
            engine.dispose()
        if found is None:
            return None
        self._engine = open_database(order.database)
        end_killed_readings(self._engine)
        resume_reading(self._engine, found.id)
        self._summary.crawl_id = found.id
        self._now = found.started_at
        return found

    def _read(self, *, there: bool) -> None:
        order = self._order
        is_known = there or order.writes
        tasks = [
            Task(
                source=source,
                database=order.database.render_as_string(hide_password=False) if is_known else None,
                now=self._now,
                crawl_id=self._summary.crawl_id,
                revisits=order.revisits,
                editions=order.editions,
                root=order.root,
                writes=order.writes,
                compares=order.compares,
            )
            for source in order.sources
        ]
        piped = [task for task in tasks if task.source.size is None]
        files = [task for task in tasks if task.source.size is not None]
        if order.cluster is not None:
            read_in_cluster(files, order.cluster, self)
        elif order.processes and files:
            read_in_processes(files, min(order.processes, len(files)), self)
        else:
            read_here(files, self)
        if piped:
            # Nobody knows when a pipe has more to read.
            self._stop.at_once = True
            read_here(piped, self)

    def _take_lock(self) -> None:
        if self._lock is None:
            self._lock = RunLock.take(self._order.database, work="replay")

    def _finish(self, outcome: str, reason: str | None, clock: float) -> None:
        summary = self._summary
        summary.seconds = time.monotonic() - clock
        if self._engine is None or summary.crawl_id is None:
            return
        counts = summary.progress.counts
        finish_crawl(
            self._engine,
            summary.crawl_id,
            finished_at=max(datetime.now(UTC), self._now),
            outcome=outcome,
            reason=reason,
            counts={
                "seconds": round(summary.seconds, 3),
                "bytes": summary.progress.done,
                "unreadable": counts["unreadable"],
            },
            coverage={},  # the writer has counted it
            patient=outcome != "failed",
        )


@dataclass(slots=True)
class _Stop:
    """Whether the process has been asked to end, and by which signal."""

    signal: int | None = None
    at_once: bool = False
    """Whether not even what has been begun is waited for."""

    def __bool__(self) -> bool:
        return self.signal is not None


@contextmanager
def _told_to_stop() -> Iterator[_Stop]:
    """Give what is set when the process is asked to end; asked again it ends at once."""
    stop = _Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, frame: Any) -> None:
        was_asked = bool(stop)
        stop.signal = number
        if was_asked or stop.at_once:
            raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in _ENDINGS if hasattr(signal, name)]
    # Who is started in the background is deaf to Ctrl-C, and stays so.
    heard = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, ask) for number in heard}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
