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
    Every row has the same columns, and no two have the same key.
    """
    if rows:
        columns = tuple(rows[0])
        replaced = tuple(name for name in columns if name not in key and name not in keep)
        statement = _insert(table, columns, connection.dialect.name, key, replaced, where)
        _execute(connection, statement, rows)


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert *rows*, which all have the same columns."""
    if rows:
        _execute(connection, _insert(table, tuple(rows[0]), connection.dialect.name), rows)


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert those of *rows* that break no unique constraint; all have the same columns."""
    if rows:
        made = _insert(table, tuple(rows[0]), connection.dialect.name)
        assert isinstance(made, postgresql.Insert | sqlite.Insert)
        _execute(connection, made.on_conflict_do_nothing(), rows)


def among(
    connection: sa.Connection, column: sa.Column[Any], values: Sequence[Any]
) -> sa.ColumnElement[bool]:
    """Return that *column* has one of *values*.

    To PostgreSQL they are one array: the statement is the same for however many, so it is
    compiled once, here and there.
    """
    if connection.dialect.name != "postgresql":
        return column.in_(values)
    array = sa.bindparam("among", list(values), type_=postgresql.ARRAY(column.type), unique=True)
    return column == sa.func.any(array)


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """Give the distinct *values* in their order, at most CHUNK at a time."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


@cache
def _insert(
    table: sa.Table,
    columns: tuple[str, ...],
    dialect: str,
    key: tuple[str, ...] = (),
    replaced: tuple[str, ...] = (),
    where: sa.TextClause | None = None,
) -> sa.Insert:
    """Return the statement that inserts *columns*, and *replaced* where *key* exists already."""
    statement: postgresql.Insert | sqlite.Insert
    if dialect == "postgresql":
        statement = postgresql.insert(table).from_select(columns, _arrays(table, columns))
    else:
        statement = sqlite.insert(table)
    if not key:
        return statement
    if not replaced:
        return statement.on_conflict_do_nothing(index_elements=key, index_where=where)
    new = {name: statement.excluded[name] for name in replaced}
    return statement.on_conflict_do_update(index_elements=key, index_where=where, set_=new)


def _arrays(table: sa.Table, columns: tuple[str, ...]) -> sa.Select[Any]:
    """Return the rows that arrays, one a column, hold side by side."""
    kinds = {name: table.c[name].type for name in columns}
    arrays = [sa.bindparam(name, type_=postgresql.ARRAY(kind)) for name, kind in kinds.items()]
    given = sa.func.unnest(*arrays).table_valued(
        *[sa.column(name, kind) for name, kind in kinds.items()]
    )
    return sa.select(*given.render_derived(name="given").c)


def _execute(connection: sa.Connection, statement: sa.Insert, rows: Sequence[Row]) -> None:
    """Insert *rows*, the way that is fastest for the driver.

    SQLite's takes them one by one.  PostgreSQL takes them as one array a column: a statement
    that never changes, where one with all the values in it is parsed anew for each batch.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(statement, {name: [row[name] for row in rows] for name in rows[0]})
    else:
        connection.execute(statement, list(rows))
