"""Articles that were chosen, one after another, in one view of the database.

A view is a transaction: what a crawl stores meanwhile is not seen, so that an article and what
belongs to it fit together however long the reading takes.  On SQLite such a reader keeps the
write-ahead log beside the file from being emptied: while a crawl writes, the log grows until the
reading ends.  On PostgreSQL it keeps VACUUM from clearing away what was deleted meanwhile.
"""

from __future__ import annotations

from array import array
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.items import Byline, Image, StoryLink
from hanicrawler.storage.coverage import coverage_in
from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import Filters, conditions
from hanicrawler.storage.models import AuthorRow, RevisionRow
from hanicrawler.storage.rows import ARTICLES, BYLINES, IMAGES, RELATED
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.search import found_by

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from hanicrawler.storage.coverage import Coverage

BATCH: Final = 500
"""Articles whose rows are in memory at once."""
SPARSE: Final = 4
"""Ids that lie further apart than this, as a rule, are asked for one by one, not as a stretch."""

_AUTHORS: Final = table_of(AuthorRow)
_REVISIONS: Final = table_of(RevisionRow)
_COLUMNS: Final = tuple(column.name for column in ARTICLES.c)
_OF_VERSION: Final = (
    "modified_at",
    "headline",
    "deck",
    "body",
    "byline",
    "content_hash",
    "seen_at",
    "silent",
)
ALL: Final = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRecord:
    """An article with all that belongs to it, or one of its versions.

    The fields of the table ``articles`` mean what ``docs/schema.md`` says of its columns; times
    are aware and in UTC.
    """

    id: int
    edition: str
    source_id: int
    url: str
    section: str | None
    section_name: str | None
    label: str | None
    headline: str
    deck: str | None
    body: str
    byline: str | None
    published_at: datetime | None
    modified_at: datetime | None
    published_text: str | None
    modified_text: str | None
    contact: str | None
    original_url: str | None
    original_source_id: int | None
    revision: int
    """The number of the version: of the last one, unless every version was asked for."""
    content_hash: str
    first_seen_at: datetime
    last_seen_at: datetime
    captured_at: datetime
    gone_at: datetime | None
    template: str
    layers: Mapping[str, Any]
    authors: tuple[Byline, ...]
    images: tuple[Image, ...]
    related: tuple[StoryLink, ...]
    seen_at: datetime | None = None
    """When this version was first seen; None unless every version was asked for."""
    silent: bool | None = None
    """Whether the text changed and the site's own time did not; None likewise."""


class Chosen:
    """Articles that were chosen in one view of a database.  Made by :func:`choose`."""

    def __init__(self, connection: sa.Connection, filters: Filters, words: str | None) -> None:
        self.connection = connection
        self.filters = filters
        asked = conditions(filters)
        if words is not None:
            asked.append(found_by(connection, words))
        self.ids = _ids(connection, asked)
        """Of ``articles``, ascending: eight bytes an article."""

    def __len__(self) -> int:
        return len(self.ids)

    def articles(self, *, every_version: bool = False) -> Iterator[ArticleRecord]:
        """Give the articles by ``id``; with *every_version* each version of them, from the first.

        What has no versions of its own (label, section, pictures ...) is as last seen in each.
        """
        for batch in self.batches():
            yield from _records(self.connection, batch, every_version=every_version)

    def batches(self, size: int = BATCH) -> Iterator[array[int]]:
        """Give the ids in their order, at most *size* at a time."""
        for start in range(0, len(self.ids), size):
            yield self.ids[start : start + size]

    def coverage(self) -> Coverage:
        """Return what is known of the days, sections and editions that were asked for."""
        asked = self.filters
        return coverage_in(
            self.connection, asked.since, asked.until, asked.sections, asked.editions
        )


@contextmanager
def choose(
    engine: sa.Engine, filters: Filters = ALL, *, words: str | None = None
) -> Iterator[Chosen]:
    """Give the articles that *filters* ask for, in one view of the database.

    With *words* those that a search for them finds.  Raises BadSearch and DatabaseError.
    """
    with one_view(engine) as connection:
        yield Chosen(connection, filters, words)


@contextmanager
def one_view(engine: sa.Engine) -> Iterator[sa.Connection]:
    """Give a connection that sees one state of the database, whatever others write meanwhile.

    Raises DatabaseError.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with reading(engine) as connection:
        yield connection


def of_articles(column: sa.ColumnElement[int], ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition that *column* is one of *ids* (ascending, not empty).

    Where they lie close together it lets those between them through too.
    """
    first, last = ids[0], ids[-1]
    if last - first < SPARSE * len(ids):
        return column.between(first, last)
    return column.in_(list(ids))


def _ids(connection: sa.Connection, asked: Sequence[sa.ColumnElement[bool]]) -> array[int]:
    # The plus keeps the planners from reading the whole table for the sake of its order: they
    # look into the index that answers the conditions and sort the numbers.
    order: sa.ColumnElement[int] = sa.literal_column("+articles.id")
    selected = sa.select(ARTICLES.c.id).where(*asked).order_by(order)
    found = array("q")
    rows = connection.execute(selected, execution_options={"yield_per": 10_000})
    for part in rows.scalars().partitions():
        found.extend(part)
    return found


def _records(
    connection: sa.Connection, ids: Sequence[int], *, every_version: bool
) -> Iterator[ArticleRecord]:
    rows = {
        row[0]: row
        for row in connection.execute(sa.select(ARTICLES).where(of_articles(ARTICLES.c.id, ids)))
    }
    authors = _authors(connection, ids)
    images = _images(connection, ids)
    related = _related(connection, ids)
    versions = _versions(connection, ids) if every_version else {}
    for id_ in ids:
        values = dict(zip(_COLUMNS, rows[id_], strict=True))
        values["authors"] = tuple(authors.get(id_, ()))
        values["images"] = tuple(images.get(id_, ()))
        values["related"] = tuple(related.get(id_, ()))
        if every_version:
            for version in versions.get(id_, ()):
                yield ArticleRecord(**{**values, **version})
        else:
            yield ArticleRecord(**values)


def _owned(
    connection: sa.Connection,
    selected: sa.Select[Any],
    table: sa.Table,
    ids: Sequence[int],
) -> Iterator[Any]:
    """Give the rows of *selected* by their places, the article's id last in each."""
    owner = table.c.article_id
    place = table.c.number if table is _REVISIONS else table.c.position
    asked = selected.add_columns(owner).where(of_articles(owner, ids))
    yield from connection.execute(asked.order_by(owner, place))


def _authors(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Byline]]:
    found: dict[int, list[Byline]] = {}
    selected = sa.select(
        _AUTHORS.c.name, _AUTHORS.c.language, BYLINES.c.role, BYLINES.c.place, BYLINES.c.email
    ).join_from(BYLINES, _AUTHORS, _AUTHORS.c.id == BYLINES.c.author_id)
    for name, language, role, place, email, id_ in _owned(connection, selected, BYLINES, ids):
        author = Byline(name=name, language=language, role=role, place=place, email=email)
        found.setdefault(id_, []).append(author)
    return found


def _images(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Image]]:
    found: dict[int, list[Image]] = {}
    selected = sa.select(IMAGES.c.url, IMAGES.c.caption, IMAGES.c.credit)
    for url, caption, credit, id_ in _owned(connection, selected, IMAGES, ids):
        found.setdefault(id_, []).append(Image(url=url, caption=caption, credit=credit))
    return found


def _related(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[StoryLink]]:
    found: dict[int, list[StoryLink]] = {}
    selected = sa.select(RELATED.c.edition, RELATED.c.source_id, RELATED.c.url, RELATED.c.headline)
    for edition, source_id, url, headline, id_ in _owned(connection, selected, RELATED, ids):
        story = StoryLink(url=url, headline=headline, edition=edition, source_id=source_id)
        found.setdefault(id_, []).append(story)
    return found


def _versions(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    selected = sa.select(_REVISIONS.c.number, *[_REVISIONS.c[name] for name in _OF_VERSION])
    for row in _owned(connection, selected, _REVISIONS, ids):
        version = dict(zip(("revision", *_OF_VERSION), row[:-1], strict=True))
        found.setdefault(row[-1], []).append(version)
    return found
