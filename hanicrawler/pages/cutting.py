"""A page without the parts that it has in common with others, and whether it is still the same.

See :mod:`~hanicrawler.pages.boilerplate`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.parts import STUB

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborHTMLParser, LexborNode

    Chain = tuple[tuple[str | None, str | None, str | None], ...]

BARE: Final = frozenset(("script", "style"))
"""Elements that hold text only: a stub of one has no child, and needs none."""
UNKNOWN: Final = "unknown"
"""The kind of pages that no template knows: nothing is cut out of them but what is never read."""
_NAME: Final = STUB.encode()
_TOP: Final = frozenset(("html", "head", "body"))
_ANCHOR: Final = 64
"""Bytes by which a part's place is sought."""
_PLACES: Final = 8
"""How many places that begin like a part are looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A part that pages have in common, and what the reading may ask of it."""

    data: bytes
    tag: str
    number: str
    """Its stub's name."""
    stub: bytes
    around: Chain
    """The elements around it, inmost first: tag, id and class."""
    openings: int
    """How many ``<`` are in it."""
    size: int
    """Characters of its text."""
    starts: dict[str, list[str]]
    """Its text nodes by their first letters: what may be how a headline begins."""
    is_heading: bool
    """Whether it is or begins with a heading."""
    has_form: bool
    is_menu: bool

    def is_closed(self, stub: LexborNode) -> bool:
        """Tell whether nothing that was open before *stub* stands open in it."""
        if self.tag in BARE:
            return True
        child = stub.first_child
        if child is None or child.tag != STUB:
            return False
        inner = child.first_child
        return not self.has_form or (inner is not None and inner.tag == "form")

    def begins(self, headline: str) -> bool:
        """Tell whether one of its text nodes may be how *headline* begins."""
        starts = self.starts.get(headline[:1])
        return starts is not None and any(map(headline.startswith, starts))

    def place(self, body: bytes, start: int) -> int:
        """Return where in *body*, from *start* on, it stands; -1 where it does not."""
        anchor = self.data[:_ANCHOR]
        for _ in range(_PLACES):
            start = body.find(anchor, start)
            if start < 0 or body.startswith(self.data, start):
                return start
            start += 1
        return -1


@dataclass(frozen=True, slots=True)
class Cut:
    """A page with stubs in the places of some parts."""

    data: bytes
    parts: tuple[Part, ...]
    """In the order of the page."""
    layout: Layout
    size: int
    """Bytes of the parts."""

    @property
    def is_most(self) -> bool:
        """Whether nearly all is cut out that may be, as far as is known."""
        return self.layout.is_good and self.size * 4 >= self.layout.size * 3

    @property
    def openings(self) -> int:
        """How many ``<`` are on the whole page."""
        return self.data.count(b"<") + sum(part.openings for part in self.parts)

    def stubs(self, tree: LexborHTMLParser) -> dict[int, Part] | None:
        """Return the parts by the identities of their stubs in *tree*, which is of :attr:`data`.

        None where one does not stand as its part would: the page is to be read whole.
        """
        nodes = tree.css(f"[{STUB}]")
        if len(nodes) != len(self.parts):
            return None
        chains: dict[int, Chain] = {}
        found = {}
        for node, part in zip(nodes, self.parts, strict=True):
            parent = node.parent
            if parent is None or node.tag != part.tag or node.attributes[STUB] != part.number:
                return None
            if not part.is_closed(node):
                return None
            around = chains.get(parent.mem_id)
            if around is None:
                around = chains[parent.mem_id] = chain_of(parent, self.layout.kind)
            if around != part.around:
                return None
            found[node.mem_id] = part
        return found


class Layout:
    """The parts of pages of one look."""

    def __init__(self, kind: str, opening: bytes, parts: tuple[Part, ...], possible: int) -> None:
        """*parts* of pages of the template *kind* that begin with *opening*, their doctype.

        *possible* are the bytes of all that could have been cut out, had it been the same.
        """
        self.kind = kind
        self.size = sum(len(part.data) for part in parts)
        self.is_good = self.size * 5 >= possible * 3
        self.uses = self.misses = 0
        self._parts = parts
        self._opening = opening
        self._largest = max(parts, key=lambda part: len(part.data))

    def cut(self, body: bytes) -> Cut | None:
        """Return *body* without the parts it has; None where it has too few."""
        largest = self._largest
        if not body.startswith(self._opening) or (found := largest.place(body, 0)) < 0:
            return None
        pieces: list[bytes] = []
        parts: list[Part] = []
        at = size = 0
        for part in self._parts:
            place = found if part is largest and found >= at else part.place(body, at)
            if place < 0:
                continue
            pieces += (body[at:place], part.stub)
            parts.append(part)
            at = place + len(part.data)
            size += len(part.data)
        pieces.append(body[at:])
        data = b"".join(pieces)
        if data.count(_NAME) != _names(parts):
            return None
        return Cut(data, tuple(parts), self, size)


def stub_of(tag: str, number: int, *, has_form: bool) -> bytes:
    """Return what stands in the place of a part: an empty element with its *tag*."""
    # A form that was never closed would keep a part's own from opening, and this one too.
    form = "<form></form>" if has_form else ""
    child = "" if tag in BARE else f"<{STUB}>{form}</{STUB}>"
    return f'<{tag} {STUB}="{number}">{child}</{tag}>'.encode()


def _names(parts: Iterable[Part]) -> int:
    """Return how often a stub's name stands in the stubs of *parts*."""
    return sum(1 if part.tag in BARE else 3 for part in parts)


def chain_of(node: LexborNode | None, kind: str) -> Chain:
    """Return tag, id and class of *node* and of the elements around it, up to the body or head.

    Their tags alone where the pages' *kind* is UNKNOWN: no selector is asked of such pages.
    """
    chain = []
    while node is not None and node.tag not in _TOP:
        attributes = node.attributes if kind != UNKNOWN else {}
        chain.append((node.tag, attributes.get("id"), attributes.get("class")))
        node = node.parent
    if node is not None:
        chain.append((node.tag, None, None))
    return tuple(chain)
