"""The article's running text: where it stands, and where its paragraphs part.

Running text is long lines that are not links.  The body is the innermost box that holds nearly
all of the running text between the headline and what the site prints after an article; what
stands in the body but is not said by the article (a figure, an aside, a button, a list of links)
is left out.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.parts import squeeze
from hanicrawler.pages.words import INVITATION, ends_a_sentence, is_furniture
from hanicrawler.site import on_site

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from hanicrawler.pages.document import Document
    from hanicrawler.pages.parts import Box, Line

_LONG: Final = 60
"""Characters: a line this long that is no link is running text."""
_SHARE: Final = 0.8
"""The part of all running text that the body holds at the least."""
_MAX_BUTTON: Final = 20
_MAX_INVITATION: Final = 5
"""Lines."""
_NOT_BODY_TAGS: Final = frozenset(
    "figure figcaption aside nav form footer button fieldset menu dialog amp-img amp-ad".split()
)
_NOT_BODY_NAMES: Final = re.compile(
    r"(?:^|[\s_-])(?:newsletter|subscri|promo|advert|ads?|adbox|banner|share|sns|social|comments?|reply"
    r"|related|recommend|cookie|copyright|toolbar|tools|btn|sponsor|donat|support|poll|popup|editors?-?pick"
    r"|twitter-tweet|instagram-media|fb-post|fb-video|tiktok-embed)"
    r"(?:$|[\s_-]|box|s\b|tion|e\b)",
    re.I,
)
_PARAGRAPH_TAGS: Final = frozenset("p blockquote h1 h2 h3 h4 h5 h6 li pre dd dt".split())


def is_running(line: Line) -> bool:
    """Tell whether *line* is running text by its own looks."""
    return not line.is_link and len(line.text) >= _LONG


def is_emphasised(line: Line) -> bool:
    """Tell whether all of *line* is bold or in italics."""
    return any(squeeze(node.text()) == line.text for node in line.box.node.css("strong,b,em,i"))


def body_box(document: Document, candidates: Iterable[int], until: int) -> Box | None:
    """Return the innermost box that holds nearly all running text of the *candidates*.

    *candidates* are indexes of lines that may be body.  Where no line is long, any line before
    *until* that ends as a sentence counts.  None where nothing counts.
    """
    lines = document.lines
    indexes = [index for index in candidates if not is_furniture(lines[index].text)]
    weights: dict[int, int] = {}
    running = [index for index in indexes if is_running(lines[index])] or [
        index
        for index in indexes
        if index < until and not lines[index].is_link and ends_a_sentence(lines[index].text)
    ]
    total = 0
    for index in running:
        weight = len(lines[index].text)
        total += weight
        for box in lines[index].box.ancestors():
            weights[box.index] = weights.get(box.index, 0) + weight
    if not total:
        return None
    # Boxes are numbered outer ones first: the last one heavy enough is the innermost.
    found = document.boxes[max(i for i, w in weights.items() if w >= total * _SHARE)]
    while found.parent is not None and (
        found.tag in _PARAGRAPH_TAGS or found.end - found.start == 1
    ):
        # A single paragraph is no body yet: its neighbours may be short ones.
        found = found.parent
    return found


def body_lines(document: Document, box: Box, candidates: Iterable[int]) -> list[int]:
    """Return which of the *candidates* are the article's own text in its body *box*."""
    lines = document.lines
    foreign = _invitations(document, box)
    return [
        index
        for index in candidates
        if box.holds(index)
        and not (is_furniture(lines[index].text) and not _is_cell(lines[index]))
        and not (lines[index].is_link and not _is_linked_sentence(document, index))
        and not _is_foreign(lines[index].box, box, foreign)
    ]


def _invitations(document: Document, body: Box) -> dict[int, bool]:
    """Return the small boxes in the *body* that ask to subscribe, by their index."""
    found: dict[int, bool] = {}
    for line in document.lines[body.start : body.end]:
        if len(line.text) < _MAX_BUTTON and INVITATION.fullmatch(line.text):
            for box in line.box.ancestors():
                if box is body or box.end - box.start > _MAX_INVITATION:
                    break
                found[box.index] = True
    return found


def _is_linked_sentence(document: Document, index: int) -> bool:
    """Tell whether line *index* is a paragraph whose sentence leads to another site."""
    line = document.lines[index]
    if line.box.tag != "p" or not ends_a_sentence(line.text):
        return False
    urls = [document.absolute(link.href) for link in document.links_by_line.get(index, ())]
    return bool(urls) and not any(url is None or on_site(url) for url in urls)


def paragraphs(document: Document, indexes: Sequence[int]) -> tuple[str, ...]:
    """Return the paragraphs that the lines *indexes* make.

    Block borders and blank lines part paragraphs.  A single line break parts them too, but
    where the text uses blank lines for that: there it is a break inside a paragraph.
    """
    lines = document.lines
    blank: dict[int, int] = {}
    for index in indexes:
        line = lines[index]
        step = {1: -1, 2: 1}.get(line.breaks, 0)
        blank[line.box.index] = blank.get(line.box.index, 0) + step
    if len(blank) > 1:
        # Where paragraphs have elements of their own, a break inside one parts none.
        blank.update({i: 0 for i in blank if document.boxes[i].tag in _PARAGRAPH_TAGS})
    found: list[list[str]] = []
    last = -2
    for index in indexes:
        line = lines[index]
        joined = (
            line.breaks == 1
            and last == index - 1
            and lines[last].box is line.box
            and blank[line.box.index] >= 0
        )
        if joined:
            found[-1].append(line.text)
        else:
            found.append([line.text])
        last = index
    return tuple("\n".join(parts) for parts in found)


def without(indexes: Iterable[int], *regions: Collection[int]) -> list[int]:
    """Return *indexes* without those in any of *regions*."""
    taken = set().union(*regions)
    return [index for index in indexes if index not in taken]


def _is_cell(line: Line) -> bool:
    """Tell whether *line* is a number in a table."""
    return line.text.isdigit() and line.box.tag in ("td", "th")


def _is_foreign(box: Box, body: Box, known: dict[int, bool]) -> bool:
    """Tell whether *box*, in the *body*, or a box between them is not the article's own text."""
    if box is body or box.index < body.index:
        return False
    answer = known.get(box.index)
    if answer is None:
        answer = box.tag in _NOT_BODY_TAGS or _has_foreign_name(box)
        if not answer and box.parent is not None:
            answer = _is_foreign(box.parent, body, known)
        known[box.index] = answer
    return answer


def _has_foreign_name(box: Box) -> bool:
    attributes = box.node.attributes
    name = attributes.get("class") or ""
    ident = attributes.get("id") or ""
    return bool(name or ident) and _is_foreign_name(f"{name} {ident}")


@lru_cache(maxsize=1024)  # names are a template's, not a page's
def _is_foreign_name(name: str) -> bool:
    return bool(_NOT_BODY_NAMES.search(name))
