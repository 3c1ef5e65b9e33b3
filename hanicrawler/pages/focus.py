"""What of a page may matter, where a template knows its article.

Most of a page is menus, teasers and footers, which give no field; to read them takes longer
than all else.  So the reading passes over what stands before and after the template's elements
and is *silent*: no text and no label in it is, or is a piece of, anything that this room looks
for outside an article (a date, the contact line, the button to the original, a list's heading,
and, above the article, its headline).

A page read so must give what the whole page gives.  What hangs on neighbours therefore asks the
document whether anything was passed over between them (:meth:`Document.require_joined`,
:meth:`Document.require_uncut`), and where so, :class:`Gap` says that the page is to be read
whole.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hanicrawler.pages import words
from hanicrawler.pages.parts import HEADINGS, INLINE, STUB, squeeze

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from selectolax.lexbor import LexborNode

    from hanicrawler.pages.cutting import Part

GO_ON, PASS, PASS_REST, KEEP = range(4)
"""What to do with an element: look into it, pass over it and perhaps over all that follows in
the same element, read it whole."""

MARK: Final = "\x1f"
"""Between text nodes."""
_BLANK: Final = "[\\s\u200b\ufeff\u2060]*"
# A text node that begins a list's heading, or is the beginning of one's beginning.
_HEADING: Final = (
    rf"{_BLANK}(?:r(?:\x1f|e[\x1fl])|m(?:\x1f|o(?:\x1f|s[\x1ft]))"
    r"|t(?:\x1f|h(?:\x1f|e(?:\x1f|\s+(?:\x1f|m[\x1fo]))))|관[\x1f련]|가[\x1f장]|많[\x1f이])"
)
# A text node that begins with the end of a word sought below, and so may complete it.
_REST: Final = "(?:e|se|ase|iginal|ginal|inal|nal|al|l|릭)"
_HEADS: Final = re.compile(rf"\x1f(?i:{_HEADING})")
_TELLING: Final = re.compile(rf"\x1f(?:{_REST}|(?i:{_HEADING}))")
_SOUGHT: Final = ("lease", "riginal", "클릭")
_CLOCK: Final = re.compile(r":(?<=[\d\x1f]:)(?:\d\d|\d?\x1f)")
_SMALL: Final = 200
"""Characters: what has less text is soon read, and may stand right at the article."""
_LARGE: Final = 1_500
"""Characters: a box with a list in it that has more text is looked into."""
_LONGEST: Final = 20_000
"""Characters: no longer text is remembered."""


class Gap(Exception):
    """Raised where a field hangs on what was passed over: the page is to be read whole."""


class Focus:
    """Which elements of a page to read, and which to pass over."""

    def __init__(
        self, nodes: Iterable[LexborNode], headline: str, stubs: Mapping[int, Part]
    ) -> None:
        """Keep what stands between the first and the last of *nodes*, both included.

        *headline* is the article's; *stubs* are the parts that were cut out of the page, by the
        identities of what stands in their places.
        """
        self._headline = headline
        self.stubs = stubs
        # Those that may not stand above the headline: one may be how it begins.
        self._below = sum(part.begins(headline) for part in stubs.values())
        self._path: set[int] = set()
        # Depths: of the elements among which a list is awaited, and of those in a box that has a
        # list in it; 0 outside of such.
        self._list_at = self._inside = 0
        self._silent: int | None = None
        """The element, silent as a whole, of which only the first heading is read."""
        chains = [_chain(node) for node in nodes]
        found = {chain[0] for chain in chains}
        self._kept = {chain[0] for chain in chains if found.isdisjoint(chain[1:])}
        for chain in chains:
            if chain[0] in self._kept:
                self._path.update(chain[1:])
        self._before = self._near = True
        self._awaits = len(self._kept)

    def step(self, node: LexborNode, depth: int, *, bare: bool) -> int:
        """Return what to do with the block *node*, in which *depth* others stand open.

        Asked outside of what is kept only; *bare* is True where no line is begun there.
        """
        identity = node.mem_id
        if identity in self._path:
            return GO_ON
        if identity in self._kept:
            self._awaits -= 1
            self._before = False
            return KEEP
        if not bare or (self._awaits and not self._before):
            return KEEP  # between the template's elements
        if depth < self._list_at:
            self._list_at = 0
        if depth < self._inside:
            self._inside = 0
        if identity in self.stubs:
            return self._step_over(self.stubs[identity], node)
        if self._list_at:
            if _has_link(node):
                self._list_at = 0
            return KEEP
        text = node.text(separator=MARK)
        if tells(text):
            self._near = self._before
            if not _has_link(node):
                if _heads(text):
                    self._list_at = depth  # its list may follow
            elif not self._before and len(text) + self._cut_from(node) > _LARGE:
                self._inside = self._inside or depth + 1
                return GO_ON
            return KEEP
        if self._near and len(text) < _SMALL and not self._cut_from(node):
            return KEEP
        if self._before:
            return KEEP if self._may_begin_headline(text) else PASS
        self._near = False
        return self._step_inside(node) if self._inside else PASS

    def _step_inside(self, node: LexborNode) -> int:
        """Return what to do with the silent *node* in a box that has a list in it.

        Headings are kept, for they end the list before them.
        """
        if node.tag in HEADINGS:
            return KEEP
        if (around := node.parent) is not None and around.mem_id == self._silent:
            return PASS_REST
        child = node.first_child
        while child is not None and child.tag in ("-text", "-comment"):
            child = child.next
        if child is None or child.tag not in HEADINGS:
            return PASS
        self._silent = node.mem_id
        return GO_ON

    def _cut_from(self, node: LexborNode) -> int:
        """Return how many characters were cut out of *node*."""
        if not self.stubs or node.first_child is None:
            return 0
        return sum(self.stubs[stub.mem_id].size for stub in node.css(f"[{STUB}]"))

    def _step_over(self, part: Part, stub: LexborNode) -> int:
        """Return how to pass over the *stub* of *part*; raises Gap where it is to be read."""
        if part.is_menu and not self._list_at:
            return KEEP  # and be passed over as every menu is
        if self._list_at or (self._near and part.size < _SMALL):
            raise Gap
        if part.begins(self._headline):
            if self._before:
                raise Gap
            self._below -= 1
        if self._before:
            return PASS
        self._near = False
        if not self._inside:
            return PASS
        if (around := stub.parent) is not None and around.mem_id == self._silent:
            return PASS_REST
        if part.is_heading:
            raise Gap
        return PASS

    def finish(self) -> None:
        """Raise Gap where something cut out may be how the headline begins, and where is unknown.

        It stood in an element that was passed over whole, perhaps above the article.
        """
        if self._below:
            raise Gap

    def _may_begin_headline(self, text: str) -> bool:
        """Tell whether one of the text nodes in *text* is how the headline begins."""
        found = beginnings(text) if len(text) > _LONGEST else _beginnings_once(text)
        return any(map(self._headline.startswith, found.get(self._headline[:1], ())))


def _has_link(node: LexborNode) -> bool:
    """Tell whether *node* is or has an ``a`` element with a target."""
    # A selector is read anew each time: it takes as long as thirty nodes.
    return any(inner.tag == "a" and "href" in inner.attributes for inner in node.traverse())


def _chain(node: LexborNode) -> list[int]:
    """Return the identities of the block *node* is or stands in, and of those around it."""
    around: LexborNode | None = node
    while around is not None and around.tag in INLINE:
        around = around.parent
    chain = []
    while around is not None:
        chain.append(around.mem_id)
        around = around.parent
    return chain


def tells(text: str) -> bool:
    """Tell whether *text*, text nodes with marks between them, may hold anything sought."""
    return _look(text) if len(text) > _LONGEST else _look_once(text)


def _look(text: str) -> bool:
    if any(word in text for word in _SOUGHT):
        return True
    text = f"{MARK}{text}{MARK}"
    return bool(_TELLING.search(text) or (":" in text and _CLOCK.search(text)))


_look_once = lru_cache(maxsize=128)(_look)  # the same menus stand on every page of a run


def _heads(text: str) -> bool:
    """Tell whether *text* may hold a list's heading."""
    return bool(_HEADS.search(f"{MARK}{text}{MARK}"))


def beginnings(text: str) -> dict[str, list[str]]:
    """Return the text nodes in *text*, squeezed, by their first letter."""
    found: dict[str, list[str]] = {}
    for part in text.split(MARK):
        if part := squeeze(part):
            found.setdefault(part[0], []).append(part)
    return found


_beginnings_once = lru_cache(maxsize=64)(beginnings)


def tells_in_label(text: str) -> bool:
    """Tell whether *text*, of a label, may be anything sought."""
    return bool(
        "lease" in text
        or text[:3] == "By "
        or words.ORIGINAL.search(text)
        or words.RELATED.fullmatch(text)
        or words.MOST_VIEWED.fullmatch(text)
    )
