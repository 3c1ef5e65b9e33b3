"""One source of captures, read into the database: by this process, one of a pool, or a cluster's.

Each batch is one transaction, which notes how far the source has been read: a task that was
killed and is run again goes on from there, and what it reads twice changes nothing.
"""

from __future__ import annotations

import gc
from collections import Counter
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hanicrawler.archives import Capture, Damage, read_captures
from hanicrawler.archives.files import is_being_written
from hanicrawler.items import Article, Discovered, Fetch, Problem, ReadTo
from hanicrawler.pages.mapping import Mapping
from hanicrawler.replay import reading
from hanicrawler.replay.damages import TOLD, Damages
from hanicrawler.site import Root
from hanicrawler.storage import (
    Difference,
    Revisits,
    Writer,
    database_url,
    open_database,
    open_read_only,
    preview,
    read_files,
    read_well,
    tally,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    import sqlalchemy as sa

    from hanicrawler.archives import Source
    from hanicrawler.site import Edition
    from hanicrawler.storage import Entry

SIZE: Final = 200
"""Captures in a batch: what a batch costs besides, in statements and waiting, they share."""
_PATIENCE: Final = 2
"""As many times SIZE are read before another process that writes is waited for."""
_MOST: Final = 4 * SIZE
"""Of a source that does not say how far it has come, for that long."""
_DAMAGES: Final = 1000
"""Damages that wait for the first page of the site: where none comes, nothing is written."""
_STRIDE: Final = 32 << 20
"""Bytes without a page of the site after which it is noted how far a source has been read."""
_TOLD: Final = 1 << 20
"""Bytes read after which a listener hears of it, written or not."""
NOWHERE: Final = -1
"""For an offset: no record is being read."""
_REMEMBERED: Final = 50_000
"""Links that need not be noted again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A source, and where it is read to.  May be pickled."""

    source: Source
    database: str | None = field(repr=False)
    """Its URL, the password in it; None for a database that does not exist and is not made."""
    now: datetime
    """Aware, UTC; when the whole run began: no fetch is planned before it."""
    crawl_id: int | None = None
    """The run's row; None leaves it to Watcher.begin."""
    revisits: Revisits = field(default_factory=Revisits.parse)
    editions: frozenset[Edition] = reading.EDITIONS
    root: str | None = None
    """HANICRAWLER_SITE, for captures of another root."""
    writes: bool = True
    """False only compares."""
    compares: bool = False
    """Whether each batch is compared with what is stored, before it is written."""
    crashes: frozenset[int] = frozenset()
    """Offsets of records that end the process which reads them."""


@dataclass(slots=True)
class Progress:
    """What a task, or several, have done."""

    done: int = 0
    """Bytes of the source that have been read."""
    counts: Counter[str] = field(default_factory=Counter)
    """``captures``, ``articles``, ``new``, ``changed``, ``updated``, ``unchanged``, ``gone``,
    ``problems``, ``unreadable``, ``damaged``, ``others``: records, articles and problems."""
    fields: Counter[str] = field(default_factory=Counter)
    """Field to articles of which it would be, or was, read otherwise than it is stored; beside
    them ``newly_readable`` and ``no_longer_readable``, and ``older``: earlier versions."""
    damages: list[str] = field(default_factory=list)
    """The first damages in words, each one hostile line; at most TOLD."""
    at_end: bool = False
    """Whether nothing is left of the source."""


class Watcher:
    """Hears what a task does; this one does not care."""

    def begin(self) -> int | None:
        """Return the id of the run's row, now that there is something to write."""
        return None

    def reading(self, offset: int) -> None:
        """Hear that the record at *offset* is about to be read; NOWHERE: none is any more."""

    def wrote(self, more: Progress) -> None:
        """Hear what has been done since the last time; committed, where it was to be written.

        Its *done* is of the whole source.
        """

    def differ(self, differences: Sequence[Difference]) -> None:
        """Hear in what articles are read otherwise than they are stored."""

    def turn(self) -> AbstractContextManager[object]:
        """Return what is held while a batch is written: one process writes at a time anyway."""
        return nullcontext()

    def is_free(self) -> bool:
        """Tell whether a batch would not wait for its turn; else reading may as well go on."""
        return True

    def is_to_stop(self) -> bool:
        """Tell whether the task is to end after what it has begun."""
        return False


def name_of(source: Source) -> str:
    """Return what *source* is called among the readings of a run: saved pages by their first."""
    return f"{source.name}/{source.pages[0][0]}" if source.pages else source.name


def read_source(task: Task, watcher: Watcher | None = None) -> Progress:
    """Read *task*'s source from where its run has left it; return what was done.

    The same task again gives the same rows.  Raises DatabaseError, and ArchiveError where the
    source cannot be opened.
    """
    tune()
    reader = _Reader(task, watcher or Watcher())
    try:
        return reader.read()
    finally:
        reader.close()


class _Reader:
    """A task at work."""

    def __init__(self, task: Task, watcher: Watcher) -> None:
        self._task = task
        self._watcher = watcher
        self._mapping = Mapping(Root.parse(task.root) if task.root else None)
        self._total = Progress()
        self._more = Progress()
        self._batch: list[Entry] = []
        self._captures = 0
        self._crawl_id = task.crawl_id
        self._engine: sa.Engine | None = None
        self._writer: Writer | None = None
        self._noted = 0
        self._links = _Links()
        self._has_pages = False
        self._damages = Damages(task.source, task.now)
        if task.database is not None and (task.crawl_id is not None or not task.writes):
            self._open(task.database)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def read(self) -> Progress:
        start = self._start()
        if start is None:
            self._more.at_end = True
            self._report(self._task.source.size or 0)
            return self._total
        end: int | None = None
        for found in read_captures(self._task.source, wanted=self._wanted, start=start):
            match found:
                case Capture() if self._damages.is_to_come(found.at):
                    self._damage(self._damages.to_come(found))
                case Capture():
                    self._capture(found, start)
                case Damage() if self._is_still_written(found):
                    end = found.kept.offset
                case Damage():
                    self._damage(found)
                case _:
                    start = found.offset
                    stops = self._watcher.is_to_stop()
                    if stops or self._is_due(start):
                        self._flush(start)
                        self._report(found.done)
                    elif not self._captures and found.done - self._total.done >= _TOLD:
                        self._report(found.done)
                    if stops:
                        return self._total
        self._flush(start if end is None else end, at_end=end is None)
        self._more.at_end = True
        self._report(self._task.source.size or self._total.done)
        return self._total

    def _start(self) -> int | None:
        """Return where to go on; None where nothing is left."""
        if self._engine is None or self._crawl_id is None or not self._task.writes:
            return 0
        last = read_files(self._engine, self._crawl_id).get(name_of(self._task.source))
        if last is None:
            return 0
        source = self._task.source
        # The archive's last file may have grown since.
        if last.at_end and (source.kind != "warc" or source.size == last.offset):
            return None
        self._noted = last.offset
        return self._noted

    def _wanted(self, url: str) -> bool:
        if reading.wanted(url, self._task.editions):
            return True
        self._more.counts["others"] += 1
        return False

    def _capture(self, capture: Capture, place: int) -> None:
        self._has_pages = True
        self._more.counts["captures"] += 1
        self._captures += 1
        # Saved pages have no place in a file, but one in their folder.
        offset = place if self._task.source.kind == "html" else capture.kept.offset
        self._watcher.reading(offset)
        if offset in self._task.crashes:
            self._batch += reading.crashed(capture)
        else:
            entries = reading.entries_of(capture, self._mapping, self._task.editions)
            self._batch += self._links.fresh(entries)
        if self._captures >= _MOST:
            self._flush(None)

    def _is_still_written(self, damage: Damage) -> bool:
        """Tell whether *damage* is the record that a crawl is writing just now."""
        source = self._task.source
        if damage.code != "cut_off" or source.kind != "warc" or source.size is None:
            return False
        with suppress(OSError):
            return is_being_written(Path(source.path))
        return False

    def _damage(self, damage: Damage) -> None:
        self._more.counts["damaged"] += 1
        problem = self._damages.problem(damage)
        if len(self._more.damages) < TOLD:
            self._more.damages.append(f"{problem.code}: {problem.error}")
        if self._has_pages or len(self._batch) < _DAMAGES:
            self._batch.append(problem)

    def _is_due(self, offset: int) -> bool:
        if self._captures >= SIZE:
            return self._captures >= _PATIENCE * SIZE or self._watcher.is_free()
        return self._has_pages and offset - self._noted >= _STRIDE

    def _flush(self, offset: int | None, *, at_end: bool = False) -> None:
        """Write the batch, and that the source has been read to *offset*, where that is known."""
        task = self._task
        self._watcher.reading(NOWHERE)
        batch, self._batch, self._captures = self._batch, [], 0
        if not self._has_pages and self._crawl_id is None:
            self._batch = batch  # damage alone is no reason to make a database
            return
        if task.writes and self._writer is None:
            self._begin()
        batch = self._compare(batch)
        if not task.writes or self._writer is None:
            self._count(batch)
            return
        if offset is not None:
            batch.append(ReadTo(file=name_of(task.source), offset=offset, at_end=at_end))
            self._noted = offset
        with self._watcher.turn():
            outcomes = self._writer.write(batch)
        counts = tally(batch, outcomes)
        del counts["refused"]
        self._more.counts.update(counts)
        self._count(batch)

    def _compare(self, batch: list[Entry]) -> list[Entry]:
        """Return *batch* without what would take a good reading back; tell what is otherwise."""
        articles = [entry for entry in batch if isinstance(entry, Article)]
        if self._engine is None:  # there is no database
            self._more.fields["new"] += len(articles)
            return batch
        lost = [entry for entry in batch if isinstance(entry, Fetch) and _is_unread(entry)]
        worse = read_well(self._engine, lost) if lost else set()
        self._more.fields["no_longer_readable"] += len(worse)
        kept = [
            entry
            for entry in batch
            if not (isinstance(entry, Fetch) and (entry.url, entry.fetched_at) in worse)
        ]
        found = preview(self._engine, articles) if self._task.compares else []
        for difference in found:
            self._more.fields.update(difference.marks)
        differences = [*found, *map(_no_longer, sorted(worse))]
        if differences:
            self._watcher.differ(differences)
        return kept

    def _count(self, batch: Iterable[Entry]) -> None:
        for entry in batch:
            if isinstance(entry, Article):
                self._more.counts["articles"] += 1
            elif isinstance(entry, Problem) and entry.stage in ("parse", "normalise"):
                self._more.counts["unreadable"] += 1

    def _begin(self) -> None:
        if self._crawl_id is None:
            self._crawl_id = self._watcher.begin()
        assert self._task.database is not None
        self._open(self._task.database)

    def _open(self, database: str) -> None:
        url, task = database_url(database), self._task
        if not task.writes:
            self._engine = self._engine or open_read_only(url)
            return
        self._engine = self._engine or open_database(url)
        self._writer = Writer(
            self._engine,
            self._crawl_id,
            revisits=task.revisits,
            planned_from=task.now,
            covers=True,
        )

    def _report(self, done: int) -> None:
        more, self._more = self._more, Progress()
        more.done = self._total.done = max(done, self._total.done)
        self._total.counts.update(more.counts)
        self._total.fields.update(more.fields)
        self._total.at_end = more.at_end
        self._watcher.wrote(more)


class _Links:
    """Which links of pages are noted: most pages name what those before them named."""

    def __init__(self) -> None:
        self._noted: dict[str, tuple[datetime, datetime | None]] = {}

    def fresh(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return *entries* without the links that say no more than was noted before."""
        return [
            entry for entry in entries if not isinstance(entry, Discovered) or self._is_new(entry)
        ]

    def _is_new(self, entry: Discovered) -> bool:
        at, listed = entry.discovered_at, entry.listed_at
        known = self._noted.get(entry.url)
        if known is not None:
            if known[0] <= at and listed in (None, known[1]):
                return False
            at = min(at, known[0])
            listed = listed or known[1]
        elif len(self._noted) >= _REMEMBERED:
            self._noted.clear()
        self._noted[entry.url] = (at, listed)
        return True


def _is_unread(fetch: Fetch) -> bool:
    """Tell whether *fetch* brought a page of an article that could not be read."""
    has_page = fetch.status is not None and 200 <= fetch.status < 300
    return has_page and fetch.body_hash is None and fetch.revisit_of is None


def _no_longer(moment: tuple[str, datetime]) -> Difference:
    url, at = moment
    return Difference(url=url, captured_at=at, kind="no_longer_readable")


@cache
def tune() -> None:
    """Spare the process the search for garbage among what stays: once."""
    # Now, so that the freeze is of all that reads a page.
    import hanicrawler.pages.article
    import hanicrawler.pages.lists  # noqa: F401

    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
