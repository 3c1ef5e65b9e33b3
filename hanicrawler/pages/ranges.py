"""Where in a page's bytes its elements stand.

The tree does not say it.  What is read here of the markup is no more than its tags, so a page
that is written carelessly may be read wrongly: whoever uses a range compares what it makes of
the page with the tree (see :mod:`~hanicrawler.pages.boilerplate`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

_TAG: Final = re.compile(rb"<!--|<(/?)([a-zA-Z][a-zA-Z0-9-]{0,40})(?=[\s/>])[^<>]*>")
_EMPTY: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)
_RAW: Final = frozenset("script style title textarea xmp iframe noembed noframes".split())
"""Elements that hold text only."""
_FOREIGN: Final = frozenset(("svg", "math"))
"""Elements in which a tag may close itself."""


@dataclass(slots=True, eq=False)
class Range:
    """An element of the page."""

    tag: str
    number: int
    """How many elements with its tag begin before it."""
    start: int
    """Its first byte."""
    end: int = -1
    """The byte behind it; -1 where nothing closes it."""
    inside: list[Range] = field(default_factory=list)
    """The elements right in it."""


def ranges_of(markup: bytes) -> dict[str, list[Range]]:
    """Return the elements of *markup* by their tags, each in the order of their beginnings."""
    found: dict[str, list[Range]] = {}
    opened: list[Range] = []
    at = foreign = 0
    while match := _TAG.search(markup, at):
        at = match.end()
        if match[2] is None:
            at = markup.find(b"-->", at) + 3
            if at < 3:
                break
            continue
        tag = match[2].decode("ascii").lower()
        if match[1]:
            _close(opened, tag, at)
            foreign -= tag in _FOREIGN
            continue
        same = found.setdefault(tag, [])
        element = Range(tag, len(same), match.start())
        same.append(element)
        if opened:
            opened[-1].inside.append(element)
        if tag in _EMPTY or (foreign > 0 and markup[at - 2 : at - 1] == b"/"):
            element.end = at
            continue
        if tag in _RAW and foreign <= 0:
            close = b"</%b>" % match[2]
            at = markup.find(close, at) + len(close)
            if at < len(close):
                break
            element.end = at
            continue
        foreign += tag in _FOREIGN
        opened.append(element)
    return found


def _close(opened: list[Range], tag: str, end: int) -> None:
    """Close the last open element with *tag*, and whatever stands open in it."""
    for depth in range(len(opened) - 1, max(len(opened) - 20, -1), -1):
        if opened[depth].tag == tag:
            opened[depth].end = end
            del opened[depth:]
            return
