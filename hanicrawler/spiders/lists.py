"""Where a section's list pages are: which form the site gives them, learnt from the pages.

The site of 2018 has ``/list2.html``, today's ``?page=2``.  A page's own links to other pages
say which; where there are none, today's form is tried, then the older one.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hanicrawler.site import list_url, section_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hanicrawler.items import Fetch
    from hanicrawler.site import ArticleAddress, ListForm
    from hanicrawler.spiders.arguments import Section
    from hanicrawler.spiders.catchup import CatchUp
    from hanicrawler.spiders.walk import Walk


class SectionLists:
    """One section's list pages, and how far they were read."""

    def __init__(
        self,
        section: Section,
        walk: Walk | None,
        catch_up: CatchUp | None = None,
        *,
        asked: bool,
    ) -> None:
        self.section = section
        self.walk = walk
        """How far back to read, where a period says so."""
        self.catch_up = catch_up
        """How deep to read where none does."""
        self.first: Fetch | None = None
        """What came of the first page; remembered when the pages below it are read too."""
        self.was_known = False
        """Whether an earlier run has read the section's list."""
        self.is_remembered = False
        """The first request is for a list page that an earlier run has read."""
        self.asked = asked
        """Whether the run was asked for this very section."""
        self.page = 0
        """The list page being read, from 1; 0 while it is the front."""
        self.was_read = False
        """Whether any page of the section was there to read."""
        self.repeating = False
        """The page may well repeat the ones before: its form has just been found."""
        self._form: ListForm = "next"
        self._is_guess = True

    def learn(self, pages: Iterable[str]) -> None:
        """Take the form from a page's links to other pages of the list, if it has any."""
        forms = Counter(address.form for page in pages if (address := section_address(page)))
        if self._is_guess and (named := [form for form, _ in forms.most_common() if form]):
            self._form, self._is_guess = named[0], False

    def remember(self, form: ListForm) -> None:
        """Begin with the first list page, in the form in which it was read before."""
        self._form, self._is_guess = form, False
        self.page = 1
        self.is_remembered = True

    def forget(self) -> None:
        """Begin anew: the list page that was remembered is not there any more."""
        self._form, self._is_guess = "next", True
        self.page = 0
        self.is_remembered = False

    def turn(self) -> str:
        """Return the address of the next list page, which is now the one being read."""
        self.page += 1
        return list_url(self.section.edition, self.section.code, self.page, self._form)

    def try_older_form(self) -> str | None:
        """Return the address of the first list page in the other form, if it is worth a try.

        It is where the form was a guess and the guess gave nothing new.
        """
        if not self._is_guess or self._form != "next" or self.page > 2:
            return None
        self.repeating = self.page == 2
        self._form, self._is_guess, self.page = "numbered", False, 0
        return self.turn()


def of_section(addresses: Sequence[ArticleAddress], section: Section) -> list[ArticleAddress]:
    """Return the articles of a list page that belong to *section*.

    A page names others too, beside its list.  A section that was renamed is known by the
    name that most of its page's links have.
    """
    codes = Counter(address.section for address in addresses)
    own = {section.code, None}
    if codes and (most := codes.most_common(1)[0])[1] * 2 > len(addresses):
        own.add(most[0])
    return [
        address
        for address in addresses
        if address.edition == section.edition and address.section in own
    ]
