"""Which articles are asked about: the filters that searching, listing and exporting share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.models import ArticleRow, AuthorRow, BylineRow
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

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

    def __post_init__(self) -> None:
        # What no database can hold is in none: it fits nothing, and is no error.
        for name in ("editions", "sections", "labels", "authors"):
            values = getattr(self, name)
            object.__setattr__(self, name, tuple(map(_holdable, values)))

    def __bool__(self) -> bool:
        return self != Filters()


def _holdable(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


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
        asked.append(sa.func.lower(_ARTICLES.c.label).in_(in_small_letters(filters.labels)))
    if filters.authors:
        signed = (
            sa.select(_BYLINES.c.article_id)
            .join(_AUTHORS, _AUTHORS.c.id == _BYLINES.c.author_id)
            .where(is_called(filters.authors))
        )
        asked.append(_ARTICLES.c.id.in_(signed))
    return [*asked, *span_conditions(_ARTICLES.c.published_at, filters.since, filters.until)]


def is_called(names: Iterable[str]) -> sa.ColumnElement[bool]:
    """Return the condition on a row of ``authors`` that it has one of *names*, in any case."""
    return sa.func.lower(_AUTHORS.c.name).in_(in_small_letters(names))


def in_small_letters(texts: Iterable[str]) -> list[str]:
    """Return what ``lower`` of a database may make of one of *texts*, in whatever case it stands.

    SQLite's leaves É as it is, as PostgreSQL's does in the locale C; elsewhere it becomes é.
    """
    cases = (form for text in texts for form in (text, text.lower(), text.upper(), text.title()))
    made = (each for form in cases for each in (form.lower(), _lower_ascii(form)))
    return list(dict.fromkeys(made))


def _lower_ascii(text: str) -> str:
    return "".join(each.lower() if each.isascii() else each for each in text)


def span_conditions(
    moment: sa.ColumnElement[datetime], since: date | None, until: date | None
) -> list[sa.ColumnElement[bool]]:
    """Return what it takes for *moment* to lie in the Korean days *since* to *until*."""
    asked: list[sa.ColumnElement[bool]] = []
    if since:
        asked.append(moment >= day_begins(since))
    if until:
        asked.append(moment < day_ends(until))
    return asked


def day_begins(day: date) -> datetime:
    """Return the moment (aware, UTC) at which *day* begins in Korea, which has no summer time."""
    # The first day begins before there are moments.
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), KOREA).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """Return the moment (aware, UTC) at which the day behind *day* begins in Korea."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return day_begins(day + timedelta(days=1))
