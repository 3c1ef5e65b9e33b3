"""What the columns mean: the comments of the models, for those who write them beside their data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import sqlalchemy as sa

from hanicrawler.storage import models, run_models  # noqa: F401 (they fill the metadata)
from hanicrawler.storage.schema import Base
from hanicrawler.storage.types import JsonText, UtcDateTime
from hanicrawler.storage.views import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator

Kind = Literal["integer", "number", "text", "time", "boolean", "bytes", "json"]
"""``time`` is a moment in UTC, ``json`` the text of a JSON object."""

_ELSEWHERE: Final = "As in "


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedColumn:
    """A column of a table or view, as ``docs/schema.md`` shows it."""

    table: str
    name: str
    kind: Kind
    nullable: bool
    """Whether it may be NULL; of a view's column True, nothing being said of it."""
    meaning: str
    """One line."""


def described(table: str) -> dict[str, DescribedColumn]:
    """Return the columns of a table or view by name, in their order.

    A meaning that stands with another table's column of the same name is taken from there.
    Raises KeyError for a table that is not there.
    """
    found = _table(table)
    return {
        column.name: DescribedColumn(
            table=table,
            name=column.name,
            kind=_kind(column.type),
            nullable=bool(column.nullable),
            meaning=_meaning(column),
        )
        for column in found.c
    }


def described_tables() -> Iterator[tuple[str, str]]:
    """Give the name of each table, parents before what refers to them, and what a row of it is."""
    for table in Base.metadata.sorted_tables:
        yield table.name, table.comment or ""


def _table(name: str) -> sa.Table:
    found = Base.metadata.tables.get(name)
    return VIEWS.tables[name] if found is None else found


def _meaning(column: sa.Column[object]) -> str:
    meaning = column.comment or ""
    if not meaning.startswith(_ELSEWHERE):
        return meaning
    other = _table(meaning.removeprefix(_ELSEWHERE).partition(",")[0])
    return _meaning(other.c[column.name]) if column.name in other.c else meaning


def _kind(of: sa.types.TypeEngine[object]) -> Kind:
    if isinstance(of, UtcDateTime):
        return "time"
    if isinstance(of, JsonText):
        return "json"
    if isinstance(of, sa.Boolean):
        return "boolean"
    if isinstance(of, sa.Integer):
        return "integer"
    if isinstance(of, sa.LargeBinary):
        return "bytes"
    return "number" if isinstance(of, sa.Numeric) else "text"
