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

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from hanicrawler.pages import words
from hanicrawler.pages.document import HEADINGS, Box, Document, squeeze
from hanicrawler.pages.pictures import Captioned, read_pictures, same_words, words_key
from hanicrawler.pages.prose import body_box, body_lines, is_running, paragraphs, without
from hanicrawler.pages.storylists import NOWHERE, Heading, Region, list_region, stories
from hanicrawler.site import article_address, section_address

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from hanicrawler.items import StoryLink
    from hanicrawler.pages.document import Line
    from hanicrawler.pages.metadata import Metadata

_MAX_DATELINE: Final = 200
_MAX_DECK: Final = 600
_USUAL_DECK: Final = 220
_MIN_DECK: Final = 15
_MAX_HEADLINE: Final = 400
_TAIL: Final = 6
"""How many lines a byline may stand before the contact line, or after the body."""
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


@dataclass(frozen=True, slots=True)
class Dateline:
    """The page's printed dates and the lines they stand in."""

    posted: str | None
    modified: str | None
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Found:
    """Words and the lines they stand in."""

    text: str
    lines: range


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
        self._known_headline = headline
        self._known_body = body
        address = article_address(document.url)
        self._key = address.key if address else None
        self._section = (address.edition, address.section) if address else None

    # -- the header -----------------------------------------------------------------------

    @cached_property
    def headline(self) -> Found | None:
        """The line that the page's title repeats, or else the heading beside the dateline."""
        return self._known_headline or self._titled_line() or self._heading_by_dateline()

    @cached_property
    def dateline(self) -> Dateline:
        """The dates after "Posted on" and "Modified on", or else the stamps at the headline."""
        posted = modified = None
        used: set[int] = set()
        for index, line in enumerate(self._lines):
            if len(line.text) > _MAX_DATELINE or ":" not in line.text:
                continue
            for stamp, label in _stamps(line.text):
                if not label.strip(" :|·") and index:
                    before = self._lines[index - 1].text
                    label, label_line = (before, index - 1) if len(before) < 30 else ("", index)
                else:
                    label_line = index
                if words.POSTED.search(label) and posted is None:
                    posted = stamp
                elif words.MODIFIED.search(label) and modified is None:
                    modified = stamp
                else:
                    continue
                used |= {index, label_line}
        if posted is None and modified is None:
            return self._labelled_elsewhere() or self._stamps_at_headline()
        return Dateline(posted, modified, frozenset(used))

    @cached_property
    def deck(self) -> str | None:
        """The sentence between headline and body that is neither caption nor byline."""
        if self._deck_lines is None:
            return None
        return " ".join(self._lines[index].text for index in self._deck_lines)

    @cached_property
    def section_name(self) -> str | None:
        """The words of the breadcrumb's link to the article's own section."""
        if self._section is None:
            return None
        anchor = self._top
        best: tuple[int, str] | None = None
        for link in self._document.links:
            url = self._document.absolute(link.href)
            address = section_address(url) if url else None
            if address is None or (address.edition, address.section) != self._section:
                continue
            text = squeeze(link.node.text())
            if text and len(text) < 60:
                distance = abs(link.line - anchor) * 2 + (link.line > anchor)
                if best is None or distance <= best[0]:
                    best = (distance, text)
        return best[1] if best else None

    @cached_property
    def label_text(self) -> str | None:
        """A line right above the headline that is wholly in brackets."""
        if self.headline is None or self.headline.lines.start == 0:
            return None
        text = self._lines[self.headline.lines.start - 1].text
        return text if text[0] == "[" and text[-1] == "]" and len(text) < 60 else None

    # -- the running text -----------------------------------------------------------------

    @cached_property
    def paragraphs(self) -> tuple[str, ...]:
        """The body; where a page shows pictures only, their captions are it."""
        found = paragraphs(self._document, self._body)
        if found and self._split_byline:
            kept, _ = self._split_byline
            found = (*found[:-1], kept)
        if found:
            return found
        return tuple(dict.fromkeys(p.image.caption for p in self.captioned if p.image.caption))

    @cached_property
    def captioned(self) -> list[Captioned]:
        """The article's pictures with the lines of their captions."""
        region = range(self._header_start, self._bottom)
        headline = self.headline.text if self.headline else ""
        return read_pictures(self._document, region, headline, self._key, self._known_body)

    @cached_property
    def byline(self) -> str | None:
        """The line that has a byline's shape after the body, or else between headline and body."""
        if (lines := self._byline_lines) is not None:
            return " ".join(self._lines[index].text for index in lines)
        return self._split_byline[1] if self._split_byline else self._byline_before_contact

    # -- what follows the text ------------------------------------------------------------

    @cached_property
    def contact(self) -> str | None:
        """The line that says where to send questions."""
        if self._contact_line is None:
            return None
        match = words.CONTACT.search(self._lines[self._contact_line].text)
        return match[0].strip() if match else None

    @cached_property
    def original_url(self) -> str | None:
        """Where the button to the Korean original leads, absolute."""
        for node in self._original_nodes():
            for holder in _around(node):
                for url in self._targets(holder):
                    address = article_address(url)
                    if address is not None and address.edition == "ko" and address.key != self._key:
                        return address.url
        return None

    @cached_property
    def related(self) -> tuple[StoryLink, ...]:
        """The stories under the heading "Related stories", in order."""
        return tuple(stories(self._document, self.related_region))

    @cached_property
    def most_viewed(self) -> tuple[StoryLink, ...]:
        """The stories under the heading "Most viewed articles", in order."""
        return tuple(stories(self._document, self.most_viewed_region))

    # -- how they are found ---------------------------------------------------------------

    def _titled_line(self) -> Found | None:
        titles = [words_key(title) for title in self._metadata.titles]
        best: tuple[tuple[int, int, int], Found] | None = None
        for found, heading in self._title_candidates():
            key = words_key(found.text)
            if not any(_repeats(title, key) for title in titles):
                continue
            rank = (len(key), heading, -found.lines.start)
            if best is None or rank > best[0]:
                best = (rank, found)
        return best[1] if best else None

    def _title_candidates(self) -> Iterator[tuple[Found, int]]:
        """Yield texts that may be the headline, each with how much of a heading it is."""
        for box in self._document.boxes:
            if box.tag in HEADINGS and 0 < box.end - box.start <= 4:
                span = range(box.start, box.end)
                text = " ".join(self._lines[index].text for index in span)
                if not self._links_away(span) and len(text) <= _MAX_HEADLINE:
                    yield Found(text, span), 7 - int(box.tag[1])
        for index, line in enumerate(self._lines):
            if 8 <= len(line.text) <= _MAX_HEADLINE and not self._links_away(
                range(index, index + 1)
            ):
                yield Found(line.text, range(index, index + 1)), 0

    def _links_away(self, span: range) -> bool:
        """Tell whether the lines are a link to somewhere else than this article."""
        if not any(self._lines[index].is_link for index in span):
            return False
        for link in self._document.links:
            if link.line in span and (url := self._document.absolute(link.href)):
                address = article_address(url)
                if address is None or address.key != self._key:
                    return True
        return False

    def _heading_by_dateline(self) -> Found | None:
        if not self.dateline.lines:
            return None
        at = min(self.dateline.lines)
        headings = [
            Found(
                " ".join(line.text for line in self._lines[box.start : box.end]),
                range(box.start, box.end),
            )
            for box in self._document.boxes
            if box.tag in HEADINGS
            and 0 < box.end - box.start <= 4
            and not self._links_away(range(box.start, box.end))
        ]
        headings = [
            found for found in headings if not _is_landmark(found.text) and len(found.text) >= 8
        ]
        before = [found for found in headings if found.lines.start < at]
        after = [found for found in headings if found.lines.start > at]
        if before and at - before[-1].lines.stop <= 8:
            return before[-1]
        if after and after[0].lines.start - at <= 8:
            return after[0]
        start = at
        while start > 0 and self._may_be_header(self._lines[start - 1]) and at - start < 2:
            start -= 1
        return Found(self._lines[start].text, range(start, start + 1)) if start < at else None

    def _may_be_header(self, line: Line) -> bool:
        return not line.is_link and not words.is_furniture(line.text) and len(line.text) >= 8

    def _labelled_elsewhere(self) -> Dateline | None:
        """Dates in a title, an alt text or an aria-label."""
        posted = modified = None
        for label in self._document.labels:
            for stamp, before in _stamps(label.text):
                if words.POSTED.search(before):
                    posted = posted or stamp
                elif words.MODIFIED.search(before):
                    modified = modified or stamp
        return Dateline(posted, modified, frozenset()) if posted or modified else None

    def _stamps_at_headline(self) -> Dateline:
        """Dates without a label: the first right at the headline is when it was posted."""
        found = self._known_headline or self._titled_line()
        if found is None:
            return Dateline(None, None, frozenset())
        near = range(max(found.lines.start - 3, 0), min(found.lines.stop + 8, len(self._lines)))
        stamps = [
            (stamp, index)
            for index in near
            if len(self._lines[index].text) < 80 and not self._lines[index].is_link
            for stamp, _ in _stamps(self._lines[index].text)
        ]
        return Dateline(
            stamps[0][0] if stamps else None,
            stamps[1][0] if len(stamps) > 1 else None,
            frozenset(index for _, index in stamps[:2]),
        )

    @cached_property
    def _top(self) -> int:
        """Index of the first line after the headline."""
        if self.headline is not None:
            return self.headline.lines.stop
        return max(self.dateline.lines, default=-1) + 1

    @cached_property
    def _header_start(self) -> int:
        """Index of the first line of the article's header."""
        starts = [self.headline.lines.start] if self.headline else []
        starts += [min(self.dateline.lines)] if self.dateline.lines else []
        near = [start for start in starts if abs(start - self._top) <= 12]
        return min(near, default=self._top)

    @cached_property
    def _bottom(self) -> int:
        """Index past the last line that may be the article's text."""
        ends = [self._contact_line, self._original_line]
        regions = (self.related_region.lines, self.most_viewed_region.lines)
        ends += [lines.start for lines in regions if lines]
        bottom = len(self._lines)
        total = self._running(self._top, bottom)
        for end in sorted(end for end in ends if end is not None and end > self._top):
            # A list may stand before the body: then most of the text comes after it.
            if end == self._contact_line or self._running(self._top, end) * 2 >= total:
                return end
        return bottom

    def _running(self, start: int, end: int) -> int:
        return sum(
            len(self._lines[index].text)
            for index in range(start, end)
            if is_running(self._lines[index])
            and not words.is_furniture(self._lines[index].text)
            and index not in self.related_region.lines
            and index not in self.most_viewed_region.lines
        )

    @cached_property
    def _candidates(self) -> list[int]:
        """Indexes of the lines that may be body: what no landmark claims."""
        captions = {index for picture in self.captioned for index in picture.lines}
        return without(
            range(self._top, self._bottom),
            self.dateline.lines,
            captions,
            self.related_region.lines,
            self.most_viewed_region.lines,
            self._byline_lines or (),
            [heading.first - 1 for heading in self._headings.values()],
        )

    @cached_property
    def body(self) -> Box | None:
        """The box that holds the body."""
        return self._known_body or body_box(self._document, self._candidates)

    @cached_property
    def _text_lines(self) -> list[int]:
        """Indexes of the body's lines, perhaps with the deck before them."""
        return body_lines(self._document, self.body, self._candidates) if self.body else []

    @cached_property
    def _body(self) -> list[int]:
        """Indexes of the body's lines."""
        return without(self._text_lines, self._deck_lines or ())

    @cached_property
    def _deck_lines(self) -> list[int] | None:
        if not self._text_lines:
            return None
        first = self._text_lines[0]
        outside = [
            index
            for index in without(self._candidates, self._text_lines)
            if index < first and self._may_be_deck(index)
        ]
        if outside:
            box = self._lines[outside[0]].box
            return [index for index in outside if self._lines[index].box is box]
        return self._deck_in_body() or self._deck_above()

    def _deck_above(self) -> list[int] | None:
        """The deck where it stands above headline and dateline."""
        if self.headline is None:
            return None
        for index in range(self.headline.lines.start - 1, max(self._header_start - 3, -1), -1):
            line = self._lines[index]
            if index in self.dateline.lines or line.is_link or words.is_furniture(line.text):
                continue
            return [index] if self._may_be_deck(index) and len(line.text) >= 2 * _MIN_DECK else None
        return None

    def _may_be_deck(self, index: int) -> bool:
        line = self._lines[index]
        return (
            _MIN_DECK <= len(line.text) <= _MAX_DECK
            and not line.is_link
            and not words.is_furniture(line.text)
            and not words.is_byline(line.text)
            and not words.STAMP.search(line.text)
            and not _is_landmark(line.text)
            and line.box.tag not in ("li", "button", "nav", "figcaption")
        )

    def _deck_in_body(self) -> list[int] | None:
        """The deck where it stands in the body's box, as its first line."""
        if len(self._text_lines) < 2 or self._known_body is not None:
            return None
        first, second = self._text_lines[:2]
        line, follower = self._lines[first], self._lines[second]
        if not self._may_be_deck(first):
            return None
        between = any(first < picture.line <= second for picture in self._document.pictures)
        if line.box is follower.box:
            # Nothing but breaks parts deck and body: a deck has no full stop.
            apart = between or (line.breaks == 1 and follower.breaks == 2)
            return [first] if apart and self._has_no_full_stop(line) else None
        if line.box.tag in HEADINGS:
            return [first]
        peers = [_look(self._lines[index].box) for index in self._text_lines[1:]]
        usual = max(set(peers), key=peers.count)
        uniform = peers.count(usual) * 2 > len(peers)
        if uniform and _look(line.box) != usual:
            return [first]
        if same_words(line.text, self._metadata.description or "") and not uniform:
            return [first]
        if uniform:
            return None
        return [first] if between or self._has_no_full_stop(line) else None

    @staticmethod
    def _has_no_full_stop(line: Line) -> bool:
        """Tell whether *line* is short and ends as no paragraph does."""
        short = 2 * _MIN_DECK <= len(line.text) <= _USUAL_DECK
        return short and not words.ends_a_sentence(line.text) and line.text[-1] not in ":,;"

    # -- byline and contact ---------------------------------------------------------------

    @cached_property
    def _contact_line(self) -> int | None:
        for index, line in enumerate(self._lines):
            if "lease" in line.text and len(line.text) < 700 and words.CONTACT.search(line.text):
                match = words.CONTACT.search(line.text)
                if match and (
                    match.start() == 0 or words.is_byline(line.text[: match.start()].strip())
                ):
                    return index
        return None

    @property
    def _byline_before_contact(self) -> str | None:
        """The byline where it stands in the contact's own line."""
        if self._contact_line is None:
            return None
        text = words.CONTACT.sub("", self._lines[self._contact_line].text).strip()
        return text or None

    @cached_property
    def _byline_lines(self) -> list[int] | None:
        if self._byline_before_contact:
            return None
        return self._byline_at_end() or self._byline_in_header()

    def _byline_at_end(self) -> list[int] | None:
        """The byline's lines before the end of the article's text."""
        mail: list[int] = []
        seen = 0
        for index in range(self._bottom - 1, self._top - 1, -1):
            line = self._lines[index]
            if words.EMAIL.fullmatch(line.text):
                mail = [index, *mail]
                continue
            if words.is_byline(line.text):
                return [index, *mail]
            if words.is_furniture(line.text) or index in self.related_region.lines:
                continue
            seen += 1
            if seen > (_TAIL if self._contact_line is None else 2) or (
                is_running(line) and self._contact_line is not None
            ):
                break
        return None

    def _byline_in_header(self) -> list[int] | None:
        """The byline's line between the headline and the body."""
        for index in range(self._header_start, min(self._top + 8, self._bottom)):
            line = self._lines[index]
            if index in self.dateline.lines:
                continue
            if line.text[:2] in ("By", "BY") and words.is_byline(line.text):
                return [index]
        return None

    @cached_property
    def _split_byline(self) -> tuple[str, str] | None:
        """The last paragraph and the byline that lost the line break before it."""
        if self._byline_lines or self._byline_before_contact or not self._body:
            return None
        text = paragraphs(self._document, self._body)[-1]
        for pattern in (words.BYLINE_AFTER_SENTENCE, words.KOREAN_BYLINE_AFTER_SENTENCE):
            match = pattern.search(text)
            if match and words.is_byline(match[1]):
                return text[: match.start()].rstrip(), match[1]
        return None

    # -- lists and the original -----------------------------------------------------------

    @cached_property
    def _headings(self) -> dict[str, Heading]:
        """Each list's heading: a line, or the label of the list's element."""
        found: dict[str, Heading] = {}
        patterns = {"related": words.RELATED, "most_viewed": words.MOST_VIEWED}
        for index, line in enumerate(self._lines):
            if len(line.text) < 40:
                for name, pattern in patterns.items():
                    if name not in found and pattern.fullmatch(line.text):
                        found[name] = Heading(index, index + 1, line.box)
        for label in self._document.labels:
            if len(label.text) < 40:
                for name, pattern in patterns.items():
                    if name not in found and pattern.fullmatch(label.text):
                        found[name] = Heading(label.line, label.line, label.box)
        return found

    def _region(self, name: str) -> Region:
        if name not in self._headings:
            return NOWHERE
        stops = [other.line for key, other in self._headings.items() if key != name]
        stops += [stop for stop in (self._contact_line, self._original_line) if stop is not None]
        return list_region(self._document, self._headings[name], stops)

    @cached_property
    def related_region(self) -> Region:
        """Where the list of related stories stands."""
        return self._region("related")

    @cached_property
    def most_viewed_region(self) -> Region:
        """Where the ranking stands."""
        return self._region("most_viewed")

    @cached_property
    def _original_line(self) -> int | None:
        for index, line in enumerate(self._lines):
            if len(line.text) < 200 and words.ORIGINAL.search(line.text):
                return index
        return None

    def _original_nodes(self) -> Iterator[LexborNode]:
        if self._original_line is not None:
            line = self._lines[self._original_line]
            for link in self._document.links:
                if link.line <= self._original_line <= max(link.end, link.line):
                    yield link.node
            yield line.box.node
        for label in self._document.labels:
            if words.ORIGINAL.search(label.text):
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


def _stamps(text: str) -> Iterator[tuple[str, str]]:
    """Yield each date and time in *text* with the words before it."""
    end = 0
    for match in words.STAMP.finditer(text):
        yield match[0], text[end : match.start()]
        end = match.end()


def _repeats(title: str, key: str) -> bool:
    """Tell whether the page's *title* is the headline *key*, with or without more around it."""
    if title == key:
        return True
    if len(key) < 8:
        return False
    if title.startswith(key):
        return len(key) * 4 >= len(title)
    return (title.endswith(key) and len(key) * 2 >= len(title)) or (
        key.endswith(title) and len(title) * 2 >= len(key) and key[:1] == "["
    )


def _is_landmark(text: str) -> bool:
    """Tell whether *text* is one of the page's own words, and so no headline."""
    patterns: tuple[re.Pattern[str], ...] = (words.RELATED, words.MOST_VIEWED, words.MASTHEAD)
    return any(pattern.fullmatch(text) for pattern in patterns)


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


def _look(box: Box) -> tuple[str, str]:
    return box.tag, box.node.attributes.get("class") or ""
