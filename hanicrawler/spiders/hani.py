"""Where to go on the site: from the feed, the front page and the lists to the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import Request, Spider

from hanicrawler import pages
from hanicrawler.items import Fetch, Passed, Problem, Ranking, ReadPage
from hanicrawler.pages.mapping import Mapping
from hanicrawler.site import FEED_URL, FRONT_URL, Root, article_address, section_address
from hanicrawler.spiders import reading
from hanicrawler.spiders.arguments import Section, read_arguments
from hanicrawler.spiders.entrances import Entrances
from hanicrawler.spiders.failures import read_failure, was_asked
from hanicrawler.spiders.pace import Pace
from hanicrawler.spiders.reader import Reader
from hanicrawler.spiders.sections import Sections
from hanicrawler.spiders.sharing import work
from hanicrawler.spiders.stories import Stories

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Discovered, ListWalk, PageKind, ScrapedArticle
    from hanicrawler.pages import ListPage
    from hanicrawler.site import ArticleAddress, Edition
    from hanicrawler.storage import Frontier, KnownPage, SharedFrontier

    Output = (
        Request | Problem | Fetch | ReadPage | Ranking | Passed | ListWalk | tuple[Discovered, ...]
    )

LIST: Final[PageKind] = "list"
DUE_AT_ONCE: Final = 100
"""Due articles that are requested together; more wait in the database."""


class HaniSpider(Spider):
    """Fetches the English edition's articles, each once however many addresses it has.

    With no argument it asks the feed, the front page and the first list page of each section,
    and fetches what is new there, what is due for another look and what an earlier run did not
    get to.  ``sections``, ``since``, ``until``, ``urls``, ``related_depth`` and ``originals``
    are described in :mod:`hanicrawler.spiders.arguments`.
    """

    name = "hani"

    def __init__(
        self, *, root: Root | None = None, second: bool = False, most_pages: int = 1, **given: str
    ) -> None:
        super().__init__()
        self._reader = Reader(second=second)
        self.arguments = read_arguments(given, root)
        self.given = given
        self._mapping = Mapping(root)
        self._most_pages = most_pages

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        site = crawler.settings.get("HANICRAWLER_SITE")
        kwargs["root"] = Root.parse(site) if site else None
        kwargs["second"] = crawler.settings.getbool("HANICRAWLER_SECOND_READER")
        kwargs["most_pages"] = crawler.settings.getint("HANICRAWLER_LIST_PAGES")
        return super().from_crawler(crawler, *args, **kwargs)

    def use(self, frontier: Frontier) -> None:
        """Take the run's memory, which is opened before anything is fetched.

        Raises DatabaseError.
        """
        self._frontier = frontier
        self._pace = Pace(self.crawler)
        self._entrances = Entrances(
            frontier.entrances(),
            self._mapping,
            count=self._count,
            leaves_some=bool(self.arguments.period),
        )
        self._stories = Stories(
            self.arguments,
            frontier,
            count=self._count,
            learn=lambda code: self._sections.learn_code(code),
            callback=self.parse_article,
            errback=self.article_failed,
        )
        self._sections = Sections(
            self.arguments,
            self._entrances,
            self._stories,
            most_pages=self._most_pages,
            count=self._count,
            viewed=self._most_viewed,
            missing=self._section_missing,
        )
        if self._stories.shared is not None and self._stories.shared.opens:
            self._open(self._stories.shared)

    def closed(self, reason: str) -> None:
        """End what the run has started."""
        self._reader.close()

    async def start(self) -> AsyncIterator[Output]:
        if (shared := self._stories.shared) is not None:
            async for output in self._share(shared):
                yield output
            return
        for output in self._begin():
            yield output
        if self.arguments.is_plain:
            async for request in self._due():
                yield request
            if self.arguments.originals:
                async for output in self._originals():
                    yield output
        async for request in self._levels():
            yield request

    def parse_feed(self, response: Response) -> Iterator[Output]:
        yield from self._parse_feed(response)
        yield from self._through(FEED_URL)

    def parse_front(self, response: Response) -> Iterator[Output]:
        yield from self._parse_front(response)
        yield from self._through(FRONT_URL)

    async def parse_article(
        self, response: Response, address: ArticleAddress, depth: int, is_original: bool
    ) -> AsyncIterator[Output]:
        address = article_address(response.url) or address
        if self._entrances.is_unchanged(response):
            self._count("not_modified")
            self._count("articles_unchanged")
            yield reading.fetched(response, "article", address.url)
            return
        self._count("fetched")
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
            for output in self._lost(found, reading.not_read(response, "article", address.url)):
                yield output
            return
        for output in self._read(response, scraped, address, depth, is_original=is_original):
            yield output

    def entrance_failed(self, failure: Failure) -> Iterator[Output]:
        """Note that the feed or the front page did not come."""
        if not was_asked(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        why = read_failure(failure, request)
        found = reading.not_fetched(request.url, why, failure, request)
        yield reading.unread(request.url, request.meta["kind"], why.status, found.seen_at)
        self._count("lists_missing" if why.is_gone else "lists_failed")
        yield found
        yield from self._through(request.url)

    def article_failed(self, failure: Failure) -> Iterator[Output]:
        if not was_asked(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        why = read_failure(failure, request)
        address: ArticleAddress = request.cb_kwargs["address"]
        self._count("gone" if why.is_gone else "failed")
        known: KnownPage | None = request.meta.get("known")
        self._count("lost_again", int(known is not None and known.fetched_at is not None))
        if self.arguments.urls and request.cb_kwargs["depth"] == 0:
            self._count("asked_lost")
        found = reading.not_fetched(address.url, why, failure, request)
        fetch = reading.unread(address.url, "article", why.status, found.seen_at)
        yield from self._lost(found, fetch)

    def _begin(self) -> Iterator[Output]:
        """Request what the run begins with."""
        arguments = self.arguments
        if arguments.urls:
            yield from self._stories.take(arguments.urls, 0, reading.now(), force=True)
        elif arguments.sections:
            for section in arguments.sections:
                yield self._sections.open(section, asked=True)
        else:
            yield self._entrance(FEED_URL, self.parse_feed, "feed")
            yield self._entrance(FRONT_URL, self.parse_front, "front")
            for section in self._entrances.sections():
                yield from self._sections.learn_code(section.code)

    def _parse_feed(self, response: Response) -> Iterator[Output]:
        if self._entrances.is_unchanged(response):
            yield from self._entrances.unchanged(response, "feed")
            return
        body = self._mapping.page(response.body, response.url)
        feed = reading.attempt(lambda: pages.read_feed(body, response.url), response, "discover")
        if isinstance(feed, Problem):
            yield from self._unread_list(response, "feed", feed)
            return
        self._count("lists_read")
        yield from self._stories.named(feed.stories, reading.came_at(response))
        yield self._entrances.came(response, "feed")

    def _parse_front(self, response: Response) -> Iterator[Output]:
        if self._entrances.is_unchanged(response):
            yield from self._entrances.unchanged(response, "front")
            return
        page = self._entrances.read(response, is_front=True)
        if isinstance(page, Problem):
            yield from self._unread_list(response, "front", page)
            return
        self._count("lists_read")
        yield from self._sections.learn(page.sections)
        at = reading.came_at(response)
        yield from self._stories.named(page.stories, at)
        yield from self._most_viewed(page, at)
        yield self._entrances.came(response, "front")

    async def _share(self, shared: SharedFrontier) -> AsyncIterator[Output]:
        """Take part in a shared crawl."""
        async for output in work(
            shared,
            self._stories,
            self._pace,
            enter=self._enter,
            is_to_wait=self._is_to_wait,
            plain=self.arguments.is_plain,
        ):
            yield output

    def _is_to_wait(self) -> bool:
        """Tell whether the site has asked another crawler of this crawl to leave it alone."""
        until = self._frontier.waits_until(self.name, reading.now())
        if until is not None:
            self.crawler.stats.set_value("hani/not_before", until)
        return until is not None

    def _open(self, shared: SharedFrontier) -> None:
        """Open what a shared crawl begins with, for whoever takes part."""
        arguments = self.arguments
        shared.forget_the_dead()
        if arguments.urls:
            shared.open_articles(arguments.urls, 0)
        elif arguments.sections:
            shared.open_entrances((section.url, "list") for section in arguments.sections)
        else:
            known = [(section.url, LIST) for section in self._entrances.sections()]
            shared.open_entrances([(FEED_URL, "feed"), (FRONT_URL, "front"), *known])
        if arguments.is_plain and arguments.originals:
            for korean in self._stories.originals():
                shared.open_articles(korean, arguments.related_depth)

    def _enter(self, page: KnownPage) -> Request:
        """Request an entrance that this crawler has claimed."""
        if page.kind == "feed":
            return self._entrance(FEED_URL, self.parse_feed, "feed")
        if page.kind == "front":
            return self._entrance(FRONT_URL, self.parse_front, "front")
        address = section_address(page.url)
        assert address is not None
        section = Section(address.edition, address.section)
        return self._sections.open(section, asked=bool(self.arguments.sections))

    def _through(self, url: str) -> Iterator[Passed]:
        """Note that the feed or the front was gone through, where other crawlers ask."""
        if self._stories.shared is not None:
            yield Passed(url=url)

    async def _due(self) -> AsyncIterator[Request]:
        """Request what is due, a hundred at a time, the longest due first."""
        now = reading.now()
        after = None
        while await self._pace.has_room() and (due := self._frontier.due(now, DUE_AT_ONCE, after)):
            for page in due:
                for request in self._stories.due(page):
                    yield request
            if len(due) < DUE_AT_ONCE:
                return
            last = due[-1]
            assert last.due_at is not None
            after = (last.due_at, last.id)
            await self._pace.idle()

    async def _levels(self) -> AsyncIterator[Request]:
        """Request what is linked, each level when all before it is dealt with."""
        while await self._pace.quiet():
            level = list(self._stories.level())
            if not level:
                return
            for request in level:
                yield request

    async def _originals(self) -> AsyncIterator[Output]:
        """Request the Korean originals of articles that were stored without them."""
        originals = self._stories.originals()
        while await self._pace.has_room() and (korean := next(originals, None)) is not None:
            for output in self._stories.take(
                korean, self.arguments.related_depth, reading.now(), is_original=True
            ):
                yield output
            await self._pace.idle()

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
        at = reading.came_at(response)
        if self.arguments.period and not is_original:
            date = reading.moment(scraped.posted_text, at)
            yield from self._sections.settle(address.key, date, at)
            # An article whose date is impossible may well be what was asked for.
            if date is not None and date not in self.arguments.period:
                self._count("outside")
                yield Passed(url=address.url)
                return
        yield from self._links_of(scraped, address, depth, at)
        fetch = reading.fetched(response, "article", address.url)
        yield ReadPage(scraped=scraped, fetch=fetch, address=address, body=response.body)

    def _count(self, what: str, number: int = 1) -> None:
        if number:
            self.crawler.stats.inc_value(f"hani/{what}", number)

    def _section_missing(self, section: Section) -> None:
        stats = self.crawler.stats
        missing = stats.get_value("hani/sections_missing", [])
        stats.set_value("hani/sections_missing", [*missing, str(section)])

    def _entrance(self, url: str, callback: Callable[..., Any], kind: PageKind) -> Request:
        return self._entrances.request(url, callback, self.entrance_failed, kind)

    def _unread_list(
        self, response: Response, kind: PageKind, found: Problem
    ) -> Iterator[Problem | Fetch]:
        self._count("lists_failed")
        yield found
        yield reading.not_read(response, kind, response.url)

    def _most_viewed(self, page: ListPage, at: datetime) -> Iterator[Output]:
        if not page.most_viewed:
            return
        yield from self._stories.linked(page.most_viewed, 1, at)
        edition: Edition = page.most_viewed[0].edition or "en"
        yield Ranking(edition=edition, seen_at=at, links=page.most_viewed)

    def _links_of(
        self, scraped: ScrapedArticle, address: ArticleAddress, depth: int, at: datetime
    ) -> Iterator[Output]:
        yield from self._stories.linked((*scraped.related, *scraped.most_viewed), depth + 1, at)
        if not self.arguments.originals or address.edition != "en" or not scraped.original_url:
            return
        original = article_address(scraped.original_url)
        if original and original.edition == "ko":
            last = self.arguments.related_depth
            yield from self._stories.take([original], last, at, is_original=True)

    def _lost(self, found: Problem, fetch: Fetch) -> Iterator[Output]:
        # The problem last: it waits for its commit, and the walks need not.
        if address := article_address(fetch.url):
            yield from self._sections.settle(address.key, None, fetch.fetched_at)
        yield fetch
        yield found
