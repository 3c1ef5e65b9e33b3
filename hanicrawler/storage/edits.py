"""What the newspaper changed after publication: a version beside the one before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import Filters, conditions, span_conditions
from hanicrawler.storage.models import ArticleRow, RevisionRow
from hanicrawler.storage.paging import Page, check_limit, cut, not_a_place, read_moment, write_place
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from datetime import date, datetime, timedelta

Field = Literal["headline", "deck", "body", "byline"]
"""What a version consists of."""

_ARTICLES: Final = table_of(ArticleRow)
_LATER: Final = table_of(RevisionRow)
_EARLIER: Final = _LATER.alias("earlier")
_FIELDS: Final[tuple[Field, ...]] = get_args(Field)
_PLACE: Final = re.compile(r"([sn]):(\d{8}T\d{6}\.\d{6}),(\d{1,18}),(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field of an article that was changed."""

    field: Field
    before: str | None
    """None where the article had none."""
    after: str | None
    """None where it has none any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A version of an article that is not its first: what it changed."""

    article_id: int
    """``articles.id``."""
    edition: str
    source_id: int
    url: str
    section: str | None
    label: str | None
    headline: str
    """As this version has it."""
    published_at: datetime | None
    """Aware, UTC."""
    number: int
    """Of this version, 2 or more."""
    seen_at: datetime
    """Aware, UTC; when this version was first seen.  It was made some time before."""
    modified_at: datetime | None
    """Aware, UTC; the site's own time of its last change, in this version."""
    silent: bool
    """The text changed and the site's own time did not."""
    changes: tuple[Change, ...]
    """In the order headline, deck, body, byline; white space does not count."""

    @property
    def after(self) -> timedelta | None:
        """How long after publication this version was first seen; None without a date."""
        return None if self.published_at is None else self.seen_at - self.published_at


def read_edits(
    engine: sa.Engine,
    filters: Filters | None = None,
    *,
    silent: bool | None = None,
    since: date | None = None,
    until: date | None = None,
    limit: int = 20,
    after: str | None = None,
) -> Page[Edit]:
    """Return edits: the silent ones first, then those the site told of, each the newest first.

    *filters* choose the articles; *silent* only such edits or only others; *since* and *until*
    are the first and the last Korean day on which the edit was seen.  Raises DatabaseError, and
    BadPlace for an *after* that no page ended with.
    """
    check_limit(limit)
    is_silent, last = (True, None) if after is None else _read_place(after)
    kinds = [kind for kind in (True, False) if silent in (None, kind) and kind <= is_silent]
    asked = [*conditions(filters or Filters()), *span_conditions(_LATER.c.seen_at, since, until)]
    found: list[Any] = []
    with reading(engine) as connection:
        for kind in kinds:
            if len(found) <= limit:
                behind = last if kind == is_silent else None
                rest = limit + 1 - len(found)
                found += connection.execute(_of_kind(kind, asked, rest, behind))
    rows, following = cut(found, limit, _place)
    return Page(rows=tuple(_edit(row._mapping) for row in rows), next=following)


def _of_kind(
    silent: bool,
    asked: list[sa.ColumnElement[bool]],
    limit: int,
    behind: tuple[datetime, int, int] | None,
) -> sa.Select[Any]:
    """Return the question for edits of one kind, behind a place.

    The rows are chosen by their keys, in the order of the index ``ix_revisions_edits``, and only
    then read: their texts are long.
    """
    seen, article, number = _LATER.c.seen_at, _LATER.c.article_id, _LATER.c.number
    # Literals, as the index has them: a condition with a parameter would not be known for it.
    is_edit = number > sa.literal_column("1")
    order = (seen.desc(), article.desc(), number.desc())
    chosen = (
        sa.select(article, number, seen)
        .join(_ARTICLES, _ARTICLES.c.id == article)
        .where(is_edit, _LATER.c.silent == (sa.true() if silent else sa.false()), *asked)
    )
    if behind is not None:
        moment, of_article, version = behind
        older = sa.or_(article < of_article, sa.and_(article == of_article, number < version))
        chosen = chosen.where(seen <= moment, sa.or_(seen < moment, older))
    keys = chosen.order_by(*order).limit(limit).subquery("keys")
    later = _LATER.alias("later")
    is_before = sa.and_(
        _EARLIER.c.article_id == later.c.article_id, _EARLIER.c.number == later.c.number - 1
    )
    of_key = sa.and_(later.c.article_id == keys.c.article_id, later.c.number == keys.c.number)
    about = [_ARTICLES.c[name] for name in ("edition", "source_id", "url", "section", "label")]
    of_edit = ("article_id", "number", "seen_at", "modified_at", "silent")
    return (
        sa.select(
            *about,
            _ARTICLES.c.published_at,
            *[later.c[name] for name in of_edit],
            *[later.c[name].label(f"{name}_after") for name in _FIELDS],
            *[_EARLIER.c[name].label(f"{name}_before") for name in _FIELDS],
        )
        .select_from(
            keys.join(later, of_key)
            .join(_EARLIER, is_before)
            .join(_ARTICLES, _ARTICLES.c.id == later.c.article_id)
        )
        .order_by(keys.c.seen_at.desc(), keys.c.article_id.desc(), keys.c.number.desc())
    )


def _edit(row: Any) -> Edit:
    changes = [
        Change(field=name, before=row[f"{name}_before"], after=row[f"{name}_after"])
        for name in _FIELDS
        if _words(row[f"{name}_before"]) != _words(row[f"{name}_after"])
    ]
    values = {name: row[name] for name in Edit.__dataclass_fields__ if name in row}
    return Edit(**values, headline=row["headline_after"], changes=tuple(changes))


def _words(text: str | None) -> str:
    return "".join((text or "").split())


def _place(row: Any) -> str:
    kind = "s" if row.silent else "n"
    return f"{kind}:{write_place(row.seen_at, row.article_id, row.number)}"


def _read_place(text: str) -> tuple[bool, tuple[datetime, int, int]]:
    match = _PLACE.fullmatch(text)
    moment = match and read_moment(match[2], text)
    if not match or moment is None:
        raise not_a_place(text)
    return match[1] == "s", (moment, int(match[3]), int(match[4]))
