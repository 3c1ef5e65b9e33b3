"""Pages as they came: written into WARC files, and read from anybody's.

Knows files and records, and nothing of what a page says; no network, no database, no clock.
warcio writes and fastwarc reads: there is no WARC code of our own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hanicrawler.archives.captures import Capture, Damage, Position
from hanicrawler.archives.errors import ArchiveError
from hanicrawler.archives.folder import archive_folder, name_in, path_of, whole

if TYPE_CHECKING:
    from hanicrawler.archives.listing import Source, sources
    from hanicrawler.archives.reading import read_captures, read_record

__all__ = [
    "ArchiveError",
    "Capture",
    "Damage",
    "Position",
    "Source",
    "archive_folder",
    "name_in",
    "path_of",
    "read_captures",
    "read_record",
    "sources",
    "whole",
]

_LATE = {
    "Source": "listing",
    "read_captures": "reading",
    "read_record": "reading",
    "sources": "listing",
}
"""What is imported where somebody asks for it: fastwarc and all that reading needs."""


def __getattr__(name: str) -> Any:
    if (module := _LATE.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{module}"), name)
