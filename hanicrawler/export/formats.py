"""The formats, and which one a file's name asks for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Format = Literal["csv", "jsonl", "parquet", "sqlite"]

ENDINGS: Final[dict[str, Format]] = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".db": "sqlite",
    ".sqlite": "sqlite",
    ".sqlite3": "sqlite",
}
STREAMED: Final[tuple[Format, ...]] = ("csv", "jsonl")
"""Formats of lines: they may be compressed with gzip and go through a pipe."""


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written."""

    format: Format
    compressed: bool = False
    """With gzip."""


def format_of(file: Path, stated: Format | None = None) -> Form:
    """Return the form that the name of *file* asks for; *stated* is the format somebody said.

    Raises ValueError, in words for that person, where neither says, or ``.gz`` does not go with
    the format.
    """
    compressed = file.suffix.lower() == ".gz"
    name = Path(file.stem) if compressed else file
    found = stated or ENDINGS.get(name.suffix.lower())
    if found is None:
        raise ValueError(
            f"{file.name}: its name says no format: end it in .csv, .jsonl, .parquet or .db,"
            " or use --format"
        )
    if compressed and found not in STREAMED:
        raise ValueError(f"{file.name}: .gz goes with csv and jsonl, not with {found}")
    return Form(found, compressed)
