"""What reading a capture anew would change of what is stored, before anything is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

import sqlalchemy as sa

from hanicrawler.site import article_address
from hanicrawler.storage.engine import reading
from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.models import RevisionRow
from hanicrawler.storage.rows import (
    VALUES,
    Lists,
    Stored,
    lists_of,
    stored_articles,
    values_of,
)
from hanicrawler.storage.run_models import CaptureRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hanicrawler.items import Article, Fetch
    from hanicrawler.site import Edition

_CAPTURES: Final = table_of(CaptureRow)
_REVISIONS: Final = table_of(RevisionRow)
_TEXT: Final = ("headline", "deck", "body", "byline")
_COMPARED: Final = tuple(name for name in VALUES if name != "content_hash")

Kind = Literal["changed", "older", "new", "newly_readable", "no_longer_readable"]
"""``changed``: what is stored of the article would be otherwise; ``older``: an earlier version
would be; ``new``: nothing of it is stored; ``newly_readable``: nor could it be read before;
``no_longer_readable``: it could, and what is stored remains."""

OTHER_KINDS: Final = tuple(kind for kind in get_args(Kind) if kind != "changed")
LISTS: Final = ("authors", "images", "related")
FIELDS_COMPARED: Final = (*_COMPARED, *LISTS, "layers")
"""What of an article is compared, in the order in which it is told."""

Moment = tuple[str, datetime]
"""An article's URL and when a capture of it came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A field that would be otherwise, in words."""

    field: str
    """One of FIELDS_COMPARED."""
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An article of which a capture is read otherwise than it was."""

    url: str
    """Canonical."""
    captured_at: datetime
    """Aware, UTC."""
    kind: Kind
    changes: tuple[Change, ...] = ()

    @property
    def marks(self) -> tuple[str, ...]:
        """What is counted of it: the fields of the article that change, or its kind."""
        if self.kind == "changed":
            return tuple(change.field for change in self.changes)
        return (self.kind,)


def preview(engine: sa.Engine, articles: Sequence[Article]) -> list[Difference]:
    """Return what storing *articles* would change, in their order; nothing is changed.

    The capture that is stored is compared in every field, an earlier one in its text.  A capture
    that was never stored says nothing of the reading.  Raises DatabaseError.
    """
    if not articles:
        return []
    with reading(engine) as connection:
        keys = {(article.edition, article.source_id) for article in articles}
        stored = stored_articles(connection, keys)
        captures = _captures(connection, keys)
        found = [_difference(article, stored, captures) for article in articles]
        older = [
            (article, stored[article.edition, article.source_id])
            for article, difference in zip(articles, found, strict=True)
            if difference is not None and difference.kind == "older"
        ]
        versions = _versions(connection, [of.id for _, of in older if of.id is not None])
    texts = {
        (article.url, article.fetch.fetched_at): _older(article, versions[of.id or 0])
        for article, of in older
    }
    told = (
        difference and (texts.get((difference.url, difference.captured_at)) or difference)
        for difference in found
    )
    return [difference for difference in told if difference is not None]


def read_well(engine: sa.Engine, fetches: Iterable[Fetch]) -> set[Moment]:
    """Return which of *fetches*, all of articles, brought a page that was read well before.

    By their URLs and times.  Raises DatabaseError.
    """
    asked: dict[tuple[Key, datetime], Moment] = {}
    for fetch in fetches:
        if address := article_address(fetch.url):
            asked[address.key, fetch.fetched_at] = (fetch.url, fetch.fetched_at)
    keys = {key for key, _ in asked}
    with reading(engine) as connection:
        good = {
            (key, at)
            for key, moments in _captures(connection, keys).items()
            for at, known in moments.items()
            if known.content_hash is not None
        }
        stored = stored_articles(connection, keys)
    good |= {(key, of.captured_at) for key, of in stored.items()}
    return {moment for asked_for, moment in asked.items() if asked_for in good}


class _Known(NamedTuple):
    """What was read of a page that came."""

    read_at: datetime
    """When the very bytes came that were read: a page that came as it was is not read again."""
    content_hash: str | None


def _captures(
    connection: sa.Connection, keys: Iterable[Key]
) -> defaultdict[Key, dict[datetime, _Known]]:
    """Return of each article when its pages came, and what was read of each."""
    found: defaultdict[Key, dict[datetime, _Known]] = defaultdict(dict)
    names = ("edition", "source_id", "captured_at", "status", "content_hash", "body_hash")
    columns = [_CAPTURES.c[name] for name in names]
    rows = [
        row
        for row in select_by_key(connection, _CAPTURES, columns, keys)
        if 200 <= row.status < 300
    ]
    read = {
        (row.edition, row.source_id, row.body_hash): _Known(row.captured_at, row.content_hash)
        for row in rows
        if row.content_hash is not None and row.body_hash is not None
    }
    for row in rows:
        known = _Known(row.captured_at, row.content_hash)
        if row.content_hash is None:
            known = read.get((row.edition, row.source_id, row.body_hash), known)
        found[row.edition, row.source_id][row.captured_at] = known
    return found


def _difference(
    article: Article,
    stored: Mapping[Key, Stored],
    captures: Mapping[Key, Mapping[datetime, _Known]],
) -> Difference | None:
    key: tuple[Edition, int] = (article.edition, article.source_id)
    at, of = article.fetch.fetched_at, stored.get(key)
    known = captures.get(key, {}).get(at)
    read_at = at if known is None else known.read_at
    kind: Kind
    changes: tuple[Change, ...] = ()
    if of is not None and of.captured_at == read_at:
        kind, changes = "changed", tuple(_changes(article, of))
        if not changes:
            return None
    elif known is not None:
        if known.content_hash == article.content_hash:
            return None
        kind = "older" if known.content_hash is not None and of is not None else "newly_readable"
    elif of is None:
        kind = "new"
    else:
        return None
    return Difference(url=article.url, captured_at=at, kind=kind, changes=changes)


def _changes(article: Article, of: Stored) -> list[Change]:
    new: dict[str, Any] = dict(zip(VALUES, values_of(article), strict=True))
    old: dict[str, Any] = dict(zip(VALUES, of.values, strict=True))
    new |= _in_words(lists_of(article)) | {"layers": _layers(article.layers)}
    old |= _in_words(of.lists) | {"layers": _layers(of.layers)}
    return [
        Change(field=name, old=_words(old[name]), new=_words(new[name]))
        for name in FIELDS_COMPARED
        if old[name] != new[name]
    ]


def _versions(connection: sa.Connection, ids: Iterable[int]) -> defaultdict[int, list[Any]]:
    """Return the revisions of the articles *ids*, the newest first."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    columns = [_REVISIONS.c[name] for name in ("article_id", "seen_at", *_TEXT)]
    for chunk in chunks(ids):
        asked = sa.select(*columns).where(_REVISIONS.c.article_id.in_(chunk))
        for row in connection.execute(asked.order_by(_REVISIONS.c.seen_at.desc())):
            found[row.article_id].append(row)
    return found


def _older(article: Article, versions: Iterable[Any]) -> Difference:
    """Return how the text of an earlier version is read otherwise."""
    at = article.fetch.fetched_at
    of = next((row for row in versions if row.seen_at <= at), None)
    changes = [
        Change(field=name, old=getattr(of, name, None), new=getattr(article, name))
        for name in _TEXT
        if getattr(of, name, None) != getattr(article, name)
    ]
    return Difference(url=article.url, captured_at=at, kind="older", changes=tuple(changes))


def _in_words(lists: Lists) -> dict[str, str]:
    rows = {"authors": lists.bylines, "images": lists.images, "related": lists.related}
    return {
        name: "\n".join(" | ".join(map(_cell, row)).rstrip(" |") for row in of)
        for name, of in rows.items()
    }


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _layers(layers: Mapping[str, str]) -> str:
    return "\n".join(f"{name}: {layer}" for name, layer in sorted(layers.items()))


def _words(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)
