"""The versions of an article, as they were seen."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import RevisionRow
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from datetime import datetime

_REVISIONS: Final = table_of(RevisionRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """A version of an article that was seen; the columns of ``revisions``."""

    number: int
    """From 1, without gaps."""
    seen_at: datetime
    """Aware, UTC; when this version was first seen."""
    modified_at: datetime | None
    """Aware, UTC; the site's own time, then."""
    silent: bool
    """The text changed and the site's own modified time did not."""
    headline: str
    deck: str | None
    byline: str | None
    body: str
    """Paragraphs parted by a blank line."""


def read_versions(engine: sa.Engine, id_: int) -> list[StoredVersion]:
    """Return the versions of the article *id_*, the oldest first.

    Empty where no such article is stored.  Raises DatabaseError.
    """
    asked = (
        sa.select(*(_REVISIONS.c[each.name] for each in fields(StoredVersion)))
        .where(_REVISIONS.c.article_id == id_)
        .order_by(_REVISIONS.c.number)
    )
    with reading(engine) as connection:
        return [StoredVersion(**row._mapping) for row in connection.execute(asked)]
