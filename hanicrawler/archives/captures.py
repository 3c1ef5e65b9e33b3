"""What an archive gives: captures, and what of it is damaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from hanicrawler.items import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A response of a web server, as an archive keeps it."""

    url: str
    """As the record names it."""
    at: datetime
    """Aware, UTC; when the response came."""
    status: int
    """HTTP status; 304 and 200 are those of the answer itself, revisit or not."""
    body: bytes
    """Without any content or transfer encoding; empty for a revisit."""
    kept: Kept
    content_type: str | None = None
    """The Content-Type header as sent."""
    etag: str | None = None
    last_modified: str | None = None
    """The Last-Modified header as sent."""
    location: str | None = None
    """The Location header as sent."""
    is_revisit: bool = False
    """Whether the record says that the body was one it does not repeat."""
    revisit_of: datetime | None = None
    """Aware, UTC; when that body came, where a revisit says so."""
    body_hash: str | None = None
    """sha256 of the body, hexadecimal, where the record states it: of a revisit, the body that it
    does not repeat; of any other it has been compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """A part of an archive that cannot be read."""

    kept: Kept
    """Where it begins."""
    code: str
    """A short stable word: ``damaged_record``, ``cut_off``, ``too_large`` ..."""
    reason: str
    """One line, without file and offset."""
    url: str | None = None
    """What the record is of, where it still says so."""
    at: datetime | None = None
    """Aware, UTC; when that came, where it still says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """How far a reading has come: all before it has been given."""

    offset: int
    """Where a reading that stopped here goes on: the *start* of another one."""
    done: int
    """Bytes of the source's size that have been read: what a progress bar shows.  The offset but
    for files compressed as a whole, whose records have no place of their own in the file."""
