"""Pages as they came: written into WARC files, and read from anybody's.

Knows files and records, and nothing of what a page says; no network, no database, no clock.
warcio writes and fastwarc reads: there is no WARC code of our own.
"""

from __future__ import annotations

from hanicrawler.archives.captures import Capture, Damage
from hanicrawler.archives.folder import archive_folder, name_in, path_of

__all__ = ["Capture", "Damage", "archive_folder", "name_in", "path_of"]
