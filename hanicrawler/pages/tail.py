"""What the site prints after an article: contact line, original, related stories, ranking.

Each is known by its words: a whole line, or the alt text, title or label of an element.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hanicrawler.pages import words
from hanicrawler.pages.lazy import lazy
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
_MAX_HEADING: Final = 40
_FIRST_LETTERS: Final = frozenset("RrMmTt관가많")
"""Of every list's heading: most lines are passed over by one look."""


class Tail:
    """What follows the article on one page."""

    def __init__(self, document: Document, header: Header | None = None) -> None:
        """Read *document*, whose article begins with *header*; None for a page without one."""
        self._document = document
        self._header = header
        self._lines = document.lines
        address = article_address(document.url)
        self._key = address.key if address else None

    @lazy
    def contact(self) -> str | None:
        """The line that says where to send questions, or the label that does."""
        if self.contact_line is None:
            self._document.require_no_label()
            labels = (label.text for label in self._document.labels if "lease" in label.text)
            return next((text for text in labels if words.CONTACT.fullmatch(text)), None)
        match = words.CONTACT.search(self._lines[self.contact_line].text)
        return words.ORIGINAL_BUTTON.sub("", match[0]).strip() if match else None

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
        for index, line in enumerate(self._lines):
            if "lease" in line.text and len(line.text) < 700 and words.CONTACT.search(line.text):
                match = words.CONTACT.search(line.text)
                if match and (
                    match.start() == 0 or words.is_byline(line.text[: match.start()].strip())
                ):
                    return index
        return None

    @property
    def byline_before_contact(self) -> str | None:
        """The byline where it stands in the contact's own line."""
        if self.contact_line is None:
            return None
        text = words.CONTACT.sub("", self._lines[self.contact_line].text).strip()
        return text or None

    @lazy
    def _named(self) -> dict[str, list[Heading]]:
        """What may be each list's heading: a line, or the label of the list's element."""
        found: dict[str, list[Heading]] = {name: [] for name in _LISTS}
        for index, line in enumerate(self._lines):
            if len(line.text) < _MAX_HEADING and line.text[0] in _FIRST_LETTERS:
                for name, pattern in _LISTS.items():
                    if pattern.fullmatch(line.text):
                        found[name].append(Heading(index, index + 1, line.box))
        for label in self._document.labels:
            if len(label.text) < _MAX_HEADING:
                for name, pattern in _LISTS.items():
                    if pattern.fullmatch(label.text):
                        found[name].append(Heading(label.line, label.line, label.box))
        return found

    @lazy
    def _found_lists(self) -> dict[str, tuple[Heading, Region]]:
        """Each list's heading and region: the first heading that a list follows.

        A menu may name a list too, where none follows.
        """
        named = self._named
        found = {}
        for name, headings in named.items():
            stops = [other.line for key in named if key != name for other in named[key]]
            stops += [stop for stop in (self.contact_line, self.original_line) if stop is not None]
            if self._header is not None:
                stops.append(self._header.start)
            for heading in headings:
                region = list_region(self._document, heading, stops)
                if name not in found or region.lines:
                    found[name] = heading, region
                if region.lines:
                    break
        named_by_lines = [h for h, region in found.values() if region.lines and h.first > h.line]
        if len(named_by_lines) < len(_LISTS):
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
        for index, line in enumerate(self._lines):
            text = line.text
            if (
                len(text) < 200
                and ("riginal" in text or "클릭" in text)
                and words.ORIGINAL.search(text)
            ):
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
            if words.ORIGINAL.search(label.text):
                self._document.require_no_label(label.line)
                yield label.node

    def _targets(self, node: LexborNode) -> Iterator[str]:
        """Yield the absolute URLs that *node* leads to."""
        attributes = node.attributes
        for name in _URL_ATTRIBUTES:
            value = attributes.get(name)
            if not value:
                continue
            quoted = value.replace('"', "'").split("'")
            for text in quoted[1::2] if name == "onclick" else [value.strip()]:
                if url := self._document.absolute(text):
                    yield url


def _around(node: LexborNode) -> Iterator[LexborNode]:
    """Yield *node*, what is in it, and three elements around it."""
    yield node
    yield from node.css("a,button,form,input,[onclick],[data-href],[data-url]")
    outer = node.parent
    for _ in range(3):
        if outer is None or outer.tag in ("body", "html", "main", "article", "section"):
            return
        yield outer
        outer = outer.parent
