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
from hanicrawler.pages.words import INVITATION, ends_a_sentence
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
_STEPS: Final = (0, -1, 1)
"""By Line.breaks; where the sum over a box's lines is below 0, single breaks part its text."""
_LONGEST: Final = 200
"""Characters: no longer name is remembered."""
_PARAGRAPH_TAGS: Final = frozenset("p blockquote h1 h2 h3 h4 h5 h6 li pre dd dt".split())


def is_running(line: Line) -> bool:
    """Tell whether *line* is running text by its own looks."""
    return len(line.text) >= _LONG and not line.is_link


def is_emphasised(document: Document, line: Line) -> bool:
    """Tell whether all of *line* is bold or in italics."""
    document.require_uncut(line.box, line.box.start)
    return any(squeeze(node.text()) == line.text for node in line.box.node.css("strong,b,em,i"))


def is_short_running(line: Line) -> bool:
    """Tell whether *line* is running text where no line is long: it ends as a sentence does."""
    return not line.is_link and ends_a_sentence(line.text)


def is_cell(line: Line) -> bool:
    """Tell whether *line* is a number in a table."""
    return line.text.isdigit() and line.box.tag in ("td", "th")


def body_box(document: Document, running: Iterable[int]) -> Box | None:
    """Return the innermost box that holds nearly all of the lines *running*, by their length.

    None where there are none.
    """
    boxes = document.boxes
    weights: dict[int, int] = {}
    total = 0
    for index in running:
        line = document.lines[index]
        total += len(line.text)
        weights[line.box.index] = weights.get(line.box.index, 0) + len(line.text)
    if not total:
        return None
    # Boxes are numbered outer ones first: from the last one on, each one's weight goes to the
    # box around it, and the first one heavy enough is the innermost.
    at = max(weights)
    while (weight := weights.get(at, 0)) < total * _SHARE:
        if weight and (around := boxes[at].parent) is not None:
            weights[around.index] = weights.get(around.index, 0) + weight
        at -= 1
    found = boxes[at]
    while found.parent is not None and (
        found.tag in _PARAGRAPH_TAGS or found.end - found.start == 1
    ):
        # A single paragraph is no body yet: its neighbours may be short ones.
        found = found.parent
    return found


def body_lines(document: Document, box: Box, candidates: Iterable[int]) -> list[int]:
    """Return which of the *candidates* are the article's own text in its body *box*."""
    lines = document.lines
    start, end = box.start, box.end
    foreign = _invitations(document, box)
    found = []
    for index in candidates:
        if not start <= index < end:
            continue
        line = lines[index]
        if line.box is not box and _is_foreign(line.box, box, foreign):
            continue
        if not line.is_link or _is_linked_sentence(document, index):
            found.append(index)
    return found


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
    chosen = [document.lines[index] for index in indexes]
    if 1 not in {line.breaks for line in chosen}:
        return tuple([line.text for line in chosen])
    lines = document.lines
    blank: dict[int, int] = {}
    for index in indexes:
        line = lines[index]
        blank[line.box.index] = blank.get(line.box.index, 0) + _STEPS[line.breaks]
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


def _is_foreign(box: Box, body: Box, known: dict[int, bool]) -> bool:
    """Tell whether *box*, in the *body*, or a box between them is not the article's own text."""
    if box is body or box.index < body.index:
        return False
    answer = known.get(box.index)
    if answer is None:
        answer = box.tag in _NOT_BODY_TAGS or _has_foreign_name(box)
        if not answer and box.parent is not None and box.parent is not body:
            answer = _is_foreign(box.parent, body, known)
        known[box.index] = answer
    return answer


def _has_foreign_name(box: Box) -> bool:
    attributes = box.node.attributes
    if not attributes:
        return False
    name, ident = attributes.get("class"), attributes.get("id")
    return bool((name and _is_foreign_name(name)) or (ident and _is_foreign_name(ident)))


def _is_foreign_name(name: str) -> bool:
    return _look(name) if len(name) > _LONGEST else _look_once(name)


def _look(name: str) -> bool:
    return bool(_NOT_BODY_NAMES.search(name))


_look_once = lru_cache(maxsize=1024)(_look)  # names are a template's, not a page's
