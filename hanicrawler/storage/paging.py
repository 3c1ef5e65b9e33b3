"""Lists by the page, without OFFSET: the next page begins behind a row, wherever it is by then."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_T = TypeVar("_T")

Place = tuple["datetime | None", int]
"""Of a row in a list by time: when (aware, UTC; None for no known time), and its id."""

_PLACE: Final = re.compile(r"(?:(\d{8}T\d{6}\.\d{6})|-),(\d{1,18})", re.ASCII)
_MOMENT: Final = "%Y%m%dT%H%M%S.%f"


class BadPlace(ValueError):
    """What was given is no place in a list; the message is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[_T]):
    """Some rows of a list, in its order."""

    rows: tuple[_T, ...]
    next: str | None
    """What to give as ``after`` for the rows behind these; None where there are none."""


def write_place(moment: datetime | None, *numbers: int) -> str:
    """Return a place as ``after`` takes it: plain words for a shell and a URL."""
    at = "-" if moment is None else f"{moment.astimezone(UTC):{_MOMENT}}"
    return ",".join([at, *map(str, numbers)])


def read_place(text: str) -> Place:
    """Return the place that :func:`write_place` wrote with one number.  Raises BadPlace."""
    if match := _PLACE.fullmatch(text):
        return read_moment(match[1], text), int(match[2])
    raise not_a_place(text)


def read_moment(written: str | None, whole: str) -> datetime | None:
    """Return the moment of the place *whole*.  Raises BadPlace."""
    if written is None:
        return None
    try:
        return datetime.strptime(written, _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        raise not_a_place(whole) from None


def not_a_place(text: str) -> BadPlace:
    """Return the error for a *text* that is no place."""
    shown = repr(text if len(text) <= 60 else f"{text[:60]}...")
    return BadPlace(f"{shown} is no place in this list: give what the page before ended with")


def check_limit(limit: int) -> None:
    """Raise ValueError where a list of at most *limit* rows could have none."""
    if limit < 1:
        raise ValueError(f"a limit of {limit}: it is 1 or more")


def newest_first(
    connection: sa.Connection,
    asked: sa.Select[Any],
    by: tuple[sa.ColumnElement[datetime], sa.ColumnElement[int]],
    limit: int,
    after: str | None = None,
) -> tuple[list[Any], str | None]:
    """Return up to *limit* rows of *asked*, the newest first, and where the next ones begin.

    *by* are the columns of time and id, of one table; rows without a time stand last.  An index
    on the time serves it.  Raises BadPlace, and ValueError for a *limit* below 1.
    """
    check_limit(limit)
    at, number = by
    moment, last = (None, None) if after is None else read_place(after)
    found: list[Any] = []
    # Two questions, because the databases disagree on where NULL stands.
    if after is None or moment is not None:
        dated = asked.where(at.is_not(None))
        if moment is not None:
            dated = dated.where(at <= moment, sa.or_(at < moment, number < last))
        found += connection.execute(dated.order_by(at.desc(), number.desc()).limit(limit + 1))
    if len(found) <= limit:
        undated = asked.where(at.is_(None))
        if after is not None and moment is None:
            undated = undated.where(number < last)
        found += connection.execute(undated.order_by(number.desc()).limit(limit + 1 - len(found)))
    return cut(found, limit, lambda row: write_place(row._mapping[at], row._mapping[number]))


def cut(
    found: Sequence[Any], limit: int, place: Callable[[Any], str]
) -> tuple[list[Any], str | None]:
    """Return the first *limit* rows of *found* and the *place* of the last where more follow."""
    rows = list(found[:limit])
    return rows, place(rows[-1]) if len(found) > limit and rows else None
