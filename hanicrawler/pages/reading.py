"""The pass over a page's tree: its lines, boxes, links, pictures and labels in reading order.

A page is read whole, or only as far as it may matter (see :mod:`~hanicrawler.pages.focus`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from hanicrawler.pages.focus import KEEP, PASS, PASS_REST, Gap, tells_in_label
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.parts import INLINE, STUB, Box, Label, Line, Link, Picture, squeeze

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selectolax.lexbor import LexborNode

    from hanicrawler.pages.cutting import Part
    from hanicrawler.pages.focus import Focus

#: Elements whose text no reader sees.
UNSEEN: Final = frozenset(
    "script style noscript template iframe svg head title textarea select datalist object "
    "embed math canvas audio video map dialog".split()
)

_BLOCK, _LIST, _INLINE, _LINK, _IMAGE, _BREAK, _TEXT, _UNSEEN, _STUB = range(9)
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
_USUAL: Final = ("div", "p", "li", "section", "figure", "figcaption", "h1", "h2", "h3", "h4")


def _usual() -> dict[int, tuple[int, str]]:
    """Return kind and tag of nodes by the numbers that the parser has for their tags.

    Of tags that it knows: others are numbered anew on each page.  A number is had in a tenth of
    the time of a name.
    """
    found = {}
    for tag in (*INLINE, *UNSEEN, *_USUAL, "a", "img", "br", "ul", "ol", "nav", "footer"):
        node = LexborHTMLParser(f"<{tag}>").css_first(tag)
        if node is not None:
            found[node.tag_id] = _KINDS.get(tag, _BLOCK), tag
    text = LexborHTMLParser("<body>x<!-- x -->").body
    node = text.first_child if text is not None else None
    while node is not None:
        found[node.tag_id] = _KINDS[node.tag], node.tag or ""
        node = node.next
    return found


_BY_ID: Final = _usual()
_LINK_ID: Final = next(number for number, (kind, _) in _BY_ID.items() if kind == _LINK)
_TEXT_ID: Final = next(number for number, (kind, _) in _BY_ID.items() if kind == _TEXT)

_HIDDEN: Final = '[hidden],[style*="display:none" i],[style*="display: none" i]'
_MENU_LINKS: Final = 12
_MENU_WORDS: Final = 30
"""Characters a link, on average."""
_NOT_IN_MENUS: Final = 'h1,h2,h3,h4,h5,h6,p,figure,img[alt*=" "],dl,time'
_LABELLED: Final = (
    '[aria-label],[title],input[value],img[alt]:not([alt=""]),amp-img[alt]:not([alt=""])'
)
_NOTED: Final = f"{_HIDDEN},{_LABELLED}"
_LABELS: Final = ("aria-label", "alt", "title", "value")


class Unread(NamedTuple):
    """The elements that were not read."""

    wholes: list[LexborNode]
    """Passed over."""
    rests: list[LexborNode]
    """Passed over but for what stands first."""
    menus: list[LexborNode]


class Passed:
    """An element that was passed over, or of which the rest was."""

    def __init__(self, line: int, box: Box, node: LexborNode, *, is_stub: bool) -> None:
        """*node*, in *box* or the box itself; *line* is the next that was not passed over."""
        self._is_stub = is_stub
        self.line = line
        self.box = box
        self.node = node

    @lazy
    def has_telling_label(self) -> bool:
        """Whether a label in it may be anything sought."""
        return not self._is_stub and has_telling_label(self.node)


class Reading:
    """The pass over the tree.

    It costs more than all that is looked for afterwards, so it is one loop over local names:
    a quarter of a microsecond a node counts here, and nowhere else in this room.
    """

    def __init__(
        self, tree: LexborHTMLParser, focus: Focus | None, stubs: Mapping[int, Part]
    ) -> None:
        """Read *tree*, whole or as far as *focus* says.

        *stubs* are the parts that were cut out of it, by what stands in their places.
        """
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.links: list[Link] = []
        self.pictures: list[Picture] = []
        self.labels: list[Label] = []
        self.passed: list[Passed] = []
        self.menus: list[LexborNode] = []
        self._hidden: set[int] = set()
        self._labelled: dict[int, list[str]] = {}
        if (body := tree.body) is not None:
            if focus is None:
                self._note(body)
            self._walk(body, focus, stubs)
            if focus is not None:
                focus.finish()

    def _note(self, node: LexborNode) -> None:
        """Note what is hidden and what is labelled in *node*: of a whole page, soonest by CSS."""
        for noted in node.css(_NOTED):
            attributes = noted.attributes
            if _is_hidden(attributes):
                self._hidden.add(noted.mem_id)
            elif _is_labelled(noted.tag, attributes) and (texts := _texts(attributes)):
                self._labelled[noted.mem_id] = texts

    @lazy
    def by_node(self) -> dict[int, Box]:
        """Boxes by their node's identity."""
        return {box.node.mem_id: box for box in self.boxes}

    def _walk(self, root: LexborNode, focus: Focus | None, stubs: Mapping[int, Part]) -> None:
        """Read the tree below *root* without recursion: a hostile page may be deep."""
        lines, boxes, hidden, labelled = self.lines, self.boxes, self._hidden, self._labelled
        usual = _BY_ID.get
        box = Box(0, "body", None, root, 0)
        boxes.append(box)
        link: Link | None = None
        pieces: list[str] = []
        linked = breaks = 0
        outside = focus is not None
        resume = -1  # how many elements are open where what is kept ends
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
            kind, tag = usual(node.tag_id) or _unusual(node, stubs)
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
                if focus is not None:
                    attributes = node.attributes
                    if len(attributes) > 1 or (attributes and "class" not in attributes):
                        if _is_hidden(attributes):
                            node = node.next
                            continue
                        if _is_labelled(tag, attributes):
                            labelled[node.mem_id] = _texts(attributes)
                if outside and kind <= _LIST and focus is not None:
                    bare = link is None and not pieces and not breaks
                    step = focus.step(node, len(around), bare=bare)
                    if step in (PASS, PASS_REST):
                        rest = step == PASS_REST
                        left = around[-1][0] if rest else node
                        self._leave_out(left, box, is_stub=left.mem_id in stubs)
                        node = None if rest else node.next
                        continue
                    if step == KEEP:
                        outside, resume = False, len(around)
                if kind <= _LIST:
                    if kind == _LIST and _is_menu(node, stubs):
                        self.menus.append(node)
                        if len(around) == resume:
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
                    box = Box(len(boxes), tag, box, node, len(lines))
                    boxes.append(box)
                elif kind == _LINK:
                    href = (node.attributes.get("href") or "").strip()
                    if href:
                        link = Link(href, box, len(lines), node)
                        self.links.append(link)
                elif kind == _IMAGE:
                    self.pictures.append(Picture(node, box, len(lines) + bool(pieces), link))
                elif kind == _STUB:
                    raise Gap  # what was cut out here is to be read
                if labelled and (texts := labelled.get(node.mem_id)):
                    after = len(lines) + bool(pieces)
                    self.labels += [Label(text, node, box, after) for text in texts]
                child = node.first_child
                if child is not None:
                    if child.next is not None or child.tag_id != _TEXT_ID:
                        around.append((node, kind))
                        node = child
                        continue
                    # One text and nothing else, as most elements have: its step in short.
                    text = child.text_content or ""
                    if text.isspace():
                        if pieces:
                            pieces.append(" ")
                    else:
                        if link is not None:
                            words = text.strip()
                            linked += len(words)
                            link.pieces.append(words)
                        if kind != _BLOCK:
                            pieces.append(text)
                        else:
                            if text := squeeze(text):
                                lines.append(Line(text, box, 0, linked))
                            linked = 0
                if kind == _BLOCK:
                    box.end = len(lines)
                    box.last = len(boxes) - 1
                    box = box.parent or box
                elif kind == _LINK and link is not None:
                    link.end = len(lines)
                    link = None
                if len(around) == resume:
                    outside, resume = True, -1
            node = node.next

    def unread(self) -> Unread:
        """Return what was not read."""
        wholes: list[LexborNode] = []
        rests: list[LexborNode] = []
        for passed in self.passed:
            (rests if passed.node is passed.box.node else wholes).append(passed.node)
        return Unread(wholes, rests, self.menus)

    def _leave_out(self, node: LexborNode, box: Box, *, is_stub: bool) -> None:
        """Note that *node*, in *box*, is passed over before the next line."""
        self.passed.append(Passed(len(self.lines), box, node, is_stub=is_stub))
        for around in box.ancestors():
            if around.cut:
                break
            around.cut = True


def has_telling_label(node: LexborNode) -> bool:
    """Tell whether a label of *node* or in it may be anything sought."""
    return any(
        tells_in_label(text)
        for labelled in node.css(_LABELLED)
        for text in _texts(labelled.attributes)
    )


def _unusual(node: LexborNode, stubs: Mapping[int, Part]) -> tuple[int, str]:
    """Return kind and tag of a node whose tag is none of the usual ones."""
    tag = node.tag or ""
    if tag == STUB and stubs:
        return _STUB, tag
    return _KINDS.get(tag, _BLOCK), tag


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    """Tell what _HIDDEN does, of one element."""
    if "hidden" in attributes:
        return True
    if "style" not in attributes:
        return False
    style = (attributes["style"] or "").lower()
    return "display:none" in style or "display: none" in style


def _is_labelled(tag: str | None, attributes: dict[str, str | None]) -> bool:
    """Tell what _LABELLED does, of one element."""
    return (
        "aria-label" in attributes
        or "title" in attributes
        or (tag == "input" and "value" in attributes)
        or (tag in ("img", "amp-img") and "alt" in attributes)
    )


def _texts(attributes: dict[str, str | None]) -> list[str]:
    """Return an element's labels."""
    return [text for name in _LABELS if (text := squeeze(attributes.get(name)))]


def _is_menu(node: LexborNode, stubs: Mapping[int, Part]) -> bool:
    """Tell whether *node* is a menu: many short links, none to an article, and nothing else.

    A page's menus have half of its elements and none of an article's words.  Raises Gap where
    it hangs on what was cut out.
    """
    if stubs and (part := stubs.get(node.mem_id)) is not None:
        return part.is_menu
    links = 0
    for inner in node.traverse():
        if inner.tag_id == _LINK_ID:
            # Most lists lead to articles, which is soon seen.
            if ".html" in (inner.attributes.get("href") or ""):
                return False
            links += 1
    has_stub = bool(stubs) and node.css_first(STUB) is not None
    if (links < _MENU_LINKS and not has_stub) or node.css_first(_NOT_IN_MENUS) is not None:
        return False
    if has_stub:
        raise Gap
    return len(node.text()) < links * _MENU_WORDS
