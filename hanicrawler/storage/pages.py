"""The crawler's memory of URLs, as a batch changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from hanicrawler.site import article_address, section_address
from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.run_models import PageRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, among, chunks, insert_new, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Discovered, Fetch, Kept
    from hanicrawler.storage.revisits import Revisits
    from hanicrawler.storage.timeline import Captured, Timeline

PAGES: Final = table_of(PageRow)
_ARTICLES: Final = table_of(ArticleRow)
_COLUMNS: Final = tuple(column.name for column in PAGES.c)
_WRITTEN: Final = tuple(name for name in _COLUMNS if name != "id")
_VALIDATORS: Final = ("etag", "last_modified", "body_hash")
_EARLIER: Final = (
    sa.update(PAGES)
    .where(PAGES.c.id == sa.bindparam("of_id"))
    .values(discovered_at=sa.bindparam("new_discovered_at"))
)
_PLAN: Final = (
    sa.update(PAGES)
    .where(PAGES.c.id == sa.bindparam("of_id"), PAGES.c.fetched_at.is_(None))
    .values({name: sa.bindparam(f"new_{name}") for name in ("due_at", "depth", "listed_at")})
)


class Standing(NamedTuple):
    """Which bytes a page had last, as far as that is known."""

    body_hash: str | None
    archived_at: datetime | None

    def is_repeated_by(self, fetch: Fetch) -> bool:
        """Tell whether *fetch*, where it says that the page is as it was, can mean these bytes."""
        if fetch.body_hash is not None and self.body_hash is not None:
            return fetch.body_hash == self.body_hash
        return None in (fetch.revisit_of, self.archived_at) or fetch.revisit_of == self.archived_at


class Pages:
    """The pages a batch names: read at once, changed in order, written at once.

    A page of an article is found by the article's key, so that a renamed section gives the
    article's one row another URL, and no second row.  *visited* are the articles of which the
    batch has a fetch without a page: when they were posted decides when they are due again.
    """

    def __init__(
        self,
        connection: sa.Connection,
        named: Iterable[tuple[str, Key | None]],
        visited: Iterable[Key],
        revisits: Revisits,
        planned_from: datetime | None = None,
    ) -> None:
        named = list(named)
        self._connection = connection
        self._revisits = revisits
        self._planned_from = planned_from
        self._by_url: dict[str, Row] = {}
        self._by_key: dict[Key, Row] = {}
        self._found: dict[int, Row] = {}
        """New, and nothing but found."""
        self._planned: dict[int, Row] = {}
        """Known, and nothing but planned."""
        self._changed: dict[int, Row] = {}
        self._renamed: list[Row] = []
        self._doubled: list[int] = []
        self._earlier: dict[int, Row] = {}
        columns = [PAGES.c[name] for name in _COLUMNS]
        for chunk in chunks(url for url, _ in named):
            asked = sa.select(*columns).where(among(connection, PAGES.c.url, chunk))
            for row in connection.execute(asked):
                self._index(dict(row._mapping))
        keys = {key for _, key in named if key and key not in self._by_key}
        for row in select_by_key(connection, PAGES, columns, keys):
            self._index(dict(row._mapping))
        self._posted = _posted(connection, visited)

    def body_hash(self, key: Key) -> str | None:
        """Return the hash of the article's page as last had, None where it is not known."""
        page = self._by_key.get(key)
        return page["body_hash"] if page else None

    def standing(self, key: Key) -> Standing:
        """Return which bytes the article's page had last."""
        page = self._by_key.get(key)
        return Standing(page["body_hash"], page["archived_at"]) if page else Standing(None, None)

    def urls(self) -> list[str]:
        """Return the URLs under which the articles' pages are known."""
        return [page["url"] for page in self._by_key.values()]

    def url_of(self, key: Key) -> tuple[str, ...]:
        """Return the URL under which an article's page is known, none where it is not."""
        page = self._by_key.get(key)
        return (page["url"],) if page else ()

    def fetched_at(self, url: str, key: Key | None) -> datetime | None:
        """Return when a page was fetched last, None where it never was."""
        page = self._find(url, key)
        return page["fetched_at"] if page else None

    def discovered(self, entry: Discovered, key: Key | None) -> None:
        """Take the URL up; one that is known learns only what was not known of it."""
        page = self._find(entry.url, key)
        if page is None:
            page = self._new(entry.url, entry.kind, key, entry.discovered_at)
            self._found[id(page)] = page
        self._was_there(page, entry.discovered_at)
        before = dict(page)
        if page["listed_at"] is None:
            page["listed_at"] = entry.listed_at
        if page["fetched_at"] is None and entry.due_at is not None:
            page["due_at"] = page["due_at"] or entry.due_at
            depths = [depth for depth in (page["depth"], entry.depth) if depth is not None]
            page["depth"] = min(depths, default=None)
        if page != before and id(page) not in self._changed and id(page) not in self._found:
            self._planned[id(page)] = page

    def passed(self, url: str, key: Key | None) -> None:
        """Plan no fetch of what a run has looked at and does not want, or is through with."""
        page = self._find(url, key)
        if page is None or page["due_at"] is None:
            return
        if key is None or page["fetched_at"] is None:
            page.update(due_at=None, lease_until=None, attempts=0)
            self._change(page)

    def fetched(self, fetch: Fetch, key: Key | None, posted: datetime | None = None) -> None:
        """Take up what *fetch* taught; one that is older than the last teaches nothing.

        A failure leaves the validators: they still belong to the page that is stored.  "Not
        modified" leaves those it does not repeat.  *posted* is when the article was posted,
        where the fetch brought it.
        """
        page = self._find(fetch.url, key)
        if page is None:
            page = self._new(fetch.url, fetch.kind, key, fetch.fetched_at)
            self._found[id(page)] = page
        self._was_there(page, fetch.fetched_at)
        last: datetime | None = page["fetched_at"]
        failed = posted is None and _has_failed(fetch)
        if last and (fetch.fetched_at < last or (failed and fetch.fetched_at == last)):
            return
        before = dict(page)
        page.update(status=fetch.status, fetched_at=fetch.fetched_at)
        if failed:
            page["failures"] += 1
        else:
            self._rename(page, fetch.url, key)
            page.update(kind=fetch.kind, failures=0)
            self._validate(page, fetch)
            page["top_id"] = page["top_id"] if fetch.top_id is None else fetch.top_id
        if key is not None:
            # An entrance is asked in every run, and stays claimed until all it leads to is noted.
            page.update(lease_until=None, attempts=0, due_at=self._due(page, key, posted))
        if page != before or id(page) in self._found:
            self._change(page)

    def told(
        self, fetch: Fetch, key: Key, timeline: Timeline, capture: Captured, posted: datetime | None
    ) -> None:
        """Take up what the *fetch* of a late *capture* taught, by what all captures come to.

        *posted* is when the article was posted; None where it was never read.
        """
        if fetch.body_hash is None and (repeated := timeline.repeated.get(capture.place)):
            fetch = replace(fetch, body_hash=repeated.body_hash)
        page = self._find(fetch.url, key)
        last = page["fetched_at"] if page else None
        if page is None or last is None or fetch.fetched_at > last:
            was_read = capture.content_hash is not None
            self.fetched(fetch, key, posted=posted if was_read else None)
            page = self._find(fetch.url, key)
            if page is not None and self._settle(page, timeline):
                self._change(page)
            return
        self._was_there(page, fetch.fetched_at)
        before = dict(page)
        newest = timeline.newest_whole
        if newest is not None and newest.place == capture.place:
            if timeline.is_last_word(capture):
                self._rename(page, fetch.url, key)
            self._validate(page, fetch)
        self._settle(page, timeline)
        # Of a failure without an answer there is no capture.
        page["failures"] = max(timeline.failures, int(page["status"] is None))
        is_first = capture.content_hash is not None and timeline.reads == 1
        if page != before or fetch.fetched_at == last or is_first:
            page["due_at"] = self._due(page, key, posted)
        if page != before:
            self._change(page)

    def write(self) -> None:
        """Write what has changed."""
        if earlier := [page for page in self._earlier.values() if page["id"] is not None]:
            self._connection.execute(
                _EARLIER,
                [
                    {"of_id": page["id"], "new_discovered_at": page["discovered_at"]}
                    for page in earlier
                ],
            )
        if self._doubled:
            for chunk in chunks(self._doubled):
                self._connection.execute(sa.delete(PAGES).where(PAGES.c.id.in_(chunk)))
        if self._renamed:
            names = ("url", "edition", "source_id", "section")
            self._connection.execute(
                sa.update(PAGES)
                .where(PAGES.c.id == sa.bindparam("of_id"))
                .values({name: sa.bindparam(name) for name in names}),
                [
                    {"of_id": page["id"]} | {name: page[name] for name in names}
                    for page in self._renamed
                ],
            )
        upsert(self._connection, PAGES, _rows(self._changed), ("url",), keep=("discovered_at",))
        # What another crawler has found, and perhaps claimed, since we looked is its own.
        insert_new(self._connection, PAGES, _rows(self._found))
        if self._planned:
            self._connection.execute(
                _PLAN,
                [
                    {"of_id": page["id"]}
                    | {f"new_{name}": page[name] for name in ("due_at", "depth", "listed_at")}
                    for page in self._planned.values()
                ],
            )

    def _due(self, page: Row, key: Key, posted: datetime | None) -> datetime | None:
        """Return when the article's *page*, which was fetched just now, is due again."""
        if posted is not None:
            self._posted[key] = posted
        known = self._posted.get(key)
        at: datetime = page["fetched_at"]
        if self._planned_from and self._revisits.are_over(known or at, self._planned_from):
            return None
        if page["failures"] and not (known and page["status"] in (404, 410)):
            return self._revisits.after_failing(at, page["failures"], known)
        return self._revisits.after_reading(at, known or at)

    def _was_there(self, page: Row, at: datetime) -> None:
        """Note that *page* was known *at*, perhaps before it was known to be."""
        if at < page["discovered_at"]:
            page["discovered_at"] = at
            self._earlier[id(page)] = page

    def _validate(self, page: Row, fetch: Fetch) -> None:
        """Take up what tells the page that *fetch* brought from another one, and where it is."""
        brought = fetch.status != 304 and fetch.revisit_of is None
        if not Standing(page["body_hash"], page["archived_at"]).is_repeated_by(fetch):
            # What is known belongs to other bytes: by it the next answer would be misunderstood.
            page.update(dict.fromkeys(_VALIDATORS))
            page.update(_place(None, fetch.fetched_at))
        for name in _VALIDATORS:
            if (value := getattr(fetch, name)) is not None or brought:
                page[name] = value or None
        if brought:
            page.update(_place(fetch.kept, fetch.fetched_at))

    def _settle(self, page: Row, timeline: Timeline) -> bool:
        """Have *page* know the bytes that it shows, which are not always the last that were read.

        A revisit may say that the page is as it was before it was otherwise.  Return whether
        that changes anything.
        """
        shown, whole, before = timeline.shown, timeline.newest_whole, dict(page)
        if shown is None or shown.body_hash is None:
            return False
        if whole is not None and whole.body_hash == shown.body_hash:
            shown = whole
        if page["body_hash"] != shown.body_hash:
            page.update(etag=None, last_modified=None, body_hash=shown.body_hash)
        page.update(_place(shown.kept, shown.at))
        return page != before

    def _find(self, url: str, key: Key | None) -> Row | None:
        page = self._by_key.get(key) if key else None
        return page or self._by_url.get(url)

    def _new(self, url: str, kind: str, key: Key | None, discovered_at: datetime) -> Row:
        page: dict[str, Any] = dict.fromkeys(_COLUMNS)
        edition, source_id = key or (None, None)
        page.update(url=url, kind=kind, edition=edition, source_id=source_id)
        page.update(section=section_of(url), failures=0, attempts=0)
        page["discovered_at"] = discovered_at
        self._index(page)
        return page

    def _change(self, page: Row) -> None:
        self._found.pop(id(page), None)
        self._planned.pop(id(page), None)
        self._changed[id(page)] = page

    def _rename(self, page: Row, url: str, key: Key | None) -> None:
        """Give *page* the URL and the key it was fetched under."""
        if page["url"] == url and (key is None or page["edition"] is not None):
            return
        double = self._by_url.get(url)
        if double is not None and double is not page:
            for rows in (self._changed, self._found, self._planned):
                rows.pop(id(double), None)
            if double["id"] is not None:
                self._doubled.append(double["id"])
        del self._by_url[page["url"]]
        page["url"] = url
        page["section"] = section_of(url)
        if key:
            page["edition"], page["source_id"] = key
        self._index(page)
        if page["id"] is not None:
            self._renamed.append(page)

    def _index(self, page: Row) -> None:
        self._by_url[page["url"]] = page
        if page["edition"] is not None:
            self._by_key[page["edition"], page["source_id"]] = page


def _rows(pages: dict[int, Row]) -> list[Row]:
    """Return what is written, in one order whoever writes.

    Crawlers that share a crawl must not wait for each other in a circle.
    """
    rows = [{name: page[name] for name in _WRITTEN} for page in pages.values()]
    return sorted(rows, key=lambda row: str(row["url"]))


def _has_failed(fetch: Fetch) -> bool:
    """Tell whether a fetch that brought no article failed.

    An article whose bytes are those that are stored comes with their hash.
    """
    if fetch.status == 304 or fetch.revisit_of is not None:
        return False
    if fetch.status is None or fetch.status >= 300:
        return True
    return fetch.body_hash is None


def standing_after(fetch: Fetch) -> Standing:
    """Return which bytes a page has after *fetch*, which brought it."""
    return Standing(fetch.body_hash, fetch.fetched_at if fetch.kept else None)


def _place(kept: Kept | None, at: datetime) -> Row:
    """Return where the whole page of the moment *at* is kept; or that no archive has it."""
    return {
        "archive_file": kept.file if kept else None,
        "archive_offset": kept.offset if kept else None,
        "archived_at": at if kept else None,
    }


def section_of(url: str) -> str | None:
    """Return the code of the section that *url* names, None where it names none."""
    address = article_address(url) or section_address(url)
    return address.section if address else None


def _posted(connection: sa.Connection, keys: Iterable[Key]) -> dict[Key, datetime]:
    """Return when the stored ones of the articles *keys* were posted, else first seen."""
    columns = [
        _ARTICLES.c[name] for name in ("edition", "source_id", "published_at", "first_seen_at")
    ]
    return {
        (row.edition, row.source_id): row.published_at or row.first_seen_at
        for row in select_by_key(connection, _ARTICLES, columns, set(keys))
    }
