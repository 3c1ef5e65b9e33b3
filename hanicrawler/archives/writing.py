"""Writes responses into WARC 1.1 files, as Scrapy hands them over: their bodies decoded.

warcio makes the records (:func:`record_of`).  Each is compressed by itself and handed to the
operating system in one piece, so that whatever ends the process leaves whole records and at
most the beginning of one more.  A file is never appended to once it is closed.
"""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from warcio.recordbuilder import RecordBuilder
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from hanicrawler.archives.files import claim, file_name
from hanicrawler.archives.folder import name_in
from hanicrawler.archives.members import member
from hanicrawler.items import Kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

VERSION: Final = "1.1"
CONFORMS_TO: Final = (
    "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
)
SAME_BODY: Final = RecordBuilder.REVISIT_PROFILE_1_1
NOT_MODIFIED: Final = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"

_RENAMED: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A response as it is to be kept."""

    url: str
    """The site's own address, whatever root stands for it."""
    at: datetime
    """Aware; when it came."""
    status: int
    protocol: str = "HTTP/1.1"
    headers: Sequence[tuple[bytes, bytes]] = ()
    """As received: those that speak of the body's encoding or length are given other names."""
    body: bytes = b""
    """Without any encoding."""
    body_hash: str
    """sha256 of the body, hexadecimal."""
    ip: str | None = None
    """The server's address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An earlier response with the same body, which the archive keeps."""

    at: datetime
    """Aware; its moment of capture."""
    body_hash: str
    """sha256 of the body, hexadecimal."""


def record_of(answer: Answer, before: Before | None = None) -> bytes:
    """Return the record that keeps *answer*.

    *before* is the response that had its body, which is not kept again then; for a 304 the one
    that the site says is still right.
    """
    headers = {"WARC-Date": _date(answer.at)}
    if answer.ip:
        headers["WARC-IP-Address"] = answer.ip
    is_revisit = before is not None or answer.status == 304
    if is_revisit:
        headers["WARC-Profile"] = NOT_MODIFIED if answer.status == 304 else SAME_BODY
    if before is not None:
        headers["WARC-Refers-To-Target-URI"] = answer.url
        headers["WARC-Refers-To-Date"] = _date(before.at)
    if body_hash := before.body_hash if before else None if is_revisit else answer.body_hash:
        headers["WARC-Payload-Digest"] = f"sha256:{body_hash}"
    made = _Made()
    made.writer.write_record(
        made.writer.create_warc_record(
            answer.url,
            "revisit" if is_revisit else "response",
            payload=None if is_revisit else io.BytesIO(answer.body),
            length=None if is_revisit else len(answer.body),
            http_headers=_HttpHeaders(
                _status_line(answer.status), list(_headers(answer)), answer.protocol
            ),
            warc_headers_dict=headers,
        )
    )
    return made.whole()


class ArchiveWriter:
    """Writes an archive's files into a folder, one after the other.

    *info* is what each file says of itself and of the crawl *crawl_id*; *most_bytes* is the size
    after which the next file is begun.  *begins* is called before each: the time to make room.
    Every method may raise OSError; nothing that was kept is lost then.
    """

    def __init__(
        self,
        folder: Path,
        *,
        crawl_id: int,
        info: Mapping[str, str],
        most_bytes: int,
        begins: Callable[[], None] = lambda: None,
    ) -> None:
        self.folder = folder
        self._crawl_id = crawl_id
        self._info = info
        self._most_bytes = most_bytes
        self._begins = begins
        self._number = 0
        self._file: _File | None = None

    def keep(self, record: bytes) -> Kept:
        """Keep *record*; return where."""
        file = self._file
        if file is not None and not file.is_there():
            # Somebody has moved or removed it: what follows is to be found in the folder.
            self.close()
            file = None
        if file is None:
            file = self._file = self._begin()
        kept = Kept(file=name_in(self.folder, file.path), offset=file.append(record))
        if file.size >= self._most_bytes:
            self.close()
        return kept

    def close(self) -> None:
        """End the file that is being written, once it is on the disk."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _begin(self) -> _File:
        self._begins()
        self.folder.mkdir(parents=True, exist_ok=True)
        self._number += 1
        name = file_name(datetime.now(UTC), self._crawl_id, self._number)
        return _File(self.folder / name, _description(name, self._info))


class _File:
    """An open file, which begins with the record that describes it."""

    def __init__(self, path: Path, description: bytes) -> None:
        self.path = path
        self.size = 0
        self._file = path.open("xb", buffering=0)
        claim(self._file.fileno())
        self._status = os.fstat(self._file.fileno())
        try:
            self.append(description)
        except OSError:
            self._file.close()
            path.unlink()
            raise

    def is_there(self) -> bool:
        """Tell whether the file is still where it was made."""
        try:
            there = os.stat(self.path)  # noqa: PTH116 (asked for each page)
        except FileNotFoundError:
            return False
        return os.path.samestat(there, self._status)

    def append(self, record: bytes) -> int:
        """Write *record* in one piece; return where it begins."""
        offset = self.size
        whole = memoryview(member(record))
        written = 0
        try:
            while written < len(whole):
                written += self._file.write(whole[written:]) or 0
        except OSError:
            # A full disk takes a part: what follows a whole record is to be the next one.
            self._file.truncate(offset)
            self._file.seek(offset)
            raise
        self.size += written
        return offset

    def close(self) -> None:
        """Close the file once what it holds is on the disk."""
        try:
            os.fsync(self._file.fileno())
        finally:
            self._file.close()


class _Made:
    """Takes what warcio makes of a record.

    Its own compression has one level, 9, and gives many pieces.
    """

    def __init__(self) -> None:
        self.writer = WARCWriter(self, gzip=False, warc_version=VERSION)
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> None:
        """Take a piece."""
        self._pieces.append(piece)

    def flush(self) -> None:
        """Do nothing: the record is whole when it is asked for."""

    def whole(self) -> bytes:
        """Return the record."""
        return b"".join(self._pieces)


class _HttpHeaders(StatusAndHeaders):  # type: ignore[misc]
    """HTTP headers of which every byte stays as it came."""

    def compute_headers_buffer(self, header_filter: Any = None) -> None:
        self.headers_buff = self.to_bytes(header_filter, "latin-1")


def _date(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _status_line(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _headers(answer: Answer) -> Iterator[tuple[str, str]]:
    """Give the headers as received, and the true length of the body that is kept.

    The names are those that Common Crawl gives the others.
    """
    for name, value in answer.headers:
        text = name.decode("latin-1")
        if text.lower() in _RENAMED:
            text = f"X-Crawler-{text}"
        yield text, _CONTROL.sub(" ", value.decode("latin-1"))
    yield "Content-Length", str(len(answer.body))


def _description(name: str, info: Mapping[str, str]) -> bytes:
    """Return the record with which the file *name* says what it is."""
    described = {"format": f"WARC File Format {VERSION}", "conformsTo": CONFORMS_TO, **info}
    clean = {key: _CONTROL.sub(" ", value) for key, value in described.items()}
    made = _Made()
    made.writer.write_record(made.writer.create_warcinfo_record(name, clean))
    return made.whole()
