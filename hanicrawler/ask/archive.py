"""The archive: a database of the record, opened for reading."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, Self

from hanicrawler.ask.search import Found, find_articles
from hanicrawler.storage import Filters, database_url, describe, open_read_only

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import sqlalchemy as sa

    from hanicrawler.storage import Order

ALL: Final = Filters()
"""Every article."""


class Archive:
    """A database of articles that is read and never changed.  Made by :func:`open_archive`.

    Usable as a context manager, from one thread at a time.  Every method raises DatabaseError
    where the database cannot be read.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        """The database as a person names it: its file or its URL, without the password."""
        return describe(self._engine.url)

    def search(
        self,
        words: str,
        filters: Filters = ALL,
        *,
        order: Order = "newest",
        limit: int = 20,
        after: str | None = None,
    ) -> Found:
        """Return the articles that have *words* in headline, deck, body, captions or authors.

        Args:
            words: Words that all have to occur, in any of their English forms; ``"a phrase"``,
                ``-word`` for one that must not, ``a OR b``, ``pref*``.  Of Korean, any part of a
                word of two syllables or more.  May be empty where there are filters.
            filters: What the articles must be like besides.
            order: ``newest`` first, or by ``relevance``; then the newest 20,000 matches are
                ranked, and ``ranked`` says so where there are more.
            limit: How many at most.
            after: ``next`` of the page before.

        Raises BadSearch, a ValueError, for words that hold nothing to search for.
        """
        return find_articles(self._engine, words, filters, order, limit, after)

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def open_archive(database: str | Path | None = None) -> Archive:
    """Return the archive in *database*, for reading.

    Args:
        database: A path of an SQLite file or a database URL; without it what
            ``HANICRAWLER_DATABASE`` names, or ``hanicrawler.db`` in the working folder.

    Raises DatabaseError, in one line that says what to do, where the database is missing, empty,
    older or newer than this code.
    """
    named = os.environ.get("HANICRAWLER_DATABASE") if database is None else str(database)
    return Archive(open_read_only(database_url(named)))
