"""What a process costs: its time, and the most memory it held.

Also a program: ``python processes.py COMMAND ...`` runs COMMAND and prints its cost as JSON.
It stands between the benchmark and what is measured, because a process that another one starts
is said to have held at least what that one held, and a benchmark holds more than Scrapy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took, its start and end included."""

    seconds: float
    cpu: float
    """Seconds of CPU time."""
    memory: int
    """The most it held, in bytes."""


def cost_of(command: list[str], folder: Path, environment: Mapping[str, str]) -> Cost:
    """Run *command* in *folder* and return what it cost.

    Raises RuntimeError, with the end of what it said, where it does not end with status 0.
    """
    between = [sys.executable, "-I", "-S", __file__]
    done = subprocess.run(
        [*between, *command],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr[-1000:].strip()
        raise RuntimeError(f"{' '.join(command[:6])} ended with {done.returncode}: {said}")
    return Cost(**json.loads(done.stdout))


def plain_environment(**more: str) -> dict[str, str]:
    """Return the environment without what is set for another crawl, and with *more*."""
    ours = ("HANICRAWLER_", "SCRAPY_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | more


def main() -> int:
    """Run the command that the arguments are."""
    started = monotonic()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    cost = Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
    print(json.dumps(asdict(cost)))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main())
