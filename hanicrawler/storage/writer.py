"""The writer: batches of entries into the database, each batch in one transaction."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.items import Article, Discovered, Fetch, ListWalk, Passed, Problem, Ranking
from hanicrawler.site import DOMAIN, section_url
from hanicrawler.storage.authors import AuthorIds
from hanicrawler.storage.batch import Outcome, store
from hanicrawler.storage.engine import take_turn
from hanicrawler.storage.errors import explain, one_line, refused, transient
from hanicrawler.storage.revisits import Revisits
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.storage.keys import Entry

WAITS: Final = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each new try where a server was lost, or set us back for another's sake."""

_REFUSALS: Final = (sa.exc.SQLAlchemyError, ValueError, OverflowError, TypeError)
"""What may say that the values are to blame; ``errors.refused`` tells for sure."""


class Writer:
    """Writes what a crawl learns.

    Writers take turns, whichever process they are in, so that what one has looked up holds
    until it has written.  Not to be used by two threads at once.
    """

    def __init__(
        self, engine: sa.Engine, crawl_id: int | None, revisits: Revisits | None = None
    ) -> None:
        self._engine = engine
        self._crawl_id = crawl_id
        self._revisits = revisits or Revisits.parse()
        self._authors = AuthorIds()

    def write(self, batch: Sequence[Entry]) -> list[Outcome]:
        """Store *batch* in one transaction; return what became of each entry, in order.

        It is committed when this returns.  An entry that the database refuses becomes a
        problem (stage ``store``, code ``refused``), and takes no other along.  The same batch
        again changes nothing but the times of sighting.  Raises DatabaseError where nothing
        could be committed; then nothing of the batch is stored.
        """
        if not batch:
            return []
        for wait in (*WAITS, None):
            try:
                outcomes = self._transaction(batch)
            except _REFUSALS as error:
                self._authors.rolled_back()
                if wait is None or not transient(error):
                    raise explain(error, describe(self._engine.url)) from error
                time.sleep(wait)
            except BaseException:
                self._authors.rolled_back()
                raise
            else:
                self._authors.committed()
                return outcomes
        raise AssertionError("the last try returns or raises")

    def _transaction(self, batch: Sequence[Entry]) -> list[Outcome]:
        with self._engine.begin() as connection:
            take_turn(connection)
            outcomes = self._try(connection, batch)
            if isinstance(outcomes, list):
                return outcomes
            self._authors.rolled_back()
            return [self._alone(connection, entry) for entry in batch]

    def _try(self, connection: sa.Connection, batch: Sequence[Entry]) -> list[Outcome] | Exception:
        """Store *batch* in a savepoint; return why it is refused, where it is."""
        try:
            with connection.begin_nested():
                return store(connection, batch, self._authors, self._crawl_id, self._revisits)
        except _REFUSALS as error:
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
        store(connection, [refusal], self._authors, self._crawl_id, self._revisits)
        return "refused"


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
    )


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
        case ListWalk():
            return section_url(entry.edition, entry.section), entry.at
        case Ranking():
            return f"https://{DOMAIN}/", entry.seen_at
        case Problem():
            return entry.url, entry.seen_at
