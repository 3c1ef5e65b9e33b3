"""Lists of stories on a page: related stories, most viewed, list pages.

A link to a story is often printed twice, as a thumbnail and as a headline, and a ranking's
links carry their number: each story is given once, with its headline's words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hanicrawler.items import StoryLink
from hanicrawler.pages.document import HEADINGS, Box, Document, Link, squeeze
from hanicrawler.pages.words import STAMP, is_furniture
from hanicrawler.site import article_address, on_site

if TYPE_CHECKING:
    from collections.abc import Iterable

_RANK: Final = re.compile(r"(?:no\.?\s?)?0?\d{1,2}[.)위]?", re.I)
_RANK_BEFORE: Final = re.compile(r"0?(\d{1,2})[.)]\s+")
_TITLE_PART: Final = (
    "h1,h2,h3,h4,h5,h6,strong,"
    "[class*=title],[class*=Title],[class*=tit],[class*=headline],[class*=subject]"
)


def list_region(document: Document, heading: int, box: Box, stops: Iterable[int]) -> range:
    """Return which lines the list below a heading covers.

    *heading* is the index of the list's first line, right after its heading, *box* the heading's
    box or the labelled element's, *stops* the indexes of other landmarks.  The list is in the
    smallest box around the heading that holds links to stories after it; another heading or
    landmark ends it.
    """
    starts = [
        link.line for link in document.links if link.line >= heading and _is_story(document, link)
    ]
    for around in box.ancestors():
        inside = [line for line in starts if line < around.end]
        if not inside:
            continue
        first = inside[0]
        end = around.end
        for stop in stops:
            if heading <= stop < end:
                end = stop
        for index in range(first, end):
            line = document.lines[index]
            if line.box.tag in HEADINGS and not line.is_link and index > first:
                end = index
                break
        if first >= end:
            return range(heading, heading)
        return range(heading, end)
    return range(heading, heading)


def stories(document: Document, region: range | None = None) -> list[StoryLink]:
    """Return the stories linked in the lines of *region* (the whole page for None), in order.

    Each story of the site once, off-site links too where they stand in a list of stories.
    """
    found: dict[object, StoryLink] = {}
    for link in document.links:
        if region is not None and not region.start <= link.line < region.stop:
            continue
        url = document.absolute(link.href)
        if url is None:
            continue
        address = article_address(url)
        if address is None:
            headline = _headline(link)
            if region is not None and not on_site(url) and headline and not is_furniture(headline):
                found.setdefault(url, StoryLink(url=url, headline=headline))
            continue
        headline = _headline(link)
        known = found.get(address.key)
        if known is not None and (known.headline or not headline):
            continue
        found[address.key] = StoryLink(
            url=address.url,
            headline=headline,
            edition=address.edition,
            source_id=address.source_id,
        )
    return list(found.values())


def listed_dates(document: Document) -> dict[tuple[str, int], str]:
    """Return the date a list prints beside each story, by edition and id, in the page's words."""
    dates: dict[tuple[str, int], str] = {}
    links = [
        (link, address.key)
        for link in document.links
        if (url := document.absolute(link.href)) and (address := article_address(url))
    ]
    for index, line in enumerate(document.lines):
        match = STAMP.search(line.text) if len(line.text) < 120 else None
        if match is None:
            continue
        for box in line.box.ancestors():
            inside = {key for link, key in links if box.holds(link.line)}
            if inside:
                if len(inside) == 1:
                    dates.setdefault(inside.pop(), match[0])
                elif before := [key for link, key in links if link.line <= index]:
                    dates.setdefault(before[-1], match[0])
                break
    return dates


def _is_story(document: Document, link: Link) -> bool:
    url = document.absolute(link.href)
    return url is not None and article_address(url) is not None


def _headline(link: Link) -> str:
    """Return the words of *link*: its title's where it has one, without a rank."""
    part = link.node.css_first(_TITLE_PART) if len(link.pieces) > 1 else None
    if part is not None and not _RANK.fullmatch(text := squeeze(part.text())) and text:
        return text
    pieces = list(link.pieces)
    rank = pieces.pop(0) if len(pieces) > 1 and _RANK.fullmatch(pieces[0]) else ""
    if link.line == link.end:
        text = squeeze(squeeze(link.node.text()).removeprefix(rank))
    else:
        text = pieces[0] if pieces else ""
    text = _RANK_BEFORE.sub("", text, count=1)
    return text or squeeze(link.node.attributes.get("title")) or _alt(link)


def _alt(link: Link) -> str:
    image = link.node.css_first("img[alt]")
    return squeeze(image.attributes.get("alt")) if image else ""
