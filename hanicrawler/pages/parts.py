"""What a page is made of: boxes, lines, links, pictures, labels.

:mod:`hanicrawler.pages.document` makes them, in reading order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Elements that stand in a line of text.  Any other one, an unknown one too, is a box.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp "
    "rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
STUB: Final = "hani-cut"
"""The attribute and the child of what stands in the place of an element that was cut out."""
_MARKS_BETWEEN_LINKS: Final = dict.fromkeys(map(ord, "|·/>»›•[]"))


@dataclass(slots=True, eq=False)
class Box:
    """A block of the page: an element that is not part of a line."""

    index: int
    tag: str
    parent: Box | None
    node: LexborNode
    start: int
    """Index of its first line."""
    end: int = 0
    """Index past its last line."""
    last: int = 0
    """Index of the last box in it."""
    cut: bool = False
    """Whether something in it was passed over."""

    def ancestors(self) -> Iterator[Box]:
        """Yield the box itself, then the boxes around it, outwards."""
        box: Box | None = self
        while box is not None:
            yield box
            box = box.parent

    def holds(self, index: int) -> bool:
        """Tell whether line *index* stands in the box, however deep."""
        return self.start <= index < self.end

    def surrounds(self, other: Box) -> bool:
        """Tell whether *other* is the box itself or stands in it, however deep."""
        return self.index <= other.index <= self.last


@dataclass(slots=True, eq=False)
class Line:
    """A line of text: what stands between two breaks or block borders."""

    text: str
    """White space squeezed to single spaces, as a browser shows it."""
    box: Box
    """The innermost block around it."""
    breaks: int
    """What parts it from the line before: 0 a block's border, 1 a line break, 2 a blank line."""
    linked: int
    """How many of its characters are links."""

    @property
    def is_link(self) -> bool:
        """True where (nearly) all of the line is one link or several, marks between them aside."""
        if self.linked * 2 < len(self.text):
            return False
        if self.linked * 10 >= len(self.text) * 8:
            return True
        return self.linked * 10 >= len(self.text.translate(_MARKS_BETWEEN_LINKS)) * 8


@dataclass(slots=True, eq=False)
class Link:
    """An ``a`` element with a target."""

    href: str
    """As written, white space stripped."""
    box: Box
    line: int
    """Index of the line it begins in."""
    node: LexborNode
    pieces: list[str] = field(default_factory=list)
    """Its texts, one for each text node, without white space at the ends."""
    end: int = 0
    """Index of the line it ends in."""


@dataclass(slots=True, eq=False)
class Picture:
    """An ``img`` element."""

    node: LexborNode
    box: Box
    line: int
    """Index of the first line after it."""
    link: Link | None
    """The link it stands in."""

    @property
    def alt(self) -> str:
        """Its alt text, white space squeezed."""
        return squeeze(self.node.attributes.get("alt"))

    @property
    def source(self) -> str:
        """Its address as written; lazily loaded pictures keep theirs in a data attribute."""
        attributes = self.node.attributes
        for name in ("data-src", "data-original", "data-lazy-src", "src"):
            value = (attributes.get(name) or "").strip()
            if value and not value.startswith("data:"):
                return value
        return (attributes.get("srcset") or "").strip().partition(" ")[0].rstrip(",")


@dataclass(slots=True, eq=False)
class Label:
    """Words in an attribute: an alt text, a title, an aria-label, a button's value."""

    text: str
    node: LexborNode
    box: Box
    line: int
    """Index of the first line inside or after the element."""


def squeeze(text: str | None) -> str:
    """Return *text* with white space as a browser shows it: single spaces, none at the ends."""
    if not text:
        return ""
    if text.isprintable() and "  " not in text:
        return text.strip(" ")  # no other white space in it: nearly every text
    return " ".join(text.split()).strip("\u200b\ufeff\u2060 ")
