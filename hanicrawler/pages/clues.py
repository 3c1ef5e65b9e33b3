"""Which of a page's lines are worth a closer look: one pass over them for all that is sought.

A clue is a word, a letter or a length that every line of its kind has; most lines that have it
are something else, so the patterns of :mod:`~hanicrawler.pages.words` are asked next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hanicrawler.pages.parts import Line

MAX_HEADING: Final = 40
"""Characters: a list's heading is shorter."""
_MAX_CONTACT: Final = 700
_MAX_ORIGINAL: Final = 200
_MAX_DATELINE: Final = 200
_FIRST_LETTERS: Final = frozenset("RrMmTt관가많")
"""Of every list's heading."""


class Clues:
    """Indexes of the lines that may be what they are listed for."""

    __slots__ = ("contacts", "datelines", "headings", "originals")

    def __init__(self, lines: Iterable[Line]) -> None:
        """Look at *lines*, a page's."""
        self.contacts: list[int] = []
        self.originals: list[int] = []
        self.datelines: list[int] = []
        self.headings: list[int] = []
        for index, line in enumerate(lines):
            text = line.text
            size = len(text)
            if size < _MAX_CONTACT and "lease" in text:
                self.contacts.append(index)
            if size > _MAX_DATELINE:
                continue
            if ":" in text:
                self.datelines.append(index)
            # One letter is sought faster than two.
            if size < _MAX_ORIGINAL and ("riginal" in text or ("릭" in text and "클릭" in text)):
                self.originals.append(index)
            if size < MAX_HEADING and text[0] in _FIRST_LETTERS:
                self.headings.append(index)
