"""Articles and their revisions, as a batch changes them.

Here the captures of an article come one after another, as a crawl brings them.  Those that come
late, or anew, are told by late.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.rows import (
    ARTICLES,
    BYLINE_VALUES,
    BYLINES,
    IMAGE_VALUES,
    IMAGES,
    RELATED,
    RELATED_VALUES,
    REVISIONS,
    TEXT,
    Lists,
    Stored,
    lists_of,
    stored_articles,
    values_of,
)
from hanicrawler.storage.search_tables import indexed_once
from hanicrawler.storage.sql import Row, chunks, insert, upsert
from hanicrawler.storage.timeline import GONE
from hanicrawler.storage.types import UtcDateTime

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Article, Fetch
    from hanicrawler.storage.authors import AuthorIds

Seen = Literal["new", "changed", "updated", "unchanged"]

_LISTS: Final = {
    "bylines": (BYLINES, ("author_id", *BYLINE_VALUES)),
    "images": (IMAGES, IMAGE_VALUES),
    "related": (RELATED, RELATED_VALUES),
}
_NONE: Final = Lists()

_SEE: Final = (
    sa.update(ARTICLES)
    .where(ARTICLES.c.id == sa.bindparam("of_id"))
    .values({name: sa.bindparam(name) for name in ("last_seen_at", "captured_at", "gone_at")})
)
_AT: Final = sa.bindparam("at", type_=UtcDateTime)
_NAMED: Final = sa.update(ARTICLES).where(
    ARTICLES.c.edition == sa.bindparam("of_edition"),
    ARTICLES.c.source_id == sa.bindparam("of_source_id"),
)
_LIVE: Final = _NAMED.where(ARTICLES.c.last_seen_at < _AT).values(last_seen_at=_AT)
_BACK: Final = _NAMED.where(ARTICLES.c.gone_at <= _AT).values(gone_at=None)
_GO: Final = _NAMED.where(ARTICLES.c.gone_at.is_(None), ARTICLES.c.last_seen_at <= _AT).values(
    gone_at=_AT
)


class Articles:
    """The articles of a batch: read at once, changed in order, written at once."""

    def __init__(self, connection: sa.Connection, keys: Iterable[Key]) -> None:
        self._connection = connection
        self._stored = stored_articles(connection, keys)
        self._lists_before = {key: stored.lists for key, stored in self._stored.items()}
        self._changed: dict[Key, Stored] = {}
        self._seen: dict[Key, Stored] = {}
        self._revisions: list[tuple[Stored, Row]] = []
        self._rewritten: list[Stored] = []
        self._signed: set[tuple[str, str]] = set()
        self._live: list[tuple[Key, datetime]] = []
        self._gone: list[tuple[Key, datetime]] = []

    def urls(self) -> list[str]:
        """Return the URLs under which the articles are stored."""
        return [stored["url"] for stored in self._stored.values()]

    def url_of(self, key: Key) -> tuple[str, ...]:
        """Return the URL under which an article is stored, none where it is not."""
        stored = self._stored.get(key)
        return (stored["url"],) if stored else ()

    def first_seen(self, key: Key) -> datetime:
        """Return when an article that was taken up was first stored."""
        return self._stored[key].first_seen_at

    def held(self, key: Key) -> Stored | None:
        """Return what is stored of an article, or will be; None where it is not."""
        return self._stored.get(key)

    def hold(self, stored: Stored) -> None:
        """Take up *stored*, an article that is new."""
        self._stored[stored.key] = self._changed[stored.key] = stored

    def change(self, stored: Stored) -> None:
        """Have the row of *stored* written as it is now."""
        self._changed[stored.key] = stored

    def rewrite(self, stored: Stored, revisions: Iterable[Row]) -> None:
        """Have *revisions* take the place of those of *stored*."""
        self._rewritten.append(stored)
        self._revisions += [(stored, row) for row in revisions]

    def sign(self, article: Article) -> None:
        """Have the authors of *article* known, whether or not its row comes to name them."""
        self._signed |= {(byline.name, byline.language) for byline in article.authors}

    def saw(self, article: Article) -> Seen:
        """Take up *article*, read from a later page than all before."""
        self.sign(article)
        key = (article.edition, article.source_id)
        at = article.fetch.fetched_at
        values, layers, lists = values_of(article), dict(article.layers), lists_of(article)
        stored = self._stored.get(key)
        if stored is None:
            stored = Stored(key, None, 1, at, at, at, None, values, layers, lists)
            self._stored[key] = self._changed[key] = stored
            self._revise(stored, at, silent=False)
            return "new"
        other_text = stored["content_hash"] != article.content_hash
        stood_still = (stored["modified_at"], stored["modified_text"]) == (
            article.modified_at,
            article.modified_text,
        )
        differs = (stored.values, stored.layers, stored.lists) != (values, layers, lists)
        stored.values, stored.layers, stored.lists = values, layers, lists
        stored.seen(at)
        if not differs:
            self._seen[key] = stored
            return "unchanged"
        self._changed[key] = stored
        if not other_text:
            return "updated"
        stored.revision += 1
        self._revise(stored, at, silent=stood_still)
        return "changed"

    def fetched(self, fetch: Fetch, key: Key) -> None:
        """Take up what a fetch without a page says of an article: it is there, or it is gone.

        One with the hash of a body brought the bytes that are stored, and so did a revisit.
        """
        if fetch.says_same:
            self._live.append((key, fetch.fetched_at))
        elif fetch.status in GONE:
            self._gone.append((key, fetch.fetched_at))

    def write(self, authors: AuthorIds) -> None:
        """Write what has changed."""
        with indexed_once(self._connection):
            self._write(authors)

    def _write(self, authors: AuthorIds) -> None:
        rows = [stored.row() for stored in self._changed.values()]
        upsert(self._connection, ARTICLES, rows, ("edition", "source_id"))
        self._write_seen()
        self._find_new_ids()
        self._write_revisions()
        self._write_lists(authors)
        self._write_live_and_gone()

    def _revise(self, stored: Stored, at: datetime, *, silent: bool) -> None:
        row = _text(stored) | {"seen_at": at, "silent": silent}
        self._revisions.append((stored, row))

    def _write_seen(self) -> None:
        rows = [
            {
                "of_id": stored.id,
                "last_seen_at": stored.last_seen_at,
                "captured_at": stored.captured_at,
                "gone_at": stored.gone_at,
            }
            for key, stored in self._seen.items()
            if key not in self._changed
        ]
        if rows:
            self._connection.execute(_SEE, rows)

    def _find_new_ids(self) -> None:
        new = [key for key, stored in self._changed.items() if stored.id is None]
        columns = (ARTICLES.c.id, ARTICLES.c.edition, ARTICLES.c.source_id)
        for row in select_by_key(self._connection, ARTICLES, columns, new):
            self._stored[row.edition, row.source_id].id = row.id

    def _write_revisions(self) -> None:
        for chunk in chunks(stored.id for stored in self._rewritten):
            self._connection.execute(sa.delete(REVISIONS).where(REVISIONS.c.article_id.in_(chunk)))
        rows = [row | {"article_id": stored.id} for stored, row in self._revisions]
        insert(self._connection, REVISIONS, rows)

    def _write_lists(self, authors: AuthorIds) -> None:
        """Replace those lists of the changed articles that are not as they were."""
        old: dict[str, list[int]] = {name: [] for name in _LISTS}
        new: dict[str, list[tuple[Stored, tuple[Any, ...]]]] = {name: [] for name in _LISTS}
        for key, stored in self._changed.items():
            before = self._lists_before.get(key, _NONE)
            for name in _LISTS:
                items = getattr(stored.lists, name)
                had = getattr(before, name)
                if items != had:
                    new[name].append((stored, items))
                    if had and stored.id is not None:
                        old[name].append(stored.id)
        names = [item[:2] for _, items in new["bylines"] for item in items]
        ids = authors.resolve(self._connection, [*names, *sorted(self._signed)])
        for name, (table, columns) in _LISTS.items():
            for chunk in chunks(old[name]):
                self._connection.execute(sa.delete(table).where(table.c.article_id.in_(chunk)))
            rows = []
            for stored, items in new[name]:
                for position, item in enumerate(items, 1):
                    values = (ids[item[:2]], *item[2:]) if name == "bylines" else item
                    row: Row = dict(zip(columns, values, strict=True))
                    row["article_id"] = stored.id
                    row["position"] = position
                    rows.append(row)
            insert(self._connection, table, rows)

    def _write_live_and_gone(self) -> None:
        """Note what is live, then what is gone since; the times decide, not the order."""
        for statements, noted in (((_LIVE, _BACK), self._live), ((_GO,), self._gone)):
            rows = [
                {"of_edition": key[0], "of_source_id": key[1], "at": at}
                for key, at in sorted(noted, key=lambda note: note[1])
            ]
            for statement in statements if rows else ():
                self._connection.execute(statement, rows)


def _text(stored: Stored) -> Row:
    """Return the columns of the current revision that say what the page says."""
    return {name: stored[name] for name in TEXT} | {"number": stored.revision}
