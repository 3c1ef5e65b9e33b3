"""``hanicrawler serve`` as the command it is, for the tests that need a server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from tests.waiting import HANGS

COMMAND = "from hanicrawler.cli import main; main()"
_OPEN = build_opener(ProxyHandler({})).open


@dataclass
class Served:
    """A server at work."""

    process: subprocess.Popen[str]
    address: str
    """``http://127.0.0.1:40123/``."""

    def text(self, path: str = "/") -> str:
        """Return the page at *path*."""
        with _OPEN(f"{self.address.rstrip('/')}{path}", timeout=HANGS) as answer:
            return str(answer.read().decode())

    def end(self, by: signal.Signals = signal.SIGINT) -> tuple[int, str, str]:
        """End it; return its status and what else it printed."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=HANGS)
        return self.process.returncode, out, err


@contextmanager
def served(
    database: str, *, temporary: Path | None = None, python: Sequence[str] = (), port: int = 0
) -> Iterator[Served]:
    """Serve *database*; *temporary* is where the command may keep what it needs meanwhile."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("HANICRAWLER_") and not name.lower().endswith("_proxy")
    }
    more = {"TMPDIR": str(temporary)} if temporary else {}
    process = subprocess.Popen(
        [sys.executable, *(python or ("-c", COMMAND)), "serve", "--port", str(port),
         "--database", database],
        env={**kept, **more},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            out, err = process.communicate(timeout=HANGS)
            raise AssertionError(f"{process.returncode}: {out}{err}")
        yield Served(process, address)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()
