"""English articles beside their Korean originals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import KOREA, Filters, conditions
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.paging import Page, newest_first
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from datetime import datetime

_ENGLISH: Final = table_of(ArticleRow)
_KOREAN: Final = _ENGLISH.alias("korean")
_ORIGINAL: Final = _ENGLISH.alias("original")


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """An English article that names its Korean original; every moment is aware and in UTC."""

    id: int
    """``articles.id`` of the English article."""
    source_id: int
    url: str
    section: str | None
    published_at: datetime | None
    headline: str
    original_id: int | None
    """``articles.id`` of the original; None where it is not stored."""
    original_source_id: int
    original_url: str | None
    """Where the original is, or was said to be by the English page."""
    original_published_at: datetime | None
    """None until the original is stored."""
    original_headline: str | None
    """None until the original is stored."""

    @property
    def is_stored(self) -> bool:
        """Whether the original is stored."""
        return self.original_id is not None

    @property
    def days(self) -> int | None:
        """Days of the Korean calendar from the original to the English article.

        0 for the same day, negative where the English article was first; None where a date is
        not known.
        """
        if self.published_at is None or self.original_published_at is None:
            return None
        later, earlier = (
            moment.astimezone(KOREA).date()
            for moment in (self.published_at, self.original_published_at)
        )
        return (later - earlier).days


def read_translations(
    engine: sa.Engine,
    filters: Filters | None = None,
    *,
    missing: bool | None = None,
    limit: int = 20,
    after: str | None = None,
) -> Page[Translation]:
    """Return English articles that name an original, the newest first.

    *filters* choose the English articles; *missing* only those whose original is not stored, or
    only the others.  Raises DatabaseError, and BadPlace for an *after* that no page ended with.
    """
    original = sa.and_(
        _KOREAN.c.edition == "ko", _KOREAN.c.source_id == _ENGLISH.c.original_source_id
    )
    english = ("id", "source_id", "url", "section", "published_at", "headline")
    korean = ("id", "published_at", "headline")
    # Literals, as the index of translations has them.
    asked = (
        sa.select(
            *[_ENGLISH.c[name] for name in english],
            *[_KOREAN.c[name].label(f"original_{name}") for name in korean],
            _ENGLISH.c.original_source_id,
            sa.func.coalesce(_KOREAN.c.url, _ENGLISH.c.original_url).label("original_url"),
        )
        .select_from(_ENGLISH.outerjoin(_KOREAN, original))
        .where(
            _ENGLISH.c.edition == sa.literal_column("'en'"),
            _ENGLISH.c.original_source_id.is_not(None),
            *conditions(filters or Filters()),
        )
    )
    if missing is not None:
        # Looked up for each article on the way: PostgreSQL would join all of them beforehand.
        stored = sa.select(_ORIGINAL.c.id).where(
            _ORIGINAL.c.edition == "ko", _ORIGINAL.c.source_id == _ENGLISH.c.original_source_id
        )
        found = stored.scalar_subquery()
        asked = asked.where(found.is_(None) if missing else found.is_not(None))
    with reading(engine) as connection:
        by = (_ENGLISH.c.published_at, _ENGLISH.c.id)
        rows, following = newest_first(connection, asked, by, limit, after)
    return Page(rows=tuple(Translation(**row._mapping) for row in rows), next=following)
