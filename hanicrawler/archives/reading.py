"""Captures out of anybody's archives: whatever the files are, the same comes of them."""

from __future__ import annotations

import re
import struct
import sys
import zipfile
import zlib
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from fastwarc.stream_io import GzipReader

from hanicrawler.archives.captures import Capture, Damage, Position
from hanicrawler.archives.errors import ArchiveError
from hanicrawler.archives.folder import path_of
from hanicrawler.archives.framing import Framing, Gzip, Plain, Zstandard
from hanicrawler.archives.listing import STANDARD_INPUT, Source, refusal, shown, sources
from hanicrawler.archives.saved import read_page, read_pages
from hanicrawler.archives.streams import FileStream, PipeStream, Stream
from hanicrawler.archives.warc import WarcReader
from hanicrawler.items import Kept
from hanicrawler.site import article_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedReader

_START: Final = 512 << 10
"""How much of a compressed file is looked at to see whether each record is compressed alone."""
_SECOND: Final = re.compile(rb"\r\n\r\nWARC/[01]\.\d{1,2}\r\n")
_LOCAL: Final = struct.Struct("<4s22xHH")
"""A ZIP file's own header in front of a file: how long its name and its extras are."""


def read_captures(
    source: Source, *, wanted: Callable[[str], bool], start: int = 0
) -> Iterator[Capture | Damage | Position]:
    """Yield the captures in *source* of the URLs that are *wanted*, in the order of the file.

    *wanted* is asked before a body is read or decoded.  What cannot be read comes as Damage, and
    the reading goes on behind it.  After each capture, and at least every megabyte, comes a
    Position; *start* is the ``offset`` of one that a stopped reading gave.  The last thing is
    the Position of the end.

    Raises ArchiveError where there is nothing to read: the file is gone, or standard input is no
    WARC.
    """
    if source.kind == "refused":
        kept = Kept(file=source.name, offset=0)
        yield Damage(kept=kept, code="not_read", reason=f"The file is {source.reason}.")
        yield Position(offset=0, done=0)
    elif source.kind == "html":
        yield from read_pages(source, wanted, start)
    else:
        with _opened(source) as (stream, framing):
            yield from WarcReader(stream, framing, source.name, wanted).read(start)


def read_record(folder: Path | None, kept: Kept, url: str | None = None) -> Capture:
    """Return the one record that *kept* names; *folder* is the archive's.

    Raises ArchiveError where it is no longer there, is damaged, or is of another page than *url*.
    """
    where = f"{shown(kept.file)}, byte {kept.offset}"
    found = _found(_source(folder, kept), kept, where)
    if isinstance(found, Damage):
        raise ArchiveError(f"{where}: {found.reason}")
    if url is not None and not _is_same(found.url, url):
        raise ArchiveError(f"{where}: this is the record of another page, {shown(found.url)}")
    return found


def _found(source: Source, kept: Kept, where: str) -> Capture | Damage:
    if source.kind == "html":
        return read_page(Path(source.path, source.pages[0][0]))
    for found in read_captures(source, wanted=lambda url: True, start=kept.offset):
        if not isinstance(found, Position):
            if found.kept.offset == kept.offset:
                return found
            break
    raise ArchiveError(f"{where}: no page's record begins here: is this another file?")


def _is_same(url: str, other: str) -> bool:
    if url == other:
        return True
    address, another = article_address(url), article_address(other)
    return address is not None and another is not None and address.key == another.key


def _source(folder: Path | None, kept: Kept) -> Source:
    """Return the source of one record; raises ArchiveError where its file is not to be read."""
    if kept.file == STANDARD_INPUT:
        raise ArchiveError("the page came from standard input, which nobody has kept")
    name, _, member = kept.file, "", ""
    while "!" in name and not _is_file(folder, name):
        name, _, last = name.rpartition("!")
        member = f"{last}!{member}" if member else last
    path = path_of(folder, name)
    for source in sources([str(path)], folder):
        if (source.member or "") == member:
            return source
    raise ArchiveError(f"{shown(path)}: there is no {shown(member)} in it")


def _is_file(folder: Path | None, name: str) -> bool:
    """Tell whether *name* is a file's, and not that of something in a WACZ."""
    is_one_part = Path(name).name == name or Path(name).is_absolute()
    return is_one_part and path_of(folder, name).is_file()


@contextmanager
def _opened(source: Source) -> Iterator[tuple[Stream, Framing]]:
    with ExitStack() as stack:
        try:
            stream = _stream(source, stack)
        except (OSError, zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
            reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
            raise ArchiveError(f"{shown(source.path)}: cannot be read: {reason}") from None
        yield _framed(source, stream)


def _stream(source: Source, stack: ExitStack) -> Stream:
    if source.path == STANDARD_INPUT:
        if sys.stdin is None:  # the shell's <&-
            raise ArchiveError("standard input: it is closed")
        return PipeStream(cast("BufferedReader", sys.stdin.buffer).read1)
    file = Path(source.path).open("rb")  # noqa: SIM115 (the stack closes it)
    stack.enter_context(file)
    if source.member is None:
        return FileStream(file) if file.seekable() else PipeStream(file.read1)
    wacz = stack.enter_context(zipfile.ZipFile(file))
    info = wacz.getinfo(source.member)
    if info.compress_type == zipfile.ZIP_STORED and not info.flag_bits & 1:
        file.seek(info.header_offset)
        header = file.read(_LOCAL.size)
        if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
            raise zipfile.BadZipFile("its directory leads nowhere")
        _, name, extra = _LOCAL.unpack(header)
        first = info.header_offset + _LOCAL.size + name + extra
        return FileStream(file, first, info.file_size)
    return PipeStream(stack.enter_context(wacz.open(info)).read)


def _framed(source: Source, stream: Stream) -> tuple[Stream, Framing]:
    """Return the stream of the records and how they stand in it."""
    start = stream.at(0, 512)
    name = (source.member or source.path).lower()
    if start.startswith((b"\x28\xb5\x2f\xfd", b"\x5d\x2a\x4d\x18")) or name.endswith(".zst"):
        return stream, Zstandard()
    if source.size is None and (reason := refusal(start, name)) is not None:
        what = "standard input" if source.path == STANDARD_INPUT else shown(source.path)
        raise ArchiveError(f"{what}: {reason}")
    if not start.startswith(b"\x1f\x8b") and not name.endswith(".gz"):
        return stream, Plain()
    if _is_one_member(stream.at(0, _START)):
        stream.go(0)
        unpacked = GzipReader(cast("BinaryIO", stream))
        return PipeStream(unpacked.read, lambda: stream.tell()), Plain()
    return stream, Gzip()


def _is_one_member(start: bytes) -> bool:
    """Tell whether the first member of a gzip file holds more than one record."""
    try:
        text = zlib.decompressobj(31).decompress(start, 8 * _START)
    except zlib.error:
        return False
    return text.startswith(b"WARC/") and _SECOND.search(text) is not None
