"""A page in reading order: its lines, the boxes they stand in, its links and pictures.

One pass over the tree makes flat lists of it.  Whatever is looked for afterwards, a landmark
or the text of a template's element, is looked for in those lists: a box knows which lines
stand in it, so "inside" is a comparison of two numbers and no reader walks the tree again.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from hanicrawler.pages.errors import PageError
from hanicrawler.pages.focus import Focus, Gap
from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.reading import Reading
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from selectolax.lexbor import LexborNode

    from hanicrawler.pages.cutting import Cut
    from hanicrawler.pages.parts import Box, Label, Line, Link, Picture
    from hanicrawler.pages.reading import Unread
    from hanicrawler.site import ArticleAddress

MAX_DEPTH: Final = 1000
"""Elements in elements that a page may have; deeper ones take a parser seconds to read."""

_WHOLE_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::\d{1,5})?(?:[/?#][^\s\\]*)?")
_PATH: Final = re.compile(r"/(?![/.])(?:(?!/\.)[^\s\\])*")
_HOST_AND_PATH: Final = re.compile(r"//[A-Za-z0-9.-]+(?::\d{1,5})?/[!\"$-:<->@-\[\]-~]*")
_ORIGIN: Final = re.compile(r"https?://[^/?#\s]+")
_LONG: Final = 200
"""Characters: no longer link is remembered."""
_UNKNOWN: Final = "unknown"
MANY_TAGS: Final = 10_000
"""Of a page with fewer nobody asks how deep it is."""
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
# Closed by their neighbours or empty: unclosed ones do not nest.
_NOT_NESTING: Final = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param source td th tr "
    "track wbr".split()
)


class Document:
    """One parsed page.

    Raises PageError (``too_deep``) for a page that is nested beyond reason.
    """

    def __init__(self, markup: str | bytes, url: str, cut: Cut | None = None) -> None:
        """Parse *markup*, as text or in UTF-8; *cut* is what it is where something was cut out."""
        if cut is None:
            require_shallow(markup, url)
        self.url = url
        self.tree = LexborHTMLParser(markup)
        self._stubs = cut.stubs(self.tree) if cut is not None else {}
        self._focus: Focus | None = None
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

    @lazy
    def links_by_line(self) -> dict[int, list[Link]]:
        """The links that begin in each line, by the line's index."""
        found: dict[int, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.line, []).append(link)
        return found

    @lazy
    def story_links(self) -> list[tuple[Link, ArticleAddress]]:
        """The links to articles of the site, each with the article it names, in reading order."""
        found = []
        origin = match[0] if (match := _ORIGIN.match(self._base)) else None
        for link in self.links:
            if ".html" not in (href := link.href):
                continue
            if origin is None or len(href) > _LONG or _form(href) is None:
                address = _address(self._base, href)
            else:
                address = _address_once(origin, href)
            if address is not None:
                found.append((link, address))
        return found

    def box_of(self, node: LexborNode) -> Box | None:
        """Return the box of the block element *node*; None for an inline or unseen element."""
        return self._reading.by_node.get(node.mem_id)

    @property
    def is_whole(self) -> bool:
        """False where something of the page is passed over."""
        return self._focus is None

    def require_joined(self, before: int, line: int) -> None:
        """Raise Gap where something was passed over after line *before*, up to line *line*."""
        if self._focus is None or before >= line:
            return
        for passed in self._reading.passed:
            if before < passed.line <= line:
                raise Gap

    def require_uncut(self, box: Box, start: int, stop: int | None = None) -> None:
        """Raise Gap where something in *box* was passed over, from *start* to *stop* at most."""
        if not box.cut:
            return
        for passed in self._reading.passed:
            if (
                start <= passed.line
                and (stop is None or passed.line <= stop)
                and box.surrounds(passed.box)
            ):
                raise Gap

    def require_no_label(self, until: int | None = None) -> None:
        """Raise Gap where a label that may be sought was passed over, before line *until*."""
        if self._focus is not None and any(
            passed.has_telling_label
            for passed in self._reading.passed
            if until is None or passed.line <= until
        ):
            raise Gap

    def require_whole(self) -> None:
        """Raise Gap where something of the page is passed over."""
        if self._focus is not None:
            raise Gap

    def require_complete(self) -> None:
        """Raise Gap where something of the page is passed over or cut out."""
        if self._focus is not None or self._stubs:
            raise Gap

    def read_only(self, nodes: Iterable[LexborNode], headline: str) -> None:
        """Pass over what gives no field of an article whose *headline* and *nodes* are known."""
        self._focus = Focus(nodes, headline, self._stubs or {})

    @property
    def is_fit(self) -> bool:
        """False where what was cut out of the page may have changed its tree."""
        return self._stubs is not None

    @property
    def unread(self) -> Unread:
        """The elements that were not read."""
        return self._reading.unread()

    def read_whole(self) -> None:
        """Pass over nothing any more: read the page anew."""
        self._focus = None
        for name in ("_reading", "links_by_line", "story_links"):
            self.__dict__.pop(name, None)

    @lazy
    def _reading(self) -> Reading:
        return Reading(self.tree, self._focus, self._stubs or {})


def _join(base: str, href: str) -> str | None:
    if not href or href[0] == "#":
        return None
    # Nearly every link is written in one of three ways, and urljoin takes ten times as long.
    form = _form(href)
    if form is _WHOLE_URL:
        return href
    if form is not None and (origin := _ORIGIN.match(base)):
        return origin[0] + href if form is _PATH else f"{base.partition(':')[0]}:{href}"
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _address(base: str, href: str) -> ArticleAddress | None:
    url = _join(base, href)
    return article_address(url) if url else None


_address_once = lru_cache(maxsize=4096)(_address)  # most stories stand on the next page too


@lru_cache(maxsize=2048)  # most of a page's links stand on the next page too
def _form(href: str) -> re.Pattern[str] | None:
    """Return which of the usual forms *href* has."""
    forms = (_WHOLE_URL, _PATH, _HOST_AND_PATH)
    return next((form for form in forms if form.fullmatch(href)), None)


def require_shallow(markup: str | bytes, url: str) -> None:
    """Raise PageError (``too_deep``) where *markup* nests elements beyond MAX_DEPTH."""
    openings = markup.count("<") if isinstance(markup, str) else markup.count(b"<")
    if openings < MANY_TAGS:
        return
    if isinstance(markup, bytes):
        markup = markup.decode("utf-8", "ignore")
    depth = 0
    for match in _TAG.finditer(markup):
        if match[2].lower() in _NOT_NESTING:
            continue
        depth = max(depth - 1, 0) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            raise PageError("too_deep", url, f"more than {MAX_DEPTH} elements in each other")
