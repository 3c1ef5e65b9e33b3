"""Archives made in tests: by warcio, or by hand where warcio would not write such a thing."""

from __future__ import annotations

import base64
import hashlib
import io
from typing import TYPE_CHECKING

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from hanicrawler.archives import Capture, Damage, Position, read_captures, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

AT = "2024-05-01T01:02:03Z"


def url(number: int) -> str:
    return f"https://english.hani.co.kr/arti/english_edition/e_national/{number}.html"


def page(number: int, words: int = 60) -> bytes:
    text = " ".join(f"lamp{number * word}" for word in range(words))
    return f"<!doctype html><html><p>Invented page {number}: {text}</p></html>".encode()


def record(
    address: str,
    body: bytes,
    *,
    kind: str = "response",
    gzip: bool = True,
    status: str = "200 OK",
    http: Iterable[tuple[str, str]] = (("Content-Type", "text/html; charset=utf-8"),),
    **headers: str,
) -> bytes:
    """Return a record as warcio writes it; *headers* are the record's own, ``_`` for ``-``."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=gzip, warc_version="1.1")
    sent = StatusAndHeaders(status, list(http), protocol="HTTP/1.1")
    own = {"WARC-Date": AT} | {name.replace("_", "-"): value for name, value in headers.items()}
    writer.write_record(
        writer.create_warc_record(
            address,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=sent if kind in ("response", "revisit") else None,
            warc_headers_dict=own,
        )
    )
    return out.getvalue()


def raw(block: bytes, *, kind: str = "response", **headers: str) -> bytes:
    """Return a record written by hand, uncompressed, with just these headers."""
    own = {
        "WARC-Type": kind,
        "WARC-Target-URI": url(1),
        "WARC-Date": AT,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in own.items() if value]
    head = "\r\n".join(["WARC/1.0", *lines]).encode()
    return head + b"\r\n\r\n" + block + b"\r\n\r\n"


def response(body: bytes, *headers: str) -> bytes:
    """Return a block of HTTP."""
    return "\r\n".join(["HTTP/1.1 200 OK", *headers]).encode("latin-1") + b"\r\n\r\n" + body


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()


def read(
    path: Path, start: int = 0, wanted: Callable[[str], bool] = lambda url: True
) -> list[Capture | Damage | Position]:
    """Return all that is read of a file or folder."""
    return [
        found
        for source in sources([str(path)], None)
        for found in read_captures(source, wanted=wanted, start=start)
    ]


def read_bytes(folder: Path, data: bytes, name: str = "made.warc") -> list[Capture | Damage]:
    """Return what is read of a file with these bytes, without the positions."""
    path = folder / name
    path.write_bytes(data)
    return [found for found in read(path) if not isinstance(found, Position)]


def only(found: list[Capture | Damage]) -> Capture:
    """Return the one capture that was found, and nothing else."""
    (one,) = found
    assert isinstance(one, Capture), one
    return one


def only_damage(found: list[Capture | Damage]) -> Damage:
    """Return the one damage that was found, and nothing else."""
    (one,) = found
    assert isinstance(one, Damage), one
    return one
