"""The body of a response: its encodings taken off, its digest compared."""

from __future__ import annotations

import binascii
import hashlib
import io
import re
import zlib
from base64 import b32decode
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastwarc.stream_io import WarcReader

    Digest = tuple[str, bytes]
    """The algorithm and what it gave."""

BODY: Final = 10 << 20
"""The most bytes of a body that are read: 10 MB, a hundred times the site's largest page."""

_ENCODINGS: Final = 4
"""How many encodings on top of each other are taken off."""
_SHORT: Final = 64
"""Fewer bytes than this may have no control character by chance."""
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CHUNK_LINE: Final = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]{0,200})?\r\n")
_WBITS: Final = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""zlib's words for the formats that an encoding's name may mean."""
_ALGORITHM: Final = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64}


class TooLarge(Exception):
    """A body has more than BODY bytes."""


class NotDecoded(Exception):
    """A body is neither in the encoding that its headers name, whole, nor text as it is."""


def decoded(body: bytes, transfer: str | None, content: str | None) -> bytes:
    """Return *body* without the encodings that these two headers name.

    Bytes that are plainly not in a named encoding are taken as they are: many archives keep
    decoded bodies under the headers as sent.

    Raises TooLarge and NotDecoded.
    """
    if transfer and "chunked" in transfer.lower() and _CHUNK_LINE.match(body):
        body = unchunked(body)
    if content:
        for name in reversed(content.lower().split(",")[:_ENCODINGS]):
            body = _without(body, name.strip())
    return body


def unchunked(body: bytes) -> bytes:
    """Return what the chunks of *body* hold; raises TooLarge and NotDecoded."""
    from fastwarc.stream_io import ChunkedReader

    return _all_of(lambda: ChunkedReader(io.BytesIO(body)), "chunked")


def same_digest(stated: str, data: bytes) -> bool | None:
    """Tell whether *data* has the digest *stated* in a record; None where we cannot say."""
    known = stated_digest(stated)
    return None if known is None else has_digest(known, data)


def has_digest(known: Digest, data: bytes) -> bool:
    """Tell whether *data* has a digest that :func:`stated_digest` gave."""
    algorithm, digest = known
    return hashlib.new(algorithm, data, usedforsecurity=False).digest() == digest


def stated_digest(stated: str) -> Digest | None:
    """Return algorithm and bytes of a record's digest, ``sha1:`` and base 32 or hexadecimal.

    None for what is no digest that we know.
    """
    name, _, text = stated.strip().partition(":")
    algorithm = name.strip().lower().replace("-", "")
    size = _ALGORITHM.get(algorithm)
    if size is None or len(text) > 2 * size:
        return None
    try:
        if len(text) == 2 * size:
            return algorithm, bytes.fromhex(text)
        digest = b32decode(text + "=" * (-len(text) % 8), casefold=True)
    except (ValueError, binascii.Error):
        return None
    return (algorithm, digest) if len(digest) == size else None


def _without(body: bytes, encoding: str) -> bytes:
    if not body or _is_text(body):
        return body
    if encoding in _WBITS:
        return _inflated(body, encoding)
    if encoding in ("br", "zstd"):
        from fastwarc.stream_io import BrotliReader, ZstdReader

        reader = BrotliReader if encoding == "br" else ZstdReader
        return _all_of(lambda: reader(io.BytesIO(body)), encoding)
    return body


def _is_text(body: bytes) -> bool:
    start = body[:512]
    if _CONTROL.search(start):
        return False
    return len(start) >= _SHORT or start.lstrip().startswith(b"<")


def _inflated(body: bytes, encoding: str) -> bytes:
    for wbits in _WBITS[encoding]:
        # Not fastwarc's reader: it takes a stream that ends in the middle for a whole one.
        inflater = zlib.decompressobj(wbits)
        try:
            text = inflater.decompress(body, BODY + 1)
        except zlib.error:
            continue
        if len(text) > BODY:
            raise TooLarge
        if inflater.eof:
            return text
    raise NotDecoded(encoding)


def _all_of(reader: Callable[[], WarcReader], encoding: str) -> bytes:
    parts: list[bytes] = []
    size = 0
    try:
        source = reader()
        while part := source.read(BODY + 1 - size):
            parts.append(part)
            if (size := size + len(part)) > BODY:
                raise TooLarge
    except OSError:
        raise NotDecoded(encoding) from None
    return b"".join(parts)
