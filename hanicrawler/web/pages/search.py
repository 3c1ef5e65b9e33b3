"""Searching: words and filters, the newest first or the best match first."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from hanicrawler.ask import Filters
from hanicrawler.site import EDITIONS
from hanicrawler.web.kept import kept
from hanicrawler.web.shown import Asked, Shown, address
from hanicrawler.web.wording import edition_name, section_title, short_day

if TYPE_CHECKING:
    from hanicrawler.ask import Archive
    from hanicrawler.storage import Order
    from hanicrawler.storage.shelves import Shelf

HITS: Final = 20
LONGEST: Final = 500
"""Characters of a question; what is longer was not typed."""
EVERYTHING: Final = Filters(editions=EDITIONS)
"""Asked where neither a word nor a filter is: all that there is."""
_MOST: Final = 20
"""Values of one filter."""
_LAST: Final = date.max - timedelta(days=2)
_FIRST: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter that is set, and the way to the same question without it."""

    words: str
    without: str


def search(archive: Archive, asked: Asked) -> Shown:
    """Show what is found; any question is a page, and one that finds nothing says so."""
    words = asked.one("q").replace("\0", " ")[:LONGEST]
    filters, refused = read_filters(asked)
    order: Order = "relevance" if asked.one("order") == "relevance" and words else "newest"
    after = asked.one("after") or None
    try:
        found = archive.search(words, filters or EVERYTHING, order=order, limit=HITS, after=after)
    except ValueError as error:  # a place in another list, a question that says nothing
        refused.append(str(error))
        found = None
    shelves = kept(archive, "shelves", archive.shelves)
    following = found.next if found else None
    return Shown(
        "search.html",
        {
            "q": words,
            "order": order,
            "filters": filters,
            "refused": refused,
            "hits": found.hits if found else (),
            "asked": found is not None,
            "ranked": found.ranked if found else None,
            "first_page": after is None,
            "next": here(words, filters, order, after=following) if following else None,
            "back": here(words, filters, order) if after else None,
            "narrowings": _narrowings(words, filters, order, shelves),
            "sections": _choices(shelves, filters),
            "editions": EDITIONS,
            "labels": archive.labels(),
        },
    )


def here(words: str, filters: Filters, order: str, *, after: str | None = None) -> str:
    """Return the address of a question."""
    return address(
        "/search",
        q=words,
        edition=filters.editions,
        section=filters.sections,
        label=filters.labels,
        author=filters.authors,
        since=filters.since,
        until=filters.until,
        order="" if order == "newest" else order,
        after=after,
    )


def read_filters(asked: Asked) -> tuple[Filters, list[str]]:
    """Return the filters of a query, and in words what of it cannot be one."""
    refused: list[str] = []

    def day(name: str) -> date | None:
        text = asked.one(name)
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = date.min
        if found and not _FIRST <= found <= _LAST:
            refused.append(f"{text!r} is no day: write YYYY-MM-DD, 2024-06-30.")
            return None
        return found

    def several(name: str) -> tuple[str, ...]:
        return tuple(value.replace("\0", "")[:LONGEST] for value in asked.all(name)[:_MOST])

    editions = several("edition")
    filters = Filters(
        editions=tuple(each for each in editions if each in EDITIONS),
        sections=several("section"),
        labels=several("label"),
        authors=several("author"),
        since=day("since"),
        until=day("until"),
    )
    if filters.since and filters.until and filters.since > filters.until:
        refused.append(f"{filters.since} is after {filters.until}.")
    return filters, refused


def _narrowings(words: str, filters: Filters, order: str, shelves: list[Shelf]) -> list[Narrowing]:
    """Return the filters that are set, in words."""
    names = {shelf.code: section_title(shelf.code, shelf.name) for shelf in shelves}
    found: list[Narrowing] = []
    for field in fields(Filters):
        value = getattr(filters, field.name)
        for each in value if isinstance(value, tuple) else (value,) if value else ():
            rest = tuple(one for one in value if one != each) if isinstance(value, tuple) else None
            others = {one.name: getattr(filters, one.name) for one in fields(Filters)}
            without = Filters(**others | {field.name: rest})
            found.append(Narrowing(_said(field.name, each, names), here(words, without, order)))
    return found


def _said(field: str, value: str | date, names: dict[str, str]) -> str:
    if isinstance(value, date):
        return f"{'from' if field == 'since' else 'to'} {short_day(value)}"
    if field == "sections":
        return names.get(value, section_title(value))
    if field == "editions":
        return edition_name(value)
    return f"by {value}" if field == "authors" else value


def _choices(shelves: list[Shelf], filters: Filters) -> list[tuple[str, str, int]]:
    """Return code, title and number of articles of each section that can be chosen."""
    known = [
        (shelf.code, section_title(shelf.code, shelf.name), shelf.articles)
        for shelf in shelves
        if not filters.editions or shelf.edition in filters.editions
    ]
    codes = {code for code, _, _ in known}
    return known + [
        (each, section_title(each), 0) for each in filters.sections if each not in codes
    ]
