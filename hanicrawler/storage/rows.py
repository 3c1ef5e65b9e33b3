"""An article as rows: what of an item goes into which column."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.models import (
    ArticleRow,
    AuthorRow,
    BylineRow,
    ImageRow,
    RelatedRow,
    RevisionRow,
)
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, among, chunks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Article

ARTICLES: Final = table_of(ArticleRow)
BYLINES: Final = table_of(BylineRow)
IMAGES: Final = table_of(ImageRow)
RELATED: Final = table_of(RelatedRow)
REVISIONS: Final = table_of(RevisionRow)
_AUTHORS: Final = table_of(AuthorRow)

VALUES: Final = (
    "url",
    "section",
    "section_name",
    "label",
    "headline",
    "deck",
    "body",
    "byline",
    "published_at",
    "modified_at",
    "published_text",
    "modified_text",
    "contact",
    "original_url",
    "original_source_id",
    "content_hash",
    "template",
)
"""The columns that are fields of an Article by the same name."""

TEXT: Final = ("headline", "deck", "body", "byline", "content_hash", "modified_at")
"""The columns of a revision that are columns of its article too."""

IMAGE_VALUES: Final = ("url", "caption", "credit")
RELATED_VALUES: Final = ("edition", "source_id", "url", "headline")
BYLINE_VALUES: Final = ("role", "place", "email")

_VALUE_COLUMNS: Final = tuple(ARTICLES.c[name] for name in VALUES)
_STATE_COLUMNS: Final = tuple(
    ARTICLES.c[name]
    for name in (
        "id",
        "edition",
        "source_id",
        "revision",
        "first_seen_at",
        "last_seen_at",
        "captured_at",
        "gone_at",
        "layers",
    )
)


@dataclass(slots=True)
class Lists:
    """The rows that belong to an article, in their order, without its id and their position."""

    bylines: tuple[tuple[Any, ...], ...] = ()
    """Name, language, and BYLINE_VALUES."""
    images: tuple[tuple[Any, ...], ...] = ()
    """IMAGE_VALUES."""
    related: tuple[tuple[Any, ...], ...] = ()
    """RELATED_VALUES."""


@dataclass(slots=True)
class Stored:
    """What is stored of an article, or will be when the batch is written."""

    key: Key
    id: int | None
    revision: int
    first_seen_at: datetime
    last_seen_at: datetime
    captured_at: datetime
    gone_at: datetime | None
    values: tuple[Any, ...]
    """Of the columns VALUES."""
    layers: dict[str, Any]
    lists: Lists = field(default_factory=Lists)

    def __getitem__(self, name: str) -> Any:
        return self.values[VALUES.index(name)]

    def seen(self, at: datetime) -> None:
        """Note that the article was read from a page fetched *at*, which is not late."""
        self.captured_at = at
        self.last_seen_at = max(self.last_seen_at, at)
        if self.gone_at is not None and self.gone_at <= at:
            self.gone_at = None

    def row(self) -> Row:
        """Return the article's row, without its id."""
        return dict(
            zip(VALUES, self.values, strict=True),
            edition=self.key[0],
            source_id=self.key[1],
            revision=self.revision,
            first_seen_at=self.first_seen_at,
            last_seen_at=self.last_seen_at,
            captured_at=self.captured_at,
            gone_at=self.gone_at,
            layers=self.layers,
        )


def values_of(article: Article) -> tuple[Any, ...]:
    """Return the values of the columns VALUES."""
    return tuple([getattr(article, name) for name in VALUES])


def lists_of(article: Article) -> Lists:
    """Return the rows that belong to *article*."""
    return Lists(
        bylines=tuple([(b.name, b.language, b.role, b.place, b.email) for b in article.authors]),
        images=tuple([(i.url, i.caption, i.credit) for i in article.images]),
        related=tuple([(s.edition, s.source_id, s.url, s.headline) for s in article.related]),
    )


def stored_articles(connection: sa.Connection, keys: Iterable[Key]) -> dict[Key, Stored]:
    """Return what is stored of the articles *keys*; those that are not are left out."""
    found: dict[Key, Stored] = {}
    by_id: dict[int, Lists] = {}
    width = len(_STATE_COLUMNS)
    columns = (*_STATE_COLUMNS, *_VALUE_COLUMNS)
    for row in select_by_key(connection, ARTICLES, columns, keys):
        id_, edition, source_id, revision, first, last, captured, gone, layers = row[:width]
        stored = Stored(
            key=(edition, source_id),
            id=id_,
            revision=revision,
            first_seen_at=first,
            last_seen_at=last,
            captured_at=captured,
            gone_at=gone,
            values=tuple(row[width:]),
            layers=layers,
        )
        found[stored.key] = stored
        by_id[id_] = stored.lists
    for chunk in chunks(by_id):
        for lists, rows in _lists(connection, chunk).items():
            for id_, values in rows.items():
                setattr(by_id[id_], lists, tuple(values))
    return found


def _lists(
    connection: sa.Connection, ids: list[int]
) -> dict[str, dict[int, list[tuple[Any, ...]]]]:
    """Return for each field of Lists the rows of the articles *ids*."""
    bylines = sa.select(
        BYLINES.c.article_id,
        _AUTHORS.c.name,
        _AUTHORS.c.language,
        *[BYLINES.c[name] for name in BYLINE_VALUES],
    ).join(_AUTHORS, _AUTHORS.c.id == BYLINES.c.author_id)
    selects = {
        "bylines": (BYLINES, bylines),
        "images": (IMAGES, _select(IMAGES, IMAGE_VALUES)),
        "related": (RELATED, _select(RELATED, RELATED_VALUES)),
    }
    found: dict[str, dict[int, list[tuple[Any, ...]]]] = {}
    for name, (table, select) in selects.items():
        of_articles = found[name] = {}
        chosen = select.where(among(connection, table.c.article_id, ids))
        ordered = chosen.order_by(table.c.article_id, table.c.position)
        for row in connection.execute(ordered):
            of_articles.setdefault(row[0], []).append(tuple(row[1:]))
    return found


def _select(table: sa.Table, columns: tuple[str, ...]) -> sa.Select[Any]:
    return sa.select(table.c.article_id, *[table.c[name] for name in columns])
