"""What a reader asks first: what is found, what is new, how much there is, how fresh it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hanicrawler.ask.search import Found, find_articles
from hanicrawler.storage import Filters, describe, freshness, list_gaps, totals
from hanicrawler.storage.shelves import counts, latest, section_names, shelves

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import sqlalchemy as sa

    from hanicrawler.storage import Freshness, ListGap, Order, Totals
    from hanicrawler.storage.shelves import Shelf, ShelvedArticle


ALL: Final = Filters()
"""Every article."""


class Browsing:
    """The part of an archive that finds articles, and that a front page is made of."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @property
    def name(self) -> str:
        """The database as a person names it: its file or its URL, without the password."""
        return describe(self._engine.url)

    def search(
        self,
        words: str,
        filters: Filters = ALL,
        *,
        order: Order = "newest",
        limit: int = 20,
        after: str | None = None,
    ) -> Found:
        """Return the articles that have *words* in headline, deck, body, captions or authors.

        Args:
            words: Words that all have to occur, in any of their English forms; ``"a phrase"``,
                ``-word`` for one that must not, ``a OR b``, ``pref*``.  Of Korean, any part of a
                word.  May be empty where there are filters.
            filters: What the articles must be like besides.
            order: ``newest`` first, or by ``relevance``; then the newest 20,000 matches are
                ranked, and ``ranked`` says so where there are more.
            limit: How many at most.
            after: ``next`` of the page before.

        Raises BadSearch, a ValueError, for words that hold nothing to search for.
        """
        return find_articles(self._engine, words, filters, order, limit, after)

    def latest(self, edition: str = "en", limit: int = 20) -> list[ShelvedArticle]:
        """Return the *limit* articles of *edition* that were posted last, the newest first."""
        return latest(self._engine, edition, limit)

    def shelves(self) -> list[Shelf]:
        """Return the sections that are stored with what they hold, the greatest first."""
        return shelves(self._engine)

    def section_names(self) -> dict[str, str | None]:
        """Return what each section that is stored (its code) is called, as printed last."""
        return section_names(self._engine)

    def counts(self, sections: Sequence[str], days: Sequence[date]) -> dict[str, tuple[int, ...]]:
        """Return how many articles each section (its code) has in the spans between *days*.

        The first span begins with the first day, in Korea, and ends before the second; so it has
        one number less than there are days.
        """
        return counts(self._engine, sections, days)

    def totals(self) -> Totals:
        """Return how much is stored."""
        return totals(self._engine)

    def freshness(self) -> Freshness:
        """Return how fresh the record is."""
        return freshness(self._engine)

    def gaps(self) -> list[ListGap]:
        """Return the stretches of the newspaper's lists that were not read."""
        return list_gaps(self._engine)
