"""``python -m benchmarks.pages``: CPU milliseconds a page, by template and by landmarks."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks import environments
from benchmarks.documents import table
from benchmarks.machine import describe
from benchmarks.pages.samples import Sample, samples

if TYPE_CHECKING:
    from collections.abc import Sequence

OWN = ("hanicrawler", "parse only")
PEERS = ("trafilatura", "newspaper4k")
PASSES = {"hanicrawler": 10, "parse only": 10, "trafilatura": 2, "newspaper4k": 1}
"""Of each round; the slow ones need fewer for figures as steady."""
PEER_PAGES = 3
"""Of each kind, for the slow ones."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    environments.add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=5, help="of all tools by turns (5)")
    given = parser.parse_args(arguments)
    python = environments.peers_python(given.peers_python, make=given.make_peers)
    print(f"{describe('selectolax')}\n\n{measure(python, given.rounds)}")
    return 0


def measure(peers: Path | None, rounds: int) -> str:
    """Return the table: CPU milliseconds a page, the median of its kind's pages.

    Each page counts with the least time it took; the tools take turns, so that whatever else
    the machine does strikes them all.
    """
    pages = samples()
    tools = {tool: Path(sys.executable) for tool in OWN}
    if peers is not None:
        tools |= dict.fromkeys(PEERS, peers)
    best: dict[str, dict[str, float]] = {tool: {} for tool in tools}
    for _ in range(rounds):
        for tool, python in tools.items():
            for name, seconds in _time(tool, python, pages).items():
                best[tool][name] = min(best[tool].get(name, seconds), seconds)
    return table(
        ["read", "template", "pages", "KB", *tools],
        [
            [group, template, str(len(kind)), f"{_size(kind):.0f}"]
            + [_shown(tool, kind, best[tool]) for tool in tools]
            for (group, template), kind in _kinds(pages).items()
        ],
    )


def _time(tool: str, python: Path, pages: list[Sample]) -> dict[str, float]:
    if tool in PEERS:
        pages = [page for kind in _kinds(pages).values() for page in kind[:PEER_PAGES]]
    done = subprocess.run(
        [python, "-W", "ignore", Path(__file__).with_name("timing.py"), tool, str(PASSES[tool])],
        input=json.dumps({page.name: {"url": page.url, "html": page.html} for page in pages}),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    times: dict[str, float] = json.loads(done.stdout)
    return times


def _kinds(pages: list[Sample]) -> dict[tuple[str, str], list[Sample]]:
    kinds: dict[tuple[str, str], list[Sample]] = {}
    for page in sorted(pages, key=lambda page: page.group != "by template"):
        kinds.setdefault((page.group, page.template), []).append(page)
    return kinds


def _size(kind: list[Sample]) -> float:
    return median(len(page.html.encode("utf-8")) for page in kind) / 1000


def _shown(tool: str, kind: list[Sample], times: dict[str, float]) -> str:
    found = [times[page.name] * 1000 for page in kind if page.name in times]
    return f"{median(found):.{1 if tool in PEERS else 2}f}"


if __name__ == "__main__":
    sys.exit(main())
