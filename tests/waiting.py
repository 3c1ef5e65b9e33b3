"""Waiting for what comes sooner or later, on a slow machine later."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

HANGS: Final = 300.0
"""Seconds after which something hangs: it ends a test that would never end, and measures nothing.

A machine that is five times slower than ours, and does something else meanwhile, needs less.
"""


def wait_until(
    met: Callable[[], bool], *running: subprocess.Popen[str], every: float = 0.02
) -> None:
    """Wait until *met*, which has to be before any of *running* ends; look *every* few seconds."""
    deadline = time.monotonic() + HANGS
    while not met():
        assert all(process.poll() is None for process in running), "it is over too soon"
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(every)
