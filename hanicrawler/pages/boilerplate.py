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

What is remembered changes how long a page takes, and nothing else.
"""

from __future__ import annotations

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
_LAYOUTS: Final = 8
"""How many sets of parts are remembered."""
_BODIES: Final = 4
"""How many pages of a template, and of how many, are kept to be compared with the next."""
_WAIT: Final = 2
_LONGEST_WAIT: Final = 2_000
"""Pages between two learnings: more and more of them where what is learnt is of no use."""
_MISSES: Final = 8
"""How many pages more than not may be cut in vain before a layout is forgotten."""


class Boilerplate:
    """What is known of the pages read so far."""

    def __init__(self) -> None:
        self._layouts: list[Layout] = []  # those used last come first
        self._bodies: dict[str, tuple[bytes, ...]] = {}
        self._learnt: Layout | None = None
        self._wait = self._since = 0

    def cut(self, body: bytes) -> Cut | None:
        """Return the page *body* with stubs for what is known of it.

        None where nothing is, or little, and the page may be learnt from.
        """
        if len(body) > _MOST or body[:2] in _MARKED:
            return None
        self._since += 1
        best = None
        for layout in self._layouts:
            cut = layout.cut(body)
            if cut is not None and (best is None or cut.size > best.size):
                best = cut
                if cut.is_most:
                    return cut
        return None if self._may_learn else best

    def tell(self, cut: Cut, *, was_of_use: bool) -> None:
        """Take notice of whether *cut* could be read."""
        layout, layouts = cut.layout, self._layouts
        layout.uses += was_of_use
        layout.misses += not was_of_use
        if layout.misses > layout.uses + _MISSES:
            self._layouts = [other for other in layouts if other is not layout]
        elif was_of_use and layouts and layouts[0] is not layout:
            self._layouts = [layout, *(other for other in layouts if other is not layout)]

    @property
    def _may_learn(self) -> bool:
        """Whether it is time to learn: it takes as long as some pages."""
        return self._since >= self._wait

    def learn(self, kind: str, body: bytes, tree: LexborHTMLParser, unread: Unread) -> None:
        """Remember what the page *body*, of the template *kind*, has in common with others.

        *unread* is what of its *tree* was not read.
        """
        if len(body) > _MOST or body[:2] in _MARKED or not self._may_learn:
            return
        others = self._bodies.pop(kind, ())
        self._bodies[kind] = (body, *others)[:_BODIES]
        while len(self._bodies) > _BODIES:
            del self._bodies[next(iter(self._bodies))]
        if not others:
            return
        was_of_use = self._learnt is not None and self._learnt.uses > self._wait
        self._wait = _WAIT if was_of_use or not self._wait else min(2 * self._wait, _LONGEST_WAIT)
        self._since = 0
        self._learnt = Learner(body, others, tree).layout(kind, unread)
        if self._learnt is not None and (
            self._learnt.is_good or all(layout.kind != kind for layout in self._layouts)
        ):
            self._layouts = [self._learnt, *self._layouts][:_LAYOUTS]

    def forget(self) -> None:
        """Forget everything."""
        self.__init__()  # type: ignore[misc]


KNOWN: Final = Boilerplate()
"""What this process knows."""
