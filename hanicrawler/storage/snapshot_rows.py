"""Rows on their way into a snapshot, as SQLite stores them: no value becomes an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.models import AuthorRow, MostViewedRow, RevisionRow
from hanicrawler.storage.rows import ARTICLES, BYLINES, IMAGES, RELATED
from hanicrawler.storage.run_models import CaptureRow, PageRow
from hanicrawler.storage.schema import Base, table_of
from hanicrawler.storage.sql import chunks
from hanicrawler.storage.streams import of_articles
from hanicrawler.storage.types import JsonText, PlainText, UtcDateTime

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hanicrawler.storage.streams import Chosen

    Progress = Callable[[int, int], None]

PART: Final = 1000
"""Rows on their way at once."""

_AUTHORS: Final = table_of(AuthorRow)
_SEARCHED: Final = sa.table(
    "search_index", sa.column("search_key", sa.BigInteger), sa.column("article_id", sa.Integer)
)
"""Its words are PostgreSQL's; SQLite has them in a table that is filled from the articles."""
_OWNED: Final = (table_of(RevisionRow), BYLINES, IMAGES, RELATED)
_NAMED: Final = (table_of(PageRow), table_of(MostViewedRow), table_of(CaptureRow))
"""Tables whose rows name an article by its edition and source_id."""


def every_row(source: sa.Connection, target: sqlite3.Connection, tell: Progress) -> None:
    """Copy all rows of all tables into the empty tables of *target*."""
    tables = Base.metadata.sorted_tables
    counts = [source.scalar(sa.select(sa.func.count()).select_from(table)) for table in tables]
    total, done = sum(filter(None, counts)), 0
    for table in tables:
        selected = sa.select(*_stored(source, table))
        for part in _parts(source, selected):
            _insert(target, table, part)
            done += len(part)
            tell(done, total)
    for part in _parts(source, sa.select(*_SEARCHED.c)):
        _insert(target, _SEARCHED, part)


def rows_of(chosen: Chosen, target: sqlite3.Connection, tell: Progress) -> None:
    """Copy the articles that were *chosen* and what belongs to them into *target*."""
    source, done = chosen.connection, 0
    authors: set[int] = set()
    for ids in chosen.batches():
        wanted = set(ids)
        chosen_articles = of_articles(ARTICLES.c.id, ids)
        _copy(source, target, ARTICLES, [chosen_articles], ARTICLES.c.id, wanted)
        for table in (*_OWNED, _SEARCHED):
            owner = table.c.article_id
            _copy(source, target, table, [of_articles(owner, ids)], owner, wanted)
        for table in _NAMED:
            same = [table.c[name] == ARTICLES.c[name] for name in ("edition", "source_id")]
            _copy(source, target, table, [*same, chosen_articles], ARTICLES.c.id, wanted)
        signed = sa.select(BYLINES.c.author_id).where(BYLINES.c.article_id.in_(list(ids)))
        authors.update(source.scalars(signed))
        done += len(ids)
        tell(done, len(chosen))
    for some in chunks(sorted(authors)):
        _copy(source, target, _AUTHORS, [_AUTHORS.c.id.in_(some)], _AUTHORS.c.id, set(some))


def _copy(
    source: sa.Connection,
    target: sqlite3.Connection,
    table: sa.TableClause,
    conditions: Sequence[sa.ColumnElement[bool]],
    owner: sa.ColumnElement[int],
    wanted: set[int],
) -> None:
    """Copy those rows that *conditions* let through and whose *owner* is one of *wanted*."""
    # The runs stay behind.
    stored = [
        sa.null().label(column.name) if column.name == "crawl_id" else column
        for column in _stored(source, table)
    ]
    selected = sa.select(*stored, owner.label("owner")).where(*conditions)
    for part in _parts(source, selected):
        _insert(target, table, [row[:-1] for row in part if row[-1] in wanted])


def _stored(source: sa.Connection, table: sa.TableClause) -> list[sa.ColumnElement[Any]]:
    """Return the columns of *table* as SQLite stores them."""
    as_stored = _from_sqlite if source.dialect.name == "sqlite" else _from_postgresql
    return [as_stored(column).label(column.name) for column in table.c]


def _from_sqlite(column: sa.ColumnClause[Any]) -> sa.ColumnElement[Any]:
    plain = isinstance(column.type, sa.LargeBinary)
    return column if plain else sa.type_coerce(column, sa.types.NullType())


def _from_postgresql(column: sa.ColumnClause[Any]) -> sa.ColumnElement[Any]:
    if isinstance(column.type, UtcDateTime):
        return sa.func.to_char(sa.func.timezone("UTC", column), "YYYY-MM-DD HH24:MI:SS.US")
    if isinstance(column.type, sa.Boolean):
        return sa.cast(column, sa.Integer)
    if isinstance(column.type, (JsonText, PlainText)):
        return sa.type_coerce(column, sa.Text)
    return column


def _parts(source: sa.Connection, selected: sa.Select[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    """Give the rows of *selected* as they come from the server, PART at a time."""
    yield from source.execute(selected, execution_options={"yield_per": PART}).partitions()


def _insert(
    target: sqlite3.Connection, table: sa.TableClause, rows: Iterable[Sequence[Any]]
) -> None:
    columns = ", ".join(f'"{column.name}"' for column in table.c)
    marks = ", ".join("?" * len(table.c))
    target.executemany(
        f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})',  # noqa: S608 (names of ours)
        rows,
    )
