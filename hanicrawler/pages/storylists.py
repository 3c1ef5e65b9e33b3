"""Lists of stories on a page: related stories, most viewed, list pages.

A link to a story is often printed twice, as a thumbnail and as a headline, and a ranking's
links carry their number: each story is given once, with its headline's words.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from hanicrawler.items import StoryLink
from hanicrawler.pages.clues import MAX_HEADING
from hanicrawler.pages.parts import HEADINGS, squeeze
from hanicrawler.pages.words import STAMP, is_furniture
from hanicrawler.site import article_address, on_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from hanicrawler.pages.document import Document
    from hanicrawler.pages.parts import Box, Link
    from hanicrawler.site import ArticleAddress

_MAX_TEASER: Final = 4
"""Lines: headline, summary, date, author."""
_NO_TEASER: Final = frozenset({"body", "main", "article"})
_LIST_TAGS: Final = frozenset({"ul", "ol", "dl", "table"})
_RANK: Final = re.compile(r"(?:no\.?\s?)?0?\d{1,2}[.)위]?", re.I)
_MAX_RANK: Final = 8
_RANK_BEFORE: Final = re.compile(r"0?(\d{1,2})[.)]\s+")
_TITLE_TAGS: Final = HEADINGS | {"strong"}
_TITLE_CLASS: Final = re.compile("tit|Title|headline|subject")
_LONGEST: Final = 1_000
"""Characters: no longer address or headline is remembered."""


class Heading(NamedTuple):
    """Where a list's heading stands: a line of its own, or the label of the list's element."""

    line: int
    """Index of its line; of the first line inside the element for a label."""
    first: int
    """Index of the first line that may be the list's."""
    box: Box


class Region(NamedTuple):
    """The lines a list covers, and the box it stands in."""

    lines: range
    box: Box | None = None

    def holds(self, link: Link) -> bool:
        """Tell whether *link* is part of the list."""
        return (
            self.box is not None
            and self.lines.start <= link.line < self.lines.stop
            and self.box.surrounds(link.box)
        )


def list_region(document: Document, heading: Heading, stops: Iterable[int]) -> Region:
    """Return which lines the list below *heading* covers; none where no list follows.

    *stops* are the indexes of other landmarks.  The list is in the smallest box around the
    heading that holds links to stories after it; another heading or landmark ends it.
    """
    lines, links = document.lines, document.story_links
    for around in heading.box.ancestors():
        first = _first_in(around, links, heading.first)
        if first is None:
            document.require_uncut(around, heading.line)
            continue
        end = min([stop for stop in stops if stop > heading.line], default=around.end)
        end = min(end, around.end)
        for index in range(first + 1, end):
            line = lines[index]
            # Most lines of a list are headlines: longer than a heading, and links.
            if len(line.text) > MAX_HEADING and line.box.tag not in HEADINGS:
                continue
            if not line.is_link and _heads_another(document, index, around):
                end = index
                break
        document.require_uncut(around, heading.line, end)
        return Region(range(heading.first, end), around) if first < end else NOWHERE
    return NOWHERE


def _first_in(box: Box, links: list[tuple[Link, ArticleAddress]], since: int) -> int | None:
    """Return the line of the first of *links* that is in *box*, from line *since* on."""
    start, last, end = box.index, box.last, box.end
    for link, _ in links:
        line = link.line
        if line > end:
            break
        if line >= since and start <= link.box.index <= last:
            return line
    return None


NOWHERE: Final = Region(range(0))


def lists_below(document: Document, first: Heading, second: Heading) -> list[Box]:
    """Return the lists of stories after two headings, in the smallest box around them all."""
    links = [link for link, _ in document.story_links if link.line >= second.first]
    for around in first.box.ancestors():
        inside = [link for link in links if around.surrounds(link.box)]
        if inside and around.surrounds(second.box):
            return list(dict.fromkeys(box for link in inside if (box := _list_around(link.box))))
    return []


def _heads_another(document: Document, index: int, around: Box) -> bool:
    """Tell whether line *index* heads another list than the one before it in *around*.

    It is a heading by its element, or a few words between two lists.
    """
    line = document.lines[index]
    if line.box.tag in HEADINGS:
        return True
    if len(line.text) > MAX_HEADING or is_furniture(line.text) or STAMP.search(line.text):
        return False
    document.require_uncut(around, index)
    before = [link for link, _ in document.story_links if link.line < index]
    after = [link for link, _ in document.story_links if link.line >= index]
    if not before or not after or not around.surrounds(after[0].box):
        return False
    left, right = _list_around(before[-1].box), _list_around(after[0].box)
    apart = left is not None and right is not None and left is not right
    return apart and not any(box and box.surrounds(line.box) for box in (left, right))


def _list_around(box: Box) -> Box | None:
    return next((outer for outer in box.ancestors() if outer.tag in _LIST_TAGS), None)


def stories(document: Document, region: Region) -> list[StoryLink]:
    """Return the stories linked in *region*, in order: each once, off-site ones too."""
    found: dict[str, StoryLink] = {}
    lines = region.lines
    for link in document.links:
        if not lines.start <= link.line < lines.stop or not region.holds(link):
            continue
        story = story_of(document, link) or _off_site(document, link)
        if story is not None and (story.url not in found or not found[story.url].headline):
            found[story.url] = story
    return list(found.values())


def story_of(document: Document, link: Link) -> StoryLink | None:
    """Return the article of the site that *link* leads to, or None."""
    url = document.absolute(link.href)
    if url is None or article_address(url) is None:
        return None
    headline = _headline(link)
    if len(url) > _LONGEST or len(headline) > _LONGEST:
        return _story.__wrapped__(url, headline)
    return _story(url, headline)


@lru_cache(maxsize=2048)  # the same ranking stands on every page of a run
def _story(url: str, headline: str) -> StoryLink | None:
    """Return the article of the site that *url* names, called *headline*."""
    address = article_address(url)
    if address is None:
        return None
    return StoryLink(
        url=address.url, headline=headline, edition=address.edition, source_id=address.source_id
    )


def teasers(document: Document, headline: range) -> frozenset[int]:
    """Return the indexes of lines that stand in teasers of stories.

    A teaser is a small box that begins with a story's linked headline: what else stands in it
    is said of that story.  The lines of the page's own *headline* are none.
    """
    found: set[int] = set()
    lines = document.lines
    at, teaser = -1, None
    for link, _ in document.story_links:
        if link.line == at and teaser is not None and teaser.surrounds(link.box):
            continue  # one teaser's picture and its headline
        at, teaser = link.line, None
        if at >= len(lines) or at in headline or not lines[at].is_link:
            continue
        found.add(at)
        box: Box | None = link.box
        while box is not None and at - 1 <= box.start and box.end - box.start <= _MAX_TEASER:
            if box.tag in _NO_TEASER:
                break
            teaser, box = box, box.parent
        if teaser is not None:
            found.update(range(teaser.start, teaser.end))
    return frozenset(found)


def _off_site(document: Document, link: Link) -> StoryLink | None:
    url = document.absolute(link.href)
    headline = _headline(link)
    if url is None or on_site(url) or not headline or is_furniture(headline):
        return None
    return StoryLink(url=url, headline=headline)


def listed_dates(document: Document) -> dict[str, str]:
    """Return the date a list prints beside each story, by canonical URL, in the page's words."""
    dates: dict[str, str] = {}
    links = [(link, address.url) for link, address in document.story_links]
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


def _headline(link: Link) -> str:
    """Return the words of *link*: its title's where it has one, without a rank."""
    pieces = link.pieces
    rank = ""
    if len(pieces) > 1:
        if text := _title_part(link):
            return text
        if _is_rank(pieces[0]):
            rank = pieces[0]
    if link.line == link.end:
        text = squeeze(squeeze(link.node.text()).removeprefix(rank))
    else:
        text = squeeze(pieces[1 if rank else 0]) if pieces else ""
    if ". " in text or ") " in text:
        text = _RANK_BEFORE.sub("", text, count=1)
    return text or squeeze(link.node.attributes.get("title")) or _alt(link)


def _title_part(link: Link) -> str:
    """Return the words of the first element in *link*, or itself, that is named a title."""
    part = title_in(link.node)
    if part is None:
        return ""
    text = squeeze(part.text())
    return "" if _is_rank(text) else text


def title_in(node: LexborNode) -> LexborNode | None:
    """Return the first element in *node*, or itself, whose tag or class says it is a title."""
    # Asked of every link of a list: a selector would be read anew for each.
    for inner in node.traverse():
        if inner.tag in _TITLE_TAGS:
            return inner
        names = inner.attributes.get("class")
        if names and _TITLE_CLASS.search(names):
            return inner
    return None


def _is_rank(text: str) -> bool:
    return len(text) <= _MAX_RANK and _is_rank_once(text)


@lru_cache(maxsize=128)  # a ranking has few
def _is_rank_once(text: str) -> bool:
    return _RANK.fullmatch(text) is not None


def _alt(link: Link) -> str:
    image = link.node.css_first("img[alt]")
    return squeeze(image.attributes.get("alt")) if image else ""
