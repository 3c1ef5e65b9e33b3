"""What an article page of any era shows, found by its words wherever they stand.

Every English article page prints, in words: its headline, ``Posted on : ...``, a deck, each
picture's caption, the body, a byline, a contact line, a button to the Korean original, and two
headed lists.  Their elements, classes and order change; the words did not from 2006 to 2024.  So
the words are sought first, and the text between them is told apart by where it stands:

    headline . dateline . deck . pictures . body . byline . contact . original . lists

:class:`Landmarks` gives each field by itself and works out only what is asked of it; what a
template already knows it is told, and then builds on.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from hanicrawler.pages import words
from hanicrawler.pages.header import Found, Header
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.parts import HEADINGS, Box, squeeze
from hanicrawler.pages.pictures import Captioned, read_pictures, same_words
from hanicrawler.pages.prose import (
    body_box,
    body_lines,
    is_cell,
    is_emphasised,
    is_running,
    is_short_running,
    paragraphs,
    without,
)
from hanicrawler.pages.signature import Signature
from hanicrawler.pages.storylists import teasers
from hanicrawler.pages.tail import Tail
from hanicrawler.site import article_address, section_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from hanicrawler.pages.document import Document
    from hanicrawler.pages.metadata import Metadata
    from hanicrawler.pages.parts import Line, Link

_MAX_DECK: Final = 600
_USUAL_DECK: Final = 220
_MIN_DECK: Final = 15
_SHORT: Final = 40
_NO_DECK_TAGS: Final = frozenset({"button", "nav", "figcaption"})
_NO_ENDS: Final = frozenset(map(chr, range(128))).difference("BCcRrLl0123456789")
"""First letters of no byline and of no heading above comments: those of most lines."""
_TAIL: Final = 6
"""How many lines a byline may stand before the contact line, or after the body."""


class Landmarks:
    """The fields of one article page, each None or empty where the page does not show it."""

    def __init__(
        self,
        document: Document,
        metadata: Metadata,
        *,
        headline: Found | None = None,
        body: Box | None = None,
    ) -> None:
        """Read *document*; *headline* and *body* are what a template already knows."""
        self._document = document
        self._lines = document.lines
        self._metadata = metadata
        self._known_body = body
        self.header = Header(document, metadata, headline=headline)
        self.tail = Tail(document, self.header)
        address = article_address(document.url)
        self._key = address.key if address else None
        self._section = (address.edition, address.section) if address else None

    @lazy
    def deck(self) -> str | None:
        """The sentence between headline and body that is neither caption nor byline."""
        if self._deck_lines is None:
            return None
        return " ".join(self._lines[index].text for index in self._deck_lines)

    @lazy
    def section_name(self) -> str | None:
        """The words of the breadcrumb's link to the article's own section."""
        if self._section is None:
            return None
        self._document.require_whole()
        anchor = self.header.top
        best: tuple[int, str] | None = None
        code = self._section[1] or "/"
        for link in self._document.links:
            if code not in link.href or not self._names_section(link.href):
                continue
            distance = abs(link.line - anchor) * 2 + (link.line > anchor)
            if best is None or distance <= best[0]:
                text = squeeze(link.node.text()) or self._label_of(link)
                if text and len(text) < 60:
                    best = (distance, text)
        return best[1] if best else self._section_in_menu(code)

    def _names_section(self, href: str) -> bool:
        """Tell whether a link to *href* leads to the article's own section."""
        url = self._document.absolute(href)
        address = section_address(url) if url else None
        return address is not None and (address.edition, address.section) == self._section

    def _label_of(self, link: Link) -> str:
        """What a link without words is called: its label, or its picture's."""
        own = link.node.mem_id
        for label in self._document.labels:
            around = label.node.parent
            if label.node.mem_id == own or (around is not None and around.mem_id == own):
                return label.text
        return ""

    def _section_in_menu(self, code: str) -> str | None:
        """The menu's word for the article's own section."""
        self._document.require_complete()
        tree, selector = self._document.tree, f'a[href*="/{code}"]'
        node = tree.css_first(selector)
        if node is not None and not self._names_section(_href(node)):
            # The first one is the menu's, as a rule: to find them all takes seven times as long.
            own = (other for other in tree.css(selector) if self._names_section(_href(other)))
            node = next(own, None)
        return squeeze(node.text()) or None if node is not None else None

    # -- the running text -----------------------------------------------------------------

    @lazy
    def paragraphs(self) -> tuple[str, ...]:
        """The body; where a page shows pictures only, their captions are it."""
        if found := self._paragraphs:
            return (*found[:-1], self._split_byline[0]) if self._split_byline else found
        return tuple(dict.fromkeys(p.image.caption for p in self.captioned if p.image.caption))

    @lazy
    def _paragraphs(self) -> tuple[str, ...]:
        deck = self._deck_lines
        body = without(self._text_lines, deck) if deck else self._text_lines
        return paragraphs(self._document, body)

    @lazy
    def captioned(self) -> list[Captioned]:
        """The article's pictures with the lines of their captions."""
        region = range(self.header.start, self._bottom)
        # Nothing is passed over in the article; what its fields hang on stands in these lines.
        self._document.require_joined(region.start - 1, region.stop)
        headline = self.header.headline.text if self.header.headline else ""
        return read_pictures(self._document, region, headline, self._key, self._known_body)

    @lazy
    def byline(self) -> str | None:
        """The line that has a byline's shape after the body, or else between headline and body."""
        return self._split_byline[1] if self._split_byline else self._signature.text

    @lazy
    def _signature(self) -> Signature:
        return Signature(self._document, self.header, self.tail, self._bottom)

    @lazy
    def _split_byline(self) -> tuple[str, str] | None:
        """The last paragraph and the byline that lost the line break before it."""
        found = self._paragraphs
        return self._signature.split(found[-1]) if found else None

    @lazy
    def _bottom(self) -> int:
        """Index past the last line that may be the article's text."""
        top, bottom = self.header.top, len(self._lines)
        contact = self.tail.contact_line
        if self._known_body is not None:
            end = self._known_body.end
            if contact is None or not top < contact <= end + _TAIL:
                return end
            self._document.require_joined(end - 1, contact)
            return contact
        ends = sorted(end for end in self._ends() if end > top)
        if not ends or ends[0] == contact:
            return contact if ends and contact is not None else bottom
        total = self._running_before(bottom)
        for end in ends:
            if end == contact:
                return end
            # A list may stand before the body: then most of the text comes after it.
            before = self._running_before(end)
            if before * 2 >= total or (before and self._heads_comments(end)):
                return end
        return bottom

    def _ends(self) -> Iterator[int]:
        """Yield the indexes of the lines that may be the first after the article's text."""
        for landmark in (self.tail.contact_line, self.tail.original_line):
            if landmark is not None:
                yield landmark
        for region in (self.tail.related_region, self.tail.most_viewed_region):
            if region.lines:
                yield region.lines.start
        top = self.header.top
        below = enumerate(self._lines[top:], top)
        for index in [index for index, line in below if line.text[0] not in _NO_ENDS]:
            text = self._lines[index].text
            if text[:3] == "By " and words.is_byline(text) and not self._near_contact(index):
                yield index + 1
            elif self._heads_comments(index):
                yield index

    def _near_contact(self, index: int) -> bool:
        """Tell whether the contact line stands a little below line *index*, and so ends the text.

        A column's disclaimer may stand between its byline and the contact line.
        """
        contact = self.tail.contact_line
        return contact is not None and index < contact <= index + 4

    def _heads_comments(self, index: int) -> bool:
        """Tell whether line *index* is the heading above what readers wrote."""
        line = self._lines[index]
        return (
            line.box.tag in HEADINGS
            and not line.is_link
            and bool(words.COMMENTS.fullmatch(line.text))
        )

    def _running_before(self, end: int) -> int:
        """Return how many characters of running text stand between the headline and line *end*."""
        indexes, sizes = self._running
        return sizes[bisect_left(indexes, end)]

    @lazy
    def _running(self) -> tuple[list[int], list[int]]:
        """Indexes of the lines of running text below the headline, and what stands before each.

        The latter in characters; its last number is all of the text's.
        """
        lines = self._lines
        free = without(
            range(self.header.top, len(lines)),
            self.tail.related_region.lines,
            self.tail.most_viewed_region.lines,
            self._teasers,
        )
        indexes = [
            i for i in free if is_running(lines[i]) and not words.is_furniture(lines[i].text)
        ]
        return indexes, list(accumulate([len(lines[i].text) for i in indexes], initial=0))

    @lazy
    def _teasers(self) -> frozenset[int]:
        """Indexes of the lines said of other stories."""
        if self._known_body is not None:
            return frozenset()
        headline = self.header.headline
        return teasers(self._document, headline.lines if headline else range(0))

    @lazy
    def _candidates(self) -> list[int]:
        """Indexes of the lines that may be body: what no landmark claims, furniture aside."""
        free = without(
            range(self.header.top, self._bottom),
            self.header.dateline.lines,
            *[picture.lines for picture in self.captioned],
            self.tail.related_region.lines,
            self.tail.most_viewed_region.lines,
            self._teasers,
            self._signature.lines or (),
            *[range(heading.line, heading.first) for heading in self.tail.headings],
        )
        lines = self._lines
        return [i for i in free if not words.is_furniture(lines[i].text) or is_cell(lines[i])]

    def _body_box(self) -> Box | None:
        """Return the box that holds the body; where no line is long, short ones tell it."""
        lines, candidates = self._lines, self._candidates
        box = body_box(self._document, [i for i in candidates if is_running(lines[i])])
        if box is not None:
            return box
        until = min((i for i in self._teasers if i >= self.header.top), default=len(lines))
        short = [i for i in candidates if i < until and is_short_running(lines[i])]
        return body_box(self._document, short)

    @lazy
    def _text_lines(self) -> list[int]:
        """Indexes of the body's lines, perhaps with the deck before them."""
        box = self._known_body or self._body_box()
        return body_lines(self._document, box, self._candidates) if box else []

    @lazy
    def _deck_lines(self) -> list[int] | None:
        if not self._text_lines:
            return None
        first = self._text_lines[0]
        outside = [
            index for index in self._candidates if index < first and self._may_be_deck(index)
        ]
        if outside:
            box = self._lines[outside[0]].box
            return [index for index in outside if self._lines[index].box is box]
        return self._deck_in_body() or self._deck_above()

    def _deck_above(self) -> list[int] | None:
        """The deck where it stands above headline and dateline."""
        if self.header.headline is None:
            return None
        for index in range(self.header.headline.lines.start - 1, self.header.start - 3, -1):
            self._document.require_joined(index, index + 1)
            if index < 0 or index in self._teasers:
                return None
            line = self._lines[index]
            passed = index in self.header.dateline.lines or line.text == self.header.label_text
            if passed or line.is_link or words.is_furniture(line.text):
                continue
            long_enough = len(line.text) >= 2 * _MIN_DECK and line.box.tag != "li"
            return [index] if long_enough and self._may_be_deck(index) else None
        return None

    def _may_be_deck(self, index: int) -> bool:
        line = self._lines[index]
        text, tag = line.text, line.box.tag
        return (
            _MIN_DECK <= len(text) <= _MAX_DECK
            and tag not in _NO_DECK_TAGS
            and (tag != "li" or len(text) >= 2 * _MIN_DECK)
            and not line.is_link
            and not words.is_furniture(text)
            and not (words.CLOCK.search(text) and words.STAMP.search(text))
            and not (len(text) < _SHORT and words.DAY.search(text))
            and not words.is_byline(text)
            and not words.is_landmark(text)
        )

    def _deck_in_body(self) -> list[int] | None:
        """The deck where it stands in the body's box, as its first line."""
        if len(self._text_lines) < 2:
            return None
        first, second = self._text_lines[:2]
        apart = self._stands_apart(first, second) and self._may_be_deck(first)
        return [first] if apart else None

    def _stands_apart(self, first: int, second: int) -> bool:
        """Tell whether line *first* is another kind of text than the body's next, *second*."""
        line, follower = self._lines[first], self._lines[second]
        if self._known_body is not None:
            # Where paragraphs are bare text, what has an element of its own before them is none.
            if follower.box is not self._known_body:
                return False
            if line.box is not self._known_body:
                return True
            return self._has_no_full_stop(line) and is_emphasised(self._document, line)
        if any(first < index < second for index in self.header.dateline.lines):
            return True
        unfinished = self._has_no_full_stop(line)
        if line.box is follower.box:
            return unfinished
        if line.box.tag in HEADINGS:
            return True
        peers = [_look(self._lines[index].box) for index in self._text_lines[1:]]
        usual, count = Counter(peers).most_common(1)[0]
        uniform = len(peers) > 1 and count * 2 > len(peers)
        if unfinished or (uniform and _look(line.box) != usual):
            return True
        return not uniform and (
            same_words(line.text, self._metadata.description or "")
            or any(first < picture.line <= second for picture in self._document.pictures)
        )

    @staticmethod
    def _has_no_full_stop(line: Line) -> bool:
        """Tell whether *line* is short and ends as no paragraph does."""
        short = 2 * _MIN_DECK <= len(line.text) <= _USUAL_DECK
        return short and not words.ends_a_sentence(line.text) and line.text[-1] not in ":,;"


def _href(node: LexborNode) -> str:
    return (node.attributes.get("href") or "").strip()


def _look(box: Box) -> tuple[str, str]:
    return box.tag, box.node.attributes.get("class") or ""
