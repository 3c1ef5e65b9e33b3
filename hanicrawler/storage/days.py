"""Days, weeks and months of the Korean calendar, in SQL."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Mapping

Unit = Literal["day", "week", "month", "year"]
"""What moments are counted by; a week begins on Monday."""

_ON_SQLITE: Final[Mapping[Unit, tuple[str, ...]]] = {
    "day": (),
    # On to the next Monday, from six days before.
    "week": ("-6 days", "weekday 1"),
    "month": ("start of month",),
    "year": ("start of year",),
}


def first_day(
    connection: sa.Connection, moment: sa.ColumnElement[datetime], unit: Unit = "day"
) -> sa.ColumnElement[Any]:
    """Return the first day of the Korean *unit* that *moment* lies in, as text YYYY-MM-DD."""
    if connection.dialect.name == "sqlite":
        return sa.func.date(moment, "+9 hours", *_ON_SQLITE[unit])
    # Literals: PostgreSQL would not know an expression with parameters for the one grouped by.
    local = sa.func.timezone(sa.literal_column("'Asia/Seoul'", sa.Text), moment)
    began = sa.func.date_trunc(sa.literal_column(f"'{unit}'", sa.Text), local)
    return sa.func.to_char(began, sa.literal_column("'YYYY-MM-DD'"))


def read_day(text: str | None) -> date | None:
    """Return the day that :func:`first_day` gave."""
    return None if text is None else date.fromisoformat(text)
