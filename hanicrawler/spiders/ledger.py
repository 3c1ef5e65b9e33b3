"""Which articles a run has found and asked for: each once, however many addresses it has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hanicrawler.items import Discovered
from hanicrawler.site import article_address
from hanicrawler.spiders.lists import of_section

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import StoryLink
    from hanicrawler.site import ArticleAddress, Edition
    from hanicrawler.spiders.lists import SectionLists
    from hanicrawler.spiders.walk import Key


class Ledger:
    """The articles of a run that follows *editions*, by edition and id."""

    def __init__(self, editions: frozenset[Edition]) -> None:
        self.dates: dict[Key, datetime | None] = {}
        """When the articles that were fetched were posted; None where that is unreadable."""
        self._editions = editions
        self._found: set[Key] = set()
        self._asked: set[Key] = set()

    def find(self, addresses: Iterable[ArticleAddress]) -> int:
        """Take note of *addresses*; return how many articles were not known before."""
        before = len(self._found)
        self._found.update(address.key for address in addresses)
        return len(self._found) - before

    def ask(self, address: ArticleAddress) -> bool:
        """Tell whether the article is to be fetched: True once for each."""
        if address.key in self._asked:
            return False
        self._asked.add(address.key)
        return True

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

    def unasked(self, links: Iterable[StoryLink]) -> list[ArticleAddress]:
        """Return the articles of *links* that would be followed and were not asked for yet."""
        return [
            address
            for link in links
            if link.edition in self._editions
            and (link.edition, link.source_id) not in self._asked
            and (address := article_address(link.url))
        ]

    def unknown(self, addresses: Iterable[ArticleAddress]) -> list[ArticleAddress]:
        """Return those of *addresses* that no page has named before."""
        return [address for address in addresses if address.key not in self._found]

    def left(self, addresses: Iterable[ArticleAddress], moment: datetime) -> tuple[Discovered, ...]:
        """Return what is left for another run: English articles that are not asked for."""
        return tuple(
            Discovered(url=address.url, kind="article", discovered_at=moment)
            for address in addresses
            if address.edition == "en" and address.key not in self._asked
        )
