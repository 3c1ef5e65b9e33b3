"""Whether a run is at work, asked without getting into its way."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

from hanicrawler.storage.engine import reading
from hanicrawler.storage.locks import Work, holder_on, lock_file
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    import sqlalchemy as sa


def is_at_work(engine: sa.Engine, work: Work = "crawl") -> bool | None:
    """Tell whether a run is at work in the database; None where that cannot be known from here.

    A crawl, or a reparse or an import where *work* is ``replay``.

    Taking the lock to see whether it is free would keep out a run that begins at that moment:
    the server is asked who holds it, or the file read that says so.  Raises DatabaseError.
    """
    if engine.dialect.name == "postgresql":
        with reading(engine) as connection:
            return holder_on(connection, work) != (None, None)
    return _holds_file(lock_file(Path(describe(engine.url)), work))


def _holds_file(file: Path) -> bool | None:
    """Tell whether the process lives that wrote its name into *file* last, and did not leave."""
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return False
    except OSError:
        return None
    if not text.strip("\0 \n"):
        return False  # it leaves the file empty
    try:
        said = json.loads(text)
        pid, host = int(said["pid"]), said["host"]
    except (ValueError, TypeError, KeyError):
        return None
    if host != socket.gethostname() or os.name != "posix" or pid <= 0:
        return None
    try:
        os.kill(pid, 0)  # asks, and ends nothing
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass  # somebody else's, but there
    return True
