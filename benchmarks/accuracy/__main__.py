"""``python -m benchmarks.accuracy``: score this project and, where they are, its peers."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import documents, environments
from benchmarks.accuracy import ours, verdicts
from benchmarks.accuracy.cases import Case, frozen, newspaper
from benchmarks.accuracy.report import report
from benchmarks.accuracy.scoring import Judged, judge

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or write them into docs/accuracy.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    environments.add_arguments(parser)
    parser.add_argument(
        "--write", action="store_true", help="write docs/accuracy.md, and keep the peers' verdicts"
    )
    given = parser.parse_args(arguments)
    python = environments.peers_python(given.peers_python, make=given.make_peers)
    peers = verdicts.load() if python is None else ask_peers(python, [*frozen(), *newspaper()])
    text = tables(peers)
    if given.write:
        verdicts.save(peers)
        documents.replace("accuracy.md", "accuracy", text)
    else:
        print(text)
    return 0


def tables(peers: dict[str, dict[str, Judged]]) -> str:
    """Return the tables: this project scored now, beside the verdicts of its *peers*."""
    pages, more = frozen(), newspaper()
    own = {case.name: judge(case.truth, ours.read(case)) for case in [*pages, *more]}
    return report(pages, more, {ours.NAME: own, **peers})


def ask_peers(python: Path, cases: list[Case]) -> dict[str, dict[str, Judged]]:
    """Return the peers' verdicts: tool to page to verdicts."""
    pages = {case.name: {"url": case.url, "html": case.page.decode("utf-8")} for case in cases}
    done = subprocess.run(
        [python, "-W", "ignore", Path(__file__).with_name("peers.py")],
        input=json.dumps(pages),
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return {
        tool: {case.name: judge(case.truth, answers[case.name]) for case in cases}
        for tool, answers in json.loads(done.stdout).items()
    }


if __name__ == "__main__":
    sys.exit(main())
