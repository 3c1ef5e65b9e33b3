"""Which texts of a page repeat what the page calls itself, and so may be its headline.

Case, quotes' shape and spacing aside.  Whatever repeats a title begins or ends as it does: one
or two letters tell of nearly every line that it needs no closer look.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.pictures import shapes, words_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hanicrawler.pages.parts import Line

_SHORT: Final = 8
"""Characters: what is shorter repeats a title only where it is all of it."""
_LONGEST: Final = 400
"""Characters: no longer text is remembered."""


class Titles:
    """The titles of one page."""

    def __init__(self, titles: Iterable[str]) -> None:
        """Compare with *titles*, as the page's metadata give them."""
        self._titles = [words_key(title) for title in titles]
        self._starts = frozenset[str]().union(*[_shapes_of(key[:2]) for key in self._titles])
        self._ends = frozenset[str]().union(*[_shapes_of(key[-2:]) for key in self._titles])

    def begin(self, text: str) -> bool:
        """Tell whether *text* begins as a title does."""
        return text[:2] in self._starts

    def end(self, text: str) -> bool:
        """Tell whether *text* ends as a title does."""
        return text[-2:] in self._ends

    def alike(self, lines: list[Line]) -> list[int]:
        """Return the indexes of *lines* that may repeat a title, or a text of which they are."""
        starts, ends = self._starts, self._ends
        first, last = {start[:1] for start in starts}, {end[-1:] for end in ends}
        longest = 2 * max(map(len, self._titles), default=0)
        return [
            index
            for index, line in enumerate(lines)
            if len(text := line.text) <= longest
            and (
                (text[0] in first and text[:2] in starts)
                or (text[-1] in last and text[-2:] in ends)
            )
        ]

    def repeated_by(self, text: str) -> bool:
        """Tell whether *text* is one of the titles, with or without more around it."""
        key = key_of(text)
        for title in self._titles:  # noqa: SIM110 (asked of many lines of a page)
            if _repeats(title, key):
                return True
        return False


@lru_cache(maxsize=1024)  # of two letters at most
def _shapes_of(letters: str) -> frozenset[str]:
    """Return what *letters*, of a title made for comparing, may be printed as."""
    return shapes((letters,))


def key_of(text: str) -> str:
    """Return *text* for comparing."""
    return _key_once(text) if len(text) <= _LONGEST else words_key(text)


@lru_cache(maxsize=1024)  # the headlines of teasers stand on page after page
def _key_once(text: str) -> str:
    return words_key(text)


def _repeats(title: str, key: str) -> bool:
    """Tell whether the page's *title* is the headline *key*, with or without more around it."""
    if title == key:
        return True
    if len(key) < _SHORT:
        return False
    if title.startswith(key):
        return len(key) * 4 >= len(title)
    return (title.endswith(key) and len(key) * 2 >= len(title)) or (
        key.endswith(title) and len(title) * 2 >= len(key) and key[:1] == "["
    )
