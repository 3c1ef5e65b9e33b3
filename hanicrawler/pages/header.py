"""An article's header: its headline and its dateline, found by each other.

The headline is the line that the page's own title repeats, or else the heading beside the
dateline; the dateline is the stamps after "Posted on" and "Modified on", or else those right at
the headline.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from hanicrawler.pages import words
from hanicrawler.pages.clues import Clues
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.metadata import without_masthead
from hanicrawler.pages.parts import HEADINGS
from hanicrawler.pages.titles import Titles, key_of
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hanicrawler.pages.document import Document
    from hanicrawler.pages.metadata import Metadata
    from hanicrawler.pages.parts import Box, Line

_MAX_HEADLINE: Final = 400
_MAX_HEADING: Final = 4
"""Lines."""
_MAX_LABEL: Final = 30
_NEAR: Final = 8
"""Lines: how far a heading may stand from the dateline."""


class Dateline(NamedTuple):
    """The page's printed dates and the lines they stand in."""

    posted: str | None
    modified: str | None
    lines: frozenset[int]


class Found(NamedTuple):
    """Words and the lines they stand in."""

    text: str
    lines: range


class Stamp(NamedTuple):
    """A printed date that says what it is."""

    kind: Literal["posted", "modified"]
    words: str
    line: int
    label: int
    """Index of its label's line."""


class Header:
    """The header of one article page."""

    def __init__(
        self, document: Document, metadata: Metadata, *, headline: Found | None = None
    ) -> None:
        """Read *document*; *headline* is what a template already knows."""
        self._document = document
        self._lines = document.lines
        self._metadata = metadata
        self._known_headline = headline
        address = article_address(document.url)
        self._key = address.key if address else None

    @lazy
    def headline(self) -> Found | None:
        """The line that the page's title repeats, or else the heading beside the dateline."""
        return (
            self._known_headline
            or self._titled_line()
            or self._titled_label()
            or self._heading_by_dateline()
        )

    @lazy
    def dateline(self) -> Dateline:
        """The dates after "Posted on" and "Modified on", or else the stamps at the headline."""
        return self._printed_dateline or self._labelled_elsewhere() or self._stamps_at_headline()

    @lazy
    def clues(self) -> Clues:
        """Which lines of the page are worth a closer look."""
        return Clues(self._lines)

    @lazy
    def _printed_stamps(self) -> list[Stamp]:
        """The dates in lines that say what they are, by words before them or the line before."""
        found = []
        for index in self.clues.datelines:
            text = self._lines[index].text
            if not words.CLOCK.search(text):
                continue
            for stamp, label in _stamps(text):
                label_line = index
                if not label.strip(" :|·"):
                    self._document.require_joined(index - 1, index)
                    if index:
                        label = self._lines[index - 1].text
                        if len(label) >= _MAX_LABEL:
                            continue
                        label_line = index - 1
                if (kind := _kind(label)) is not None:
                    found.append(Stamp(kind, stamp, index, label_line))
        return found

    @lazy
    def _printed_dateline(self) -> Dateline | None:
        """The first date of each kind, or the nearest to the headline where cards print theirs."""
        stamps = self._printed_stamps
        if not stamps:
            self._document.require_whole()
            return None
        chosen = {stamp.kind: stamp for stamp in reversed(stamps)}
        if len(chosen) < len(stamps):
            headline = self._known_headline or self._titled_line()
            at = headline.lines.start if headline else stamps[0].line
            involved = [at, *(stamp.line for stamp in stamps)]
            self._document.require_joined(min(involved), max(involved))
            stamps = sorted(stamps, key=lambda stamp: abs(stamp.line - at))
            at = stamps[0].line
            near = [stamp for stamp in stamps if abs(stamp.line - at) <= _NEAR]
            chosen = {stamp.kind: stamp for stamp in reversed(near)}
        posted, modified = chosen.get("posted"), chosen.get("modified")
        used = {stamp.line for stamp in chosen.values()}
        used.update(stamp.label for stamp in chosen.values())
        return Dateline(posted and posted.words, modified and modified.words, frozenset(used))

    @lazy
    def label_text(self) -> str | None:
        """A line right above the headline that is wholly in brackets."""
        if self.headline is None:
            return None
        self._document.require_joined(self.headline.lines.start - 1, self.headline.lines.start)
        if self.headline.lines.start == 0:
            return None
        text = self._lines[self.headline.lines.start - 1].text
        return text if text[0] == "[" and text[-1] == "]" and len(text) < 60 else None

    def _titled_line(self) -> Found | None:
        titles = Titles(self._metadata.titles)
        dates = [stamp.label for stamp in self._printed_stamps]
        best: tuple[tuple[int, bool, bool, int, int], Found] | None = None
        for found, heading in self.title_candidates(titles):
            if not titles.repeated_by(found.text) or self._links_away(found.lines):
                continue
            # A list may name the article too: as a link, and far from the dateline.
            own = not self._lines[found.lines.start].is_link
            near = any(abs(found.lines.start - at) <= _NEAR for at in dates)
            rank = (len(key_of(found.text)), own, near, heading, -found.lines.start)
            if best is None or rank > best[0]:
                best = (rank, found)
        return best[1] if best else None

    def _titled_label(self) -> Found | None:
        """The headline where it is a picture, or the label of its heading."""
        titles = Titles(self._metadata.titles)
        for label in self._document.labels:
            if titles.repeated_by(label.text if label.box.tag in HEADINGS else ""):
                return Found(label.text, range(label.line, label.line))
        return None

    def title_candidates(self, titles: Titles) -> Iterator[tuple[Found, int]]:
        """Yield texts that may be the headline, each with how much of a heading it is."""
        lines = self._lines
        alike = titles.alike(lines)
        repeating = {index for index in alike if titles.repeated_by(lines[index].text)}
        for box in _small_boxes([lines[index] for index in alike]):
            size = box.end - box.start
            if size == 1 and box.start not in repeating:
                continue
            begins = titles.begin(lines[box.start].text)
            if box.tag in HEADINGS:
                if begins or titles.end(lines[box.end - 1].text):
                    yield self._found(box), 7 - int(box.tag[1])
            elif begins and 1 < size <= 3:
                inside = lines[box.start : box.end]
                if not any(line.box.tag in HEADINGS or line.text[-1] == "]" for line in inside):
                    yield self._found(box), 0
        for index in sorted(repeating):
            text = lines[index].text
            if 8 <= len(text) <= _MAX_HEADLINE:
                yield Found(text, range(index, index + 1)), 0

    def _links_away(self, span: range) -> bool:
        """Tell whether the lines are a link to somewhere else than this article."""
        if not any(self._lines[index].is_link for index in span):
            return False
        for index in span:
            for link in self._document.links_by_line.get(index, ()):
                if url := self._document.absolute(link.href):
                    address = article_address(url)
                    if address is None or address.key != self._key:
                        return True
        return False

    def _heading_by_dateline(self) -> Found | None:
        if not self.dateline.lines or self._metadata.lacks_its_title:
            return None
        at = min(self.dateline.lines)
        # A title that no line repeats: what stands at the dateline may well be the deck.
        has_title = any(len(without_masthead(title)) >= 8 for title in self._metadata.titles)
        tags = ("h1",) if has_title else ("h1", "h2", "h3")
        near = [
            (box.tag, abs(box.start - at), box)
            for box in self._document.boxes
            if box.tag in tags and abs(box.start - at) <= _NEAR and self._may_be_headline(box)
        ]
        if near:
            # The most important heading; of two equal ones the nearest.
            box = min(near, key=lambda found: found[:2])[2]
            # Below the first rank, with a line above it, it may as well be the deck.
            return self._found(box) if box.tag == "h1" or not self._follows_words(box) else None
        if has_title:
            return None
        start = at
        while start > 0 and self._may_be_header(self._lines[start - 1]) and at - start < 2:
            start -= 1
        return Found(self._lines[start].text, range(start, start + 1)) if start < at else None

    def _may_be_headline(self, box: Box) -> bool:
        """Tell whether the heading *box* may be the headline: it is no list's title."""
        if not 0 < box.end - box.start <= _MAX_HEADING or self._links_away(
            range(box.start, box.end)
        ):
            return False
        follows_list = box.end < len(self._lines) and self._links_away(range(box.end, box.end + 1))
        text = self._found(box).text
        return len(text) >= 8 and not follows_list and not words.is_landmark(text)

    def _follows_words(self, box: Box) -> bool:
        """Tell whether a line that may be the headline stands above the heading *box*.

        Right above it, or between the dateline and it.
        """
        dateline = self.dateline.lines
        above = range(max(min(min(dateline), box.start) - 1, 0), max(max(dateline), box.start))
        return any(
            index not in dateline
            and not box.holds(index)
            and self._may_be_header(self._lines[index])
            for index in above
        )

    def _found(self, box: Box) -> Found:
        lines = range(box.start, box.end)
        return Found(" ".join(self._lines[index].text for index in lines), lines)

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

    @lazy
    def top(self) -> int:
        """Index of the first line after the headline."""
        if self.headline is not None:
            return self.headline.lines.stop
        return max(self.dateline.lines, default=-1) + 1

    @lazy
    def start(self) -> int:
        """Index of the first line of the article's header."""
        top = self.top
        starts = [self.headline.lines.start] if self.headline else []
        if self.dateline.lines:
            starts.append(min(self.dateline.lines))
        if starts:
            self._document.require_joined(min(*starts, top), max(*starts, top))
        return min([start for start in starts if abs(start - top) <= 12], default=top)


@lru_cache(maxsize=256)  # the same few words stand before the dates of all pages
def _kind(label: str) -> Literal["posted", "modified"] | None:
    """Return which date follows *label*, at most a line of dates."""
    if words.POSTED.search(label):
        return "posted"
    return "modified" if words.MODIFIED.search(label) else None


def _small_boxes(lines: list[Line]) -> list[Box]:
    """Return the boxes of a heading's size around any of *lines*, in reading order."""
    found: dict[int, Box] = {}
    for line in lines:
        box: Box | None = line.box
        while box is not None and box.end - box.start <= _MAX_HEADING and box.index not in found:
            found[box.index] = box
            box = box.parent
    return [found[index] for index in sorted(found)]


def _stamps(text: str) -> Iterator[tuple[str, str]]:
    """Yield each date and time in *text* with the words before it."""
    end = 0
    for match in words.STAMP.finditer(text):
        yield match[0], text[end : match.start()]
        end = match.end()
