"""CPU time a record costs: read with every field, and beside it what only parses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.archives.making import make
from benchmarks.documents import table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.archives.making import Made

TEMPLATES: Final = ("english-next", "english-2018", "unseen-a", "unseen-c")
"""Two that are read by their templates, and two by landmarks alone."""
BARE: Final = ("lxml", "selectolax")
PEER: Final = "trafilatura"
PEER_SHARE: Final = 20
"""It gets one record of so many."""
PEER_LEAST: Final = 10


class Measured(NamedTuple):
    """A file's records, by loop."""

    made: Made
    rounds: list[dict[str, float]]
    """Of each round: loop to CPU seconds a record."""

    def cost(self, loop: str) -> float | None:
        """Return the least CPU seconds a record took, None where *loop* was not timed."""
        times = [each[loop] for each in self.rounds if loop in each]
        return min(times) if times else None

    def faster(self, loop: str) -> float | None:
        """Return how many times as fast as *loop* we are: the median of the rounds."""
        ratios = [each[loop] / each["hanicrawler"] for each in self.rounds if loop in each]
        return median(ratios) if ratios else None


def measure(
    pages: int, rounds: int, peers: Path | None, templates: Sequence[str] = TEMPLATES
) -> str:
    """Return the table: so many *pages* of each template, all loops by turns in each round."""
    with TemporaryDirectory() as name:
        files = {each: make(Path(name), pages, each) for each in templates}
        found = timed(files, rounds, peers)
    loops = ["hanicrawler", *BARE, *([PEER] if peers else [])]
    others = loops[1:]
    header = ["template", "records", "KB", *loops, *(f"as fast as {each}" for each in others)]
    rows = [
        [template, f"{each.made.pages:,}", f"{each.made.kilobytes:.0f}"]
        + [_figure(each.cost(loop), 1000) for loop in loops]
        + [_figure(each.faster(loop)) for loop in others]
        for template, each in found.items()
    ]
    return table(header, rows)


def timed(files: Mapping[str, Made], rounds: int, peers: Path | None) -> dict[str, Measured]:
    """Return what the records of *files* cost, by their names."""
    found = {name: Measured(made, []) for name, made in files.items()}
    pythons = dict.fromkeys((*BARE, "hanicrawler"), Path(sys.executable))
    if peers is not None:
        pythons[PEER] = peers
    for number in range(rounds):
        times: dict[str, dict[str, float]] = {name: {} for name in files}
        # Whoever comes second may find the machine warmer, or busier.
        for loop in sorted(pythons, reverse=bool(number % 2)):
            for name, seconds in _run(loop, pythons[loop], files).items():
                times[name][loop] = seconds
        for name, each in times.items():
            found[name].rounds.append(each)
    return found


def _run(loop: str, python: Path, files: Mapping[str, Made]) -> dict[str, float]:
    most = max(made.pages for made in files.values())
    if loop == PEER:
        most = max(most // PEER_SHARE, PEER_LEAST)
    paths = [str(made.file) for made in files.values()]
    program = Path(__file__).with_name("loops.py")
    done = subprocess.run(
        [python, "-W", "ignore", program, loop, str(most), "1", *paths],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    said = json.loads(done.stdout)
    found = {}
    for name, made in files.items():
        records, seconds = said[str(made.file)]
        if loop != PEER and records != made.pages:
            raise RuntimeError(f"{loop} found {records} of {made.pages} records")
        found[name] = seconds / records
    return found


def _figure(value: float | None, times: int = 1) -> str:
    return "-" if value is None else f"{value * times:.2f}"
