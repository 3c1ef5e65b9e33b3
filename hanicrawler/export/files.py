"""Files that appear whole or not at all.

A file is written beside its place under a name that begins with a dot and ends in ``.part``,
forced to the disk, and given its own name at the end.  Who writes it holds a lock on it, which
ends with the process: what a killed export left behind is locked by nobody, and the next export
to the same place begins it anew.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from _typeshed import ReadableBuffer

BUFFER: Final = 1 << 20
_BESIDE: Final = ("-journal", "-wal", "-shm")
"""What SQLite writes beside a file at work."""
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class ExportError(Exception):
    """Nothing was exported.  The message is one line for a person: what, and what to do."""


class UnfinishedFile:
    """A file on its way to *final*: ``with UnfinishedFile(final) as file: ... file.finish()``.

    Left without :meth:`finish`, nothing of it stays.  Raises ExportError where it cannot be
    made, or another process is making it.
    """

    def __init__(self, final: Path) -> None:
        self.final = Path(os.path.realpath(final))  # of a link, the file that it leads to
        self.part = self.final.with_name(f".{self.final.name}.part")
        self.sha256 = hashlib.sha256()
        with errors_in_one_line(self.final):
            self._descriptor = self._open()
        self._finished = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._finished:
            self._clear()
            self.part.unlink(missing_ok=True)
        os.close(self._descriptor)

    def stream(self) -> io.BufferedWriter:
        """Return where to write its bytes, which are counted into :attr:`sha256`."""
        return io.BufferedWriter(_Hashing(self._descriptor, self.sha256), BUFFER)

    def read(self) -> None:
        """Count the bytes of a file that something else has written into :attr:`sha256`."""
        with self.part.open("rb", buffering=0) as file:
            while piece := file.read(BUFFER):
                self.sha256.update(piece)

    @property
    def size(self) -> int:
        """Its bytes so far."""
        return os.fstat(self._descriptor).st_size

    def sync(self) -> None:
        """Force its bytes to the disk."""
        with errors_in_one_line(self.final):
            os.fsync(self._descriptor)

    def finish(self) -> None:
        """Give it its own name; what had that name before is replaced."""
        with errors_in_one_line(self.final):
            self.part.replace(self.final)
            self._finished = True
            folder = os.open(self.final.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _open(self) -> int:
        while True:
            descriptor = os.open(self.part, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if self._is_ours(descriptor):
                    os.ftruncate(descriptor, 0)
                    self._clear()
                    return descriptor
            except BlockingIOError:
                os.close(descriptor)
                raise ExportError(f"{self.final}: another export is writing it") from None
            except BaseException:
                os.close(descriptor)
                raise
            os.close(descriptor)

    def _is_ours(self, descriptor: int) -> bool:
        """Tell whether what is locked still has the name: another export may just have finished."""
        try:
            return os.path.samestat(os.fstat(descriptor), self.part.stat())
        except FileNotFoundError:
            return False

    def _clear(self) -> None:
        for end in _BESIDE:
            with suppress(OSError):
                self.part.with_name(f"{self.part.name}{end}").unlink(missing_ok=True)


@contextmanager
def errors_in_one_line(where: Path | str) -> Iterator[None]:
    """Raise what the system refuses as ExportError; a reader that has gone stays what it is."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise ExportError(f"{where}: no space left: make room and run again") from error
        reason = error.strerror or " ".join(str(error).split())
        raise ExportError(f"{where}: cannot be written: {reason}") from error


class _Hashing(io.RawIOBase):
    """A descriptor whose bytes are counted on their way."""

    def __init__(self, descriptor: int, sha256: hashlib._Hash) -> None:
        self._descriptor = descriptor
        self._sha256 = sha256
        self._place = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def write(self, data: ReadableBuffer, /) -> int:
        written = os.write(self._descriptor, data)
        self._sha256.update(memoryview(data)[:written])
        self._place += written
        return written
