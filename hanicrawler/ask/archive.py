"""The archive: a database of the record, opened for reading."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Self

from hanicrawler.storage import (
    Answer,
    Question,
    ask,
    database_url,
    describe,
    open_read_only,
    questions,
)

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import sqlalchemy as sa


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

    def questions(self) -> tuple[Question, ...]:
        """Return the questions of ``docs/querying.md``, each to be asked by its name."""
        return questions()

    def ask(self, name: str, **parameters: object) -> Answer:
        """Return the answer to one of :meth:`questions`: its columns and its rows.

        ``archive.ask("who-covers", section="e_northkorea", since="2024-06-01").rows`` is a tuple
        of dicts; *parameters* take the place of the question's defaults.

        Raises WrongQuestion (a ValueError) where the question, a parameter or the form of a
        value is not known.
        """
        return ask(self._engine, name, parameters)

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
