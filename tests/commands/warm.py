"""Crawls without their start: a process has imported what each imports, and forks.

Run as a program it is that process: it reads orders from its standard input, has a child of its
own carry each out as ``scrapy`` would, and says how that ended.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import signal
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT: Final = Path(__file__).parents[2]
ALSO: Final = (
    "alembic.command",
    "hanicrawler.commands.crawl",
    "hanicrawler.normalize.article",
    "hanicrawler.pages.document",
    "hanicrawler.pages.storylists",
    "psycopg",
    "scrapy.cmdline",
    "scrapy.core.downloader.handlers.http11",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "uvloop",
)
"""What a crawl imports besides what the settings name."""


class Ended(NamedTuple):
    """How a crawl has ended."""

    status: int
    """As of subprocess: a signal is negative."""
    stdout: str
    stderr: str


class WarmCrawls:
    """Runs ``scrapy`` with its modules imported before, one run at a time."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="hanicrawler-warm-")
        self._out, self._err = (Path(self._folder.name) / name for name in ("stdout", "stderr"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.commands.warm"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, cwd: Path, env: Mapping[str, str]) -> Ended:
        """Run ``scrapy`` with *arguments*; raise TimeoutExpired where it hangs."""
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        order = {
            "arguments": arguments,
            "cwd": str(cwd),
            "env": dict(env),
            "out": str(self._out),
            "err": str(self._err),
        }
        process.stdin.write(json.dumps(order) + "\n")
        process.stdin.flush()
        status = int(process.stdout.readline())
        if status == -signal.SIGALRM:
            raise subprocess.TimeoutExpired(list(arguments), HANGS)
        return Ended(status, self._out.read_text("utf-8"), self._err.read_text("utf-8"))

    def end(self) -> None:
        """End the process."""
        self._process.communicate()
        self._folder.cleanup()


@cache
def warm_crawls() -> WarmCrawls:
    """Return the one of this process, which is ended with it."""
    crawls = WarmCrawls()
    atexit.register(crawls.end)
    return crawls


def serve() -> None:
    """Carry out what standard input orders; a child returns from here to crawl."""
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            become(order)
            return
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
    sys.exit()


def become(order: dict[str, Any]) -> None:
    """Turn this process into one that was started as *order* says."""
    # Nobody waits for ever; a crawl sets no alarm of its own.
    signal.alarm(int(HANGS))
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for path, number in ((os.devnull, 0), (order["out"], 1), (order["err"], 2)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(opened, number)
        os.close(opened)
    random.seed()
    sys.path[0] = order["cwd"]
    sys.argv = ["scrapy", *order["arguments"]]


def warm_up() -> None:
    """Import what a crawl does; the reactor is its own to install."""
    from hanicrawler import settings

    named = [key for value in vars(settings).values() if isinstance(value, dict) for key in value]
    for name in named:
        if isinstance(name, str) and name.count(".") > 1:
            import_module(name.rpartition(".")[0])
    for name in ALSO:
        import_module(name)
    assert "twisted.internet.reactor" not in sys.modules


if __name__ == "__main__":
    warm_up()
    serve()
    from scrapy.cmdline import execute

    execute()
