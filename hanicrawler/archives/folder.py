"""Where the archive is, and what its files are called in the database."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

FOLDER: Final = "archive"
"""Beside the database's file."""


def archive_folder(stated: str | None, database_file: str | None) -> Path | None:
    """Return the archive's folder; None where none is to be kept.

    *stated* is HANICRAWLER_ARCHIVE: None for the default (``archive/`` beside *database_file*,
    the path of a SQLite database; in the working folder for any other), empty for none.
    """
    if stated is not None:
        return Path(stated.strip()).expanduser() if stated.strip() else None
    return (Path(database_file).parent if database_file else Path()) / FOLDER


def name_in(folder: Path | None, file: Path) -> str:
    """Return what *file* is called in the database: its name in *folder*, or its whole path."""
    path = whole(file)
    if folder is not None and _is_same(path.parent, folder):
        return file.name
    return str(path)


def whole(file: Path) -> Path:
    """Return the path of *file* from the root, the same wherever it is named from."""
    path = file.absolute()
    if ".." in path.parts:
        clean = Path(os.path.normpath(path))
        # A link on the way may lead elsewhere.
        if _is_same(clean, path):
            return clean
    return path


def _is_same(one: Path, other: Path) -> bool:
    if one == other.absolute():
        return True
    with suppress(OSError, ValueError):
        return one.samefile(other)
    return False


def path_of(folder: Path | None, name: str) -> Path:
    """Return the file that the database calls *name*.

    A name is one part: nothing in the database leads out of the folder but a whole path.
    """
    if Path(name).is_absolute():
        return Path(name)
    return (folder or Path()) / Path(name).name
