"""Where to go on the site: from the feed, the front page and the lists to the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from scrapy import Request, Spider

from hanicrawler.items import Fetch, Problem, Ranking, ReadPage
from hanicrawler.pages import read_feed
from hanicrawler.site import FEED_URL, FRONT_URL, Root, article_address, section_address
from hanicrawler.spiders import reading
from hanicrawler.spiders.arguments import Section, read_arguments
from hanicrawler.spiders.failures import read_failure, was_asked
from hanicrawler.spiders.ledger import Ledger
from hanicrawler.spiders.lists import SectionLists
from hanicrawler.spiders.mapping import Mapping
from hanicrawler.spiders.reader import Reader
from hanicrawler.spiders.requests import article_request, list_request
from hanicrawler.spiders.walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Iterator
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Discovered, PageKind, ScrapedArticle, StoryLink
    from hanicrawler.pages import ListPage
    from hanicrawler.site import ArticleAddress, Edition
    from hanicrawler.spiders.failures import FetchFailure
    from hanicrawler.spiders.walk import Key, Step

    Output = Request | Problem | Fetch | ReadPage | Ranking | tuple[Discovered, ...]


class HaniSpider(Spider):
    """Fetches the English edition's articles, each once however many addresses it has.

    With no argument it reads the feed, the front page, the section fronts and the first list
    page of each section.  ``sections``, ``since``, ``until``, ``urls``, ``related_depth`` and
    ``originals`` are described in :mod:`hanicrawler.spiders.arguments`.
    """

    name = "hani"

    def __init__(self, *, root: Root | None = None, second: bool = False, **given: str) -> None:
        super().__init__()
        self._reader = Reader(second=second)
        self.arguments = read_arguments(given, root)
        self._mapping = Mapping(root)
        self.given = given
        self._ledger = Ledger(self.arguments.editions)
        self._sections: dict[Section, SectionLists] = {}
        self._ranking: tuple[str, ...] = ()
        end = self.arguments.period.end
        self._reaches_today = end is None or end > reading.now()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        site = crawler.settings.get("HANICRAWLER_SITE")
        kwargs["root"] = Root.parse(site) if site else None
        kwargs["second"] = crawler.settings.getbool("HANICRAWLER_SECOND_READER")
        return super().from_crawler(crawler, *args, **kwargs)

    def closed(self, reason: str) -> None:
        """End what the run has started."""
        self._reader.close()

    async def start(self) -> AsyncIterator[Request]:
        if self.arguments.urls:
            for address in self.arguments.urls:
                for request in self._article(address, depth=0):
                    yield request
        elif self.arguments.sections:
            for section in self.arguments.sections:
                yield self._section(section, asked=True)
        else:
            yield self._list(FEED_URL, self.parse_feed, "feed")
            yield self._list(FRONT_URL, self.parse_front, "front")

    def parse_feed(self, response: Response) -> Iterator[Output]:
        body = self._mapping.page(response.body, response.url)
        feed = reading.attempt(lambda: read_feed(body, response.url), response, "discover")
        if isinstance(feed, Problem):
            yield from self._unread_list(response, "feed", feed)
            return
        yield from self._was_read(response, "feed")
        yield from self._stories(feed.stories)

    def parse_front(self, response: Response) -> Iterator[Output]:
        page = self._read_list(response, is_front=True)
        if isinstance(page, Problem):
            yield from self._unread_list(response, "front", page)
            return
        yield from self._was_read(response, "front")
        yield from self._learn(page.sections)
        yield from self._stories(page.stories)
        yield from self._most_viewed(page)

    def parse_section(self, response: Response, lists: SectionLists) -> Iterator[Output]:
        """Read a section's front, then go on to its lists."""
        page = self._read_list(response, is_front=True)
        if isinstance(page, Problem):
            yield reading.unread(response.url, "list", response.status)
            if lists.asked or page.code != "no_stories":
                yield page
        else:
            yield from self._was_read(response, "list")
            yield from self._learn(page.sections)
            yield from self._stories(page.stories, lists)
            yield from self._most_viewed(page)
            lists.learn(page.pages)
        yield self._list(lists.turn(), self.parse_list, "list", lists)

    def parse_list(self, response: Response, lists: SectionLists) -> Iterator[Output]:
        page = self._read_list(response)
        if isinstance(page, Problem):
            yield from self._no_list(lists, page, is_end=page.code == "no_stories")
            return
        yield from self._was_read(response, "list")
        yield from self._learn(page.sections)
        lists.learn(page.pages)
        if lists.walk is None:
            yield from self._stories(page.stories, lists)
            return
        own = self._ledger.of_list(page.stories, lists)
        self._find(address for address, _ in own)
        links = [(address.key, link) for address, link in own]
        step = lists.walk.read(links, again=lists.repeating)
        lists.repeating = False
        yield from self._walk_on(lists, step)

    async def parse_article(
        self, response: Response, address: ArticleAddress, depth: int, is_original: bool
    ) -> AsyncIterator[Output]:
        self._count("fetched")
        address = article_address(response.url) or address
        try:
            scraped = await self._reader.read(
                self._mapping.page(response.body, response.url),
                response.url,
                charset=reading.charset(response),
                content_type=reading.content_type(response),
            )
        except Exception as error:  # noqa: BLE001 (kept as a problem, and the run goes on)
            self._count("unreadable")
            found = reading.unreadable(response, "parse", error)
            for output in self._lost(address, found, response.status):
                yield output
            return
        for output in self._read(response, scraped, address, depth, is_original=is_original):
            yield output

    def _read(
        self,
        response: Response,
        scraped: ScrapedArticle,
        address: ArticleAddress,
        depth: int,
        *,
        is_original: bool,
    ) -> Iterator[Output]:
        """Hand on an article that was read, and follow its links."""
        self._count("parsed")
        if self.arguments.period and not is_original:
            date = reading.moment(scraped.posted_text)
            yield from self._settle(address.key, date)
            # An article whose date is impossible may well be what was asked for.
            if date is not None and date not in self.arguments.period:
                self._count("outside")
                yield self._left([address])
                return
        yield from self._links_of(scraped, address, depth)
        fetch = reading.fetched(response, "article", address.url)
        yield ReadPage(scraped=scraped, fetch=fetch, address=address, body=response.body)

    def list_failed(self, failure: Failure) -> Iterator[Output]:
        if not was_asked(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        lists: SectionLists | None = request.cb_kwargs.get("lists")
        why = read_failure(failure, request)
        found = reading.not_fetched(request.url, why)
        if lists is not None and lists.page > 0:
            yield from self._no_list(lists, found, is_end=why.is_missing, why=why)
            return
        yield reading.unread(request.url, request.meta["kind"], why.status)
        if lists is None:
            self._count("lists_missing" if why.is_gone else "lists_failed")
            yield found
            return
        # A section may have lists and no front, and its address was a guess: no problem yet.
        if not why.is_missing:
            self._count("lists_failed")
            yield found
        yield self._list(lists.turn(), self.parse_list, "list", lists)

    def article_failed(self, failure: Failure) -> Iterator[Output]:
        if not was_asked(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        why = read_failure(failure, request)
        address: ArticleAddress = request.cb_kwargs["address"]
        self._count("gone" if why.is_gone else "failed")
        if self.arguments.urls and request.cb_kwargs["depth"] == 0:
            self._count("asked_lost")
        yield from self._lost(address, reading.not_fetched(address.url, why), why.status)

    def _count(self, what: str, number: int = 1) -> None:
        if number:
            self.crawler.stats.inc_value(f"hani/{what}", number)

    def _list(
        self, url: str, callback: Any, kind: PageKind, lists: SectionLists | None = None
    ) -> Request:
        return list_request(url, callback, self.list_failed, kind, lists)

    def _section(self, section: Section, *, asked: bool) -> Request:
        period = self.arguments.period
        walk = Walk(period, self._ledger.dates, listed_date) if period else None
        lists = self._sections[section] = SectionLists(section, walk, asked=asked)
        return self._list(section.url, self.parse_section, "list", lists)

    def _article(
        self, address: ArticleAddress, depth: int, *, is_original: bool = False
    ) -> Iterator[Request]:
        if not self._ledger.ask(address):
            return
        self._find([address])
        yield article_request(
            address, self.parse_article, self.article_failed, depth, is_original=is_original
        )

    def _read_list(self, response: Response, *, is_front: bool = False) -> ListPage | Problem:
        body = self._mapping.page(response.body, response.url)
        return reading.list_page(response, body, is_front=is_front)

    def _was_read(self, response: Response, kind: PageKind) -> Iterator[Fetch]:
        self._count("lists_read")
        yield reading.fetched(response, kind, response.url)

    def _unread_list(
        self, response: Response, kind: PageKind, found: Problem
    ) -> Iterator[Problem | Fetch]:
        self._count("lists_failed")
        yield found
        yield reading.unread(response.url, kind, response.status)

    def _find(self, addresses: Iterable[ArticleAddress]) -> None:
        self._count("found", self._ledger.find(addresses))

    def _learn(self, urls: Iterable[str]) -> Iterator[Request]:
        """Go to the fronts of sections that no page has named before."""
        if self.arguments.urls or self.arguments.sections:
            return
        for url in urls:
            if (address := section_address(url)) and address.edition == "en":
                yield from self._learn_section(address.section)

    def _learn_section(self, code: str | None) -> Iterator[Request]:
        if self.arguments.urls or self.arguments.sections or not code:
            return
        if (section := Section("en", code)) not in self._sections:
            yield self._section(section, asked=False)

    def _stories(
        self, links: Iterable[StoryLink], lists: SectionLists | None = None
    ) -> Iterator[Output]:
        """Follow the stories of a page that is not walked through."""
        own = self._ledger.of_list(links, lists)
        self._find(address for address, _ in own)
        followed = [address for address, link in own if self._may_be_inside(link)]
        for address in followed:
            yield from self._article(address, depth=0)
        if len(followed) < len(own):
            yield self._left(address for address, _ in own)
        for address, _ in own:
            if address.edition == "en":
                yield from self._learn_section(address.section)

    def _may_be_inside(self, link: StoryLink) -> bool:
        """Tell whether a story can be of the period, by what its list says of it."""
        if not self._reaches_today:
            return False
        date = listed_date(link) if self.arguments.period else None
        return date is None or date in self.arguments.period

    def _most_viewed(self, page: ListPage) -> Iterator[Output]:
        if not page.most_viewed:
            return
        yield from self._linked(page.most_viewed, depth=1)
        urls = tuple(link.url for link in page.most_viewed)
        if urls != self._ranking:
            self._ranking = urls
            edition: Edition = page.most_viewed[0].edition or "en"
            yield Ranking(edition=edition, seen_at=reading.now(), links=page.most_viewed)

    def _links_of(
        self, scraped: ScrapedArticle, address: ArticleAddress, depth: int
    ) -> Iterator[Output]:
        yield from self._linked((*scraped.related, *scraped.most_viewed), depth + 1)
        if not self.arguments.originals or address.edition != "en" or not scraped.original_url:
            return
        original = article_address(scraped.original_url)
        if original and original.edition == "ko":
            last = self.arguments.related_depth
            yield from self._article(original, depth=last, is_original=True)

    def _linked(self, links: Iterable[StoryLink], depth: int) -> Iterator[Output]:
        """Follow related stories and most viewed articles as far as the run goes."""
        new = self._ledger.unasked(links)
        if depth > self.arguments.related_depth:
            if unknown := self._ledger.unknown(new):
                self._find(unknown)
                yield self._left(unknown)
            return
        for address in new:
            if address.edition == "en":
                yield from self._learn_section(address.section)
            yield from self._article(address, depth)

    def _left(self, addresses: Iterable[ArticleAddress]) -> tuple[Discovered, ...]:
        return self._ledger.left(addresses, reading.now())

    def _lost(
        self, address: ArticleAddress, found: Problem, status: int | None
    ) -> Iterator[Output]:
        # The problem last: it waits for its commit, and the walks need not.
        yield from self._settle(address.key, None)
        yield reading.unread(address.url, "article", status)
        yield found

    def _settle(self, key: Key, date: datetime | None) -> Iterator[Output]:
        """Tell the walks an article's date."""
        if self.arguments.period:
            self._ledger.dates[key] = date
            for lists in list(self._sections.values()):
                if lists.walk is not None:
                    yield from self._walk_on(lists, lists.walk.settle(key))

    def _walk_on(self, lists: SectionLists, step: Step) -> Iterator[Output]:
        for link in step.fetch:
            if address := article_address(link.url):
                yield from self._article(address, depth=0)
        if step.skipped:
            named = (article_address(link.url) for link in step.skipped)
            yield self._left(address for address in named if address)
        if step.turn:
            yield self._list(lists.turn(), self.parse_list, "list", lists)
        if step.repeats:
            yield from self._repeats(lists)

    def _repeats(self, lists: SectionLists) -> Iterator[Output]:
        assert lists.walk is not None
        page, since = lists.page, self.arguments.period.since
        if older := lists.try_older_form():
            lists.walk.ended = False
            yield self._list(older, self.parse_list, "list", lists)
        elif since is not None:
            reason = f"page {page} of the list repeats those before; {since} was not reached"
            yield reading.problem(lists.section.url, "discover", "list_repeats", reason)

    def _no_list(
        self,
        lists: SectionLists,
        found: Problem,
        *,
        is_end: bool,
        why: FetchFailure | None = None,
    ) -> Iterator[Output]:
        """A list page could not be read: another form of it, the list's end, or a failure."""
        has_answer = why is None or why.status is not None
        older = lists.try_older_form() if has_answer and lists.page == 1 else None
        if older:
            yield self._list(older, self.parse_list, "list", lists)
            return
        if lists.walk is not None:
            lists.walk.ended = True
        # After the last page of a list, or in a section that has nothing yet, all is well; and
        # whose front was read needs no list, unless it is to be walked through.
        is_needed = lists.walk is not None if lists.was_read else lists.asked
        if is_end and (lists.page > 1 or not is_needed):
            return
        yield found
        if is_end and lists.asked and not lists.was_read:
            self.crawler.stats.set_value(
                "hani/sections_missing",
                [
                    *self.crawler.stats.get_value("hani/sections_missing", []),
                    str(lists.section),
                ],
            )
        elif not is_end:
            # A section that a menu names may be empty or gone: that is the site's affair.
            self._count("lists_failed")


def listed_date(link: StoryLink) -> datetime | None:
    """Return the date a list prints beside *link*, if it prints a readable one."""
    return reading.moment(link.listed_text)
