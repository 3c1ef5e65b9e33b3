"""Feeds: RSS as the site writes it.

The English feed links to ``www.hani.co.kr``, prints no dates and may name Korean articles; the
Japanese one has root-relative links and RFC 2822 dates.  Which edition a story is of, its
address says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin
from xml.parsers import expat

from hanicrawler.items import StoryLink
from hanicrawler.pages.errors import PageError
from hanicrawler.pages.languages import require_edition
from hanicrawler.pages.parts import squeeze
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from collections.abc import Callable

_MAX_ITEMS: Final = 2000
_ITEMS: Final = frozenset({"item", "entry"})
_DATES: Final = frozenset({"pubDate", "dc:date", "published", "updated"})


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage:
    """The stories a feed names, in its order, each once."""

    stories: tuple[StoryLink, ...]


def read_feed(body: bytes, url: str) -> FeedPage:
    """Return the stories that the feed *body* at *url* names.

    Raises PageError where it is no feed (``not_a_feed``: an HTML page, cut off, no XML), an
    empty one (``no_stories``), or another edition's (``wrong_language``).
    """
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _no_entities(url)
    parser.buffer_text = True
    try:
        parser.Parse(body.strip(b"\0 \t\r\n"), True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise PageError("not_a_feed", url, f"not a feed: {error}") from error
    if reader.root not in ("rss", "feed", "rdf:RDF"):
        raise PageError("not_a_feed", url, f"not a feed but <{(reader.root or '')[:40]}>")
    if not reader.items:
        raise PageError("no_stories", url, "the feed names no story")
    stories = _stories(reader.items, url)
    require_edition(url, stories)
    return FeedPage(stories=stories)


class _Reader:
    """Collects each item's link, title and date."""

    def __init__(self) -> None:
        self.root: str | None = None
        self.items: list[dict[str, str]] = []
        self._item: dict[str, str] | None = None
        self._pieces: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        self._pieces.clear()
        if name in _ITEMS:
            self._item = {}
        elif name == "link" and self._item is not None and "href" in attributes:
            self._item.setdefault("link", attributes["href"])

    def text(self, data: str) -> None:
        self._pieces.append(data)

    def end(self, name: str) -> None:
        text = squeeze("".join(self._pieces))
        self._pieces.clear()
        if self._item is None:
            return
        if name in _ITEMS:
            if len(self.items) < _MAX_ITEMS:
                self.items.append(self._item)
            self._item = None
        elif text:
            key = "date" if name in _DATES else name
            self._item.setdefault(key, text)


def _no_entities(url: str) -> Callable[..., None]:
    def refuse(*_: object) -> None:
        raise PageError("not_a_feed", url, "not a feed: it declares entities")

    return refuse


def _stories(items: list[dict[str, str]], url: str) -> tuple[StoryLink, ...]:
    found: dict[object, StoryLink] = {}
    for item in items:
        address = article_address(urljoin(url, item.get("link", "")))
        if address is not None:
            found.setdefault(
                address.key,
                StoryLink(
                    url=address.url,
                    headline=item.get("title", ""),
                    edition=address.edition,
                    source_id=address.source_id,
                    listed_text=item.get("date"),
                ),
            )
    return tuple(found.values())
