"""A page in reading order: its lines, the boxes they stand in, its links and pictures.

One pass over the tree makes flat lists of it.  Whatever is looked for afterwards, a landmark
or the text of a template's element, is looked for in those lists: a box knows which lines
stand in it, so "inside" is a comparison of two numbers and no reader walks the tree again.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from hanicrawler.pages.errors import PageError
from hanicrawler.pages.parts import Box, Label, Line, Link, Picture, squeeze
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from hanicrawler.site import ArticleAddress

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

_BLOCK, _INLINE, _LINK, _IMAGE, _BREAK, _TEXT, _UNSEEN, _LIST = range(8)
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

MAX_DEPTH: Final = 1000
"""Elements in elements that a page may have; deeper ones take a parser seconds to read."""

_WHOLE_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\s\\]*)?")
_PATH: Final = re.compile(r"/(?![/.])(?:(?!/\.)[^\s\\])*")
_ORIGIN: Final = re.compile(r"https?://[^/?#\s]+")
_UNKNOWN: Final = "unknown"
_MANY_TAGS: Final = 10_000
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
# Closed by their neighbours or empty: unclosed ones do not nest.
_NOT_NESTING: Final = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source td th tr "
    "track wbr".split()
)
_HIDDEN: Final = '[hidden],[style*="display:none" i],[style*="display: none" i]'
_MENU_LINKS: Final = 12
_MENU_WORDS: Final = 30
"""Characters a link, on average."""
_NOT_IN_MENUS: Final = 'a[href*=".html"],h1,h2,h3,h4,h5,h6,p,figure,img[alt*=" "],dl,time'
_LABELLED: Final = "[aria-label],[title],input[value],img[alt],amp-img[alt]"


class Document:
    """One parsed page.

    Raises PageError (``too_deep``) for a page that is nested beyond reason.
    """

    def __init__(self, markup: str, url: str) -> None:
        require_shallow(markup, url)
        self.url = url
        self.tree = LexborHTMLParser(markup)
        base = self.tree.css_first("base[href]")
        self._absolute: dict[str, str | None] = {}
        self._base = url
        if base is not None:
            self._base = _join(url, (base.attributes.get("href") or "").strip()) or url

    def absolute(self, href: str) -> str | None:
        """Return *href* as an absolute http(s) URL, or None where it is none."""
        known = self._absolute.get(href, _UNKNOWN)
        if known is _UNKNOWN:
            known = self._absolute[href] = _join(self._base, href)
        return known

    @property
    def lines(self) -> list[Line]:
        """The page's lines in reading order."""
        return self._reading.lines

    @property
    def boxes(self) -> list[Box]:
        """The page's blocks, each before the blocks in it."""
        return self._reading.boxes

    @property
    def links(self) -> list[Link]:
        """The page's links in reading order."""
        return self._reading.links

    @property
    def pictures(self) -> list[Picture]:
        """The page's pictures in reading order."""
        return self._reading.pictures

    @property
    def labels(self) -> list[Label]:
        """The page's words in attributes, in reading order."""
        return self._reading.labels

    @cached_property
    def links_by_line(self) -> dict[int, list[Link]]:
        """The links that begin in each line, by the line's index."""
        found: dict[int, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.line, []).append(link)
        return found

    @cached_property
    def story_links(self) -> list[tuple[Link, ArticleAddress]]:
        """The links to articles of the site, each with the article it names, in reading order."""
        found = []
        for link in self.links:
            if ".html" not in link.href:
                continue
            url = self.absolute(link.href)
            address = article_address(url) if url else None
            if address is not None:
                found.append((link, address))
        return found

    def box_of(self, node: LexborNode) -> Box | None:
        """Return the box of the block element *node*; None for an inline or unseen element."""
        return self._reading.by_node.get(node.mem_id)

    @cached_property
    def _reading(self) -> _Reading:
        return _Reading(self.tree)


class _Reading:
    """The pass over the tree.

    It costs more than all that is looked for afterwards, so it is one loop over local names:
    a quarter of a microsecond a node counts here, and nowhere else in this room.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self.lines: list[Line] = []
        self.boxes: list[Box] = []
        self.links: list[Link] = []
        self.pictures: list[Picture] = []
        self.labels: list[Label] = []
        self._hidden = {node.mem_id for node in tree.css(_HIDDEN)}
        self._labelled = {node.mem_id for node in tree.css(_LABELLED)}
        if tree.body is not None:
            self._walk(tree.body)

    @cached_property
    def by_node(self) -> dict[int, Box]:
        """Boxes by their node's identity."""
        return {box.node.mem_id: box for box in self.boxes}

    def _walk(self, root: LexborNode) -> None:
        """Read the tree below *root* without recursion: a hostile page may be deep."""
        lines, boxes, hidden, labelled = self.lines, self.boxes, self._hidden, self._labelled
        box = Box(0, "body", None, root, 0)
        boxes.append(box)
        link: Link | None = None
        pieces: list[str] = []
        linked = breaks = 0
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
                if kind == _LIST:
                    if _is_menu(node):
                        node = node.next
                        continue
                    kind = _BLOCK
                if kind == _BLOCK:
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
                if labelled and node.mem_id in labelled:
                    after = len(lines) + bool(pieces)
                    if kind == _IMAGE:
                        self.pictures.append(Picture(node, box, after, link))
                    self._label(node, box, after)
                elif kind == _IMAGE:
                    after = len(lines) + bool(pieces)
                    self.pictures.append(Picture(node, box, after, link))
                child = node.first_child
                if child is not None or kind in (_BLOCK, _LINK):
                    around.append((node, kind))
                    node = child
                    continue
            node = node.next

    def _label(self, node: LexborNode, box: Box, line: int) -> None:
        attributes = node.attributes
        for name in ("aria-label", "alt", "title", "value"):
            if text := squeeze(attributes.get(name)):
                self.labels.append(Label(text, node, box, line))


def _is_menu(node: LexborNode) -> bool:
    """Tell whether *node* is a menu: many short links, none to an article, and nothing else.

    A page's menus have half of its elements and none of an article's words.
    """
    links = len(node.css("a"))
    if links < _MENU_LINKS or node.css_first(_NOT_IN_MENUS) is not None:
        return False
    return len(node.text()) < links * _MENU_WORDS


def _join(base: str, href: str) -> str | None:
    if not href or href[0] == "#":
        return None
    # Nearly every link is written in one of two ways, and urljoin takes ten times as long.
    if _WHOLE_URL.fullmatch(href):
        return href
    if _PATH.fullmatch(href) and (origin := _ORIGIN.match(base)):
        return origin[0] + href
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def require_shallow(markup: str, url: str) -> None:
    """Raise PageError (``too_deep``) where *markup* nests elements beyond MAX_DEPTH."""
    if markup.count("<") < _MANY_TAGS:
        return
    depth = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _NOT_NESTING:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            raise PageError("too_deep", url, f"more than {MAX_DEPTH} elements in each other")
