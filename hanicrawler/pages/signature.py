"""An article's byline: a line of a byline's shape after its text, or above it.

It stands last, before the contact line; in 2006 it stood before the body.  It may hold several
lines, or have lost the line break that parts it from the last paragraph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hanicrawler.pages import words
from hanicrawler.pages.lazy import lazy

if TYPE_CHECKING:
    from hanicrawler.pages.document import Document
    from hanicrawler.pages.header import Header
    from hanicrawler.pages.tail import Tail

_TAIL: Final = 6
"""How many lines a byline may stand before the end of the text, where no contact line says it."""
_HEAD: Final = 8
"""How many lines below the headline it may stand."""


class Signature:
    """The byline of one article page."""

    def __init__(self, document: Document, header: Header, tail: Tail, bottom: int) -> None:
        """Look for it in *document*; *bottom* is the line after the article's text."""
        self._document = document
        self._lines = document.lines
        self._header = header
        self._tail = tail
        self._bottom = bottom

    @lazy
    def lines(self) -> list[int] | None:
        """Indexes of the lines it stands in; None where it has none of its own."""
        if self._tail.byline_before_contact:
            return None
        return self._at_end() or self._in_header() or self._before_contact()

    @property
    def text(self) -> str | None:
        """Its words: its lines, what stands before the contact's words, or a label."""
        if self.lines is None:
            return self._tail.byline_before_contact or self._in_label()
        texts = [self._lines[index].text for index in self.lines]
        # Bylines in lines of their own are parted; an address belongs to the one before it.
        return "".join(
            text if at == 0 else f"; {text}" if words.is_byline(text) else f" {text}"
            for at, text in enumerate(texts)
        )

    def split(self, paragraph: str) -> tuple[str, str] | None:
        """Return the last *paragraph* and the byline that lost the line break before it."""
        if self.lines or self._tail.byline_before_contact:
            return None
        for pattern in (words.BYLINE_AFTER_SENTENCE, words.KOREAN_BYLINE_AFTER_SENTENCE):
            match = pattern.search(paragraph)
            if match and words.is_byline(match[1]):
                return paragraph[: match.start()].rstrip(), match[1]
        return None

    def _at_end(self) -> list[int] | None:
        """The byline's lines before the end of the article's text."""
        mail: list[int] = []
        seen = 0
        most = _TAIL if self._tail.contact_line is None else 2
        for index in range(self._bottom - 1, self._header.top - 1, -1):
            text = self._lines[index].text
            if "@" in text and words.EMAIL.fullmatch(text):
                mail = [index, *mail]
                continue
            if words.is_byline(text):
                return [*self._above(index), index, *mail]
            if words.is_furniture(text) or index in self._tail.related_region.lines:
                continue
            seen += 1
            if seen > most:
                break
        return None

    def _above(self, index: int) -> list[int]:
        """The lines right above the byline in line *index* that are bylines too."""
        above: list[int] = []
        while index > self._header.top and words.is_byline(self._lines[index - 1].text):
            index -= 1
            above.insert(0, index)
        return above

    def _in_header(self) -> list[int] | None:
        """The byline's line between the headline and the body."""
        dates = self._header.dateline.lines
        for index in range(self._header.start, min(self._header.top + _HEAD, self._bottom)):
            text = self._lines[index].text
            if text[0] in "BRW" and index not in dates and words.is_byline(text):
                return [index]
        return None

    def _before_contact(self) -> list[int] | None:
        """The line right before the contact line that says "By", whoever it names.

        Nobody may be able to read it: then its words are kept, and a problem says so.
        """
        contact = self._tail.contact_line
        if contact is None or contact - 1 <= self._header.top:
            return None
        self._document.require_joined(contact - 1, contact)
        line = self._lines[contact - 1]
        return [contact - 1] if words.SAYS_BY.fullmatch(line.text) and not line.is_link else None

    def _in_label(self) -> str | None:
        self._document.require_no_label()
        after = (label.text for label in self._document.labels if label.line >= self._header.start)
        return next((text for text in after if text[:3] == "By " and words.is_byline(text)), None)
