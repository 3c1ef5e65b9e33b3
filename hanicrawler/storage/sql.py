"""Statements that every part of the writer uses, the same on both databases."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_T = TypeVar("_T")

Row = dict[str, Any]
"""Column name to value."""

CHUNK: Final = 1000
"""Values of one IN list: SQLite takes 32,766 variables a statement, PostgreSQL 65,535."""


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Sequence[Row],
    key: tuple[str, ...],
    keep: tuple[str, ...] = (),
    where: sa.TextClause | None = None,
) -> None:
    """Insert *rows*, or where *key* exists already, set all the other columns but *keep*.

    *key* names the columns of a unique constraint; *where* is the condition of a partial one.
    Every row has the same columns.
    """
    if rows:
        statement = _upsert(table, tuple(rows[0]), key, keep, where, connection.dialect.name)
        connection.execute(statement, list(rows))


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert *rows*, which all have the same columns."""
    if rows:
        connection.execute(sa.insert(table), list(rows))


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Give the distinct *values* in their order, at most CHUNK at a time."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


@cache
def _upsert(
    table: sa.Table,
    columns: tuple[str, ...],
    key: tuple[str, ...],
    keep: tuple[str, ...],
    where: sa.TextClause | None,
    dialect: str,
) -> postgresql.Insert | sqlite.Insert:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    statement = insert(table)
    replaced = {
        column: statement.excluded[column]
        for column in columns
        if column not in key and column not in keep
    }
    if not replaced:
        return statement.on_conflict_do_nothing(index_elements=key, index_where=where)
    return statement.on_conflict_do_update(index_elements=key, index_where=where, set_=replaced)
