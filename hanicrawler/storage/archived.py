"""What the database knows of the archive's files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading, take_turn
from hanicrawler.storage.errors import explain
from hanicrawler.storage.run_models import CaptureRow, PageRow, ProblemRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import chunks
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Iterable

_PROBLEMS: Final = table_of(ProblemRow)
_REFERRING: Final = (table_of(PageRow), _PROBLEMS, table_of(CaptureRow))


def needed_files(engine: sa.Engine) -> set[str]:
    """Return the files, as in Kept, that open problems point into.  Raises DatabaseError."""
    named = sa.select(_PROBLEMS.c.archive_file).where(
        _PROBLEMS.c.archive_file.is_not(None), _PROBLEMS.c.resolved_at.is_(None)
    )
    with reading(engine) as connection:
        return set(connection.scalars(named.distinct()))


def forget_archived(engine: sa.Engine, names: Iterable[str]) -> None:
    """Let nothing point into the files *names*, as in Kept: they are to be removed.

    All of them or none.  Raises DatabaseError.
    """
    files = list(names)
    try:
        with engine.begin() as connection:
            take_turn(connection)
            for chunk in chunks(files):
                for table in _REFERRING:
                    nothing = dict.fromkeys(
                        name
                        for name in ("archive_file", "archive_offset", "archived_at")
                        if name in table.c
                    )
                    connection.execute(
                        sa.update(table).where(table.c.archive_file.in_(chunk)).values(nothing)
                    )
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error
