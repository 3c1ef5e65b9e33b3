"""What stands on every page of a run, and is cut out of the next pages before they are read.

Menus, teasers, footers, style sheets and scripts are four fifths of a page, the same on every
page of an hour, and give no field.  Where a page was read in part (see
:mod:`~hanicrawler.pages.focus`), the elements that were passed over are compared with those of
another page; what is the same to the byte is remembered, and a page that has it too is parsed
with a *stub* in its place: an empty element with the same tag.

A page that is cut must give what the whole page gives.  So

* only elements are cut that are silent, as the reading in part demands it, that no template's
  selector knows, and that hold nothing of what a page says of itself;
* a page whose parts were learnt was parsed both ways, and the trees were the same but for them;
* each stub must come to stand in the tree where the part stood: the same elements around it, none
  of them open by mistake.  Then the parser was in the same state before the part, which therefore
  makes the same of it, and is in the same state behind it (HTML standard, section 13.2.4: the
  stack of open elements, the list of active formatting elements and the form element pointer,
  which what stands in the stub would show);
* whatever in the reading might hang on a part (:class:`~hanicrawler.pages.focus.Gap`) has the page
  read whole.

Of pages that no template knows only that is cut which is never read: menus, scripts, style sheets.

What is remembered changes how long a page takes, and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.learning import Learner

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

    from hanicrawler.pages.cutting import Cut, Layout
    from hanicrawler.pages.reading import Unread

_MARKED: Final = (b"\xef\xbb", b"\xff\xfe", b"\xfe\xff")
"""How a page begins that begins with a byte order mark."""
_MOST: Final = 1 << 19
"""Bytes of the largest page that is cut, or learnt from."""
_LAYOUTS: Final = 12
"""How many sets of parts are remembered."""
_BODIES: Final = 8
"""How many pages of a template, and of how many, are kept to be compared with the next."""
_OTHERS: Final = 2
"""With how many of them a page is compared."""
_PROBES: Final = 6
"""At how many places a page is compared to see whether it is like another."""
_MISSING: Final = 2
"""How many of them may differ."""
_PROBE: Final = 160
"""Bytes that are compared at each of them."""
_CREDIT: Final = 24.0
"""How much may be spent on the pages of a template before anything has come of it.

To learn from a page costs 1, as it takes as long as some pages; to read a page whole because there
may be something to learn from it costs a quarter.
"""
_EARNED: Final = 1 / 16
"""What a page earns that was cut."""
_MISSES: Final = 8
"""How many pages more than not may be cut in vain before a layout is forgotten."""


class Boilerplate:
    """What is known of the pages read so far."""

    def __init__(self) -> None:
        self._layouts: list[Layout] = []  # those used last come first
        self._bodies: dict[str, tuple[bytes, ...]] = {}
        self._credits: dict[str, float] = defaultdict(lambda: _CREDIT)

    def cut(self, body: bytes) -> Cut | None:
        """Return the page *body* with stubs for what is known of it.

        None where nothing is, or little, and the page may be learnt from.
        """
        if len(body) > _MOST or body[:2] in _MARKED:
            return None
        best = None
        for layout in self._layouts:
            cut = layout.cut(body)
            if cut is not None and (best is None or cut.size > best.size):
                best = cut
                if cut.is_most:
                    return cut
        if best is None or self._credits[best.layout.kind] < 1:
            return best
        self._credits[best.layout.kind] -= 0.25
        return None

    def tell(self, cut: Cut, *, was_of_use: bool) -> None:
        """Take notice of whether *cut* could be read."""
        layout, layouts = cut.layout, self._layouts
        layout.uses += was_of_use
        layout.misses += not was_of_use
        if was_of_use:
            self._credits[layout.kind] = min(self._credits[layout.kind] + _EARNED, _CREDIT)
        if layout.misses > layout.uses + _MISSES:
            self._layouts = [other for other in layouts if other is not layout]
        elif was_of_use and layouts and layouts[0] is not layout:
            self._layouts = [layout, *(other for other in layouts if other is not layout)]

    def learn(self, kind: str, body: bytes, tree: LexborHTMLParser, unread: Unread) -> None:
        """Remember what the page *body*, of the template *kind*, has in common with others.

        *unread* is what of its *tree* was not read.
        """
        if len(body) > _MOST or body[:2] in _MARKED or self._credits[kind] < 1:
            return
        known = self._bodies.pop(kind, ())
        self._bodies[kind] = (body, *known)[:_BODIES]
        while len(self._bodies) > _BODIES:
            del self._bodies[next(iter(self._bodies))]
        others = tuple(islice((other for other in known if _is_like(body, other)), _OTHERS))
        if not others:
            return
        self._credits[kind] -= 1
        layout = Learner(body, others, tree).layout(kind, unread)
        if layout is not None and (
            layout.is_good or all(other.kind != kind for other in self._layouts)
        ):
            self._layouts = [layout, *self._layouts][:_LAYOUTS]

    def forget(self) -> None:
        """Forget everything."""
        self._layouts = []
        self._bodies.clear()
        self._credits.clear()


def _is_like(body: bytes, other: bytes) -> bool:
    """Tell whether most of *body* may stand in *other* too."""
    step = len(body) // (_PROBES + 1)
    missing = 0
    for place in range(step, _PROBES * step + 1, step or 1):
        missing += body[place : place + _PROBE] not in other
        if missing > _MISSING:
            return False
    return True


KNOWN: Final = Boilerplate()
"""What this process knows."""
