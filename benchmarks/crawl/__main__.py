"""``python -m benchmarks.crawl``: pages a second as a ratio, and memory as it grows."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.crawl import runs
from benchmarks.documents import table
from benchmarks.machine import describe
from hanicrawler.site import HOSTS
from tests.replica import Newspaper

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.crawl.runs import Run

PACKAGES = ("scrapy", "selectolax", "sqlalchemy")
TEMPLATE = "english-next"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="each side once a round (5)")
    parser.add_argument("--articles", type=int, default=1000, help="of the speed runs (1000)")
    parser.add_argument(
        "--memory", type=int, nargs="*", default=[2000, 20000], help="articles of those runs"
    )
    given = parser.parse_args(arguments)
    print(f"{describe(*PACKAGES)}\n")
    print(speed(given.articles, given.rounds))
    print(f"\n{archive(given.articles, given.rounds)}")
    if given.memory:
        print(f"\n{memory(given.memory)}")
    return 0


def speed(articles: int, rounds: int) -> str:
    """Return the table of pages a second: the command and the bare spider by turns."""
    rows = []
    with TemporaryDirectory() as name, runs.serving(articles, TEMPLATE) as site:
        folder = Path(name)
        walk = walking()
        first = runs.hani(site, folder, walk, articles)
        urls = [path for path in first.paths if runs.ARTICLE.fullmatch(path)]
        for words, given, paths in (
            ("just these URLs", [f"urls={_urls(urls)}"], tuple(urls)),
            ("back through the lists", walk, first.paths),
        ):
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(runs.hani(site, folder, given, articles))
                theirs.append(runs.bare(site, folder, paths))
            rows += _rows(words, ours, theirs)
    header = ["run", "pages", "seconds measured", "scrapy crawl hani", "bare Scrapy", "ratio"]
    return table(header, rows)


def archive(articles: int, rounds: int) -> str:
    """Return the table of pages a second with and without the archive, by turns."""
    with TemporaryDirectory() as name, runs.serving(articles, TEMPLATE) as site:
        folder, walk = Path(name), walking()
        runs.hani(site, folder, walk, articles)
        with_it, without = [], []
        for number in range(rounds):
            # Whoever comes second may find the machine warmer, or busier.
            for keeps in (True, False) if number % 2 else (False, True):
                run = runs.hani(site, folder, walk, articles, keeps=keeps)
                (with_it if keeps else without).append(run)
    rows = _rows("back through the lists", with_it, without)
    kept = with_it[0].kept / len(with_it[0].paths) / 1000
    header = ["run", "pages", "seconds measured", "with the archive", "without", "ratio"]
    return f"{table(header, rows)}\n\nThe archive takes {kept:.1f} KB a page."


def memory(sizes: list[int]) -> str:
    """Return the table of peak memory by the number of articles."""
    peaks = []
    for articles in sizes:
        with TemporaryDirectory() as name, runs.serving(articles, TEMPLATE) as site:
            run = runs.hani(site, Path(name), walking(), articles)
            peaks.append((articles, run.memory))
    least = peaks[0][1]
    rows = [
        [f"{articles:,}", f"{peak / 2**20:.0f}", f"{peak / least:.2f}"] for articles, peak in peaks
    ]
    return table(["articles", "peak memory, MiB", "ratio"], rows)


def walking() -> list[str]:
    """Return the arguments that lead through all lists."""
    sections = Newspaper.generate(1).sections()
    return [f"sections={','.join(sections)}", "since=2012-01-01"]


def _urls(paths: list[str]) -> str:
    return ",".join(f"https://{HOSTS['en']}{path}" for path in paths)


def _rows(words: str, ours: list[Run], theirs: list[Run]) -> list[list[str]]:
    rows = []
    for span, of in (
        ("from the first request to the last", lambda run: run.pages_per_second),
        ("the whole process", lambda run: run.pages_per_second_whole),
        ("CPU time of the process", lambda run: run.pages_per_cpu_second),
    ):
        pairs = [of(one) / of(other) for one, other in zip(ours, theirs, strict=True)]
        rows.append(
            [
                words,
                f"{len(ours[0].paths):,}",
                span,
                f"{median(map(of, ours)):.0f}/s",
                f"{median(map(of, theirs)):.0f}/s",
                f"{median(pairs):.2f}",
            ]
        )
    return rows


if __name__ == "__main__":
    sys.exit(main())
