"""Bytes to text, or a reason why not.

The site is UTF-8 today and was CP949 until about 2005.  What a page or a header declares
is often wrong, but text that is valid UTF-8 beyond ASCII is UTF-8.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.errors import PageError

if TYPE_CHECKING:
    from collections.abc import Mapping

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,40})""", re.I
)
# CP949 holds everything that EUC-KR and KS C 5601 hold; browsers read them so.
_KOREAN: Final = frozenset({"euc_kr", "cp949", "ks_c_5601-1987", "ks_c_5601", "ksc5601", "johab"})
_OTHER_FORMATS: Final = (
    (b"%PDF-", "a PDF file"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"),
    (b"PK\x03\x04", "a ZIP file"),
    (b"\x1f\x8b", "compressed data"),
)
_MARKUP_TYPES: Final = ("html", "xml", "text/plain", "octet-stream")


def decode(
    body: bytes, url: str, *, charset: str | None = None, content_type: str | None = None
) -> str:
    """Return the page *body* as text; see :func:`in_utf8`.

    Raises PageError (``empty``, ``not_html``).
    """
    require_markup(body, url, content_type)
    return in_utf8(body, charset).decode("utf-8")


def in_utf8(body: bytes, charset: str | None = None) -> bytes:
    """Return the page *body* in UTF-8, as it is as a rule.

    *charset* is what the response's header says.  A byte order mark goes first, then UTF-8
    where the bytes are valid UTF-8, then what the header or the page declares.  Bytes which fit
    nothing become U+FFFD, so that a damaged advertisement costs no article; see
    :func:`require_whole` for the fields.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(name, "replace").encode("utf-8")
    if is_utf8(body):
        return body
    return body.decode(_declared(body, charset), "replace").encode("utf-8", "ignore")


def is_utf8(body: bytes) -> bool:
    """Tell whether *body* is valid UTF-8."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def require_whole(url: str, texts: Mapping[str, str]) -> None:
    """Raise PageError (``undecodable``) where one of *texts*, by field, is in a wrong charset."""
    if not _is_damaged("\n".join(texts.values())):
        return
    for field, text in texts.items():
        if _is_damaged(text):
            raise PageError("undecodable", url, f"the {field} is not in the charset it claims")


def _is_damaged(text: str) -> bool:
    return REPLACEMENT in text or (
        "\u00e2" in text and ("\u00e2\u20ac" in text or "\u00e2\u0080" in text)
    )


def _declared(body: bytes, charset: str | None) -> str:
    meta = _META.search(body[:4096])
    for name in (charset, meta and meta[1].decode("ascii")):
        if not name:
            continue
        if name.lower().replace("-", "_") in _KOREAN or name.lower() in _KOREAN:
            return "cp949"
        try:
            found = codecs.lookup(name)
        except LookupError:
            continue
        if getattr(found, "_is_text_encoding", True):
            return found.name
    return "utf-8"


def require_markup(body: bytes, url: str, content_type: str | None) -> None:
    """Raise PageError (``empty``, ``not_html``) where *body* is no page."""
    if not body.strip(b"\0 \t\r\n"):
        raise PageError("empty", url, "the page is empty")
    start = body[:512].lstrip()
    for magic, name in _OTHER_FORMATS:
        if start.startswith(magic):
            raise PageError("not_html", url, f"not a page but {name}")
    media = (content_type or "").partition(";")[0].strip().lower()
    if media and not any(known in media for known in _MARKUP_TYPES):
        raise PageError("not_html", url, f"not a page but {media[:60]}")
    if start[:1] in (b"{", b"[") or (b"<" not in body and b"<\0" not in body):
        raise PageError("not_html", url, "not a page: there is no markup in it")
