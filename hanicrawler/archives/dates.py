"""The moments that records state."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

EARLIEST: Final = 1990
"""The first year of the web: nothing was captured before."""

_STATED: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,12}))?)?"
    r"(?:[Zz]|([+-])(\d\d):?(\d\d))?)?)?)?",
    re.ASCII,
)


def parse_date(text: str | None) -> datetime | None:
    """Return the moment of a WARC-Date, aware and in UTC.

    WARC 1.1 allows a year, month, day, minute, second and up to nine digits of a second, of
    which six are kept; what is not stated counts as its beginning.  A time without zone is UTC,
    as every WARC-Date has to be.  None for no date, an impossible one, and any before the web.
    """
    if text is None or (match := _STATED.fullmatch(text.strip())) is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = match.groups()
    zone: timezone = UTC
    try:
        if sign:
            shift = timedelta(hours=int(hours), minutes=int(minutes))
            zone = timezone(-shift if sign == "-" else shift)
        at = datetime(
            int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0),
            min(int(second or 0), 59),  # a leap second
            int((fraction or "0")[:6].ljust(6, "0")), tzinfo=zone,
        )  # fmt: skip
        at = at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return at if at.year >= EARLIEST else None
