"""What a crawler has to fetch: the ``pages`` table as spiders see it.

A crawler that is alone only asks: what it has requested it remembers itself, and what it has
learnt the writer writes.  Crawlers that share a crawl (PostgreSQL) claim pages in leases: the
claim is one statement that passes over what another one has locked.  A lease ends with the
fetch that the writer stores; one of a crawler that died ends by itself, by the server's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

import sqlalchemy as sa

from hanicrawler.site import ArticleAddress
from hanicrawler.storage.crawls import waits_until
from hanicrawler.storage.engine import reading
from hanicrawler.storage.errors import DatabaseUnreachable
from hanicrawler.storage.gaps import GAPS
from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.pages import PAGES
from hanicrawler.storage.retries import WAITS, persist
from hanicrawler.storage.run_models import NO_ARTICLE
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from hanicrawler.site import Edition

_T = TypeVar("_T")

_ARTICLES: Final = table_of(ArticleRow)
KNOWN: Final = tuple(
    PAGES.c[name]
    for name in (
        "id",
        "url",
        "kind",
        "edition",
        "source_id",
        "section",
        "status",
        "discovered_at",
        "fetched_at",
        "due_at",
        "depth",
        "etag",
        "last_modified",
        "body_hash",
        "failures",
        "top_id",
        "archive_file",
        "archive_offset",
        "archived_at",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPage:
    """What is remembered of a URL."""

    id: int
    url: str
    kind: str
    edition: str | None
    source_id: int | None
    section: str | None
    status: int | None
    discovered_at: datetime
    fetched_at: datetime | None
    """Aware, UTC; None for one that no run has got to."""
    due_at: datetime | None
    """Aware, UTC; None where no fetch is planned."""
    depth: int | None
    etag: str | None
    last_modified: str | None
    body_hash: str | None
    failures: int
    top_id: int | None
    archive_file: str | None
    """As in Kept: what keeps its last response with a page; None for none."""
    archive_offset: int | None
    archived_at: datetime | None
    """Aware, UTC; when that response came."""

    @property
    def was_read(self) -> bool:
        """True for a page that came and could be read, at least once."""
        came = self.fetched_at is not None and not self.failures
        return bool(came or self.body_hash or self.etag or self.top_id)

    def is_wanted(self, now: datetime) -> bool:
        """Tell whether a list that names the page at *now* is reason to fetch it."""
        if self.fetched_at is None:
            return True
        return self.due_at is not None and self.due_at <= now

    @property
    def address(self) -> ArticleAddress:
        """Which article it is.  Raises ValueError for any other page."""
        if self.edition is None or self.source_id is None:
            raise ValueError(f"{self.url} is no article")
        return ArticleAddress(cast("Edition", self.edition), self.section, self.source_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of a section's lists that was not read."""

    edition: str
    section: str
    newest_id: int
    oldest_id: int
    reason: str


class Frontier:
    """What is known of pages, asked by a spider.  Every method may raise DatabaseError.

    A server that is being started anew is waited for; once given up it is not waited for again,
    since the spider stands still meanwhile.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._waits: Sequence[float] = WAITS

    def entrances(self) -> dict[str, KnownPage]:
        """Return the feeds, fronts and list pages that are known, by URL."""
        return {page.url: page for page in self._pages(sa.text(NO_ARTICLE.text))}

    def waits_until(self, spider: str, now: datetime) -> datetime | None:
        """Return until when the site asked *spider* to leave it alone, if that is after *now*."""
        return waits_until(self._engine, spider, now)

    def gaps(self) -> list[Gap]:
        """Return what was not read of the sections' lists."""
        columns = [GAPS.c[name] for name in Gap.__dataclass_fields__]
        return self._ask(
            lambda connection: [
                Gap(**row._mapping) for row in connection.execute(sa.select(*columns))
            ]
        )

    def known(self, keys: Iterable[Key]) -> dict[Key, KnownPage]:
        """Return what is known of the articles *keys*; those that are not are left out."""
        wanted = list(keys)
        return self._ask(
            lambda connection: {
                (row.edition, row.source_id): KnownPage(**row._mapping)
                for row in select_by_key(connection, PAGES, KNOWN, wanted)
            }
        )

    def posted(self, keys: Iterable[Key]) -> dict[Key, datetime | None]:
        """Return when the stored ones of the articles *keys* were posted.

        None for one of which the date is impossible.
        """
        columns = [_ARTICLES.c[name] for name in ("edition", "source_id", "published_at")]
        wanted = list(keys)
        return self._ask(
            lambda connection: {
                (row.edition, row.source_id): row.published_at
                for row in select_by_key(connection, _ARTICLES, columns, wanted)
            }
        )

    def due(
        self, now: datetime, limit: int, after: tuple[datetime, int] | None = None
    ) -> list[KnownPage]:
        """Return the *limit* articles that have been due the longest at *now*.

        *after* is the due time and id of the last one of the call before.
        """
        where = [PAGES.c.due_at <= now, PAGES.c.kind == "article", PAGES.c.edition.is_not(None)]
        if after is not None:
            moment, last = after
            where.append(PAGES.c.due_at >= moment)
            where.append(sa.or_(PAGES.c.due_at > moment, PAGES.c.id > last))
        return self._pages(*where, order=(PAGES.c.due_at, PAGES.c.id), limit=limit)

    def originals(self, limit: int, after: int = 0) -> list[tuple[int, str]]:
        """Return id and URL of Korean originals that stored articles name and nobody knows.

        The *limit* lowest ids above *after*.  Unlike the other questions this one costs more
        with more articles: an index is read from end to end.
        """
        known = sa.exists().where(
            PAGES.c.edition == "ko", PAGES.c.source_id == _ARTICLES.c.original_source_id
        )
        named = (
            sa.select(_ARTICLES.c.original_source_id, sa.func.min(_ARTICLES.c.original_url))
            .where(_ARTICLES.c.original_source_id > after, ~known)
            .group_by(_ARTICLES.c.original_source_id)
            .order_by(_ARTICLES.c.original_source_id)
            .limit(limit)
        )
        return self._ask(lambda connection: [(row[0], row[1]) for row in connection.execute(named)])

    def _pages(
        self,
        *where: sa.ColumnElement[bool] | sa.TextClause,
        order: Sequence[Any] = (),
        limit: int | None = None,
    ) -> list[KnownPage]:
        selected = sa.select(*KNOWN).where(*where).order_by(*order).limit(limit)
        return self._ask(
            lambda connection: [KnownPage(**row._mapping) for row in connection.execute(selected)]
        )

    def _ask(self, question: Callable[[sa.Connection], _T]) -> _T:
        """Return what *question* reads of the database."""

        def attempt() -> _T:
            with reading(self._engine) as connection:
                return question(connection)

        return self._persist(attempt)

    def _persist(self, attempt: Callable[[], _T]) -> _T:
        try:
            return persist(attempt, describe(self._engine.url), self._waits)
        except DatabaseUnreachable:
            self._waits = ()
            raise
