"""Preloaded by Dask's workers: small batches, and a page that ends the process which reads it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any, Final

from hanicrawler.replay import reading, tasks, workers

if TYPE_CHECKING:
    from hanicrawler.archives import Capture

DEADLY: Final = b"<html>deadly</html>"
BATCH: Final = 10
"""Captures that are written at a time."""

_harmless_work = workers._work
_harmless_reading = reading.entries_of


def dask_setup(_worker: Any) -> None:
    workers._work = work


def work(*arguments: Any) -> None:
    tasks.SIZE = BATCH  # type: ignore[misc]
    reading.entries_of = read
    _harmless_work(*arguments)


def read(capture: Capture, *arguments: Any) -> Any:
    if capture.body == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return _harmless_reading(capture, *arguments)
