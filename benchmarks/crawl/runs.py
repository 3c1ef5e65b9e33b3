"""One run of either side, in a process of its own, and what it cost."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, TYPE_CHECKING, Final

from benchmarks.environments import ROOT
from benchmarks.processes import cost_of, plain_environment

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE: Final = re.compile(r"/arti/.*/\d+\.html")
HERE: Final = Path(__file__).parent


@dataclass(slots=True)
class Run:
    """What a run did."""

    paths: tuple[str, ...]
    """Everything it asked for, in order."""
    articles: int
    """How many of them were articles."""
    fetching: float
    """Seconds from the first request for a page to the last."""
    whole: float
    """Seconds the process took, its start and end included."""
    cpu: float
    """Seconds of CPU time it used, its start and end included."""
    memory: int
    """The most memory the process held, in bytes."""
    kept: int = 0
    """Bytes of its archive."""

    @property
    def pages_per_second(self) -> float:
        """Pages a second while fetching."""
        return len(self.paths) / self.fetching

    @property
    def pages_per_second_whole(self) -> float:
        """Pages a second, start and end of the process included."""
        return len(self.paths) / self.whole

    @property
    def pages_per_cpu_second(self) -> float:
        """Pages a second of CPU time: what others do on the machine counts for less."""
        return len(self.paths) / self.cpu


class Site:
    """The served newspaper, as the process that serves it answers."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self._process = process
        self.url = url

    def noted(self) -> list[tuple[str, float]]:
        """Return what was asked for since the last call, robots.txt left out."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        noted = json.loads(_line(self._process.stdout))
        return [(path, moment) for path, moment in noted if path != "/robots.txt"]


@contextmanager
def serving(articles: int, template: str) -> Iterator[Site]:
    """Serve a newspaper of so many articles while the block runs."""
    command = [sys.executable, "-m", "benchmarks.crawl.site"]
    command += ["--articles", str(articles), "--template", template]
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Site(process, _line(process.stdout).strip())
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()


def hani(
    site: Site, folder: Path, arguments: list[str], expected: int, *, keeps: bool = True
) -> Run:
    """Run ``scrapy crawl hani`` into a fresh SQLite file in *folder*.

    *keeps* is whether it keeps an archive, as it does by default.  Raises RuntimeError where it
    does not end healthy with *expected* articles stored.
    """
    database = folder / f"{monotonic()}.db"
    archive = folder / f"{database.name}.archive"
    environment = plain_environment(
        HANICRAWLER_SITE=site.url,
        HANICRAWLER_DATABASE=f"sqlite:///{database}",
        HANICRAWLER_ARCHIVE=str(archive) if keeps else "",
    )
    given = [word for argument in arguments for word in ("-a", argument)]
    command = [sys.executable, "-m", "scrapy", "crawl", "hani", *given]
    run = _run(site, command, environment)
    with sqlite3.connect(database) as connection:
        stored = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
    if stored != expected:
        raise RuntimeError(f"{stored} of {expected} articles were stored")
    if archive.exists() is not keeps:
        raise RuntimeError(f"an archive was {'not ' if keeps else ''}kept")
    run.kept = sum(file.stat().st_size for file in archive.glob("*.warc.gz"))
    shutil.rmtree(archive, ignore_errors=True)
    return run


def bare(site: Site, folder: Path, paths: tuple[str, ...]) -> Run:
    """Let a bare spider fetch *paths*."""
    urls = folder / "urls.txt"
    urls.write_text("\n".join(site.url + path for path in paths), "utf-8")
    run = _run(site, [sys.executable, str(HERE / "bare.py"), str(urls)], plain_environment())
    if len(run.paths) != len(set(paths)):
        raise RuntimeError(f"{len(run.paths)} of {len(set(paths))} pages were fetched")
    return run


def _run(site: Site, command: list[str], environment: dict[str, str]) -> Run:
    site.noted()
    cost = cost_of(command, ROOT, environment)
    noted = site.noted()
    paths = tuple(path for path, _ in noted)
    return Run(
        paths=paths,
        articles=sum(bool(ARTICLE.fullmatch(path)) for path in paths),
        fetching=noted[-1][1] - noted[0][1],
        whole=cost.seconds,
        cpu=cost.cpu,
        memory=cost.memory,
    )


def _line(stream: IO[str] | None) -> str:
    assert stream is not None
    line = stream.readline()
    if not line:
        raise RuntimeError("the site ended")
    return line
