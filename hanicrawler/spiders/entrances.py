"""Feeds, fronts and lists: what is remembered of them, and what came of asking again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanicrawler.pages.answers import GONE
from hanicrawler.site import list_url, section_address
from hanicrawler.spiders import reading
from hanicrawler.spiders.arguments import Section
from hanicrawler.spiders.requests import list_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scrapy import Request
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from hanicrawler.items import Fetch, PageKind, Problem
    from hanicrawler.pages import ListPage
    from hanicrawler.pages.mapping import Mapping as Root
    from hanicrawler.site import ListForm
    from hanicrawler.spiders.lists import SectionLists
    from hanicrawler.storage import KnownPage

FORMS: tuple[ListForm, ...] = ("next", "numbered")


class Entrances:
    """The pages by which a run finds articles.

    *known* is what is remembered of them, by URL.  *leaves_some* says that the run does not
    take all they name (it has a period): then they are read whatever is remembered, and the
    next run reads them again.
    """

    def __init__(
        self,
        known: Mapping[str, KnownPage],
        root: Root,
        *,
        count: Callable[[str, int], None],
        leaves_some: bool,
    ) -> None:
        self._known = known
        self._root = root
        self._count = count
        self._leaves_some = leaves_some
        read = [section_address(url) for url, page in known.items() if page.was_read]
        codes = {address.section for address in read if address and address.edition == "en"}
        self._sections = [Section("en", code) for code in sorted(codes)]

    def request(
        self,
        url: str,
        callback: Callable[..., Any],
        errback: Callable[[Failure], Any],
        kind: PageKind,
        lists: SectionLists | None = None,
    ) -> Request:
        """Return the request of *url*, conditional where an answer is remembered."""
        page = self._known.get(url)
        if self._leaves_some or page is None or not page.was_read:
            page = None
        return list_request(url, callback, errback, kind, lists, page=page)

    def sections(self) -> list[Section]:
        """Return the English sections that were ever read, in the order of their codes."""
        return self._sections

    def first_list(self, section: Section) -> tuple[str, ListForm] | None:
        """Return a section's first list page and its form, where it was read and is still there."""
        for form, url, page in self._first_pages(section):
            if page.was_read and page.status not in GONE:
                return url, form
        return None

    def has_no_lists(self, section: Section) -> bool:
        """Tell whether the site has said of every form of the section's list that it has none."""
        statuses = [page.status for _, _, page in self._first_pages(section)]
        return len(statuses) == len(FORMS) and GONE.issuperset(statuses)

    def mark(self, section: Section) -> int | None:
        """Return from which id down a section's lists were read; None where they never were.

        It holds whatever has become of the page on which it was set.
        """
        marks = [page.top_id for _, _, page in self._first_pages(section) if page.top_id]
        return max(marks, default=None)

    def losses(self, section: Section) -> int:
        """Return how often in a row a section's list, that was read once, has failed."""
        return max(
            (page.failures for _, _, page in self._first_pages(section) if page.top_id), default=0
        )

    def _first_pages(self, section: Section) -> Iterator[tuple[ListForm, str, KnownPage]]:
        for form in FORMS:
            url = list_url(section.edition, section.code, 1, form)
            if (page := self._known.get(url)) is not None:
                yield form, url, page

    def is_unchanged(self, response: Response) -> bool:
        """Tell whether what came is what was read before."""
        page: KnownPage | None = response.meta.get("known")
        if page is None:
            return False
        return response.status == 304 or reading.digest(response) == page.body_hash

    def unchanged(self, response: Response, kind: PageKind) -> Iterator[Fetch]:
        """Note that a page is as it was; only where its last fetch had failed that is news."""
        self._count("lists_read", 1)
        self._count("lists_unchanged", 1)
        self._count("not_modified", 1)
        page: KnownPage = response.meta["known"]
        if page.failures:
            yield reading.fetched(response, kind, response.url)

    def read(self, response: Response, *, is_front: bool = False) -> ListPage | Problem:
        """Return what the page names, or why it cannot be read."""
        body = self._root.page(response.body, response.url)
        return reading.list_page(response, body, is_front=is_front)

    def came(self, response: Response, kind: PageKind, top_id: int | None = None) -> Fetch:
        """Return what to remember of a page all of whose articles are noted."""
        return reading.fetched(
            response, kind, response.url, top_id=top_id, is_whole=not self._leaves_some
        )
