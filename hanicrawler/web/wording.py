"""How values are put into words on the pages: days, moments, names of languages, safe links."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from markupsafe import Markup

from hanicrawler.normalize.dates import KST

EDITIONS: Final = {"en": "English", "ko": "Korean", "ja": "Japanese", "zh": "Chinese"}
_LANGUAGES: Final = {"en": "en", "ko": "ko", "ja": "ja", "zh": "zh"}
_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
_DAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

_REORDERING: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""What makes a browser show words in another order than they stand in."""
_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
_LONGEST_LINK: Final = 2000


def in_order(value: Any) -> Any:
    """Return *value* as a template prints it: text without what reorders its letters.

    An override (U+202E) in a headline would turn the words around it too, the page's own.
    """
    if isinstance(value, str) and _REORDERING.search(value):
        kind = type(value) if isinstance(value, Markup) else str
        return kind(_REORDERING.sub(_REPLACEMENT, str(value)))
    return value


def printable(text: str) -> str:
    """Return *text*, of several lines, with nothing in it that a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\n" else _REPLACEMENT for each in text)


def web_link(url: str | None) -> str | None:
    """Return *url* where it may stand in a link: http or https, with a host; None otherwise."""
    if not url or len(url) > _LONGEST_LINK or any(ord(each) <= 0x20 for each in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def host(url: str) -> str:
    """Return the host of *url* as a person names it, without ``www.``."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def language(edition: str | None) -> str:
    """Return what ``lang`` says of an edition's words; English where it is not known."""
    return _LANGUAGES.get(edition or "", "en")


def edition_name(edition: str | None) -> str:
    """Return an edition's name in English: ``Korean``."""
    return EDITIONS.get(edition or "", edition or "")


def seoul_day(moment: datetime) -> date:
    """Return the day in Korea of a moment (aware)."""
    return moment.astimezone(KST).date()


def long_day(day: date) -> str:
    """Return a day as a newspaper heads it: ``Saturday, October 4, 2025``."""
    return f"{weekday(day)}, {short_day(day)}"


def weekday(day: date) -> str:
    """Return the name of a day of the week."""
    return _DAYS[day.weekday()]


def short_day(day: date) -> str:
    """Return a day as a line names it: ``October 4, 2025``."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def seoul(moment: datetime | None) -> str:
    """Return a moment (aware) by the Korean clock: ``October 4, 2025, 17:41 KST``."""
    if moment is None:
        return ""
    there = moment.astimezone(KST)
    return f"{short_day(there.date())}, {there:%H:%M} KST"


def clock(moment: datetime) -> str:
    """Return a moment (aware) by the Korean clock, without its day: ``17:41``."""
    return f"{moment.astimezone(KST):%H:%M}"


def utc(moment: datetime) -> str:
    """Return a moment (aware) in UTC: ``2025-10-04 08:41 UTC``."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def machine(moment: datetime) -> str:
    """Return a moment (aware) for the attribute ``datetime``: ``2025-10-04T08:41:00Z``."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def number(value: int) -> str:
    """Return a number as people write it: ``1,218,660``."""
    return f"{value:,}"


def many(value: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def section_title(code: str | None, name: str | None = None) -> str:
    """Return what a section is called: its name as printed, or one made of its code."""
    if name:
        return name
    if not code:
        return "No section"
    words = code.removeprefix("e_").removeprefix("english_").replace("_", " ").replace("/", ", ")
    return words[:1].upper() + words[1:]


FILTERS: Final = {
    "clock": clock,
    "edition_name": edition_name,
    "host": host,
    "language": language,
    "long_day": long_day,
    "machine": machine,
    "number": number,
    "seoul": seoul,
    "seoul_day": seoul_day,
    "short_day": short_day,
    "utc": utc,
    "web_link": web_link,
    "weekday": weekday,
}
"""What templates call them."""

GLOBALS: Final = {"many": many, "section_title": section_title}
