"""What a page says of itself: og:*, JSON-LD, ``__NEXT_DATA__``, its title.

The site's pages carry ``og:title``, ``og:image`` and ``og:description``; the Next.js ones carry
the whole article's data in a script.  The last layer: a reader sees none of it, so it is asked
only for what stands nowhere on the page.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hanicrawler.pages.lazy import lazy
from hanicrawler.pages.parts import squeeze
from hanicrawler.pages.words import MASTHEAD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selectolax.lexbor import LexborHTMLParser, LexborNode

_ARTICLE_TYPES: Final = frozenset(
    {"article", "newsarticle", "reportagenewsarticle", "opinionnewsarticle", "report", "webpage"}
)
_MAX_NODES: Final = 2000
_SEPARATORS: Final = (" : ", " | ", " - ", " < ", " – ", " :: ")


class Metadata:
    """The page's claims about itself; a value the page does not give is None."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree

    @lazy
    def titles(self) -> tuple[str, ...]:
        """What the page calls itself, longest claim of the article itself first."""
        found = [self._meta("og:title"), self._meta("twitter:title"), self._ld("headline")]
        found.append(self._next("title"))
        title = self._tree.css_first("title")
        found.append(squeeze(title.text()) if title else None)
        return tuple(dict.fromkeys(text for text in found if text))

    @lazy
    def lacks_its_title(self) -> bool:
        """True where the page has a place for its title and nothing in it: it has no headline."""
        title = self._tree.css_first("title")
        claim = self._tree.css_first('meta[property="og:title"]')
        return (title is not None and not squeeze(title.text())) or (
            claim is not None and not squeeze(claim.attributes.get("content"))
        )

    @property
    def headline(self) -> str | None:
        """The headline the page claims, without the newspaper's name after it."""
        for text in (self._ld("headline"), self._next("title"), self._meta("og:title")):
            if text and not MASTHEAD.fullmatch(text):
                return without_masthead(text)
        return None

    @lazy
    def description(self) -> str | None:
        """The deck, or the body's beginning, cut somewhere: the page does not say which."""
        return self._meta("og:description") or self._meta("description") or self._ld("description")

    @property
    def posted(self) -> str | None:
        """When the page says it was published, in its own words."""
        return (
            self._next("createDate")
            or self._ld("datePublished")
            or self._meta("article:published_time")
            or self._meta("datePublished")
        )

    @property
    def modified(self) -> str | None:
        """When the page says it was changed, in its own words."""
        return (
            self._next("updateDate")
            or self._ld("dateModified")
            or self._meta("article:modified_time")
            or self._meta("dateModified")
        )

    @property
    def section(self) -> str | None:
        """The section's name."""
        return self._ld("articleSection") or self._meta("article:section")

    @lazy
    def is_article(self) -> bool:
        """True where the page claims to be an article."""
        return self._meta("og:type") == "article" or bool(self._linked) or bool(self._article)

    def _meta(self, name: str) -> str | None:
        return self._metas.get(name.lower())

    @lazy
    def _metas(self) -> dict[str, str]:
        metas: dict[str, str] = {}
        for node in self._tree.css("meta[content]"):
            attributes = node.attributes
            name = (
                attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
            )
            if name and (text := squeeze(attributes.get("content"))):
                metas.setdefault(name.strip().lower(), text)
        return metas

    def _next(self, name: str) -> str | None:
        return _text(self._article.get(name))

    @lazy
    def _article(self) -> dict[str, Any]:
        if not any("id" in script.attributes for script in self._scripts):
            return {}
        node = self._tree.css_first("script#__NEXT_DATA__")
        data = _parse(node.text()) if node else None
        for key in ("props", "pageProps", "article"):
            data = data.get(key) if isinstance(data, dict) else None
        return data if isinstance(data, dict) else {}

    @lazy
    def _scripts(self) -> list[LexborNode]:
        """The page's scripts: most say by their attributes that they are nothing sought here."""
        return self._tree.css("script")

    def _ld(self, name: str) -> str | None:
        return _text(self._linked.get(name))

    @lazy
    def _linked(self) -> dict[str, Any]:
        """The JSON-LD object that describes the article."""
        if not any("type" in script.attributes for script in self._scripts):
            return {}
        for node in self._tree.css('script[type="application/ld+json"]'):
            for data in _objects(_parse(node.text())):
                kinds = data.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(str(kind).lower() in _ARTICLE_TYPES for kind in kinds) and (
                    "headline" in data or "datePublished" in data
                ):
                    return data
        return {}


def without_masthead(title: str) -> str:
    """Return *title* without the section and the newspaper's name that follow a headline.

    Empty where the newspaper's name is all there is.
    """
    if MASTHEAD.fullmatch(title):
        return ""
    for separator in _SEPARATORS:
        head, found, tail = title.partition(separator)
        if found and ("hankyoreh" in tail.lower() or "한겨레" in tail):
            return head.strip()
    return title


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _objects(data: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in *data*, outer ones first."""
    waiting, seen = [data], 0
    while waiting and seen < _MAX_NODES:
        seen += 1
        current = waiting.pop(0)
        if isinstance(current, dict):
            yield current
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)


def _text(value: Any) -> str | None:
    if isinstance(value, list):
        value = next((item for item in value if isinstance(item, str)), None)
    return squeeze(value) or None if isinstance(value, str) else None
