"""What can go wrong between a newspaper's server and a crawler, each by its name.

A :class:`Fault` changes the story before it is rendered, the page before it is sent, or which
list page is shown.  :meth:`Replica.fault` switches it on for some addresses.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Final

from .stories import KST, Story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HTML: Final = "text/html; charset=utf-8"
# Private-use characters stand in a story for what no str can carry to a page; the page has
# them replaced by the real thing.
_NUL, _SURROGATE = "\ue000", "\ue001"
NO_DATE: Final = datetime(1, 1, 2, tzinfo=KST)
"""Stands for no date: a template prints no words for it."""


@dataclass(frozen=True, slots=True)
class Page:
    """A response as it goes out, with how it is to go wrong."""

    body: bytes = b""
    status: int = 200
    content_type: str | None = HTML
    headers: tuple[tuple[str, str], ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    encoded: bool = False
    """The body has its Content-Encoding already."""
    delay: float = 0.0
    """Seconds before the first byte."""
    drip: float = 0.0
    """Seconds over which the body is sent."""
    cut: float | None = None
    """Share of the body after which the connection is closed, its whole length declared."""
    declared: float | None = None
    """Share of the body's length that is declared, the whole body being sent."""
    reset: bool = False
    silent: bool = False
    raw: bytes | None = None
    """Sent instead of an HTTP response."""
    stream: Callable[[], Iterator[bytes]] | None = None
    """Sent in chunks instead of the body."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to go wrong.  Make one with the class methods."""

    name: str
    story: Callable[[Story], Story] | None = None
    page: Callable[[Page, str], Page] | None = None
    """From the page and the requested target to the page that goes out."""
    list_page: Callable[[int, int], int] | None = None
    """From the page asked for and the last page to the page shown."""
    body_of: str | None = None
    """Path whose page comes instead."""
    limit: tuple[int, float] | None = field(default=None)
    """Only what exceeds so many requests in so many seconds goes wrong."""

    # How the answer comes.

    @classmethod
    def slow(cls, seconds: float, *, drip: bool = False) -> Fault:
        """Wait before the first byte or, with *drip*, over the whole body."""
        change = {"drip": seconds} if drip else {"delay": seconds}
        return cls("slow", page=lambda page, _: replace(page, **change))  # type: ignore[arg-type]

    @classmethod
    def status(cls, code: int, *, retry_after: str | int | None = None) -> Fault:
        """Answer with *code* and an error page."""
        return cls("status", page=lambda page, _: _error(code, retry_after))

    @classmethod
    def rate_limit(
        cls, allowed: int, *, seconds: float = float("inf"), retry_after: int = 1
    ) -> Fault:
        """Answer 429 once more than *allowed* requests came within *seconds*."""
        return cls(
            "rate_limit",
            page=lambda page, _: _error(429, retry_after),
            limit=(allowed, seconds),
        )

    @classmethod
    def reset(cls) -> Fault:
        """Reset the connection instead of answering."""
        return cls("reset", page=lambda page, _: replace(page, reset=True))

    @classmethod
    def no_answer(cls) -> Fault:
        """Close the connection without a byte."""
        return cls("no_answer", page=lambda page, _: replace(page, silent=True))

    @classmethod
    def garbage(cls) -> Fault:
        """Answer with something that is not HTTP."""
        noise = b"\x16\x03\x01\x02\x00SSH-2.0-nothing\r\n\x00\xff\xfe<<<>>>\r\n\r\n"
        return cls("garbage", page=lambda page, _: replace(page, raw=noise))

    @classmethod
    def truncated(cls, share: float = 0.5) -> Fault:
        """Declare the whole length, send *share* of the body, close."""
        return cls("truncated", page=lambda page, _: replace(page, cut=share))

    @classmethod
    def wrong_length(cls, share: float) -> Fault:
        """Declare *share* of the length, send the whole body, close."""
        return cls("wrong_length", page=lambda page, _: replace(page, declared=share))

    @classmethod
    def cut_html(cls, share: float = 0.5) -> Fault:
        """Send a page that ends in the middle, its length being right."""
        return cls(
            "cut_html", page=lambda page, _: _body(page, page.body[: int(len(page.body) * share)])
        )

    @classmethod
    def endless_redirect(cls) -> Fault:
        """Redirect to the same address under another query, for ever."""

        def page(page: Page, target: str) -> Page:
            path, _, query = target.partition("?")
            turn = int(found[1]) if (found := re.search(r"turn=(\d+)", query)) else 0
            return _redirect(f"{path}?turn={turn + 1}", 302)

        return cls("endless_redirect", page=page)

    @classmethod
    def redirect(cls, to: str = "/", *, status: int = 302) -> Fault:
        """Redirect to *to*: the front page, another article, another host."""
        return cls("redirect", page=lambda page, _: _redirect(to, status))

    # What the answer holds.

    @classmethod
    def wrong_charset(cls, kind: str = "cp949") -> Fault:
        """Send bytes in another charset than declared.

        ``cp949`` and ``latin-1`` bytes declared as UTF-8, ``utf-8`` declared as EUC-KR, or
        ``utf-16`` (with its mark) declared as UTF-8.
        """

        def page(page: Page, _: str) -> Page:
            text = page.body.decode()
            if kind == "utf-8":
                declared = re.sub(r"charset=\"?utf-8", 'charset="euc-kr', text, count=1, flags=re.I)
                return replace(
                    _body(page, declared.encode()), content_type="text/html; charset=euc-kr"
                )
            codec = {"cp949": "cp949", "latin-1": "cp1252", "utf-16": "utf-16"}[kind]
            return _body(
                page, text.encode(codec, "xmlcharrefreplace" if codec != "utf-16" else "replace")
            )

        return cls("wrong_charset", page=page)

    @classmethod
    def mojibake(cls) -> Fault:
        """Send UTF-8 that was read as Latin-1 and encoded again: ``â€œ`` for a curly quote."""
        return cls(
            "mojibake",
            page=lambda page, _: _body(page, "".join(map(_misread, page.body)).encode()),
        )

    @classmethod
    def empty(cls) -> Fault:
        return cls("empty", page=lambda page, _: _body(page, b""))

    @classmethod
    def not_html(cls, content_type: str = "image/jpeg") -> Fault:
        """Send a picture, ``application/pdf`` or ``application/json``."""
        bodies = {
            "image/jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
            + bytes(range(256)) * 40
            + b"\xff\xd9",
            "application/pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
            "application/json": json.dumps(
                {"code": "E500", "message": "upstream timed out"}
            ).encode(),
        }
        return cls(
            "not_html",
            page=lambda page, _: replace(
                _body(page, bodies[content_type]), content_type=content_type
            ),
        )

    @classmethod
    def huge(cls, megabytes: int = 50) -> Fault:
        """Stream so many megabytes of paragraphs, without a length."""
        chunk = b"<p>" + b"All work and no play. " * 2978 + b"</p>\n"

        def stream() -> Iterator[bytes]:
            yield b"<!DOCTYPE html><html><body><h1>Huge</h1>"
            for _ in range(megabytes * 16):
                yield chunk

        return cls("huge", page=lambda page, _: replace(page, stream=stream))

    @classmethod
    def deep(cls, levels: int = 100_000) -> Fault:
        """Send a page of so many nested elements."""
        return cls("deep", page=lambda page, _: _body(page, _nested(levels)))

    @classmethod
    def gzip_bomb(cls, megabytes: int = 200) -> Fault:
        """Send a small body that unpacks to so many megabytes."""
        return cls(
            "gzip_bomb",
            page=lambda page, _: replace(
                _body(page, _bomb(megabytes)),
                headers=(*page.headers, ("Content-Encoding", "gzip")),
                encoded=True,
            ),
        )

    @classmethod
    def broken_gzip(cls) -> Fault:
        """Declare gzip and send half of it."""

        def page(page: Page, _: str) -> Page:
            packed = gzip.compress(page.body, mtime=0)
            coded = (*page.headers, ("Content-Encoding", "gzip"))
            return replace(_body(page, packed[: len(packed) // 2]), headers=coded, encoded=True)

        return cls("broken_gzip", page=page)

    @classmethod
    def feed_is_html(cls) -> Fault:
        """Send the front page where a feed was asked for, with status 200."""
        return cls("feed_is_html", body_of="/")

    @classmethod
    def list_repeats(cls) -> Fault:
        """Show the first list page under every number."""
        return cls("list_repeats", list_page=lambda number, last: 1)

    @classmethod
    def endless_lists(cls) -> Fault:
        """Begin the lists anew after their end, for ever."""
        return cls("endless_lists", list_page=lambda number, last: (number - 1) % last + 1)

    # What the article says.

    @classmethod
    def without(cls, part: str) -> Fault:
        """Leave out the ``headline``, ``date`` or ``body`` everywhere on the page."""
        changes: dict[str, dict[str, object]] = {
            "headline": {"headline": "", "label_text": None},
            "date": {"posted": NO_DATE, "modified": None},
            "body": {
                "paragraphs": (),
                "pictures": (),
                "subheads": frozenset(),
                "marks": (),
                "deck": None,
            },
        }
        return cls("without", story=lambda story: replace(story, **changes[part]))  # type: ignore[arg-type]

    @classmethod
    def wrong_language(cls) -> Fault:
        """Print a Korean text under an English address."""
        text = (
            "정미소의 문이 닫힌 것은 지난해 동짓날이었다. 주민들은 군청 앞에서 다시 모이기로 했다."
        )
        return cls(
            "wrong_language",
            story=lambda story: replace(
                story,
                headline="정미소의 겨울",
                deck=None,
                paragraphs=(text,) * 5,
                pictures=(),
                subheads=frozenset(),
                marks=(),
                byline="표지환 기자 writer0@hani.co.kr",
                contact=None,
            ),
        )

    @classmethod
    def future_date(cls) -> Fault:
        moment = datetime(2199, 12, 31, 23, 59, tzinfo=KST)
        return cls("future_date", story=lambda story: replace(story, posted=moment, modified=None))

    @classmethod
    def ancient_date(cls) -> Fault:
        """Print a date before 1988, when the newspaper was founded."""
        moment = datetime(1970, 1, 1, 9, 0, tzinfo=KST)
        return cls("ancient_date", story=lambda story: replace(story, posted=moment, modified=None))

    @classmethod
    def modified_before_posted(cls) -> Fault:
        return cls(
            "modified_before_posted",
            story=lambda story: replace(story, modified=story.posted - timedelta(days=400)),
        )

    @classmethod
    def nul_bytes(cls) -> Fault:
        """Put NUL bytes into headline and text."""
        return cls("nul_bytes", story=lambda story: _soiled(story, _NUL), page=_restored)

    @classmethod
    def lone_surrogate(cls) -> Fault:
        """Put ``&#xD800;`` into headline and text."""
        return cls("lone_surrogate", story=lambda story: _soiled(story, _SURROGATE), page=_restored)

    @classmethod
    def script_headline(cls) -> Fault:
        """Print a headline that is code to a browser, a shell, a database and a formatter."""
        headline = (
            "<script>alert(1)</script> <img src=x onerror=alert(2)> \"'; DROP TABLE articles;-- "
            "$(reboot) `id` %s %(name)s {0.__class__} ../../etc/passwd \\x1b[31m"
        )
        return cls("script_headline", story=lambda story: replace(story, headline=headline))

    @classmethod
    def long_headline(cls, length: int = 10_000) -> Fault:
        headline = ("Long " * (length // 5 + 1))[: length - 1] + "."
        return cls("long_headline", story=lambda story: replace(story, headline=headline))


def _body(page: Page, body: bytes) -> Page:
    return replace(page, body=body, etag=None, last_modified=None)


def _error(code: int, retry_after: str | int | None) -> Page:
    text = f"<html><head><title>{code}</title></head><body><h1>{code}</h1></body></html>"
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Page(text.encode(), code, headers=headers)


def _redirect(to: str, status: int) -> Page:
    return Page(b"", status, headers=(("Location", to),))


def _misread(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _soiled(story: Story, mark: str) -> Story:
    first, *rest = story.paragraphs or ("",)
    dirty = f"{first[:20]}{mark}{first[20:]}"
    return replace(
        story, headline=f"{story.headline[:9]}{mark}{story.headline[9:]}", paragraphs=(dirty, *rest)
    )


def _restored(page: Page, _: str) -> Page:
    body = page.body.replace(_NUL.encode(), b"\0").replace(_SURROGATE.encode(), b"&#xD800;")
    return _body(page, body)


@cache
def _nested(levels: int) -> bytes:
    return (
        b"<!DOCTYPE html><html><body><h1>Deep</h1><p>Posted on : 2024-06-21 16:56 KST</p>"
        + b"<div>" * levels
        + b"At the bottom."
        + b"</div>" * levels
        + b"</body></html>"
    )


@cache
def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9, wbits=31)
    start = b"<!DOCTYPE html><html><body><h1>Bomb</h1><p>"
    chunk = b" " * 1_048_576
    return b"".join(
        [
            packer.compress(start),
            *(packer.compress(chunk) for _ in range(megabytes)),
            packer.flush(),
        ]
    )
