"""What a page that was read has in common with others.

See :mod:`~hanicrawler.pages.boilerplate`.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Final, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from hanicrawler.pages.cutting import BARE, UNKNOWN, Layout, Part, chain_of, stub_of
from hanicrawler.pages.focus import MARK, beginnings, tells
from hanicrawler.pages.parts import HEADINGS, STUB
from hanicrawler.pages.ranges import ranges_of
from hanicrawler.pages.reading import UNSEEN, has_telling_label
from hanicrawler.pages.templates import SELECTORS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborNode

    from hanicrawler.pages.ranges import Range
    from hanicrawler.pages.reading import Unread

_ANY: Final = ",".join(SELECTORS)
_UNSEEN: Final = "script,style,svg"
"""Elements that no reader sees, wherever they stand."""
_AROUND: Final = frozenset(
    "html head body div main section article header footer aside nav".split()
)
"""Elements in which one is cut out: no text, no table and no list, where tags mean other things."""
_FORBIDDEN: Final = (b"<title", b"<meta", b"<base", b"ld+json", b"__next_data__", STUB.encode())
"""What a part may not hold: what the page says of itself."""
_LEAST: Final = 400
"""Bytes: what is smaller is soon read."""
_PARTS: Final = 24
"""How many parts of a page are cut out."""
_EXAMINED: Final = 300
"""How many elements of a page are compared with other pages."""
_DEEP: Final = 4
"""How deep in an element that differs the same parts are sought."""


class _Run(NamedTuple):
    """Elements of a page that stand side by side."""

    start: int
    end: int
    nodes: list[LexborNode]


class Learner:
    """The comparison of a page with others."""

    def __init__(self, body: bytes, others: tuple[bytes, ...], tree: LexborHTMLParser) -> None:
        self._body = body
        self._others = others
        self._tree = tree
        self._ranges = ranges_of(body)
        self._nodes: dict[str, list[LexborNode]] = {}
        self._kind = UNKNOWN
        self._menus: set[int] = set()
        self._examined = 0
        self._known = {node.mem_id for node in tree.css(_ANY)}

    def layout(self, kind: str, unread: Unread) -> Layout | None:
        """Return the parts that may be cut out of pages like this one; None where none may."""
        self._kind = kind
        self._menus = {node.mem_id for node in unread.menus}
        unseen = self._tree.css(_UNSEEN)
        wholes = [self._range_of(node) for node in (*unread.wholes, *unread.menus, *unseen)]
        places = [[place] for place in wholes if place is not None]
        for node in unread.rests:
            if (place := self._range_of(node)) is not None and place.inside[1:]:
                places.append(place.inside[1:])
        parts = self._parts([run for each in places for run in self._same(each, _DEEP)])
        if not parts:
            return None
        possible = sum(each[-1].end - each[0].start for each in places)
        return Layout(kind, self._body[: self._body.find(b">") + 1], parts, possible)

    def _parts(self, runs: list[_Run]) -> tuple[Part, ...]:
        """Return those of *runs* that may be cut out, in the order of the page."""
        runs = heapq.nlargest(_PARTS, runs, key=lambda run: run.end - run.start)
        runs.sort(key=lambda run: run.start)
        found: list[tuple[Part, _Run]] = []
        end = 0
        for run in runs:
            if run.start >= end and (part := self._part(run, len(found))) is not None:
                found.append((part, run))
                end = run.end
        if found and not self._same_tree(found):
            found = [each for each in found if self._same_tree([each])]
            if not self._same_tree(found):
                return ()
        return tuple(part for part, _ in found)

    def _range_of(self, node: LexborNode) -> Range | None:
        tag = node.tag or ""
        nodes, ranges = self._nodes_of(tag), self._ranges.get(tag, [])
        if len(nodes) != len(ranges):
            return None
        return next((r for r, n in zip(ranges, nodes, strict=True) if n == node), None)

    def _node_of(self, place: Range) -> LexborNode | None:
        nodes = self._nodes_of(place.tag)
        return nodes[place.number] if len(nodes) == len(self._ranges[place.tag]) else None

    def _nodes_of(self, tag: str) -> list[LexborNode]:
        if tag not in self._nodes:
            self._nodes[tag] = self._tree.css(tag)
        return self._nodes[tag]

    def _same(self, places: list[Range], depth: int) -> Iterator[_Run]:
        """Yield the largest of the elements at *places* that another page has too.

        All of them, or each by itself, or what is in it.
        """
        if not places or places[-1].end - places[0].start < _LEAST or self._examined > _EXAMINED:
            return
        self._examined += 1
        start, end = places[0].start, places[-1].end
        nodes = [node for place in places if (node := self._node_of(place)) is not None]
        data = self._body[start:end]
        if len(nodes) == len(places) and any(data in other for other in self._others):
            yield _Run(start, end, nodes)
        elif len(places) > 1:
            for place in places:
                yield from self._same([place], depth)
        elif depth:
            for inner in places[0].inside:
                yield from self._same([inner], depth - 1)

    def _part(self, run: _Run, number: int) -> Part | None:
        """Return *run* as a part; None where it may not be cut."""
        data = self._body[run.start : run.end]
        first = run.nodes[0]
        parent, tag = first.parent, first.tag or ""
        if parent is None or any(word in data.lower() for word in _FORBIDDEN):
            return None
        chain = chain_of(parent, self._kind)
        if any(name not in _AROUND for name, *_ in chain) or self._is_known(parent):
            return None
        is_menu = first.mem_id in self._menus
        if not all(node.parent == parent and _may_go(node, is_menu) for node in run.nodes):
            return None
        if len(run.nodes) > 1 and (tag in UNSEEN or tag in HEADINGS or _between(run.nodes)):
            return None
        seen = () if is_menu else run.nodes
        text = MARK.join(node.text(separator=MARK) for node in seen if node.tag not in UNSEEN)
        has_form = tag not in BARE and b"<form" in data.lower()
        return Part(
            data=data,
            tag=tag,
            number=str(number),
            stub=stub_of(tag, number, has_form=has_form),
            around=chain,
            openings=data.count(b"<"),
            size=len(text),
            starts=beginnings(text),
            is_heading=any(_is_heading(node) for node in run.nodes),
            has_form=has_form,
            is_menu=is_menu,
        )

    def _is_known(self, node: LexborNode | None) -> bool:
        """Tell whether *node* stands in an element that a template knows, or is one."""
        while node is not None:
            if node.mem_id in self._known:
                return True
            node = node.parent
        return False

    def _same_tree(self, found: list[tuple[Part, _Run]]) -> bool:
        """Tell whether the page is the same with and without the parts *found*, but for them."""
        pieces: list[bytes] = []
        at = 0
        for part, run in found:
            pieces += (self._body[at : run.start], part.stub)
            at = run.end
        pieces.append(self._body[at:])
        html = LexborHTMLParser(b"".join(pieces)).html or ""
        for part, run in found:
            html = html.replace(part.stub.decode(), _html(run.nodes), 1)
        return html == self._tree.html


def _may_go(node: LexborNode, is_menu: bool) -> bool:
    """Tell whether nothing of *node* is sought, wherever it stands."""
    if node.css_first(_ANY) is not None:
        return False
    if is_menu or node.tag in UNSEEN:
        return True
    return not tells(node.text(separator=MARK)) and not has_telling_label(node)


def _is_heading(node: LexborNode) -> bool:
    """Tell whether *node* is or begins with a heading."""
    child = node.first_child
    while child is not None and child.tag in ("-text", "-comment"):
        child = child.next
    return node.tag in HEADINGS or (child is not None and child.tag in HEADINGS)


def _between(nodes: list[LexborNode]) -> bool:
    """Tell whether text stands between *nodes*, which stand side by side."""
    node = nodes[0].next
    while node is not None and node != nodes[-1]:
        if node.tag == "-text" and (node.text_content or "").strip():
            return True
        node = node.next
    return False


def _html(nodes: list[LexborNode]) -> str:
    """Return the markup of *nodes*, which stand side by side, and of the text between them."""
    found = [nodes[0].html or ""]
    node: LexborNode | None = nodes[0]
    while node is not None and node != nodes[-1]:
        node = node.next
        found.append((node.html or "") if node is not None else "")
    return "".join(found)
