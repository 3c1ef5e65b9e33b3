"""Where records begin and end in a file: asked only where fastwarc could not read on.

What is in a record is fastwarc's to say.
"""

from __future__ import annotations

import re
import zlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from hanicrawler.archives.streams import Prefixed

if TYPE_CHECKING:
    from hanicrawler.archives.streams import Readable, Stream

_BLANK: Final = b"\r\n\r\n"
_HEADERS: Final = 32 << 10
"""fastwarc's own limit for the headers of a record."""
_AHEAD: Final = 1 << 10
"""How much of what may be a record is looked at."""
_CHUNK: Final = 64 << 10
_FIRST_LINE: Final = re.compile(rb"WARC/[01]\.\d{1,2}\r\n")
_GZIP: Final = 31
"""zlib's word for "a gzip member, checked"."""


_SKIPPED: Final = b"\x5d\x2a\x4d\x18"
"""What a frame with a dictionary begins with."""
_DICTIONARY: Final = 4 << 20


class Framed(NamedTuple):
    """What can be said of the end of a record."""

    is_whole: bool | None
    """None where its file does not say."""
    end: int | None
    """Where the next record should begin; None where that cannot be said."""


class Framing(ABC):
    """How the records of a file stand one behind the other."""

    START: ClassVar[re.Pattern[bytes]]
    """What each begins with."""
    CHECKS: ClassVar[bool] = False
    """Whether each has a checksum, which has been compared when the next one is read."""

    @abstractmethod
    def frame(self, stream: Stream, offset: int, size: int) -> Framed:
        """Return how the record at *offset* ends, of whose content fastwarc took *size* bytes."""

    def enter(self, stream: Stream, offset: int) -> tuple[Readable, int]:
        """Return a stream of records from the one at *offset* on, and where its 0 is."""
        stream.go(offset)
        return stream, 0

    def start_of(self, stream: Stream, offset: int) -> bytes:
        """Return the first bytes of the record at *offset*, as far as they can be read."""
        return stream.at(offset, _AHEAD)

    def is_cut(self, stream: Stream, offset: int) -> bool:
        """Tell whether the file ends in the headers of a record at *offset*."""
        return False

    def may_begin(self, ahead: bytes) -> bool:
        """Tell whether the bytes *ahead*, which START matches, may be those of a record."""
        return True

    def find(self, stream: Stream, offset: int) -> int | None:
        """Return the first place from *offset* on where a record may begin."""
        base = stream.go(offset)
        data = b""
        while True:
            part = stream.read(_CHUNK)
            data += part
            place = 0
            while match := self.START.search(data, place):
                place = match.start()
                if part and len(data) - place < _AHEAD:
                    break
                if self.may_begin(data[place : place + _AHEAD]):
                    return base + place
                place += 1
            else:
                place = max(place, len(data) - 16)  # half a beginning may stand there
            if not part:
                return None
            base += place
            data = data[place:]


class Plain(Framing):
    """Records as they are."""

    START = _FIRST_LINE

    def frame(self, stream: Stream, offset: int, size: int) -> Framed:
        if stream.go(offset) != offset:
            return Framed(None, None)  # no longer held
        head = stream.at(offset, _HEADERS + 16)
        headers = head.find(_BLANK)
        if headers < 0:
            return Framed(False, None)
        end = offset + headers + len(_BLANK) + size
        after = stream.at(end, len(_BLANK))
        return Framed(after in (_BLANK, b""), end + len(after))

    def is_cut(self, stream: Stream, offset: int) -> bool:
        rest = stream.at(offset, _HEADERS + 1)
        begins = b"WARC/".startswith(rest[:5])
        return begins and len(rest) <= _HEADERS and _BLANK not in rest


class Gzip(Framing):
    """A member of gzip a record."""

    START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
    CHECKS = True

    def is_cut(self, stream: Stream, offset: int) -> bool:
        rest = stream.at(offset, _HEADERS + 1)
        member = zlib.decompressobj(_GZIP)
        try:
            member.decompress(rest, _HEADERS)
        except zlib.error:
            return False
        return b"\x1f\x8b\x08".startswith(rest[:3]) and len(rest) <= _HEADERS and not member.eof

    def may_begin(self, ahead: bytes) -> bool:
        try:
            return zlib.decompressobj(_GZIP).decompress(ahead, 5) == b"WARC/"
        except zlib.error:
            return False

    def start_of(self, stream: Stream, offset: int) -> bytes:
        member = zlib.decompressobj(_GZIP)
        text = b""
        try:
            for byte in stream.at(offset, _AHEAD):  # up to the byte that is wrong
                text += member.decompress(bytes((byte,)))
        except zlib.error:
            pass
        return text

    def frame(self, stream: Stream, offset: int, size: int) -> Framed:
        if stream.go(offset) != offset:
            return Framed(None, None)  # no longer held
        member = zlib.decompressobj(_GZIP)
        start = b""
        length = 0
        packed = b""
        while not member.eof:
            if not packed and not (packed := stream.read(_CHUNK)):
                return Framed(False, None)
            try:
                part = member.decompress(packed, _CHUNK)
            except zlib.error:
                return Framed(False, None)
            packed = member.unconsumed_tail
            start += part[: _HEADERS + 16 - len(start)]
            if (length := length + len(part)) > size + 2 * _HEADERS:
                return Framed(False, None)
        headers = start.find(_BLANK)
        after = length - (headers + len(_BLANK) + size)
        end = stream.tell() - len(member.unused_data)
        return Framed(headers >= 0 and 0 <= after <= len(_BLANK), end)


class Zstandard(Framing):
    """A frame of Zstandard a record, perhaps with a dictionary in the first frame.

    What of a frame is damaged is the frame's checksum and the record's digest to say.
    """

    START = re.compile(rb"\x28\xb5\x2f\xfd")

    def frame(self, stream: Stream, offset: int, size: int) -> Framed:
        return Framed(None, None)

    def enter(self, stream: Stream, offset: int) -> tuple[Readable, int]:
        start = stream.at(0, 8)
        if start[:4] == _SKIPPED and offset:
            size = 8 + int.from_bytes(start[4:], "little")
            if size <= min(offset, _DICTIONARY):
                prefix = stream.at(0, size)
                stream.go(offset)
                return Prefixed(prefix, stream), offset - size
        return super().enter(stream, offset)
