"""The pass over a page's tree: its lines, boxes, links, pictures and labels in reading order.

A page is read whole, or only as far as it may matter (see :mod:`~hanicrawler.pages.focus`).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.focus import GO_ON, KEEP, PASS
from hanicrawler.pages.parts import Box, Label, Line, Link, Picture, squeeze

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    from hanicrawler.pages.focus import Focus

#: Elements that stand in a line of text.  Any other one, an unknown one too, is a box.
INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp "
    "rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
#: Elements whose text no reader sees.
UNSEEN: Final = frozenset(
    "script style noscript template iframe svg head title textarea select datalist object "
    "embed math canvas audio video map dialog".split()
)

_BLOCK, _LIST, _INLINE, _LINK, _IMAGE, _BREAK, _TEXT, _UNSEEN = range(8)
_KINDS: Final[dict[str | None, int]] = {
    **dict.fromkeys(INLINE, _INLINE),
    **dict.fromkeys(UNSEEN, _UNSEEN),
    "a": _LINK,
    "img": _IMAGE,
    "amp-img": _IMAGE,
    "br": _BREAK,
    "-text": _TEXT,
    "-comment": _UNSEEN,
    **dict.fromkeys(("ul", "ol", "nav", "footer"), _LIST),
}

_HIDDEN: Final = '[hidden],[style*="display:none" i],[style*="display: none" i]'
_MENU_LINKS: Final = 12
_MENU_WORDS: Final = 30
"""Characters a link, on average."""
_NOT_IN_MENUS: Final = 'a[href*=".html"],h1,h2,h3,h4,h5,h6,p,figure,img[alt*=" "],dl,time'
_LABELLED: Final = (
    '[aria-label],[title],input[value],img[alt]:not([alt=""]),amp-img[alt]:not([alt=""])'
)
_LABELS: Final = ("aria-label", "alt", "title", "value")


class Reading:
    """The pass over the tree.

    It costs more than all that is looked for afterwards, so it is one loop over local names:
    a quarter of a microsecond a node counts here, and nowhere else in this room.
    """

    def __init__(self, tree: LexborHTMLParser, focus: Focus | None = None) -> None:
        """Read *tree*, whole or as far as *focus* says."""
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.links: list[Link] = []
        self.pictures: list[Picture] = []
        self.labels: list[Label] = []
        self.gaps: list[tuple[int, Box]] = []
        """Where something was passed over: the index of the next line, and the box around."""
        self._hidden = {node.mem_id for node in tree.css(_HIDDEN)}
        self._labelled: dict[int, list[str]] = {}
        for node in tree.css(_LABELLED):
            attributes = node.attributes
            if texts := [text for name in _LABELS if (text := squeeze(attributes.get(name)))]:
                self._labelled[node.mem_id] = texts
                if focus is not None:
                    focus.note_labels(node, texts)
        if tree.body is not None:
            self._walk(tree.body, focus)

    @cached_property
    def by_node(self) -> dict[int, Box]:
        """Boxes by their node's identity."""
        return {box.node.mem_id: box for box in self.boxes}

    def _walk(self, root: LexborNode, focus: Focus | None) -> None:
        """Read the tree below *root* without recursion: a hostile page may be deep."""
        lines, boxes, hidden, labelled = self.lines, self.boxes, self._hidden, self._labelled
        box = Box(0, "body", None, root, 0)
        boxes.append(box)
        link: Link | None = None
        pieces: list[str] = []
        linked = breaks = 0
        outside = focus is not None
        resume = -1  # how many elements are open when what is kept ends
        around: list[tuple[LexborNode, int]] = [(root, _BLOCK)]
        node = root.first_child
        while True:
            if node is None:
                left, kind = around.pop()
                if kind == _BLOCK:
                    if pieces:
                        if text := squeeze("".join(pieces)):
                            lines.append(Line(text, box, breaks, linked))
                        pieces.clear()
                        linked = 0
                    breaks = 0
                    box.end = len(lines)
                    box.last = len(boxes) - 1
                    if not around:
                        return
                    box = box.parent or box
                elif kind == _LINK and link is not None:
                    link.end = len(lines)
                    link = None
                if len(around) == resume:
                    outside, resume = True, -1
                node = left.next
                continue
            tag = node.tag
            kind = _KINDS.get(tag, _BLOCK)
            if kind == _TEXT:
                text = node.text_content or ""
                if text.isspace():
                    if pieces:
                        pieces.append(" ")
                else:
                    pieces.append(text)
                    if link is not None:
                        text = text.strip()
                        linked += len(text)
                        link.pieces.append(text)
            elif kind == _BREAK:
                if text := squeeze("".join(pieces)):
                    lines.append(Line(text, box, breaks, linked))
                    breaks = 1
                elif breaks:
                    breaks = 2
                pieces.clear()
                linked = 0
            elif kind != _UNSEEN and not (hidden and node.mem_id in hidden):
                if kind <= _LIST:
                    if focus is not None and (outside or focus.awaits):
                        bare = link is None and not pieces and not breaks
                        step = focus.step(node, len(around), bare=outside and bare)
                        if step == PASS:
                            self._leave_out(box)
                            node = node.next
                            continue
                        if step != GO_ON:
                            outside, resume = False, len(around) if step == KEEP else -1
                    if kind == _LIST:
                        if _is_menu(node):
                            if resume == len(around):
                                outside, resume = True, -1
                            node = node.next
                            continue
                        kind = _BLOCK
                    if pieces:
                        if text := squeeze("".join(pieces)):
                            lines.append(Line(text, box, breaks, linked))
                        pieces.clear()
                        linked = 0
                    breaks = 0
                    box = Box(len(boxes), tag or "", box, node, len(lines))
                    boxes.append(box)
                elif kind == _LINK:
                    href = (node.attributes.get("href") or "").strip()
                    if href:
                        link = Link(href, box, len(lines), node)
                        self.links.append(link)
                elif kind == _IMAGE:
                    self.pictures.append(Picture(node, box, len(lines) + bool(pieces), link))
                if labelled and (texts := labelled.get(node.mem_id)):
                    after = len(lines) + bool(pieces)
                    self.labels += [Label(text, node, box, after) for text in texts]
                child = node.first_child
                if child is not None or kind in (_BLOCK, _LINK):
                    around.append((node, kind))
                    node = child
                    continue
            node = node.next

    def _leave_out(self, box: Box) -> None:
        """Note that something in *box* is passed over before the next line."""
        self.gaps.append((len(self.lines), box))
        for around in box.ancestors():
            if around.cut:
                break
            around.cut = True


def _is_menu(node: LexborNode) -> bool:
    """Tell whether *node* is a menu: many short links, none to an article, and nothing else.

    A page's menus have half of its elements and none of an article's words.
    """
    links = len(node.css("a"))
    if links < _MENU_LINKS or node.css_first(_NOT_IN_MENUS) is not None:
        return False
    return len(node.text()) < links * _MENU_WORDS
