"""Bytes of archives, to be read again from a place a little before.

fastwarc asks of a stream only that it reads and tells where it is.  After damage we go back to
where it began: in a file by seeking, in a pipe as far as the bytes read last are held.
"""

from __future__ import annotations

import zlib
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol
from zipfile import BadZipFile

if TYPE_CHECKING:
    from collections.abc import Callable

HELD: Final = 16 << 20
"""How many bytes of a pipe are held for going back: more than the largest record we read."""


class Readable(Protocol):
    """What fastwarc asks of a stream."""

    def read(self, size: int = ..., /) -> bytes: ...
    def tell(self) -> int: ...


class Stream(ABC):
    """Bytes from offset 0 on."""

    def __init__(self) -> None:
        self.failure: str | None = None
        """Why no more could be read; the stream then ends there."""

    def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes; none at the end, and none where reading fails.

        A disk's or a decompressor's error is no error of the WARC reader's, which raises OSError
        for its own: it is kept as *failure*.
        """
        try:
            return self._read(size)
        except (OSError, EOFError, zlib.error, BadZipFile, NotImplementedError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            self.failure = reason or str(error) or type(error).__name__
            return b""

    @abstractmethod
    def _read(self, size: int) -> bytes: ...

    @abstractmethod
    def tell(self) -> int:
        """Return the offset of what is read next."""

    @abstractmethod
    def go(self, offset: int) -> int:
        """Go to *offset*, or as near behind it as is possible; return where that is."""

    def forget(self, offset: int) -> None:  # noqa: B027 (a file forgets nothing)
        """Hear that nobody goes back before *offset*."""

    def done(self, offset: int) -> int:
        """Return how many bytes of the source were read when *offset* was reached."""
        return offset

    def at(self, offset: int, size: int) -> bytes:
        """Return up to *size* bytes from *offset*; none where they are no longer held."""
        if self.go(offset) != offset:
            return b""
        parts = []
        while size and (part := self.read(size)):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)


class FileStream(Stream):
    """A file, or a part of one that is stored in it as it is."""

    def __init__(self, file: BinaryIO, first: int = 0, size: int | None = None) -> None:
        super().__init__()
        self._file = file
        self._first = first
        self._size = size
        file.seek(first)

    def _read(self, size: int) -> bytes:
        if self._size is not None:
            left = max(self._size - self.tell(), 0)
            size = left if size < 0 else min(size, left)
        return self._file.read(size)

    def tell(self) -> int:
        return self._file.tell() - self._first

    def go(self, offset: int) -> int:
        return self._file.seek(self._first + offset) - self._first


class PipeStream(Stream):
    """What can be read once only: a pipe, or something compressed."""

    def __init__(self, read: Callable[[int], bytes], done: Callable[[], int] | None = None) -> None:
        super().__init__()
        self._source = read
        self._done = done
        self._held = bytearray()
        self._held_from = 0
        self._at = 0

    def _read(self, size: int) -> bytes:
        if (place := self._at - self._held_from) == len(self._held):
            part = self._source(size if size >= 0 else 1 << 16)
            self._held += part
            if len(self._held) > HELD:
                self.forget(self._held_from + len(self._held) - HELD)
        else:
            part = bytes(self._held[place:] if size < 0 else self._held[place : place + size])
        self._at += len(part)
        return part

    def tell(self) -> int:
        return self._at

    def go(self, offset: int) -> int:
        self._at = max(min(offset, self._held_from + len(self._held)), self._held_from)
        while self._at < offset and self.read(min(offset - self._at, 1 << 16)):
            pass
        return self._at

    def forget(self, offset: int) -> None:
        if (count := min(offset - self._held_from, len(self._held))) > 0:
            del self._held[:count]
            self._held_from += count

    def done(self, offset: int) -> int:
        return self._done() if self._done else offset


class Prefixed:
    """A stream entered in its middle, with what the decompressor has to know read first.

    It counts from 0: at no other place does fastwarc look for a dictionary.
    """

    def __init__(self, prefix: bytes, stream: Stream) -> None:
        self._prefix = prefix
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to *size* bytes; none at the end."""
        end = len(self._prefix) if size < 0 else self._at + size
        part = self._prefix[self._at : end] or self._stream.read(size)
        self._at += len(part)
        return part

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._at
