"""The Wayback Machine's own addresses: what they are of, and of when."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

_ADDRESS: Final = re.compile(
    r"(?:https?:)?//(?:web|wayback|wwwb-[a-z0-9-]+)\.archive\.org(?::\d+)?/web/"
    r"(\d{4,14})?\*?(?:[a-z]{2}_)?/(https?:/{1,2}.+|[a-z0-9.-]+\.[a-z]{2,}(?:[:/].*)?)",
    re.I | re.S,
)
_ONE_SLASH: Final = re.compile(r"(https?):/(?=[^/])", re.I)


class Wayback(NamedTuple):
    """What an address of the Wayback Machine names."""

    url: str
    """The original's."""
    at: datetime | None
    """Aware, UTC; None where the address has fewer than 14 digits: then it asks, and does not
    say, when the capture was."""


def unwrap(url: str) -> Wayback | None:
    """Return what *url*, an address of the Wayback Machine, names; None for any other."""
    if "archive.org" not in url or (match := _ADDRESS.fullmatch(url)) is None:
        return None
    stamp, original = match[1] or "", match[2]
    if not original.lower().startswith("http"):
        original = f"http://{original}"
    return Wayback(_ONE_SLASH.sub(r"\1://", original, count=1), stamped(stamp))


def stamped(digits: str) -> datetime | None:
    """Return the moment of a stamp of 14 digits, ``20180611093000``; None for anything else."""
    if len(digits) != 14:
        return None
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None
