"""An article's pictures, each with one caption.

The site prints a caption twice, as the picture's alt text and as its caption: that is one.  A
caption is known by standing in the picture's figure, by repeating its alt text, or by ending
with a credit in parentheses right beside the picture.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final

from hanicrawler.items import Image
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.parts import HEADINGS
from hanicrawler.pages.words import is_byline, is_furniture, is_landmark
from hanicrawler.site import article_address, on_site

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

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
_MAX_CAPTION: Final = 700
_SMALL: Final = 60
"""Pixels: a smaller picture is an ornament."""
_MAX_SIZE: Final = 10
"""Digits: what has more is no size."""
_LONGEST: Final = 200
"""Characters: no longer name is remembered."""


@dataclass(slots=True, eq=False)
class Captioned:
    """A picture and the lines that are its caption."""

    image: Image
    lines: Collection[int]
    """Indexes of the lines that print the caption, in order."""


def read_pictures(
    document: Document, region: range, headline: str, own_key: object, body: Box | None = None
) -> list[Captioned]:
    """Return the article's pictures among those in the lines of *region*.

    *headline* is no caption though pictures often bear it as alt text; *own_key* is the
    article's own key, for pictures that link to their article; *body* is the box whose text
    beside a picture is body, where a template knows it.
    """
    found = []
    captions = _Captions(document, region, body)
    first, last = region.start, region.stop
    for picture in document.pictures:
        # Most pictures of a page are other stories' thumbnails.
        if not first <= picture.line <= last or _leads_away(picture, document, own_key):
            continue
        source, alt = picture.source, picture.alt
        url = document.absolute(source)
        if url is None or _is_ornament(picture, source, alt):
            continue
        lines = captions.lines(picture, alt)
        if not lines and not _is_substantial(picture, source, alt):
            continue
        caption = _printed([document.lines[index].text for index in lines])
        caption = caption or _said_caption(document, picture, alt, headline)
        found.append(Captioned(Image(url=url, caption=caption), lines))
    return found


def _printed(texts: list[str]) -> str | None:
    """Return the caption that stands in lines of *texts*: what is printed twice is said once."""
    if len(texts) < 2:
        return texts[0] if texts else None
    return "\n".join({words_key(text): text for text in texts}.values())


def _said_caption(document: Document, picture: Picture, alt: str, headline: str) -> str | None:
    """Return the caption that stands in an attribute: the alt text, or a title with a credit."""
    if len(alt) >= _MIN_ALT and " " in alt and not same_words(alt, headline):
        return alt
    around = {picture.node.mem_id, picture.box.node.mem_id}
    around.update(box.node.mem_id for box in picture.box.ancestors() if box.tag == "figure")
    if picture.link is not None:
        around.add(picture.link.node.mem_id)
    for label in document.labels:
        if label.node.mem_id in around and _ends_with_credit(label.text):
            return label.text
    return None


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words: case, quotes' shape and spacing aside."""
    return bool(one and other) and (one == other or words_key(one) == words_key(other))


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
    # str.translate takes four times as long.
    for letter, plain in _PLAIN_LETTERS.items():
        if letter in text:
            text = text.replace(letter, plain)
    return " ".join(text.casefold().split())


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


def _leads_away(picture: Picture, document: Document, own_key: object) -> bool:
    """Tell whether *picture* links to another story, or is an advertisement."""
    if picture.link is None or (url := document.absolute(picture.link.href)) is None:
        return False
    address = article_address(url)
    if address is not None:
        return address.key != own_key or not picture.alt
    return not on_site(url) and "/imgdb/" not in picture.source


def _is_ornament(picture: Picture, source: str, alt: str) -> bool:
    """Tell whether *picture* is a logo, an icon or the like."""
    if _is_small(picture.node.attributes):
        return True
    if _ICON.search(source.partition("?")[0].rpartition("/")[2]):
        return True
    if alt and (is_furniture(alt) or is_landmark(alt)):
        return True
    for box in picture.box.ancestors():
        if box.tag in _NO_PICTURES:
            return True
        name = box.node.attributes.get("class")
        if name and (_is_writer(name) if len(name) > _LONGEST else _is_writer_once(name)):
            return True
    return False


def _is_small(attributes: Mapping[str, str | None]) -> bool:
    for name in ("width", "height"):
        if size := attributes.get(name):
            size = size.strip().removesuffix("px")
            if size.isdecimal() and len(size) < _MAX_SIZE and int(size) < _SMALL:
                return True
    return False


def _is_writer(name: str) -> bool:
    return bool(_WRITER_NAME.search(name))


_is_writer_once = lru_cache(maxsize=1024)(_is_writer)  # names are a template's, not a page's


def _is_substantial(picture: Picture, source: str, alt: str) -> bool:
    """Tell whether a picture without a printed caption is the article's.

    It is where it comes from the newspaper's picture store, stands in a figure or has an alt
    text as long as a caption.
    """
    return (
        "/imgdb/" in source
        or len(alt) >= _CAPTION_LENGTH
        or any(box.tag == "figure" for box in picture.box.ancestors())
    )


class _Captions:
    """Finds which lines are the captions of one page's pictures."""

    def __init__(self, document: Document, region: range, body: Box | None) -> None:
        self._document = document
        self._lines = document.lines
        self._region = region
        self._body = body

    def lines(self, picture: Picture, alt: str) -> Collection[int]:
        """Return the indexes of the lines that are the caption of *picture*, in order."""
        for box in picture.box.ancestors():
            if box.tag == "figure" and box.end - box.start <= 6:
                self._document.require_uncut(box, box.start)
                return self._without_furniture(box)
        if picture.line < self._region.stop and (wrapped := self._wrapped(picture, alt)):
            return wrapped
        return self._beside(picture, alt)

    def _without_furniture(self, figure: Box) -> list[int]:
        return [
            index
            for index, line in enumerate(self._lines[figure.start : figure.end], figure.start)
            if line.box.tag != "button" and not is_furniture(line.text)
        ]

    def _beside(self, picture: Picture, alt: str) -> Collection[int]:
        """Return the lines right below *picture*, or above it, that are its caption."""
        lines, region = self._lines, self._region
        after = picture.line
        text = lines[after].text if after < len(lines) else ""
        if self._at_line[after] > 1 and not same_words(alt, text):
            return ()
        if after < min(region.stop, len(lines)) and self._is_caption(lines[after], alt):
            follower = after + 1
            twice = follower < region.stop and same_words(lines[follower].text, text)
            return (after, follower) if twice else (after,)
        before = after - 1
        if region.start <= before < len(lines) and same_words(lines[before].text, alt):
            return (before,)
        return ()

    def _wrapped(self, picture: Picture, alt: str) -> Collection[int]:
        """Return the lines of a small box that holds the picture, its caption and nothing else."""
        around: Box | None = None
        for box in picture.box.ancestors():
            if box.end - box.start > 2 or box is self._body or box.tag in _REGIONS:
                break
            self._document.require_uncut(box, box.start)
            if self._has_several(box):
                break
            around = box
        if around is None or around.end == around.start:
            return ()
        texts = self._lines[around.start : around.end]
        size = sum(len(line.text) for line in texts)
        if size < _MIN_ALT or any(line.is_link or is_byline(line.text) for line in texts):
            return ()
        alone = all(line.box is picture.box for line in texts)
        inside = range(around.start, around.end)
        if alone and not any(self._is_caption(line, alt) for line in texts):
            # A box with a picture and bare text may be the body: then no more stands outside.
            in_region = [len(self._lines[index].text) for index in inside if index in self._region]
            if self._size - sum(in_region) < 2 * size:
                return ()
        return [index for index in inside if not is_furniture(self._lines[index].text)]

    @lazy
    def _size(self) -> int:
        """How many characters stand in the region's lines, links aside."""
        lines = self._lines[self._region.start : self._region.stop]
        return sum(len(line.text) for line in lines if not line.is_link)

    @lazy
    def _at_line(self) -> Counter[int]:
        """How many pictures stand before each line."""
        return Counter(picture.line for picture in self._document.pictures)

    @lazy
    def _boxes(self) -> list[int]:
        """The index of each picture's box, in order."""
        return sorted(picture.box.index for picture in self._document.pictures)

    def _has_several(self, box: Box) -> bool:
        """Tell whether more than one picture stands in *box*."""
        return bisect_right(self._boxes, box.last) - bisect_left(self._boxes, box.index) > 1

    def _is_caption(self, line: Line, alt: str) -> bool:
        """Tell whether the line beside a picture is its caption."""
        if len(line.text) >= _MIN_ALT and same_words(line.text, alt):
            return True
        if line.box is self._body or line.is_link or is_byline(line.text):
            return False
        attributes = line.box.node.attributes
        if attributes and _CAPTION_NAME.search(
            f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        ):
            return True
        return len(line.text) < _MAX_CAPTION and _ends_with_credit(line.text)


def _ends_with_credit(text: str) -> bool:
    return text.endswith((")", ").")) and bool(_CREDIT_END.search(text))
