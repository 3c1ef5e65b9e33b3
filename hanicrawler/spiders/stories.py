"""Which of the articles that pages name are fetched: what is new, due, or was not got to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hanicrawler.items import Discovered
from hanicrawler.site import article_address
from hanicrawler.spiders import reading
from hanicrawler.spiders.ledger import Ledger
from hanicrawler.spiders.requests import DUE, NEW, article_request
from hanicrawler.storage import SharedFrontier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from scrapy import Request

    from hanicrawler.items import StoryLink
    from hanicrawler.site import ArticleAddress
    from hanicrawler.spiders.arguments import Arguments
    from hanicrawler.spiders.lists import SectionLists
    from hanicrawler.spiders.walk import Key
    from hanicrawler.storage import Frontier, KnownPage

    Output = Request | tuple[Discovered, ...]

ORIGINALS_AT_ONCE: Final = 100
"""Originals that are looked for together; more wait in the database."""


class Stories:
    """The articles of a run, from their names on a page to their requests.

    What is to be fetched is noted in the frontier before it is requested, so that a run which
    is ended leaves the rest to the next one.  *count* adds to the run's stats; *learn* goes to
    a section that an article's address names; *callback* and *errback* take what comes.
    """

    def __init__(
        self,
        arguments: Arguments,
        frontier: Frontier,
        *,
        count: Callable[[str, int], None],
        learn: Callable[[str | None], Iterator[Request]],
        callback: Callable[..., Any],
        errback: Callable[..., Any],
    ) -> None:
        self.ledger = Ledger(arguments.editions)
        self.frontier = frontier
        self.shared = frontier if isinstance(frontier, SharedFrontier) else None
        self._arguments = arguments
        self._count = count
        self._learn = learn
        self._callback = callback
        self._errback = errback
        end = arguments.period.end
        self.reaches_today = end is None or end > reading.now()
        """Whether what is new today is inside the period."""

    def find(self, addresses: Iterable[ArticleAddress]) -> None:
        """Count the articles that no page of this run has named before."""
        if found := self.ledger.find(addresses):
            self._count("found", found)

    def look(self, addresses: Iterable[ArticleAddress]) -> dict[Key, KnownPage]:
        """Return what is known of those that are not decided about, by one query."""
        keys = [each.key for each in addresses if not self.ledger.is_settled(each)]
        return self.frontier.known(keys) if keys else {}

    def take(
        self,
        addresses: Sequence[ArticleAddress],
        depth: int,
        at: datetime,
        known: Mapping[Key, KnownPage] | None = None,
        *,
        listed: Mapping[Key, datetime | None] | None = None,
        force: bool = False,
        is_original: bool = False,
    ) -> Iterator[Output]:
        """Request those of *addresses* that are new, due or were never got to.

        *at* is when the page that names them came, *known* what :meth:`look` says of them;
        *listed* are the dates a list prints beside them.  *force* asks for all of them, and for
        the whole page: whoever names an article wants it read anew, by a parser that has learnt
        something, say.
        """
        known = self.look(addresses) if known is None else known
        wanted: list[tuple[ArticleAddress, KnownPage | None]] = []
        for address in addresses:
            if self.ledger.is_settled(address):
                continue
            self.ledger.settle(address)
            page = known.get(address.key)
            if force or page is None or page.is_wanted(at):
                wanted.append((address, page))
        self.find(address for address, _ in wanted)
        if self.shared is not None:
            named = [address for address, _ in wanted]
            mine = self.shared.claim(named, depth, listed or {}, force=force) if named else set()
            self.ledger.elsewhere.update(each.key for each in named if each.key not in mine)
            wanted = [(address, page) for address, page in wanted if address.key in mine]
        else:
            new = [address for address, page in wanted if page is None or page.fetched_at is None]
            yield from _note(new, depth, listed or {}, at)
        for address, page in wanted:
            known_page = None if force else page
            yield self._request(address, depth, known_page, is_original=is_original)

    def due(self, page: KnownPage) -> Iterator[Request]:
        """Request an article whose turn has come, unless that is decided already.

        One that was found by a link, and never got to, waits for its level.
        """
        address = page.address
        if self.ledger.is_settled(address):
            return
        if page.fetched_at is None and page.depth:
            self.ledger.later.setdefault(address.key, (address, page.depth, page))
        else:
            yield self.claimed(page)

    def level(self) -> Iterator[Request]:
        """Request the linked articles that are nearest to what was asked for.

        Level by level, each when the one before is done: so it does not matter which of two
        ways to an article is found first, and every run reaches the same ones.
        """
        later = self.ledger.later
        nearest = min((depth for _, depth, _ in later.values()), default=0)
        for address, depth, page in [each for each in later.values() if each[1] == nearest]:
            del later[address.key]
            if not self.ledger.is_settled(address):
                self.ledger.settle(address)
                yield self._request(address, depth, page, is_original=False)

    def claimed(self, page: KnownPage) -> Request:
        """Request an article that this crawler has claimed, whatever was decided before."""
        address = page.address
        self.ledger.settle(address)
        depth = self._arguments.related_depth if page.depth is None else page.depth
        return self._request(address, depth, page, is_original=address.edition == "ko")

    def named(
        self, links: Iterable[StoryLink], at: datetime, lists: SectionLists | None = None
    ) -> Iterator[Output]:
        """Follow the stories of a page, which came at *at* and is not walked through."""
        own = self.ledger.of_list(links, lists)
        self.find(address for address, _ in own)
        inside = [address for address, link in own if self._may_be_inside(link, at)]
        yield from self.take(inside, 0, at, listed=listed_dates(own, at))
        if len(inside) < len(own):
            yield from self.left((address for address, _ in own), at)
        for address, _ in own:
            if address.edition == "en":
                yield from self._learn(address.section)

    def linked(self, links: Iterable[StoryLink], depth: int, at: datetime) -> Iterator[Output]:
        """Follow related stories and most viewed articles of a page that came at *at*.

        As far as the run goes.
        """
        new = self.ledger.unsettled(links)
        if depth > self._arguments.related_depth:
            if unknown := self.ledger.unknown(new):
                self.find(unknown)
                yield from self.left(unknown, at)
            return
        for address in new:
            if address.edition == "en":
                yield from self._learn(address.section)
        yield from self._defer(new, depth, at)

    def _defer(
        self, addresses: Sequence[ArticleAddress], depth: int, at: datetime
    ) -> Iterator[Output]:
        """Note linked articles that are to be fetched, in their turn."""
        later = self.ledger.later
        fresh = [address for address in addresses if address.key not in later]
        if not fresh:
            return
        known = self.look(fresh)
        self.find(fresh)
        wanted = []
        for address in fresh:
            page = known.get(address.key)
            if page is not None and not page.is_wanted(at):
                self.ledger.settle(address)
                continue
            wanted.append(address)
            later[address.key] = (address, depth, page)
        yield from _note(wanted, depth, {}, at)

    def originals(self) -> Iterator[list[ArticleAddress]]:
        """Give the Korean originals of articles that were stored without them, some at a time."""
        after = 0
        while named := self.frontier.originals(ORIGINALS_AT_ONCE, after):
            addresses = [found for _, url in named if (found := article_address(url))]
            yield [address for address in addresses if address.edition == "ko"]
            after = named[-1][0]

    def left(self, addresses: Iterable[ArticleAddress], at: datetime) -> Iterator[Output]:
        """Note what a page of *at* names and is not to be fetched: English articles."""
        left = tuple(
            Discovered(url=address.url, kind="article", discovered_at=at)
            for address in addresses
            if address.edition == "en" and not self.ledger.is_settled(address)
        )
        if left:
            yield left

    def _request(
        self, address: ArticleAddress, depth: int, page: KnownPage | None, *, is_original: bool
    ) -> Request:
        is_new = page is None or page.fetched_at is None
        return article_request(
            address,
            self._callback,
            self._errback,
            depth,
            page=page,
            is_original=is_original,
            priority=NEW if is_new else DUE,
        )

    def _may_be_inside(self, link: StoryLink, at: datetime) -> bool:
        """Tell whether a story can be of the period, by what its list says of it."""
        if not self.reaches_today:
            return False
        date = reading.moment(link.listed_text, at) if self._arguments.period else None
        return date is None or date in self._arguments.period


def _note(
    addresses: Sequence[ArticleAddress],
    depth: int,
    listed: Mapping[Key, datetime | None],
    at: datetime,
) -> Iterator[tuple[Discovered, ...]]:
    """Note what a page of *at* names and is to be fetched."""
    if addresses:
        yield tuple(
            Discovered(
                url=address.url,
                kind="article",
                discovered_at=at,
                due_at=at,
                depth=depth,
                listed_at=listed.get(address.key),
            )
            for address in addresses
        )


def listed_dates(
    named: Iterable[tuple[ArticleAddress, StoryLink]], at: datetime
) -> dict[Key, datetime | None]:
    """Return the dates that a list, which came at *at*, prints beside its stories."""
    return {
        address.key: reading.moment(link.listed_text, at)
        for address, link in named
        if link.listed_text
    }
