"""An article's pictures, each with one caption.

The site prints a caption twice, as the picture's alt text and as its caption: that is one.  A
caption is known by standing in the picture's figure, by repeating its alt text, or by ending
with a credit in parentheses right beside the picture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from hanicrawler.items import Image
from hanicrawler.pages.parts import HEADINGS
from hanicrawler.pages.words import is_byline, is_furniture, is_landmark
from hanicrawler.site import article_address, on_site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hanicrawler.pages.document import Document
    from hanicrawler.pages.parts import Box, Line, Picture

_CREDIT_END: Final = re.compile(r"\([^()]{2,80}\)\.?$")
_CAPTION_NAME: Final = re.compile(r"caption|\bdesc|legend|credit|\bcap\b|photo-?text", re.I)
_ICON: Final = re.compile(
    r"(?:^|[/_.-])(?:logo|icon|ico|btn|button|sns|spacer|blank|pixel|bullet|banner|ads?|arrow)s?"
    r"(?:[/_.-]|\d|$)",
    re.I,
)
_WRITER_NAME: Final = re.compile(
    r"(?:^|[\s_-])(?:writer|reporter|author|profile|journalist|kiza)(?:$|[\s_-]|info|box)", re.I
)
_NO_PICTURES: Final = HEADINGS | {"nav", "header", "aside", "button"}
_REGIONS: Final = frozenset({"body", "main", "article", "section"})
_MIN_ALT: Final = 12
_CAPTION_LENGTH: Final = 30
_SMALL: Final = 60
"""Pixels: a smaller picture is an ornament."""
_MAX_SIZE: Final = 10
"""Digits: what has more is no size."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """A picture and the lines that are its caption."""

    image: Image
    lines: frozenset[int]
    """Indexes of the lines that print the caption."""
    box: Box


def read_pictures(
    document: Document, region: range, headline: str, own_key: object, body: Box | None = None
) -> list[Captioned]:
    """Return the article's pictures among those in the lines of *region*.

    *headline* is no caption though pictures often bear it as alt text; *own_key* is the
    article's own key, for pictures that link to their article; *body* is the box whose text
    beside a picture is body, where a template knows it.
    """
    found = []
    for picture in document.pictures:
        if not region.start <= picture.line <= region.stop:
            continue
        url = document.absolute(picture.source)
        if url is None or _is_ornament(picture, document, own_key):
            continue
        lines = _caption_lines(document, picture, region, body)
        if not lines and not _is_substantial(picture):
            continue
        printed = {words_key(text): text for text in _texts(document, lines)}
        caption = "\n".join(printed.values()) or _said_caption(document, picture, headline)
        found.append(Captioned(Image(url=url, caption=caption), lines, picture.box))
    return found


def _texts(document: Document, lines: Iterable[int]) -> list[str]:
    return [document.lines[index].text for index in sorted(lines)]


def _said_caption(document: Document, picture: Picture, headline: str) -> str | None:
    """Return the caption that stands in an attribute: the alt text, or a title with a credit."""
    alt = picture.alt
    if len(alt) >= _MIN_ALT and " " in alt and not same_words(alt, headline):
        return alt
    around = {picture.node.mem_id, picture.box.node.mem_id}
    around.update(box.node.mem_id for box in picture.box.ancestors() if box.tag == "figure")
    if picture.link is not None:
        around.add(picture.link.node.mem_id)
    for label in document.labels:
        if label.node.mem_id in around and _CREDIT_END.search(label.text):
            return label.text
    return None


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words: case, quotes' shape and spacing aside."""
    return bool(one) and words_key(one) == words_key(other)


def shapes(texts: Iterable[str]) -> frozenset[str]:
    """Return every text that :func:`words_key` makes one of *texts* of; for short ones."""
    found: set[str] = set()
    for text in texts:
        letters = [
            {letter, letter.upper(), *(s for s, plain in _PLAIN_LETTERS.items() if plain == letter)}
            for letter in text
        ]
        found.update(map("".join, product(*letters)))
    return frozenset(found)


def words_key(text: str) -> str:
    """Return *text* for comparing: case, quotes' shape and spacing aside."""
    return " ".join(text.translate(_PLAIN).casefold().split())


_PLAIN_LETTERS: Final = {
    "’": "'",
    "‘": "'",
    "“": '"',
    "”": '"',
    "´": "'",
    "`": "'",
    "–": "-",
    "—": "-",
}
_PLAIN: Final = str.maketrans(_PLAIN_LETTERS)


def _is_ornament(picture: Picture, document: Document, own_key: object) -> bool:
    """Tell whether *picture* is a logo, an icon, an advertisement or another story's thumbnail."""
    attributes = picture.node.attributes
    for name in ("width", "height"):
        size = (attributes.get(name) or "").strip().removesuffix("px")
        if size.isdecimal() and len(size) < _MAX_SIZE and int(size) < _SMALL:
            return True
    if _ICON.search(picture.source.partition("?")[0].rpartition("/")[2]):
        return True
    if is_furniture(picture.alt) or is_landmark(picture.alt):
        return True
    if picture.link is not None and (url := document.absolute(picture.link.href)):
        address = article_address(url)
        if address is not None and (address.key != own_key or not picture.alt):
            return True
        if not on_site(url) and "/imgdb/" not in picture.source:
            return True
    return any(
        box.tag in _NO_PICTURES or _WRITER_NAME.search(box.node.attributes.get("class") or "")
        for box in picture.box.ancestors()
    )


def _is_substantial(picture: Picture) -> bool:
    """Tell whether a picture without a printed caption is the article's.

    It is where it comes from the newspaper's picture store, stands in a figure or has an alt
    text as long as a caption.
    """
    return (
        "/imgdb/" in picture.source
        or len(picture.alt) >= _CAPTION_LENGTH
        or any(box.tag == "figure" for box in picture.box.ancestors())
    )


def _caption_lines(
    document: Document, picture: Picture, region: range, body: Box | None
) -> frozenset[int]:
    lines = document.lines
    for box in picture.box.ancestors():
        if box.tag == "figure" and box.end - box.start <= 6:
            document.require_uncut(box, box.start)
            return frozenset(
                index
                for index in range(box.start, box.end)
                if not is_furniture(lines[index].text) and lines[index].box.tag != "button"
            )
    if picture.line < region.stop:
        wrapped = _wrapped(document, picture, region, body)
        if wrapped:
            return wrapped
    after = picture.line
    if any(other.line == after and other is not picture for other in document.pictures) and not (
        same_words(picture.alt, lines[after].text if after < len(lines) else "")
    ):
        return frozenset()
    if after < min(region.stop, len(lines)) and _is_caption(lines[after], picture, body):
        found = {after}
        follower = after + 1
        if follower < region.stop and same_words(lines[follower].text, lines[after].text):
            found.add(follower)
        return frozenset(found)
    before = picture.line - 1
    if region.start <= before < len(lines) and same_words(lines[before].text, picture.alt):
        return frozenset({before})
    return frozenset()


def _wrapped(
    document: Document, picture: Picture, region: range, body: Box | None
) -> frozenset[int]:
    """Return the lines of a small box that holds the picture, its caption and nothing else."""
    around: Box | None = None
    for box in picture.box.ancestors():
        if box is body or box.tag in _REGIONS or box.end - box.start > 2:
            break
        document.require_uncut(box, box.start)
        if any(box.surrounds(p.box) for p in document.pictures if p is not picture):
            break
        around = box
    if around is None or around.end == around.start:
        return frozenset()
    inside = range(around.start, around.end)
    texts = [document.lines[index] for index in inside]
    size = sum(len(line.text) for line in texts)
    if size < _MIN_ALT or any(line.is_link or is_byline(line.text) for line in texts):
        return frozenset()
    alone = all(line.box is picture.box for line in texts)
    if alone and not any(_is_caption(line, picture, body) for line in texts):
        # A box with a picture and bare text may be the body: then no more text stands outside.
        outside = sum(
            len(line.text)
            for index, line in enumerate(document.lines)
            if index in region and index not in inside and not line.is_link
        )
        if outside < 2 * size:
            return frozenset()
    return frozenset(index for index in inside if not is_furniture(document.lines[index].text))


def _is_caption(line: Line, picture: Picture, body: Box | None) -> bool:
    """Tell whether the line beside *picture* is its caption."""
    if len(line.text) >= _MIN_ALT and same_words(line.text, picture.alt):
        return True
    if line.is_link or is_byline(line.text) or line.box is body:
        return False
    attributes = line.box.node.attributes
    name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    if _CAPTION_NAME.search(name):
        return True
    return bool(_CREDIT_END.search(line.text)) and len(line.text) < 700
