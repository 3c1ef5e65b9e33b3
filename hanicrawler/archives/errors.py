"""What ends the reading of an archive."""

from __future__ import annotations


class ArchiveError(Exception):
    """An archive, or a record of one, cannot be read at all.

    Its text is one line: what, where, and what to do about it.
    """
