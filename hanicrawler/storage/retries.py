"""Doing the same work again where a server was lost, or set us back for another's sake."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, TypeVar

import sqlalchemy as sa

from hanicrawler.storage.errors import DatabaseError, explain, transient

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

WAITS: Final = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each new try: together as long as a server takes to be started anew."""

REFUSALS: Final = (sa.exc.SQLAlchemyError, ValueError, OverflowError, TypeError)
"""What a statement may raise; ``errors.refused`` tells whether the values are to blame."""

T = TypeVar("T")


def persist(attempt: Callable[[], T], where: str, waits: Sequence[float] | None = None) -> T:
    """Return what *attempt* returns, called again, after each of *waits*, while that may help.

    Each call must leave nothing behind where it fails.  Raises DatabaseError, its message
    about *where*.
    """
    for wait in (*(WAITS if waits is None else waits), None):
        try:
            return attempt()
        except DatabaseError as error:
            if wait is None or not transient(error):
                raise
        except REFUSALS as error:
            if wait is None or not transient(error):
                raise explain(error, where) from error
        time.sleep(wait)
    raise AssertionError("the last try returns or raises")
