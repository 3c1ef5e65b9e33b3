"""What the site prints after an article: contact line, original, related stories, ranking.

Each is known by its words: a whole line, or the alt text, title or label of an element.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from hanicrawler.pages import words
from hanicrawler.pages.clues import MAX_HEADING, Clues
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.parts import STUB
from hanicrawler.pages.storylists import (
    NOWHERE,
    Heading,
    Region,
    list_region,
    lists_below,
    stories,
)
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from hanicrawler.items import StoryLink
    from hanicrawler.pages.document import Document
    from hanicrawler.pages.header import Header

_URL_ATTRIBUTES: Final = (
    "href",
    "data-href",
    "data-url",
    "data-link",
    "formaction",
    "onclick",
    "action",
    "value",
)
_LISTS: Final = {"related": words.RELATED, "most_viewed": words.MOST_VIEWED}
_URL_HOLDERS: Final = frozenset({"a", "button", "form", "input", STUB})
_URL_HOLDING: Final = frozenset({"onclick", "data-href", "data-url"})
"""What else may lead somewhere: by its tag, or by an attribute."""


class Contact(NamedTuple):
    """What the contact line says."""

    before: str
    """The byline before its words, where it lost the line break; mostly empty."""
    words: str


class Tail:
    """What follows the article on one page."""

    def __init__(self, document: Document, header: Header | None = None) -> None:
        """Read *document*, whose article begins with *header*; None for a page without one."""
        self._document = document
        self._header = header
        self._lines = document.lines
        self._clues = Clues(self._lines) if header is None else header.clues
        address = article_address(document.url)
        self._key = address.key if address else None

    @lazy
    def contact(self) -> str | None:
        """The line that says where to send questions, or the label that does."""
        if self._contact is None:
            self._document.require_no_label()
            labels = (label.text for label in self._document.labels if "lease" in label.text)
            return next((text for text in labels if words.CONTACT.fullmatch(text)), None)
        return self._contact[1].words

    @lazy
    def original_url(self) -> str | None:
        """Where the button to the Korean original leads, absolute."""
        for node in self._original_nodes():
            for holder in _around(node):
                for url in self._targets(holder):
                    address = article_address(url)
                    if address is not None and address.edition == "ko" and address.key != self._key:
                        return address.url
        self._document.require_no_label()
        return None

    @lazy
    def related(self) -> tuple[StoryLink, ...]:
        """The stories under the heading "Related stories", in order."""
        return tuple(stories(self._document, self.related_region))

    @lazy
    def most_viewed(self) -> tuple[StoryLink, ...]:
        """The stories under the heading "Most viewed articles", in order."""
        return tuple(stories(self._document, self.most_viewed_region))

    @lazy
    def contact_line(self) -> int | None:
        """Index of the line that says where to send questions."""
        return self._contact[0] if self._contact else None

    @lazy
    def _contact(self) -> tuple[int, Contact] | None:
        """The contact line's index and what it says."""
        for index in self._clues.contacts:
            if (contact := _contact_in(self._lines[index].text)) is not None:
                return index, contact
        return None

    @property
    def byline_before_contact(self) -> str | None:
        """The byline where it stands in the contact's own line."""
        return (self._contact[1].before or None) if self._contact else None

    @lazy
    def _named(self) -> dict[str, list[Heading]]:
        """What may be each list's heading: a line, or the label of the list's element."""
        found: dict[str, list[Heading]] = {name: [] for name in _LISTS}
        for index in self._clues.headings:
            line = self._lines[index]
            if name := _list_called(line.text):
                found[name].append(Heading(index, index + 1, line.box))
        for label in self._document.labels:
            if len(label.text) < MAX_HEADING and (name := _list_called(label.text)):
                found[name].append(Heading(label.line, label.line, label.box))
        return found

    @lazy
    def _found_lists(self) -> dict[str, tuple[Heading, Region]]:
        """Each list's heading and region: the first heading that a list follows.

        A menu may name a list too, where none follows.
        """
        named = self._named
        start = None if self._header is None else self._header.start
        landmarks = [
            line for line in (self.contact_line, self.original_line, start) if line is not None
        ]
        found: dict[str, tuple[Heading, Region]] = {}
        by_lines = 0
        for name, headings in named.items():
            others = [other.line for key in named if key != name for other in named[key]]
            for heading in headings:
                region = list_region(self._document, heading, landmarks + others)
                if name not in found or region.lines:
                    found[name] = heading, region
                if region.lines:
                    by_lines += heading.first > heading.line
                    break
        if by_lines < len(_LISTS):
            self._document.require_no_label()
        return self._in_tabs(found) or found

    def _in_tabs(
        self, found: dict[str, tuple[Heading, Region]]
    ) -> dict[str, tuple[Heading, Region]] | None:
        """Share out the lists where the headings stand together and the lists below them."""
        names = sorted(found, key=lambda name: found[name][0].line)
        if len(names) < 2 or found[names[0]][1].lines:
            return None
        self._document.require_whole()
        tabs = [found[name][0] for name in names]
        lists = lists_below(self._document, tabs[0], tabs[1])
        if len(lists) < len(names):
            return None
        regions = [Region(range(box.start, box.end), box) for box in lists]
        return dict(zip(names, zip(tabs, regions, strict=False), strict=False))

    @lazy
    def headings(self) -> list[Heading]:
        """The headings of the lists there are."""
        return [heading for heading, _ in self._found_lists.values()]

    def _region(self, name: str) -> Region:
        return self._found_lists[name][1] if name in self._found_lists else NOWHERE

    @lazy
    def related_region(self) -> Region:
        """Where the list of related stories stands."""
        return self._region("related")

    @lazy
    def most_viewed_region(self) -> Region:
        """Where the ranking stands."""
        return self._region("most_viewed")

    @lazy
    def original_line(self) -> int | None:
        """Index of the line that is the button to the original."""
        for index in self._clues.originals:
            if words.ORIGINAL.search(self._lines[index].text):
                return index
        return None

    def _original_nodes(self) -> Iterator[LexborNode]:
        if self.original_line is not None:
            line = self._lines[self.original_line]
            self._document.require_joined(self.original_line - 1, self.original_line)
            for link in self._document.links:
                if link.line <= self.original_line <= max(link.end, link.line):
                    yield link.node
            yield line.box.node
        for label in self._document.labels:
            if words.names_original(label.text):
                self._document.require_no_label(label.line)
                yield label.node

    def _targets(self, node: LexborNode) -> Iterator[str]:
        """Yield the absolute URLs that *node* leads to."""
        if node.tag == STUB:
            self._document.require_complete()
        attributes = node.attributes
        for name in _URL_ATTRIBUTES:
            if name not in attributes or not (value := attributes[name]):
                continue
            quoted = name == "onclick"
            for text in value.replace('"', "'").split("'")[1::2] if quoted else [value.strip()]:
                if url := self._document.absolute(text):
                    yield url


def _around(node: LexborNode) -> Iterator[LexborNode]:
    """Yield *node*, what is in it, and three elements around it."""
    yield node
    for inner in url_holders(node):
        if inner.mem_id != node.mem_id:
            yield inner
    outer = node.parent
    for _ in range(3):
        if outer is None or outer.tag in ("body", "html", "main", "article", "section"):
            return
        yield outer
        outer = outer.parent


def url_holders(node: LexborNode) -> Iterator[LexborNode]:
    """Yield *node* and what is in it, as far as it may lead somewhere."""
    for inner in node.traverse():
        if inner.tag in _URL_HOLDERS or not _URL_HOLDING.isdisjoint(inner.attributes):
            yield inner


@lru_cache(maxsize=64)  # nearly all pages have the same
def _contact_in(text: str) -> Contact | None:
    """Return what the line *text* says where it is a contact line."""
    match = words.CONTACT.search(text)
    if match is None:
        return None
    before = text[: match.start()].strip()
    if match.start() and not words.is_byline(before):
        return None
    return Contact(before, words.ORIGINAL_BUTTON.sub("", match[0]).strip())


@lru_cache(maxsize=256)  # asked of a page's short lines, which stand on the next page too
def _list_called(text: str) -> str | None:
    """Return which list's heading *text* is."""
    return next((name for name, pattern in _LISTS.items() if pattern.fullmatch(text)), None)
