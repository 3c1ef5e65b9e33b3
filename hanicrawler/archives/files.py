"""The archive's own files: what they are called, and who is writing one."""

from __future__ import annotations

import os
import re
import socket
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

try:
    import fcntl
except ImportError:  # pragma: no cover (Windows, where nobody removes an open file)
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_STAMP: Final = "%Y%m%d%H%M%S%f"
_NAME: Final = re.compile(r"hanicrawler-(\d{20})-\d+-[A-Za-z0-9.-]{1,64}-\d+-\d{5,}\.warc\.gz")
_NOT_IN_A_NAME: Final = re.compile(r"[^A-Za-z0-9.-]+")


def file_name(at: datetime, crawl_id: int, number: int) -> str:
    """Return what the file *number* of this process, begun at *at* (aware), is called.

    ``hanicrawler-<UTC, to the microsecond>-<crawl>-<host>-<process>-<number>.warc.gz``: the order
    of names is that of time, and no two machines or processes ever choose the same.
    """
    stamp = at.astimezone(UTC).strftime(_STAMP)
    host = _NOT_IN_A_NAME.sub("-", socket.gethostname())[:64] or "host"
    return f"hanicrawler-{stamp}-{crawl_id}-{host}-{os.getpid()}-{number:05}.warc.gz"


def begun_at(name: str) -> datetime | None:
    """Return when the file *name* was begun, aware, in UTC; None for one that is not ours."""
    named = _NAME.fullmatch(name)
    if named is None:
        return None
    try:
        return datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def own_files(folder: Path) -> Iterator[tuple[datetime, Path, int]]:
    """Give the files of crawls in *folder*: when each was begun, its path, its size in bytes.

    What else stands in the folder is somebody else's.  A folder that does not exist has none.
    Raises OSError for one that cannot be read.
    """
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if (at := begun_at(entry.name)) is None:
            continue
        try:
            if entry.is_file(follow_symlinks=False):
                yield at, folder / entry.name, entry.stat(follow_symlinks=False).st_size
        except FileNotFoundError:
            continue


def claim(file: int) -> None:
    """Let others see that the open *file* is being written, as long as this process has it."""
    if fcntl is not None:
        # No file system of which locks are unknown is worth a crawl without its archive.
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return


def is_being_written(path: Path) -> bool:
    """Tell whether a process of this machine is writing *path*.  Raises OSError."""
    if fcntl is None:
        return False
    file = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False
