"""Which articles are asked about: the filters that searching, listing and exporting share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.models import ArticleRow, AuthorRow, BylineRow
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from datetime import date

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)
_BYLINES: Final = table_of(BylineRow)
KOREA: Final = timezone(timedelta(hours=9), "KST")
"""Days are Korean days; there has been no summer time since 1988."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What articles must be like; none set means all.

    Several values of one filter mean any of them, several filters mean all of them.
    """

    editions: tuple[str, ...] = ()
    """``en``, ``ko``, ``ja``, ``zh``."""
    sections: tuple[str, ...] = ()
    """Codes of sections: ``e_northkorea``."""
    labels: tuple[str, ...] = ()
    """As printed, without brackets, in any case: ``Editorial``."""
    authors: tuple[str, ...] = ()
    """Whole names as ``authors`` has them, in any case: ``Jung E-gil``."""
    since: date | None = None
    """First day of publication in Korea."""
    until: date | None = None
    """Last day of publication in Korea."""

    def __bool__(self) -> bool:
        return self != Filters()


def conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what *filters* ask of a row of ``articles``.

    An article without a date of publication is in no period.
    """
    asked: list[sa.ColumnElement[bool]] = []
    if filters.editions:
        asked.append(_ARTICLES.c.edition.in_(filters.editions))
    if filters.sections:
        asked.append(_ARTICLES.c.section.in_(filters.sections))
    if filters.labels:
        asked.append(
            sa.func.lower(_ARTICLES.c.label).in_([each.lower() for each in filters.labels])
        )
    if filters.authors:
        names = [each.lower() for each in filters.authors]
        signed = (
            sa.select(_BYLINES.c.article_id)
            .join(_AUTHORS, _AUTHORS.c.id == _BYLINES.c.author_id)
            .where(sa.func.lower(_AUTHORS.c.name).in_(names))
        )
        asked.append(_ARTICLES.c.id.in_(signed))
    return [*asked, *span_conditions(_ARTICLES.c.published_at, filters.since, filters.until)]


def span_conditions(
    moment: sa.ColumnElement[datetime], since: date | None, until: date | None
) -> list[sa.ColumnElement[bool]]:
    """Return what it takes for *moment* to lie in the Korean days *since* to *until*."""
    asked: list[sa.ColumnElement[bool]] = []
    if since:
        asked.append(moment >= day_begins(since))
    if until:
        asked.append(moment < day_begins(until + timedelta(days=1)))
    return asked


def day_begins(day: date) -> datetime:
    """Return the moment (aware, UTC) at which *day* begins in Korea, which has no summer time."""
    return datetime.combine(day, time(), KOREA).astimezone(UTC)
