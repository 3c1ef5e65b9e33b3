"""Facts about the site: editions, hosts, the forms of its URLs, ids.

Everything here is a pure function of a URL.  The crawler thinks in the site's own
addresses only; a :class:`Root` maps them to another root (a replica on loopback, a
mirror) at the last moment, and back.

Source of the forms: public crawlers, feeds and links of 2006-2026.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final, Literal, NamedTuple
from urllib.parse import urljoin, urlsplit

Edition = Literal["en", "ko", "ja", "zh"]
"""``en`` English, ``ko`` Korean, ``ja`` Japanese, ``zh`` Chinese."""

ListForm = Literal["next", "numbered"]
"""How a section's list pages are addressed: ``?page=N`` (Next.js, since late 2023) or
``/listN.html`` (the older site)."""

EDITIONS: Final[tuple[Edition, ...]] = ("en", "ko", "ja", "zh")

DOMAIN: Final = "hani.co.kr"
HOSTS: Final[dict[Edition, str]] = {
    "en": "english.hani.co.kr",
    "ko": "www.hani.co.kr",
    "ja": "japan.hani.co.kr",
    "zh": "china.hani.co.kr",
}
"""The host each edition's canonical addresses stand on."""

ENGLISH_PREFIX: Final = "english_edition"
"""First path segment below ``/arti/`` of every English address, on whichever host."""

FEED_URL: Final = "https://english.hani.co.kr/rss/english_edition"
"""The English feed.  ``/rss`` alone is the Korean feed, on every host."""

FRONT_URL: Final = "https://english.hani.co.kr/"

_EDITION_OF_HOST: Final[dict[str, Edition]] = {
    "japan.hani.co.kr": "ja",
    "china.hani.co.kr": "zh",
}
# Not sections: print and preview views (robots.txt forbids them), feeds and sitemaps.
_NOT_SECTIONS: Final = frozenset({"PRINT", "PREVIEW", "RSS", "SERIES", "ISSUE"})
_SEGMENT: Final = r"[A-Za-z][A-Za-z0-9_-]{0,39}"
_ARTICLE: Final = re.compile(rf"/arti/((?:{_SEGMENT}/){{0,3}})(\d{{1,9}})\.html")
_SECTION: Final = re.compile(
    rf"/arti/({_SEGMENT}(?:/{_SEGMENT}){{0,2}})(?:/(?:home\d*|list(\d*)|index)\.html)?/?"
)
_SECTION_NAME: Final = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})?")
_PAGE_QUERY: Final = re.compile(r"(?:^|&)page=(\d{1,6})(?:&|$)")


# A pattern, because urlsplit takes five times as long and every link of a page comes by here.
_SITE_URL: Final = re.compile(
    r"https?://((?:[a-z0-9-]{1,63}\.){0,4}hani\.co\.kr)(?::(?:80|443))?(/[^?#\s]*)?"
    r"(?:\?([^#\s]*))?(?:#.*)?",
    re.I,
)


class _SiteUrl(NamedTuple):
    """The parts of a URL on one of the site's hosts."""

    host: str
    path: str
    query: str


@dataclass(frozen=True)  # without slots, for what is cached
class ArticleAddress:
    """Which article a URL names; every alias of an article gives the same key."""

    edition: Edition
    section: str | None
    """The section's code as the URL has it: ``e_northkorea``, ``politics/assembly``.  It
    may be renamed; it is no part of the key."""
    source_id: int
    """The site's id.  One sequence serves ``en`` and ``ko``; ``zh`` and ``ja`` have their own."""

    @property
    def key(self) -> tuple[Edition, int]:
        """Edition and id: what makes two addresses the same article."""
        return (self.edition, self.source_id)

    @cached_property
    def url(self) -> str:
        """The canonical URL: https, the edition's own host, no query, no fragment."""
        folders = [ENGLISH_PREFIX] if self.edition == "en" else []
        if self.section:
            folders.append(self.section)
        path = "/".join(["arti", *folders, f"{self.source_id}.html"])
        return f"https://{HOSTS[self.edition]}/{path}"


@dataclass(frozen=True, slots=True)
class SectionAddress:
    """Which section's front or list page a URL names."""

    edition: Edition
    section: str
    page: int | None
    """The list page's number from 1; None for the section's front."""
    form: ListForm | None
    """How the list page is addressed; None for the section's front."""


def on_site(url: str) -> bool:
    """Tell whether *url* is an http(s) URL on one of the site's hosts."""
    return _site_parts(url) is not None


# A page's links are asked again and again, and most stand on the next page too.
@lru_cache(maxsize=2048)
def article_address(url: str) -> ArticleAddress | None:
    """Return which article *url* names, or None where it names none of this site.

    Host, scheme, query and fragment are aliases.  Print and preview views are no articles:
    robots.txt forbids them.
    """
    parts = _site_parts(url)
    if parts is None or (match := _ARTICLE.fullmatch(parts.path)) is None:
        return None
    segments = match[1].rstrip("/").split("/") if match[1] else []
    if any(segment in _NOT_SECTIONS for segment in segments):
        return None
    edition, segments = _edition(parts, segments)
    source_id = int(match[2])
    return ArticleAddress(edition, "/".join(segments) or None, source_id) if source_id else None


@lru_cache(maxsize=512)
def section_address(url: str) -> SectionAddress | None:
    """Return which section front or list page *url* names, or None where it names neither."""
    parts = _site_parts(url)
    if parts is None or (match := _SECTION.fullmatch(parts.path)) is None:
        return None
    segments = match[1].split("/")
    if any(segment in _NOT_SECTIONS for segment in segments):
        return None
    edition, segments = _edition(parts, segments)
    if not segments:
        return None
    section = "/".join(segments)
    if match[2] is not None:
        return SectionAddress(edition, section, int(match[2] or 1), "numbered")
    if query := _PAGE_QUERY.search(parts.query):
        return SectionAddress(edition, section, int(query[1]), "next")
    return SectionAddress(edition, section, None, None)


def entrance_of(url: str) -> Literal["feed", "front"] | None:
    """Return which of the English edition's entrances *url* names, None where it names neither."""
    parts = _site_parts(url)
    if parts is None:
        return None
    path = parts.path.rstrip("/")
    if path == f"/rss/{ENGLISH_PREFIX}":
        return "feed"
    return "front" if not path and not parts.query and parts.host == HOSTS["en"] else None


def is_same_page(url: str, target: str) -> bool:
    """Tell whether *target*, to which *url* is redirected, can be the page that was asked for."""
    if not on_site(target):
        return False
    if article := article_address(url):
        other = article_address(target)
        return other is not None and other.key == article.key
    if section := section_address(url):
        named = section_address(target)
        return named is not None and named.edition == section.edition
    return True


def is_section_name(text: str) -> bool:
    """Tell whether *text* has the form of a section's code (``e_business``)."""
    return bool(_SECTION_NAME.fullmatch(text)) and text not in _NOT_SECTIONS


def section_url(edition: Edition, section: str) -> str:
    """Return the address of a section's front."""
    prefix = f"{ENGLISH_PREFIX}/" if edition == "en" else ""
    return f"https://{HOSTS[edition]}/arti/{prefix}{section}"


def list_url(edition: Edition, section: str, page: int, form: ListForm) -> str:
    """Return the address of list page *page*, from 1, of a section."""
    front = section_url(edition, section)
    return f"{front}?page={page}" if form == "next" else f"{front}/list{page}.html"


@dataclass(frozen=True, slots=True)
class Root:
    """Another root that stands for every host of the site, such as ``http://127.0.0.1:8000``."""

    url: str
    """Scheme, host and port, perhaps a path; no slash at the end."""

    @classmethod
    def parse(cls, text: str) -> Root:
        """Return the root *text* names.

        Raises ValueError for anything but an http or https URL without query and fragment.
        """
        parts = urlsplit(text.strip())
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{text!r} is not an http or https URL")
        _ = parts.port  # raises ValueError for an impossible port
        if parts.query or parts.fragment:
            raise ValueError(f"{text!r} has a query or a fragment")
        return cls(f"{parts.scheme}://{parts.netloc}{parts.path}".rstrip("/"))

    @property
    def is_loopback(self) -> bool:
        """True where the root is on this machine."""
        host = urlsplit(self.url).hostname or ""
        return host in ("localhost", "::1") or host.startswith("127.")

    def to_root(self, url: str) -> str:
        """Return where to fetch the site's *url*; any other URL comes back as it is."""
        parts = _site_parts(url)
        if parts is None:
            return url
        query = f"?{parts.query}" if parts.query else ""
        return f"{self.url}{parts.path or '/'}{query}"

    def to_site(self, url: str, base: str | None = None) -> str:
        """Return the site's own address of *url*; any other URL comes back as it is.

        The root says nothing of hosts: an English path or *base* (the site's URL of the page
        that names *url*) decides which.
        """
        if url != self.url and not url.startswith((f"{self.url}/", f"{self.url}?")):
            return url
        path = url[len(self.url) :] or "/"
        english = path.startswith((f"/arti/{ENGLISH_PREFIX}", f"/rss/{ENGLISH_PREFIX}"))
        if english or base is None:
            host = HOSTS["en" if english or path == "/" else "ko"]
            return f"https://{host}{path}"
        return urljoin(base, path)


def _site_parts(url: str) -> _SiteUrl | None:
    match = _SITE_URL.fullmatch(url)
    if match is None:
        return None
    return _SiteUrl(match[1].lower(), match[2] or "", match[3] or "")


def _edition(parts: _SiteUrl, segments: list[str]) -> tuple[Edition, list[str]]:
    if segments and segments[0] == ENGLISH_PREFIX:
        return "en", segments[1:]
    return _EDITION_OF_HOST.get(parts.host, "ko"), segments
