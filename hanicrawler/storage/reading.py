"""One article, whole: its words, who signed it, its pictures, and what stands beside it.

Every question is answered by an index and costs the same however many articles are stored.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.site import ArticleAddress
from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import (
    ArticleRow,
    AuthorRow,
    BylineRow,
    ImageRow,
    RelatedRow,
    RevisionRow,
)
from hanicrawler.storage.schema import MAX_SOURCE_ID, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

NAMED_BY: Final = 100
"""How many of the articles that name one are given, the newest; the number of all is given too."""

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)
_BYLINES: Final = table_of(BylineRow)
_IMAGES: Final = table_of(ImageRow)
_RELATED: Final = table_of(RelatedRow)
_REVISIONS: Final = table_of(RevisionRow)

_TEXT: Final = ("headline", "deck", "body", "byline", "modified_at", "content_hash")
"""What an article has in each of its versions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """An author of an article."""

    name: str
    """As ``authors`` has it."""
    language: str
    """The script of the name, ``en`` or ``ko``."""
    role: str | None
    """The whole title in the singular; None for an agency."""
    place: str | None
    email: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of an article."""

    url: str
    caption: str | None
    """As printed, its credit included."""
    credit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedStory:
    """A story beside an article: one it names, one that names it, a translation."""

    id: int | None
    """``articles.id``; None until it is stored."""
    edition: str | None
    """None, as ``source_id``, for a page that is no article of the site."""
    source_id: int | None
    url: str
    headline: str
    """Its own, or the link's words until it is stored; may be empty then."""
    published_at: datetime | None
    """Aware, UTC; None until it is stored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FullArticle:
    """An article with all that is known of it; the columns mean what ``docs/schema.md`` says.

    Every moment is aware and in UTC.
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
    """Paragraphs parted by a blank line."""
    byline: str | None
    published_at: datetime | None
    modified_at: datetime | None
    published_text: str | None
    modified_text: str | None
    contact: str | None
    original_url: str | None
    original_source_id: int | None
    revision: int
    """The number of the version that these words are."""
    content_hash: str
    first_seen_at: datetime
    last_seen_at: datetime
    captured_at: datetime
    gone_at: datetime | None
    template: str
    layers: Mapping[str, Any]
    revisions: int
    """How many versions are stored."""
    authors: tuple[Signature, ...]
    """In printed order, of the newest version."""
    images: tuple[Picture, ...]
    """In printed order, of the newest version."""
    related: tuple[RelatedStory, ...]
    """What it names, in printed order."""
    named_by: tuple[RelatedStory, ...]
    """The articles that name it, the newest first; at most NAMED_BY."""
    named_by_total: int
    """How many articles name it."""
    original: RelatedStory | None
    """The Korean original that its page names."""
    translations: tuple[RelatedStory, ...]
    """The articles that name this one as their Korean original."""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The paragraphs of the body, in order."""
        return tuple(self.body.split("\n\n"))

    @property
    def translation_id(self) -> int | None:
        """``articles.id`` of the article in the other language; None until it is stored."""
        if self.original is not None:
            return self.original.id
        return next((story.id for story in self.translations), None)


def find_article(engine: sa.Engine, *, id_: int) -> int | None:
    """Return *id_* where an article has it as its ``id``, None otherwise.  Raises DatabaseError."""
    if not 1 <= id_ <= MAX_SOURCE_ID:
        return None
    with reading(engine) as connection:
        return connection.scalar(sa.select(_ARTICLES.c.id).where(_ARTICLES.c.id == id_))


def find_by_source(
    engine: sa.Engine, source_id: int, editions: tuple[str, ...]
) -> list[tuple[int, str]]:
    """Return ``id`` and edition of the articles with the site's number *source_id*.

    Raises DatabaseError.
    """
    if not 1 <= source_id <= MAX_SOURCE_ID:
        return []
    asked = sa.select(_ARTICLES.c.id, _ARTICLES.c.edition).where(
        _ARTICLES.c.edition.in_(editions), _ARTICLES.c.source_id == source_id
    )
    with reading(engine) as connection:
        found = {row.edition: row.id for row in connection.execute(asked)}
    return [(found[edition], edition) for edition in editions if edition in found]


def read_full(engine: sa.Engine, id_: int, version: int | None = None) -> FullArticle | None:
    """Return the article *id_*, in the words of *version* where one is named.

    None where no such article or version is stored.  Raises DatabaseError.
    """
    with reading(engine) as connection:
        row = connection.execute(sa.select(_ARTICLES).where(_ARTICLES.c.id == id_)).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)
        if version is not None:
            words = _version(connection, id_, version)
            if words is None:
                return None
            values |= words | {"revision": version}
        return FullArticle(
            **values,
            revisions=connection.scalar(_count(_REVISIONS, id_)) or 0,
            authors=_signatures(connection, id_),
            images=_pictures(connection, id_),
            related=_related(connection, id_),
            original=_original(connection, values),
            translations=_translations(connection, values),
            **_named_by(connection, values),
        )


def _version(connection: sa.Connection, id_: int, number: int) -> dict[str, Any] | None:
    if not 1 <= number <= MAX_SOURCE_ID:
        return None
    asked = sa.select(*(_REVISIONS.c[name] for name in _TEXT)).where(
        _REVISIONS.c.article_id == id_, _REVISIONS.c.number == number
    )
    row = connection.execute(asked).one_or_none()
    return None if row is None else dict(row._mapping)


def _count(table: sa.Table, id_: int) -> sa.Select[Any]:
    return sa.select(sa.func.count()).select_from(table).where(table.c.article_id == id_)


def _signatures(connection: sa.Connection, id_: int) -> tuple[Signature, ...]:
    asked = (
        sa.select(
            _AUTHORS.c.name,
            _AUTHORS.c.language,
            _BYLINES.c.role,
            _BYLINES.c.place,
            _BYLINES.c.email,
        )
        .join(_AUTHORS, _AUTHORS.c.id == _BYLINES.c.author_id)
        .where(_BYLINES.c.article_id == id_)
        .order_by(_BYLINES.c.position)
    )
    return tuple(Signature(**row._mapping) for row in connection.execute(asked))


def _pictures(connection: sa.Connection, id_: int) -> tuple[Picture, ...]:
    asked = (
        sa.select(*(_IMAGES.c[each.name] for each in fields(Picture)))
        .where(_IMAGES.c.article_id == id_)
        .order_by(_IMAGES.c.position)
    )
    return tuple(Picture(**row._mapping) for row in connection.execute(asked))


def _related(connection: sa.Connection, id_: int) -> tuple[RelatedStory, ...]:
    asked = (
        sa.select(
            _ARTICLES.c.id,
            _RELATED.c.edition,
            _RELATED.c.source_id,
            sa.func.coalesce(_ARTICLES.c.url, _RELATED.c.url).label("url"),
            sa.func.coalesce(_ARTICLES.c.headline, _RELATED.c.headline).label("headline"),
            _ARTICLES.c.published_at,
        )
        .select_from(
            _RELATED.outerjoin(
                _ARTICLES,
                sa.and_(
                    _ARTICLES.c.edition == _RELATED.c.edition,
                    _ARTICLES.c.source_id == _RELATED.c.source_id,
                ),
            )
        )
        .where(_RELATED.c.article_id == id_)
        .order_by(_RELATED.c.position)
    )
    return tuple(RelatedStory(**row._mapping) for row in connection.execute(asked))


def _named_by(connection: sa.Connection, article: Mapping[str, Any]) -> dict[str, Any]:
    namers = (
        sa.select(_RELATED.c.article_id)
        .where(
            _RELATED.c.edition == article["edition"],
            _RELATED.c.source_id == article["source_id"],
            _RELATED.c.article_id != article["id"],
        )
        .distinct()
    )
    asked = (
        _stories()
        .where(_ARTICLES.c.id.in_(namers))
        .order_by(_ARTICLES.c.published_at.desc().nulls_last(), _ARTICLES.c.id.desc())
        .limit(NAMED_BY)
    )
    return {
        "named_by": tuple(RelatedStory(**row._mapping) for row in connection.execute(asked)),
        "named_by_total": connection.scalar(
            sa.select(sa.func.count()).select_from(namers.subquery())
        ),
    }


def _original(connection: sa.Connection, article: Mapping[str, Any]) -> RelatedStory | None:
    number, url = article["original_source_id"], article["original_url"]
    if number is not None:
        asked = _stories().where(_ARTICLES.c.edition == "ko", _ARTICLES.c.source_id == number)
        if row := connection.execute(asked).one_or_none():
            return RelatedStory(**row._mapping)
    if url is None and number is None:
        return None
    return RelatedStory(
        id=None,
        edition=None if number is None else "ko",
        source_id=number,
        url=url or ArticleAddress("ko", None, number).url,
        headline="",
        published_at=None,
    )


def _translations(
    connection: sa.Connection, article: Mapping[str, Any]
) -> tuple[RelatedStory, ...]:
    if article["edition"] != "ko":
        return ()
    asked = (
        _stories()
        .where(_ARTICLES.c.original_source_id == article["source_id"], _ARTICLES.c.edition != "ko")
        .order_by(_ARTICLES.c.id)
        .limit(NAMED_BY)
    )
    return tuple(RelatedStory(**row._mapping) for row in connection.execute(asked))


def _stories() -> sa.Select[Any]:
    return sa.select(*(_ARTICLES.c[each.name] for each in fields(RelatedStory)))
