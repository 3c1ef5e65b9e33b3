"""The crawler's memory of URLs, as a batch changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.run_models import PageRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Discovered, Fetch

_PAGES: Final = table_of(PageRow)
_COLUMNS: Final = tuple(column.name for column in _PAGES.c if column.name != "due_at")
_WRITTEN: Final = tuple(name for name in _COLUMNS if name != "id")
_VALIDATORS: Final = ("etag", "last_modified", "body_hash")


class Pages:
    """The pages a batch names: read at once, changed in order, written at once.

    A page of an article is found by the article's key, so that a renamed section gives the
    article's one row another URL, and no second row.
    """

    def __init__(self, connection: sa.Connection, named: Iterable[tuple[str, Key | None]]) -> None:
        named = list(named)
        self._connection = connection
        self._by_url: dict[str, Row] = {}
        self._by_key: dict[Key, Row] = {}
        self._changed: dict[int, Row] = {}
        self._renamed: list[Row] = []
        self._doubled: list[int] = []
        columns = [_PAGES.c[name] for name in _COLUMNS]
        for chunk in chunks(url for url, _ in named):
            for row in connection.execute(sa.select(*columns).where(_PAGES.c.url.in_(chunk))):
                self._index(dict(row._mapping))
        keys = {key for _, key in named if key and key not in self._by_key}
        for row in select_by_key(connection, _PAGES, columns, keys):
            self._index(dict(row._mapping))

    def body_hash(self, key: Key) -> str | None:
        """Return the hash of the article's page as last had, None where it is not known."""
        page = self._by_key.get(key)
        return page["body_hash"] if page else None

    def discovered(self, entry: Discovered, key: Key | None) -> None:
        """Take the URL up, unless it is known."""
        if self._find(entry.url, key) is None:
            self._new(entry.url, entry.kind, key, entry.discovered_at)

    def fetched(self, fetch: Fetch, key: Key | None) -> None:
        """Take up what *fetch* taught; one that is older than the last teaches nothing.

        A failure leaves the validators: they still belong to the page that is stored.  "Not
        modified" leaves those it does not repeat.
        """
        page = self._find(fetch.url, key) or self._new(fetch.url, fetch.kind, key, fetch.fetched_at)
        last: datetime | None = page["fetched_at"]
        failed = fetch.status is None or fetch.status >= 400
        if last and (fetch.fetched_at < last or (failed and fetch.fetched_at == last)):
            return
        before = dict(page)
        page.update(status=fetch.status, fetched_at=fetch.fetched_at, lease_until=None)
        if failed:
            page["failures"] += 1
        else:
            self._rename(page, fetch.url, key)
            page.update(kind=fetch.kind, failures=0)
            for name in _VALIDATORS:
                if (value := getattr(fetch, name)) is not None or fetch.status != 304:
                    page[name] = value
        if page != before:
            self._changed[id(page)] = page

    def write(self) -> None:
        """Write what has changed."""
        if self._doubled:
            for chunk in chunks(self._doubled):
                self._connection.execute(sa.delete(_PAGES).where(_PAGES.c.id.in_(chunk)))
        if self._renamed:
            self._connection.execute(
                sa.update(_PAGES)
                .where(_PAGES.c.id == sa.bindparam("of_id"))
                .values({name: sa.bindparam(name) for name in ("url", "edition", "source_id")}),
                [
                    {"of_id": page["id"]}
                    | {name: page[name] for name in ("url", "edition", "source_id")}
                    for page in self._renamed
                ],
            )
        rows = [{name: page[name] for name in _WRITTEN} for page in self._changed.values()]
        upsert(self._connection, _PAGES, rows, ("url",), keep=("discovered_at",))

    def _find(self, url: str, key: Key | None) -> Row | None:
        page = self._by_key.get(key) if key else None
        return page or self._by_url.get(url)

    def _new(self, url: str, kind: str, key: Key | None, discovered_at: datetime) -> Row:
        page: dict[str, Any] = dict.fromkeys(_COLUMNS)
        edition, source_id = key or (None, None)
        page.update(url=url, kind=kind, edition=edition, source_id=source_id)
        page.update(failures=0, attempts=0)
        page["discovered_at"] = discovered_at
        self._index(page)
        self._changed[id(page)] = page
        return page

    def _rename(self, page: Row, url: str, key: Key | None) -> None:
        """Give *page* the URL and the key it was fetched under."""
        if page["url"] == url and (key is None or page["edition"] is not None):
            return
        double = self._by_url.get(url)
        if double is not None and double is not page:
            self._changed.pop(id(double), None)
            if double["id"] is not None:
                self._doubled.append(double["id"])
        del self._by_url[page["url"]]
        page["url"] = url
        if key:
            page["edition"], page["source_id"] = key
        self._index(page)
        if page["id"] is not None:
            self._renamed.append(page)

    def _index(self, page: Row) -> None:
        self._by_url[page["url"]] = page
        if page["edition"] is not None:
            self._by_key[page["edition"], page["source_id"]] = page
