"""Which articles a run has found and decided about: each once, however many addresses it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanicrawler.site import article_address
from hanicrawler.spiders.lists import of_section

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import StoryLink
    from hanicrawler.site import ArticleAddress, Edition
    from hanicrawler.spiders.lists import SectionLists
    from hanicrawler.spiders.walk import Key
    from hanicrawler.storage import KnownPage


class Ledger:
    """The articles of a run that follows *editions*, by edition and id."""

    def __init__(self, editions: frozenset[Edition]) -> None:
        self.dates: dict[Key, datetime | None] = {}
        """When the articles that are stored or were fetched were posted; None where that is
        unreadable."""
        self.later: dict[Key, tuple[ArticleAddress, int, KnownPage | None]] = {}
        """Linked articles that wait for their turn: address, depth, what is known."""
        self.elsewhere: set[Key] = set()
        """Articles that another crawler of a shared crawl has claimed."""
        self._editions = editions
        self._found: set[Key] = set()
        self._settled: set[Key] = set()

    def find(self, addresses: Iterable[ArticleAddress]) -> int:
        """Take note of *addresses*; return how many articles were not known before."""
        before = len(self._found)
        self._found.update(address.key for address in addresses)
        return len(self._found) - before

    def is_settled(self, address: ArticleAddress) -> bool:
        """Tell whether it is decided whether this run fetches the article."""
        return address.key in self._settled

    def settle(self, address: ArticleAddress) -> None:
        """Note that it is decided, either way."""
        self._settled.add(address.key)

    def of_list(
        self, links: Iterable[StoryLink], lists: SectionLists | None
    ) -> list[tuple[ArticleAddress, StoryLink]]:
        """Return the articles of a list page's *links* that are followed."""
        named = {
            address.key: (address, link)
            for link in links
            if link.edition and (address := article_address(link.url))
        }
        addresses = [address for address, _ in named.values()]
        if lists is not None and lists.asked:
            addresses = of_section(addresses, lists.section)
        followed = [named[each.key] for each in addresses if each.edition in self._editions]
        if lists is not None and followed:
            lists.was_read = True
        return followed

    def unsettled(self, links: Iterable[StoryLink]) -> list[ArticleAddress]:
        """Return the articles of *links* that would be followed and are not decided about."""
        return [
            address
            for link in links
            if link.edition in self._editions
            and (link.edition, link.source_id) not in self._settled
            and (address := article_address(link.url))
        ]

    def unknown(self, addresses: Iterable[ArticleAddress]) -> list[ArticleAddress]:
        """Return those of *addresses* that no page has named before."""
        return [address for address in addresses if address.key not in self._found]
