"""``python -m benchmarks``: run all benchmarks; write docs/speed.md and docs/accuracy.md."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from benchmarks import documents, environments
from benchmarks.accuracy import __main__ as accuracy
from benchmarks.archives import __main__ as archives
from benchmarks.asking import __main__ as asking
from benchmarks.crawl import __main__ as crawl
from benchmarks.machine import describe
from benchmarks.pages import __main__ as pages
from benchmarks.schedule import __main__ as schedule

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run all of them."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    environments.add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=5, help="of each measurement (5)")
    parser.add_argument("--articles", type=int, default=1000, help="of a crawl (1000)")
    parser.add_argument(
        "--memory", type=int, nargs="+", default=[2000, 20000], help="articles of those crawls"
    )
    schedule.add_arguments(parser)
    given = parser.parse_args(arguments)
    python = environments.peers_python(given.peers_python, make=given.make_peers)
    peers = [] if python is None else ["--peers-python", str(python)]
    accuracy.main([*peers, "--write"])
    parts = [
        f"Measured with {describe(*sorted({*crawl.PACKAGES, *schedule.PACKAGES}))}.",
        "## Pages",
        pages.measure(python, given.rounds),
        "## Crawl",
        crawl.speed(given.articles, given.rounds),
        "## Crawl with and without its archive",
        crawl.archive(given.articles, given.rounds),
        "## Memory",
        crawl.memory(given.memory),
        "## Scheduled run",
        schedule.measure(given.stored, given.runs),
    ]
    text = "\n\n".join(parts)
    documents.replace("speed.md", "speed", text)
    print(text)
    archives.main([*peers, "--write", "--rounds", str(given.rounds)])
    asking.main(["--stored", str(max(given.stored)), "--write"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
