"""Saved HTML pages: whose they are and of when, as far as their files say."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO, Final
from urllib.parse import quote

from hanicrawler.archives.bodies import BODY
from hanicrawler.archives.captures import Capture, Damage, Position
from hanicrawler.archives.dates import EARLIEST
from hanicrawler.archives.listing import shown
from hanicrawler.archives.wayback import Wayback, stamped, unwrap
from hanicrawler.items import Kept
from hanicrawler.site import on_site

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hanicrawler.archives.listing import Source

_HEAD: Final = 64 << 10
"""Where a page says what it is: its first 64 KB."""
_TAIL: Final = 4 << 10
_STEP: Final = 50
"""How many pages that nobody wants are passed between two positions."""

_SAVED_FROM: Final = re.compile(rb"<!--\s{0,20}saved from url=\(\d{1,6}\)([^\s<>]{1,2000})")
_TAG: Final = re.compile(rb"<(link|meta)\b([^<>]{1,3000})>", re.I)
_CANONICAL: Final = re.compile(rb"\brel=[\"']?canonical\b", re.I)
_OG_URL: Final = re.compile(rb"\b(?:property|name)=[\"']?og:url\b", re.I)
_ADDRESS: Final = re.compile(
    rb"\b(?:href|content)=(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\s\"'>]{1,2000}))", re.I
)
_TOOLBAR: Final = re.compile(rb"__wm\.wombat\(\"([^\"\s]{1,2000})\",\"(\d{14})\"")
_ARCHIVED_ON: Final = re.compile(
    rb"FILE ARCHIVED ON (\d\d:\d\d:\d\d [A-Z][a-z]{2} \d\d, \d{4}) AND RETRIEVED FROM"
)
_REWRITTEN: Final = re.compile(rb"archive\.org/_static/|__wm\.|FILE ARCHIVED ON")
_LINK_STAMP: Final = re.compile(rb"web\.archive\.org/web/(\d{14})")
_STAMP_PART: Final = re.compile(r"(\d{14})(?:[a-z]{2}_)?")
_QUERY: Final = re.compile(r"(\.html)[?@].*$", re.S)


def read_pages(
    source: Source, wanted: Callable[[str], bool], start: int = 0
) -> Iterator[Capture | Damage | Position]:
    """Yield the saved pages of *source* whose URLs are *wanted*, from byte *start* on."""
    done = told = passed = 0
    for name, size in source.pages:
        before, done = done, done + size
        if before < start:
            continue
        found = _read(Path(source.path, name), wanted)
        passed += 1
        if found is not None:
            yield found
        if found is not None or passed - told >= _STEP:
            told = passed
            yield Position(offset=done, done=done)
    yield Position(offset=done, done=done)


def read_page(file: Path) -> Capture | Damage:
    """Return the saved page *file*, whatever it is of."""
    found = _read(file, lambda url: True)
    assert found is not None
    return found


def _read(file: Path, wanted: Callable[[str], bool]) -> Capture | Damage | None:
    kept = Kept(file=shown(file.absolute()), offset=0)
    try:
        str(file).encode("utf-8")
        with file.open("rb") as opened:
            return _capture(opened, file, kept, wanted)
    except UnicodeEncodeError:
        return Damage(kept=kept, code="unreadable", reason="The file's name is not UTF-8.")
    except OSError as error:
        reason = f"The file cannot be read: {error.strerror or error}"
        return Damage(kept=kept, code="unreadable", reason=reason)


def _capture(
    opened: BinaryIO, file: Path, kept: Kept, wanted: Callable[[str], bool]
) -> Capture | Damage | None:
    head = opened.read(_HEAD)
    named = _named(head, file)
    if named is None or not named.url.isprintable():
        return Damage(kept=kept, code="no_url", reason="Neither page nor path says its address.")
    url, at = named
    if not wanted(url):
        return None
    body = head + opened.read(BODY + 1 - len(head))
    if len(body) > BODY:
        reason = f"The page is larger than {BODY >> 20} MB."
        return Damage(kept=kept, code="too_large", reason=reason, url=url)
    at = at or _stamp(head, body[-_TAIL:], file) or _modified(file)
    if at is None:
        reason = "Neither page nor file says when it was saved."
        return Damage(kept=kept, code="no_date", reason=reason, url=url)
    return Capture(url=url, at=at, status=200, body=body, kept=kept)


def _named(head: bytes, file: Path) -> Wayback | None:
    for text in _stated(head):
        url = html.unescape(text.decode("utf-8", "replace")).strip()
        if (original := unwrap(url)) is not None:
            return original
        if url.lower().startswith(("http://", "https://")) and url.isprintable() and " " not in url:
            return Wayback(url, None)
    if (url_of_path := _url_of(file)) is not None:
        return Wayback(url_of_path, None)
    if toolbar := _TOOLBAR.search(head):
        return Wayback(toolbar[1].decode("utf-8", "replace"), stamped(toolbar[2].decode()))
    return None


def _stated(head: bytes) -> Iterator[bytes]:
    """Yield the addresses that a page states as its own, the surest first."""
    if saved := _SAVED_FROM.search(head):
        yield saved[1]
    tags = [match[2] for match in _TAG.finditer(head)]
    for mark in (_CANONICAL, _OG_URL):
        for tag in tags:
            if mark.search(tag) and (address := _ADDRESS.search(tag)):
                yield address[1] or address[2] or address[3]


def _url_of(file: Path) -> str | None:
    """Return the address that a mirror's path stands for, as ``wget -x`` makes them."""
    parts = file.absolute().parts
    for place in range(len(parts) - 2, -1, -1):
        host = parts[place].lower()
        if on_site(f"https://{host}/"):
            rest = list(parts[place + 1 :])
            if _STAMP_PART.fullmatch(rest[0]) and len(rest) > 1:
                del rest[0]
            path = _QUERY.sub(r"\1", "/".join(rest))
            return f"https://{host}/{quote(path.removesuffix('index.html'), safe='/%?=&;:@,+~')}"
    return None


def _stamp(head: bytes, tail: bytes, file: PurePath) -> datetime | None:
    """Return when the Wayback Machine captured the page, where it is one of its copies."""
    for part in reversed(file.parts):
        if (match := _STAMP_PART.fullmatch(part)) and (at := stamped(match[1])):
            return at
    if not (_REWRITTEN.search(head) or _REWRITTEN.search(tail)):
        return None
    if toolbar := _TOOLBAR.search(head):
        return stamped(toolbar[2].decode())
    if written := _ARCHIVED_ON.search(tail) or _ARCHIVED_ON.search(head):
        try:
            text = f"{written[1].decode()} +0000"
            return datetime.strptime(text, "%H:%M:%S %b %d, %Y %z")
        except ValueError:
            return None
    link = _LINK_STAMP.search(head)
    return stamped(link[1].decode()) if link else None


def _modified(file: Path) -> datetime | None:
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return at if at.year >= EARLIEST else None
