"""Sections: from a section's front to its lists, and down the lists as far as the run reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hanicrawler.items import ListWalk, Passed, Problem
from hanicrawler.site import article_address, section_address
from hanicrawler.spiders import reading
from hanicrawler.spiders.arguments import Section
from hanicrawler.spiders.catchup import CatchUp
from hanicrawler.spiders.failures import read_failure, was_asked
from hanicrawler.spiders.lists import SectionLists, of_section
from hanicrawler.spiders.stories import listed_dates
from hanicrawler.spiders.walk import Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Discovered, Fetch, Ranking, StoryLink
    from hanicrawler.pages import ListPage
    from hanicrawler.site import ArticleAddress
    from hanicrawler.spiders.arguments import Arguments
    from hanicrawler.spiders.entrances import Entrances
    from hanicrawler.spiders.stories import Stories
    from hanicrawler.spiders.walk import Key, Step

    Output = Request | Problem | Fetch | Ranking | ListWalk | Passed | tuple[Discovered, ...]


NEWS: Final = 6
"""Failures in a row up to which a list that is not there any more is an alarm: five runs, since
the first of them asks twice."""


class Sections:
    """The sections of a run, each gone through once.

    *viewed* takes a page's ranking; *missing* is told of a section that was asked for and is
    not on the site.
    """

    def __init__(
        self,
        arguments: Arguments,
        entrances: Entrances,
        stories: Stories,
        *,
        most_pages: int,
        count: Callable[[str, int], None],
        viewed: Callable[[ListPage, datetime], Iterator[Any]],
        missing: Callable[[Section], None],
    ) -> None:
        self._arguments = arguments
        self._entrances = entrances
        self._stories = stories
        self._most_pages = most_pages
        self._count = count
        self._viewed = viewed
        self._missing = missing
        self._lists: dict[Section, SectionLists] = {}
        self._opened: set[Section] = set()
        # Down to where each section's lists were ever read.
        self._floors = {
            (gap.edition, gap.section): gap.newest_id
            for gap in stories.frontier.gaps()
            if not gap.oldest_id
        }

    def open(self, section: Section, *, asked: bool) -> Request:
        """Return the first request of a section: its list where it is known, else its front."""
        period = self._arguments.period
        dates = self._stories.ledger.dates
        walk = Walk(period, dates, listed_date) if period else None
        mark, floor = (
            self._entrances.mark(section),
            self._floors.get((section.edition, section.code)),
        )
        catch_up = None if walk else CatchUp(mark, self._most_pages, floor)
        lists = self._lists[section] = SectionLists(section, walk, catch_up, asked=asked)
        lists.was_known = mark is not None
        if lists.was_known or walk is not None:
            self._count("sections_known", 1)
        if first := self._entrances.first_list(section):
            url, form = first
            lists.remember(form)
            return self._list(url, lists)
        return self._front(lists)

    def learn(self, urls: Iterable[str]) -> Iterator[Request]:
        """Go to the English sections of *urls* that no page has named before."""
        for url in urls:
            if (address := section_address(url)) and address.edition == "en":
                yield from self.learn_code(address.section)

    def learn_code(self, code: str | None) -> Iterator[Request]:
        """Go to an English section, unless the run is for certain sections or addresses."""
        if self._arguments.urls or self._arguments.sections or not code:
            return
        section = Section("en", code)
        if section in self._lists or section in self._opened:
            return
        if (shared := self._stories.shared) is None:
            yield self.open(section, asked=False)
            return
        self._opened.add(section)
        if section not in self._entrances.sections():
            # One that was known when the crawl began is open already.
            shared.open_section(section.url)

    def parse_front(self, response: Response, lists: SectionLists) -> Iterator[Output]:
        """Read a section's front, then go on to its lists."""
        if self._entrances.is_unchanged(response):
            lists.was_read = True
            yield from self._entrances.unchanged(response, "list")
            if self._entrances.has_no_lists(lists.section):
                yield from self._through(lists)
                return
        else:
            yield from self._read_front(response, lists)
        yield self._list(lists.turn(), lists)

    def parse_list(self, response: Response, lists: SectionLists) -> Iterator[Output]:
        """Read a list page, take its articles, and turn to the next where the run goes on."""
        if self._entrances.is_unchanged(response):
            lists.was_read = True
            yield from self._entrances.unchanged(response, "list")
            yield from self._through(lists)
            return
        page = self._entrances.read(response)
        if isinstance(page, Problem):
            # A list that had articles before, and has none now, is no end but a failure.
            is_end = page.code == "no_stories" and not (lists.is_remembered and lists.page == 1)
            fetch = reading.not_read(response, "list", page.url)
            yield from self._no_list(lists, page, fetch, is_end=is_end)
            return
        self._count("lists_read", 1)
        yield from self.learn(page.sections)
        lists.learn(page.pages)
        if lists.page == 1:
            lists.first = self._entrances.came(response, "list")
        own = self._stories.ledger.of_list(page.stories, lists)
        self._stories.find(address for address, _ in own)
        follow = self._catch_up if lists.walk is None else self._walk
        yield from follow(lists, own, reading.came_at(response))

    def failed(self, failure: Failure) -> Iterator[Output]:
        """Go on without a page of a section, or note that it is missing."""
        if not was_asked(failure):
            return
        request: Request = failure.request  # type: ignore[attr-defined]
        lists: SectionLists = request.cb_kwargs["lists"]
        why = read_failure(failure, request)
        found = reading.not_fetched(request.url, why, failure, request)
        fetch = reading.unread(request.url, "list", why.status, found.seen_at)
        if lists.is_remembered and lists.page == 1 and why.is_missing:
            yield fetch
            lists.forget()
            yield self._front(lists)
            return
        if lists.page > 0:
            yield from self._no_list(lists, found, fetch, is_end=why.is_missing)
            return
        yield fetch
        # A section may have lists and no front, and its address was a guess: no problem yet.
        if not why.is_missing:
            self._count("lists_failed", 1)
            yield found
        yield self._list(lists.turn(), lists)

    def settle(self, key: Key, date: datetime | None, at: datetime) -> Iterator[Output]:
        """Tell the walks the date of an article, which came at *at*."""
        if self._arguments.period:
            self._stories.ledger.dates[key] = date
            for lists in list(self._lists.values()):
                if lists.walk is not None:
                    yield from self._walk_on(lists, lists.walk.settle(key), at)

    def _front(self, lists: SectionLists) -> Request:
        return self._entrances.request(
            lists.section.url, self.parse_front, self.failed, "list", lists
        )

    def _list(self, url: str, lists: SectionLists) -> Request:
        return self._entrances.request(url, self.parse_list, self.failed, "list", lists)

    def _read_front(self, response: Response, lists: SectionLists) -> Iterator[Output]:
        page = self._entrances.read(response, is_front=True)
        if isinstance(page, Problem):
            yield reading.not_read(response, "list", response.url)
            if lists.asked or page.code != "no_stories":
                yield page
            return
        self._count("lists_read", 1)
        yield from self.learn(page.sections)
        at = reading.came_at(response)
        yield from self._stories.named(page.stories, at, lists)
        yield from self._viewed(page, at)
        lists.learn(page.pages)
        yield self._entrances.came(response, "list")

    def _catch_up(
        self, lists: SectionLists, own: list[tuple[ArticleAddress, StoryLink]], at: datetime
    ) -> Iterator[Output]:
        """Take what is new or due of a list page; turn where more may be new."""
        catch_up = lists.catch_up
        assert catch_up is not None
        addresses = [address for address, _ in own]
        of_this = of_section(addresses, lists.section)
        known = self._stories.frontier.known(address.key for address in addresses)
        unknown = [each.source_id for each in of_this if each.key not in known]
        verdict = catch_up.read([each.source_id for each in of_this], unknown)
        history = {
            each for each in of_this if lists.page > 1 and catch_up.is_history(each.source_id)
        }
        wanted = [each for each in addresses if each not in history]
        yield from self._stories.take(wanted, 0, at, known, listed=listed_dates(own, at))
        yield from self._stories.left(history, at)
        for address in addresses:
            if address.edition == "en":
                yield from self.learn_code(address.section)
        if verdict == "turn":
            yield self._walked(lists, "reading")
            yield self._list(lists.turn(), lists)
            return
        if catch_up.down_to:
            # Even of one page: an earlier run may have noted a gap that is none any more.
            yield self._walked(lists, verdict)
        yield from self._remember(lists, catch_up.top)
        yield from self._through(lists)

    def _through(self, lists: SectionLists) -> Iterator[Passed]:
        """Note that a section was gone through, where other crawlers ask."""
        if self._stories.shared is not None:
            yield Passed(url=lists.section.url)

    def _remember(self, lists: SectionLists, top_id: int) -> Iterator[Fetch]:
        """Keep what the first page was, now that all below it is read that is to be read."""
        first, lists.first = lists.first, None
        if first is not None:
            yield reading.with_top(first, top_id)

    def _walked(self, lists: SectionLists, state: Any) -> ListWalk:
        catch_up = lists.catch_up
        assert catch_up is not None
        return ListWalk(
            edition=lists.section.edition,
            section=lists.section.code,
            at=reading.now(),
            down_to=catch_up.down_to,
            known_to=catch_up.mark or 0,
            state=state,
        )

    def _walk(
        self, lists: SectionLists, own: list[tuple[ArticleAddress, StoryLink]], at: datetime
    ) -> Iterator[Output]:
        """Read a list page of a walk back through a period."""
        assert lists.walk is not None
        dates = self._stories.ledger.dates
        new = [address.key for address, _ in own if address.key not in dates]
        # What is stored need not be asked for its date again.
        dates.update(self._stories.frontier.posted(new))
        links = [(address.key, link) for address, link in own]
        step = lists.walk.read(links, again=lists.repeating)
        lists.repeating = False
        yield from self._walk_on(lists, step, at)

    def _walk_on(self, lists: SectionLists, step: Step, at: datetime) -> Iterator[Output]:
        assert lists.walk is not None
        if step.fetch:
            named = [address for link in step.fetch if (address := article_address(link.url))]
            yield from self._stories.take(named, 0, at, force=True)
            for address in named:
                # Its date is another crawler's to learn: this walk does without.
                if address.key in self._stories.ledger.elsewhere:
                    yield from self.settle(address.key, None, at)
        if step.skipped:
            skipped = (article_address(link.url) for link in step.skipped)
            yield from self._stories.left((each for each in skipped if each), at)
        if step.turn:
            yield self._list(lists.turn(), lists)
        elif step.repeats:
            yield from self._repeats(lists, at)
        elif lists.walk.ended and lists.first is not None:
            yield from self._walked_down(lists, lists.walk.lowest)
            yield from self._through(lists)

    def _walked_down(self, lists: SectionLists, down_to: int) -> Iterator[Output]:
        """Note that a section's lists are read from the first page down to *down_to*."""
        first, walk = lists.first, lists.walk
        if first is None or walk is None:
            return
        yield ListWalk(
            edition=lists.section.edition,
            section=lists.section.code,
            at=reading.now(),
            down_to=down_to,
        )
        mark = self._entrances.mark(lists.section)
        # What is later than the period was left: a plain run is to read down to the old mark.
        if self._stories.reaches_today and (mark is None or down_to <= mark):
            yield from self._remember(lists, walk.highest)
        lists.first = None

    def _repeats(self, lists: SectionLists, at: datetime) -> Iterator[Output]:
        assert lists.walk is not None
        page, since = lists.page, self._arguments.period.since
        if older := lists.try_older_form():
            lists.walk.ended = False
            yield self._list(older, lists)
        elif since is not None:
            lists.first = None
            yield from self._through(lists)
            reason = f"page {page} of the list repeats those before; {since} was not reached"
            yield reading.problem(lists.section.url, "discover", "list_repeats", reason, at)

    def _no_list(
        self,
        lists: SectionLists,
        found: Problem,
        fetch: Fetch,
        *,
        is_end: bool,
    ) -> Iterator[Output]:
        """A list page could not be read: another form of it, the list's end, or a failure."""
        if lists.page == 1:
            yield fetch
        has_answer = fetch.status is not None
        older = lists.try_older_form() if has_answer and lists.page == 1 else None
        if older:
            yield self._list(older, lists)
            return
        if lists.walk is not None:
            lists.walk.ended = True
        yield from self._end_of_list(lists, is_end=is_end)
        yield from self._through(lists)
        is_lost = self._is_lost(lists)
        # After the last page of a list, or in a section that has nothing yet, all is well; and
        # whose front was read needs no list, unless it is to be walked through.
        is_needed = lists.walk is not None if lists.was_read else lists.asked
        if is_end and (lists.page > 1 or not (is_needed or is_lost)):
            return
        yield found
        if is_end and lists.asked and not lists.was_read:
            self._missing(lists.section)
        elif not is_end or is_lost:
            # A section that a menu names may be empty or gone: that is the site's affair.
            self._count("lists_failed", 1)

    def _is_lost(self, lists: SectionLists) -> bool:
        """Tell whether a list that was read by earlier runs is not there, and that is news.

        A section may be given up by the newspaper: after some runs that say so, one lost list
        is no news.  That all are lost, the counts tell for ever.
        """
        if lists.page > 1 or not (lists.was_known or (lists.walk and not lists.was_read)):
            return False
        self._count("sections_lost", 1)
        return lists.was_known and self._entrances.losses(lists.section) < NEWS

    def _end_of_list(self, lists: SectionLists, *, is_end: bool) -> Iterator[Output]:
        """Note how far the lists were read where the page after the last was asked for."""
        if lists.page == 1:
            return
        if lists.walk is not None:
            if is_end:
                yield from self._walked_down(lists, 0)
        elif lists.catch_up is not None and is_end:
            yield self._walked(lists, "done")
            yield from self._remember(lists, lists.catch_up.top)
        elif lists.catch_up is not None:
            # The mark stays: the next run tries again.
            yield self._walked(lists, "failed")


def listed_date(link: StoryLink) -> datetime | None:
    """Return the date a list prints beside *link*, if it prints a readable one."""
    return reading.moment(link.listed_text, reading.now())
