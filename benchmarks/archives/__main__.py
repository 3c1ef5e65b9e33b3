"""``python -m benchmarks.archives``: reading archives, by itself and into a database."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from benchmarks import documents, environments
from benchmarks.archives import commands, reading
from benchmarks.machine import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

PACKAGES = ("fastwarc", "lxml", "psycopg", "selectolax", "sqlalchemy")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; with ``--write`` put them into docs/speed.md too."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archives", description=__doc__)
    environments.add_arguments(parser)
    parser.add_argument("--rounds", type=int, default=5, help="of all loops by turns (5)")
    parser.add_argument("--pages", type=int, default=1500, help="of each template (1500)")
    parser.add_argument("--imported", type=int, default=12_000, help="of each command (12000)")
    parser.add_argument("--turns", type=int, default=3, help="of each command (3)")
    parser.add_argument(
        "--memory",
        type=int,
        nargs="*",
        metavar="PAGES",
        help="measure memory too, with 10000 and 100000 pages; takes minutes, and 1.5 GB of disk",
    )
    parser.add_argument("--write", action="store_true", help="into docs/speed.md")
    given = parser.parse_args(arguments)
    python = environments.peers_python(given.peers_python, make=given.make_peers)
    measured = f"Measured with {describe(*PACKAGES)}."
    parts = [
        measured,
        "## Records",
        reading.measure(given.pages, given.rounds, python),
        "## Reparse and import",
        commands.speed(given.imported, given.turns),
    ]
    _tell("archives", parts, write=given.write)
    if given.memory is not None:
        sizes = given.memory or [10_000, 100_000]
        parts = [measured, "## Memory of an import", commands.memory(sizes)]
        _tell("archives memory", parts, write=given.write)
    return 0


def _tell(marker: str, parts: Sequence[str], *, write: bool) -> None:
    text = "\n\n".join(parts)
    print(f"{text}\n", flush=True)
    if write:
        documents.replace("speed.md", marker, text)


if __name__ == "__main__":
    sys.exit(main())
