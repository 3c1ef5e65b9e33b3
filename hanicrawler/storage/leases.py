"""The frontier of a crawl that several crawlers share: pages are claimed before they are fetched.

PostgreSQL only.  A claim is one statement that passes over rows another crawler has locked, and
a lease that ends by the server's clock, so that neither a dead crawler nor a wrong clock keeps a
page.  An entrance (feed, front, section) is open while ``due_at`` is set: the crawler that made
the crawl opens them, who has gone through one closes it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from hanicrawler.storage.frontier import KNOWN, Frontier, KnownPage
from hanicrawler.storage.pages import PAGES, section_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from hanicrawler.items import PageKind
    from hanicrawler.site import ArticleAddress
    from hanicrawler.storage.keys import Key

_T = TypeVar("_T")

_NOW: Final = sa.func.now()
_FREE: Final = sa.or_(PAGES.c.lease_until.is_(None), PAGES.c.lease_until < _NOW)
_ARTICLE: Final = PAGES.c.kind == "article"


class SharedFrontier(Frontier):
    """What is known of pages, and the leases that this crawler holds.

    *since* is when the crawl began; what was fetched later is not fetched again.  *lease* is in
    seconds; *attempts* is how many leases a page may take before it is given up; *opens* says
    that this crawler made the crawl.  Every method may raise DatabaseError.
    """

    def __init__(
        self, engine: sa.Engine, *, since: datetime, lease: float, attempts: int, opens: bool
    ) -> None:
        super().__init__(engine)
        self.opens = opens
        """Whether this crawler opens the crawl's entrances."""
        self._since = since
        self._lease = timedelta(seconds=lease)
        self._attempts = attempts
        self._held: set[int] = set()

    def claim(
        self,
        addresses: Sequence[ArticleAddress],
        depth: int,
        listed: Mapping[Key, datetime | None],
        *,
        force: bool = False,
    ) -> set[Key]:
        """Claim those of the articles that are to be fetched and free; return their keys.

        *force* claims what was fetched before this crawl too, due or not.
        """
        rows = [_row(each.url, "article", each, depth, listed.get(each.key)) for each in addresses]
        keys = [each.key for each in addresses]
        wanted = self._wanted(sa.true() if force else PAGES.c.due_at <= _NOW)

        def statements(connection: sa.Connection) -> set[Key]:
            _note(connection, rows)
            which = sa.tuple_(PAGES.c.edition, PAGES.c.source_id).in_(keys)
            claimed = self._claim(connection, which, wanted, limit=None, depth=depth)
            return {(page.edition or "", page.source_id or 0) for page in claimed}

        return self._run(statements)

    def claim_due(self, limit: int, *, plain: bool) -> list[KnownPage]:
        """Claim the *limit* articles that have been due the longest.

        One that a link led to waits until every entrance and every article nearer to what was
        asked for is done, as in a crawl that is not shared.  Unless the crawl is *plain*, only
        what belongs to it is claimed: what was claimed before, and what links led to since.
        """
        # Asked once and not for each page: there may be many.
        others = PAGES.alias("others")
        is_due = others.c.due_at <= _NOW
        is_open = sa.exists().where(is_due, others.c.kind != "article")
        unfinished = sa.or_(others.c.fetched_at.is_(None), others.c.lease_until >= _NOW)
        nearest = sa.select(sa.func.min(others.c.depth)).where(is_due, unfinished).scalar_subquery()
        has_level = sa.or_(
            PAGES.c.fetched_at.is_not(None),
            sa.func.coalesce(PAGES.c.depth, 0) == 0,
            sa.and_(~is_open, PAGES.c.depth <= nearest),
        )
        which = [_ARTICLE, PAGES.c.edition.is_not(None), has_level]
        if not plain:
            linked = sa.and_(PAGES.c.depth > 0, PAGES.c.due_at >= self._since)
            which.append(sa.or_(PAGES.c.lease_until.is_not(None), linked))
        wanted = self._wanted(PAGES.c.due_at <= _NOW)
        return self._run(
            lambda connection: self._claim(connection, sa.and_(*which), wanted, limit=limit)
        )

    def claim_entrance(self) -> list[KnownPage]:
        """Claim an open entrance, one at most, so that the others are left to other crawlers."""
        return self._run(lambda connection: self._claim(connection, ~_ARTICLE, sa.true(), limit=1))

    def forget_the_dead(self) -> None:
        """Close the entrances, and end the leases, that a crawl left all of whose crawlers died.

        For whoever begins a crawl: what is due comes again by itself, and what was asked of the
        other crawl is not asked of this one.
        """
        left = sa.or_(~_ARTICLE, PAGES.c.lease_until.is_not(None))
        forget = (
            sa.update(PAGES)
            .where(PAGES.c.due_at <= _NOW, left)
            .values(due_at=sa.case((_ARTICLE, PAGES.c.due_at)), lease_until=None)
        )
        self._run(lambda connection: connection.execute(forget))

    def open_entrances(self, urls: Iterable[tuple[str, PageKind]]) -> None:
        """Open entrances: whoever comes first goes through each."""
        rows = [_row(url, kind, None, None, None) for url, kind in urls]

        def statements(connection: sa.Connection) -> None:
            _note(connection, rows)
            connection.execute(
                sa.update(PAGES)
                .where(PAGES.c.url.in_([row["url"] for row in rows]))
                .values(due_at=_NOW, attempts=0)
            )

        if rows:
            self._run(statements)

    def open_section(self, url: str) -> None:
        """Open the section at *url*, which a page names, unless this crawl knows it already."""
        rows = [_row(url, "list", None, None, None)]
        opened = (
            sa.update(PAGES)
            .where(PAGES.c.url == url, PAGES.c.due_at.is_(None))
            .where(sa.or_(PAGES.c.fetched_at.is_(None), PAGES.c.fetched_at < self._since))
            .values(due_at=_NOW, attempts=0)
        )

        def statements(connection: sa.Connection) -> None:
            _note(connection, rows)
            connection.execute(opened)

        self._run(statements)

    def open_articles(self, addresses: Sequence[ArticleAddress], depth: int) -> None:
        """Open articles that are to be fetched whether they are due or not.

        *depth* is how many links lie between them and what was asked for.
        """
        rows = [_row(each.url, "article", each, depth, None) for each in addresses]

        def statements(connection: sa.Connection) -> None:
            _note(connection, rows)
            which = sa.tuple_(PAGES.c.edition, PAGES.c.source_id)
            connection.execute(
                sa.update(PAGES)
                .where(which.in_([each.key for each in addresses]), _FREE)
                # Claimed by nobody, and marked as this crawl's.
                .values(due_at=_NOW, lease_until=_NOW, attempts=0, depth=depth)
            )

        self._run(statements)

    def is_busy(self) -> bool:
        """Tell whether a page is claimed: it may yet name others, or be left to us."""
        busy = sa.exists().where(PAGES.c.due_at <= _NOW, PAGES.c.lease_until >= _NOW)
        return bool(self._run(lambda connection: connection.scalar(sa.select(busy))))

    def renew(self) -> None:
        """Prolong the leases held, and forget those that have ended."""
        held = list(self._held)
        if not held:
            return
        renewed = (
            sa.update(PAGES)
            .where(PAGES.c.id.in_(held), PAGES.c.lease_until.is_not(None))
            .values(lease_until=_NOW + self._lease)
            .returning(PAGES.c.id)
        )
        still = set(self._run(lambda connection: list(connection.scalars(renewed))))
        self._held -= set(held) - still

    def release(self, *, untried: bool) -> None:
        """Give back what is held, for another crawler to claim at once.

        *untried* says that it was not got to: then the lease does not count as an attempt.
        """
        held, self._held = list(self._held), set()
        if held:
            taken = sa.func.greatest(PAGES.c.attempts - 1, 0) if untried else PAGES.c.attempts
            given_back = (
                sa.update(PAGES)
                .where(PAGES.c.id.in_(held), PAGES.c.lease_until.is_not(None))
                .values(lease_until=_NOW - timedelta(seconds=1), attempts=taken)
            )
            self._run(lambda connection: connection.execute(given_back))

    def give_up(self) -> list[str]:
        """Plan no more fetch of pages that took all their leases; return their URLs."""
        given_up = (
            sa.update(PAGES)
            .where(PAGES.c.due_at <= _NOW, _FREE, PAGES.c.attempts >= self._attempts)
            .values(due_at=None, lease_until=None)
            .returning(PAGES.c.url)
        )
        return self._run(lambda connection: list(connection.scalars(given_up)))

    def _wanted(self, due: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
        return sa.or_(PAGES.c.fetched_at.is_(None), sa.and_(due, PAGES.c.fetched_at < self._since))

    def _claim(
        self,
        connection: sa.Connection,
        which: sa.ColumnElement[bool],
        wanted: sa.ColumnElement[bool],
        *,
        limit: int | None,
        depth: int | None = None,
    ) -> list[KnownPage]:
        has_turn = [] if limit is None else [PAGES.c.due_at <= _NOW]
        picked = (
            sa.select(PAGES.c.id)
            .where(which, wanted, *has_turn, _FREE, PAGES.c.attempts < self._attempts)
            .order_by(PAGES.c.due_at, PAGES.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        claimed = connection.execute(
            sa.update(PAGES)
            .where(PAGES.c.id.in_(picked))
            .values(
                lease_until=_NOW + self._lease,
                attempts=PAGES.c.attempts + 1,
                due_at=sa.func.least(sa.func.coalesce(PAGES.c.due_at, _NOW), _NOW),
                # PostgreSQL's least passes over NULL.
                depth=PAGES.c.depth if depth is None else sa.func.least(PAGES.c.depth, depth),
            )
            .returning(*KNOWN)
        )
        pages = [KnownPage(**row._mapping) for row in claimed]
        self._held.update(page.id for page in pages)
        return pages

    def _run(self, statements: Callable[[sa.Connection], _T]) -> _T:
        """Run *statements* in a transaction; again where another crawler's came first."""

        def attempt() -> _T:
            with self._engine.begin() as connection:
                return statements(connection)

        return self._persist(attempt)


def _note(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Make the pages that are not known; in one order, so that nobody waits in a circle."""
    if rows:
        ordered = sorted(rows, key=lambda row: row["url"])
        connection.execute(postgresql.insert(PAGES).values(ordered).on_conflict_do_nothing())


def _row(
    url: str,
    kind: PageKind,
    address: ArticleAddress | None,
    depth: int | None,
    listed_at: datetime | None,
) -> dict[str, Any]:
    return {
        "url": url,
        "kind": kind,
        "edition": address.edition if address else None,
        "source_id": address.source_id if address else None,
        "section": section_of(url),
        "discovered_at": _NOW,
        "due_at": _NOW,
        "depth": depth,
        "listed_at": listed_at,
    }
