"""The writer: batches of entries into the database, each batch in one transaction."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from hanicrawler.items import (
    Article,
    Discovered,
    Fetch,
    ListWalk,
    Passed,
    Problem,
    Ranking,
    ReadTo,
)
from hanicrawler.site import DOMAIN, section_url
from hanicrawler.storage.authors import AuthorIds
from hanicrawler.storage.batch import Outcome, coverage_of, store, tally
from hanicrawler.storage.crawls import count
from hanicrawler.storage.engine import take_turn, was_committed
from hanicrawler.storage.errors import one_line, refused
from hanicrawler.storage.readings import add_coverage
from hanicrawler.storage.retries import REFUSALS, persist
from hanicrawler.storage.revisits import Revisits
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.items import Kept
    from hanicrawler.storage.keys import Entry
    from hanicrawler.storage.locks import RunLock


class _Sent(NamedTuple):
    """A transaction of which only its commit may be unknown."""

    number: str
    outcomes: list[Outcome]


class Writer:
    """Writes what a crawl learns.

    Writers take turns, whichever process they are in, so that what one has looked up holds
    until it has written.  What became of a batch is added to the row of the run *crawl_id* in
    the batch's own transaction; where it *covers*, by which layers the fields of new and changed
    articles were found too (a crawl says so at its end).  *lock*, where there is one, is held
    for every batch.  *planned_from* is given where the past is read: no fetch is planned of an
    article that is too old then.  Not to be used by two threads at once.
    """

    def __init__(
        self,
        engine: sa.Engine,
        crawl_id: int | None,
        lock: RunLock | None = None,
        revisits: Revisits | None = None,
        *,
        planned_from: datetime | None = None,
        covers: bool = False,
    ) -> None:
        self._engine = engine
        self._crawl_id = crawl_id
        self._lock = lock
        self._revisits = revisits or Revisits.parse()
        self._planned_from = planned_from
        self._covers = covers
        self._authors = AuthorIds()
        self._sent: _Sent | None = None

    def write(self, batch: Sequence[Entry]) -> list[Outcome]:
        """Store *batch* in one transaction; return what became of each entry, in order.

        It is committed when this returns.  An entry that the database refuses becomes a
        problem (stage ``store``, code ``refused``), and takes no other along.  The same batch
        again changes nothing but the times of sighting.  A server that is being started anew
        is waited for.  Raises RunLocked where another run has begun meanwhile, DatabaseError
        where nothing could be committed; then nothing of the batch is stored.
        """
        if not batch:
            return []
        self._sent = None
        return persist(lambda: self._attempt(batch), describe(self._engine.url))

    def _attempt(self, batch: Sequence[Entry]) -> list[Outcome]:
        if self._lock is not None:
            self._lock.renew()
        try:
            outcomes = self._transaction(batch)
        except BaseException:
            self._authors.rolled_back()
            raise
        self._authors.committed()
        return outcomes

    def _transaction(self, batch: Sequence[Entry]) -> list[Outcome]:
        with self._engine.begin() as connection:
            take_turn(connection, by_keys=True)
            # The answer to a commit may be lost with the connection, and what it did is done.
            if self._sent and was_committed(connection, self._sent.number):
                return self._sent.outcomes
            outcomes = self._outcomes(connection, batch)
            if self._crawl_id is not None:
                number = count(connection, self._crawl_id, tally(batch, outcomes))
                self._sent = _Sent(number, outcomes) if number else None
                if self._covers:
                    add_coverage(connection, self._crawl_id, coverage_of(batch, outcomes))
            return outcomes

    def _outcomes(self, connection: sa.Connection, batch: Sequence[Entry]) -> list[Outcome]:
        outcomes = self._try(connection, batch)
        if isinstance(outcomes, list):
            return outcomes
        self._authors.rolled_back()
        return [self._alone(connection, entry) for entry in batch]

    def _try(self, connection: sa.Connection, batch: Sequence[Entry]) -> list[Outcome] | Exception:
        """Store *batch* in a savepoint; return why it is refused, where it is."""
        try:
            with connection.begin_nested():
                return self._store(connection, batch)
        except REFUSALS as error:
            if not refused(error):
                raise
            return error

    def _alone(self, connection: sa.Connection, entry: Entry) -> Outcome:
        """Store *entry*, or the problem that it is refused."""
        outcomes = self._try(connection, [entry])
        if isinstance(outcomes, list):
            return outcomes[0]
        self._authors.rolled_back()
        refusal = _refusal(entry, outcomes)
        self._store(connection, [refusal])
        return "refused"

    def _store(self, connection: sa.Connection, batch: Sequence[Entry]) -> list[Outcome]:
        return store(
            connection, batch, self._authors, self._crawl_id, self._revisits, self._planned_from
        )


def _refusal(entry: Entry, error: Exception) -> Problem:
    """Return the problem that the database refuses *entry*."""
    url, seen_at = _what_and_when(entry)
    cause = error.orig if isinstance(error, sa.exc.StatementError) and error.orig else error
    return Problem(
        url=url,
        stage="store",
        code="refused",
        error=f"{type(entry).__name__} not stored: {one_line(cause)}",
        seen_at=seen_at if seen_at.utcoffset() is not None else datetime.now(UTC),
        body=entry.body if isinstance(entry, Problem) else None,
        kept=_kept(entry),
    )


def _kept(entry: Entry) -> Kept | None:
    match entry:
        case Article():
            return entry.fetch.kept
        case Fetch() | Problem():
            return entry.kept
        case _:
            return None


def _what_and_when(entry: Entry) -> tuple[str, datetime]:
    match entry:
        case Article():
            return entry.url, entry.fetch.fetched_at
        case Fetch():
            return entry.url, entry.fetched_at
        case Discovered():
            return entry.url, entry.discovered_at
        case Passed():
            return entry.url, datetime.now(UTC)
        case ReadTo():
            return f"file:{entry.file}", datetime.now(UTC)
        case ListWalk():
            return section_url(entry.edition, entry.section), entry.at
        case Ranking():
            return f"https://{DOMAIN}/", entry.seen_at
        case Problem():
            return entry.url, entry.seen_at
