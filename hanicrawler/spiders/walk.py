"""How far back a section's lists are read.

Lists print the newest first, and often no dates (the English lists of 2018 print none), so
a walk needs the articles' own dates.  It asks for few: of a page whose dates are unknown it
asks for the oldest article first, and a page that is wholly later than the period costs no
more than that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hanicrawler.spiders.catchup import lowest_of_list

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from hanicrawler.items import StoryLink
    from hanicrawler.spiders.arguments import Period

Key = tuple[str, int]
"""Edition and id: what makes two addresses the same article."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a walk wants next."""

    fetch: tuple[StoryLink, ...] = ()
    """Articles whose dates decide, or that are inside the period."""
    skipped: tuple[StoryLink, ...] = ()
    """Articles known to be outside the period."""
    turn: bool = False
    """The next list page is wanted."""
    repeats: bool = False
    """The page held nothing that the pages before it did not: the list ends here."""


class Walk:
    """A section's lists, read back page by page until they are older than a period.

    *dates* is the run's knowledge: an article that was fetched is a key of it, with its
    date, or None where it could not be read.  *listed* reads the date a list prints, or
    returns None.
    """

    def __init__(
        self,
        period: Period,
        dates: Mapping[Key, datetime | None],
        listed: Callable[[StoryLink], datetime | None],
    ) -> None:
        self.ended = False
        self.highest = 0
        """The highest id of the first page."""
        self.lowest = 0
        """The lowest id that the pages so far have read down to."""
        self._period = period
        self._dates = dates
        self._read_listed = listed
        self._seen: set[Key] = set()
        self._page: set[Key] = set()
        self._listed: dict[Key, datetime] = {}
        self._probes: set[Key] = set()
        self._rest: dict[Key, StoryLink] = {}
        self._turned = True

    def read(self, links: Iterable[tuple[Key, StoryLink]], *, again: bool = False) -> Step:
        """Take a list page's articles, in the page's order.

        Links seen on the pages before (sidebars, stories that moved down) do not count.
        *again* says that the page may well repeat the ones before: it is turned.
        """
        fresh = {key: link for key, link in links if key not in self._seen}
        if not fresh:
            self.ended = not again
            return Step(turn=again, repeats=not again)
        ids = [key[1] for key in fresh]
        self.highest = self.highest or max(ids)
        self.lowest = lowest_of_list(ids) or self.lowest
        self._seen.update(fresh)
        self._page = set(fresh)
        self._probes = set()
        self._turned = False
        self._listed = {}
        for key, link in fresh.items():
            if key not in self._dates and (date := self._read_listed(link)):
                self._listed[key] = date
        inside: list[StoryLink] = []
        outside: list[StoryLink] = []
        for key, date in self._listed.items():
            (inside if date in self._period else outside).append(fresh[key])
        self._rest = {key: link for key, link in fresh.items() if self._is_unknown(key)}
        return self._advance(inside, outside)

    def settle(self, key: Key) -> Step:
        """Take note that the date of article *key* is known, or known to be unreadable."""
        if key not in self._page or self.ended:
            return Step()
        self._rest.pop(key, None)
        return self._advance([], [])

    def _is_unknown(self, key: Key) -> bool:
        return key not in self._dates and key not in self._listed

    def _date(self, key: Key) -> datetime | None:
        return self._dates.get(key) or self._listed.get(key)

    def _advance(self, fetch: list[StoryLink], skipped: list[StoryLink]) -> Step:
        if self._rest:
            later = self._is_later()
            if later is None:
                fetch += self._probe()
            else:
                (skipped if later else fetch).extend(self._rest.values())
                self._rest = {}
        turn = not self._turned and not self._rest and self._is_turning()
        self._turned = self._turned or turn
        return Step(tuple(fetch), tuple(skipped), turn)

    def _is_later(self) -> bool | None:
        """Tell whether the page's unknown articles are later than the period; None: ask."""
        if self._period.end is None:
            return False
        if any(self._is_unknown(key) for key in self._probes):
            return None
        dates = [date for key in self._probes if (date := self._date(key))]
        return all(map(self._period.after, dates)) if dates else None

    def _probe(self) -> list[StoryLink]:
        # The oldest article stands last; beside it the one with the lowest id is asked, since
        # what stands last may be a sidebar's.  Where neither can be read, the next two are.
        if any(self._is_unknown(key) for key in self._probes):
            return []
        last = next(reversed(self._rest))
        lowest = min(self._rest, key=lambda key: key[1])
        self._probes |= {last, lowest}
        return [self._rest.pop(key) for key in dict.fromkeys((last, lowest))]

    def _is_turning(self) -> bool:
        """Tell whether the next page is wanted; ends the walk where it is not."""
        if self._period.start is None:
            return True
        dates = [date for key in self._page if (date := self._date(key))]
        if not all(map(self._period.before, dates)):
            return True
        if any(self._is_unknown(key) for key in self._page):
            return False
        self.ended = bool(dates)
        return not dates
