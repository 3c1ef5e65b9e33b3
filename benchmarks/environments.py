"""The environment the general extractors are installed in: their own, outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]


def add_arguments(parser: Any) -> None:
    """Give a command the two options that say where the peers are."""
    parser.add_argument(
        "--peers-python", type=Path, metavar="PATH", help="Python of an environment with the peers"
    )
    parser.add_argument(
        "--make-peers", action="store_true", help="make that environment in the user's cache"
    )


def peers_python(given: Path | None, *, make: bool) -> Path | None:
    """Return the Python that has the peers; None where none was asked for."""
    if given is not None or not make:
        return given
    folder = _cache() / f"hanicrawler-peers-{sys.version_info.major}.{sys.version_info.minor}"
    python = folder / "bin" / "python"
    wanted, installed = "\n".join(requirements()), folder / "peers.txt"
    if not installed.exists() or installed.read_text("utf-8") != wanted:
        print(f"installing the peers into {folder} ...", file=sys.stderr)
        venv.create(folder, with_pip=True)
        # The pip that comes with Python 3.11 fails on the extras of news-please.
        for packages in (["--upgrade", "pip"], requirements()):
            subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
        installed.write_text(wanted, "utf-8")
    return python


def requirements() -> list[str]:
    """Return what the extra ``peers`` names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found: list[str] = project["optional-dependencies"]["peers"]
    return found


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
