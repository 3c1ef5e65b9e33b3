"""Printed dates to moments: fixed forms, never guessed, never "now".

The site prints Korean time (KST, +09:00, no summer time since 1988) without an offset, so a
date that states no zone is KST.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Literal

from hanicrawler.normalize.text import mend_line

KST: Final = timezone(timedelta(hours=9), "KST")
FIRST_DAY: Final = datetime(1988, 5, 15, tzinfo=KST)
"""The newspaper's first day; nothing was posted before it."""
_FIRST: Final = FIRST_DAY.astimezone(UTC)  # moments of one zone are compared faster
CLOCK_TOLERANCE: Final = timedelta(minutes=10)
"""How far the site's clock may be ahead of the crawler's: a date later than the fetch by more
is impossible."""

LONGEST: Final = 200
"""Characters; no date is half as long."""

DateCode = Literal["unreadable_date", "impossible_date"]

_LABEL: Final = re.compile(
    r"(?:(?:(?:last )?(?:posted|modified|published|updated|registered)(?: on)?"
    r"|(?:기사|최종|최초)?\s?(?:등록|수정|입력|게재|발행|작성|승인|업데이트)(?:일시|일|시간)?)"
    r"\s*[:：]?\s*)+",
    re.IGNORECASE | re.ASCII,
)
_HALF: Final = r"(?P<half>오전|오후|[AP]\.?M\.?)"
_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d+))?)?"
_ZONE: Final = (
    r"\s?\(?(?P<zone>Z|(?:UTC|GMT)[+-]\d{1,2}|UTC?|GMT|KST|[+-]\d{2}:?\d{2})?"
    r"\)?(?:\s?\((?:KST|GMT|UTC)\))?"
)
_MONTH: Final = r"(?P<month_name>[A-Za-z]{3,9})"
_DAY: Final = r"(?P<day>\d{1,2})"
_TIME: Final = rf"(?:{_HALF}\s?)?{_CLOCK}(?:\s?(?P<half_after>[AP]\.?M\.?))?"
_WEEKDAY: Final = r"(?:\s?\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|[월화수목금토일])\))?"
_TIME_EN: Final = rf"{_CLOCK}(?:\s?(?P<half>[AP]\.?M\.?))?"
# 2024-06-21 16:56 KST; 2021.11.19 04:59; 2024-06-21T16:56:30.5+09:00; 2024. 6. 21. 오후 4:56
_NUMERIC: Final = re.compile(
    rf"(?P<year>\d{{4}})(?P<dash>[-./])\s?(?P<month>\d{{1,2}})(?P=dash)\s?{_DAY}\.?"
    rf"{_WEEKDAY}(?:T|,?\s){_TIME}{_ZONE}",
    re.IGNORECASE | re.ASCII,
)
# 2024년 6월 21일 16:56; 2024년 6월 21일 (금) 오후 4시 56분
_KOREAN: Final = re.compile(
    rf"(?P<year>\d{{4}})년\s?(?P<month>\d{{1,2}})월\s?{_DAY}일"
    r"(?:\s?\(?[월화수목금토일](?:요일)?\)?)?\s"
    rf"(?:{_HALF}\s?)?(?P<hour>\d{{1,2}})(?::|시\s?)(?P<minute>\d{{1,2}})"
    rf"(?:분(?:\s?(?P<second>\d{{1,2}})초)?|:(?P<colon_second>\d{{2}}))?{_ZONE}",
    re.IGNORECASE | re.ASCII,
)
# May.8,2006 14:47 KST; Sept. 3, 2019 09:05; November 9, 2018 at 6:10 p.m.
_MONTH_FIRST: Final = re.compile(
    rf"{_MONTH}\.?\s?{_DAY}\s?,\s?(?P<year>\d{{4}}),?\s(?:at\s)?{_TIME_EN}{_ZONE}",
    re.IGNORECASE | re.ASCII,
)
# RFC 2822: Wed, 15 May 2024 09:33:33 GMT
_DAY_FIRST: Final = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\s?)?{_DAY}\s{_MONTH}\.?\s(?P<year>\d{{4}})"
    rf"\s{_CLOCK}{_ZONE}",
    re.IGNORECASE | re.ASCII,
)
# The form of 2024, in a fifth of the time: nearly every date of today's pages.
_TODAY: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):\d{2}(?::\d{2})?)(?: KST)?", re.ASCII
)
_AHEAD: Final = timedelta(hours=9)
_FORMS: Final = (_NUMERIC, _MONTH_FIRST, _KOREAN, _DAY_FIRST)
_MONTH_NAMES: Final = (
    ("jan", "january"),
    ("feb", "february"),
    ("mar", "march"),
    ("apr", "april"),
    ("may", "may"),
    ("jun", "june"),
    ("jul", "july"),
    ("aug", "august"),
    ("sep", "sept", "september"),
    ("oct", "october"),
    ("nov", "november"),
    ("dec", "december"),
)
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names}
_ZULU: Final = frozenset({"z", "ut", "utc", "gmt"})


class DateError(ValueError):
    """Raised by :func:`read_date` for text that states no moment in a known form.

    The message is one line and quotes the text.
    """


@dataclass(frozen=True, slots=True)
class DateProblem:
    """Why a printed date has no value."""

    code: DateCode
    """``unreadable_date``: no known form.  ``impossible_date``: before the newspaper's first
    day, after the fetch, or modified before it was posted."""
    error: str
    """One line."""


@dataclass(frozen=True, slots=True)
class DatesRead:
    """What an article's two printed dates say."""

    published_at: datetime | None
    """Aware, UTC."""
    modified_at: datetime | None
    problems: tuple[DateProblem, ...]


def read_date(text: str) -> datetime:
    """Return the moment a printed date states, aware and in UTC.

    A label may stand before it (``Posted on :``, ``Modified on :``, ``등록``, ``수정 :``,
    ``입력``).  Forms, each with optional seconds::

        2024-06-21 16:56 KST      2021.11.19 04:59      2024-06-21T16:56:30.250+09:00
        May.8,2006 14:47 KST      Sept. 3, 2019 09:05   November 9, 2018 6:10 PM
        2024년 6월 21일 16:56      2024년 6월 21일 (금) 오후 4시 56분
        Wed, 15 May 2024 09:33:33 GMT

    A zone is ``KST``, ``Z``, ``UTC``, ``GMT`` or an offset; none means KST.  Raises DateError
    for anything else: a day without its time, an impossible one (24:00, Feb. 30), two dates.
    """
    if today := _TODAY.fullmatch(text):
        try:
            return datetime.fromisoformat(f"{today[1]}Z") - _AHEAD
        except (ValueError, OverflowError):
            pass  # an impossible one is told below
    line = mend_line(text)
    if len(line) > LONGEST:
        raise DateError(f"{_quote(line)} is too long for a date")
    label = _LABEL.match(line)
    stated = line[label.end() :] if label else line
    for form in _FORMS:
        if match := form.fullmatch(stated):
            return _moment(match.groupdict(), line)
    raise DateError(f"{_quote(line)} is no date with a time in a known form")


def read_dates(
    posted_text: str | None, modified_text: str | None, fetched_at: datetime
) -> DatesRead:
    """Return what an article's printed dates say, *fetched_at* (aware) being when it was read.

    None for a text means the page prints none, and is no problem.  A text that cannot be read,
    or that states an impossible moment, gives None and a problem.  The modified date stands on
    its own where the posted one is bad; where both are good it may not be the earlier.
    """
    problems: list[DateProblem] = []
    published_at = _read_possible("posted", posted_text, fetched_at, problems)
    modified_at = _read_possible("modified", modified_text, fetched_at, problems)
    if published_at and modified_at and modified_at < published_at:
        error = f"modified {_quote(modified_text or '')} before posted {_quote(posted_text or '')}"
        problems.append(DateProblem("impossible_date", error))
        modified_at = None
    return DatesRead(published_at, modified_at, tuple(problems))


def _read_possible(
    which: str, text: str | None, fetched_at: datetime, problems: list[DateProblem]
) -> datetime | None:
    if text is None:
        return None
    try:
        moment = read_date(text)
    except DateError as error:
        problems.append(DateProblem("unreadable_date", f"{which}: {error}"))
        return None
    if moment < _FIRST:
        wrong = "before the newspaper's first day"
    elif moment > fetched_at + CLOCK_TOLERANCE:
        wrong = f"after the fetch at {fetched_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    else:
        return moment
    problems.append(DateProblem("impossible_date", f"{which}: {_quote(text)} is {wrong}"))
    return None


def _moment(parts: dict[str, str | None], line: str) -> datetime:
    try:
        return datetime(
            int(parts["year"] or 0),
            _month(parts),
            int(parts["day"] or 0),
            _hour(int(parts["hour"] or 0), parts.get("half") or parts.get("half_after")),
            int(parts["minute"] or 0),
            int(parts["second"] or parts.get("colon_second") or 0),
            int((parts.get("part") or "0")[:6].ljust(6, "0")),
            tzinfo=_zone(parts["zone"]),
        ).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise DateError(f"{_quote(line)} is an impossible date: {error}") from None


def _month(parts: dict[str, str | None]) -> int:
    if (name := parts.get("month_name")) is None:
        return int(parts["month"] or 0)
    if (number := _MONTHS.get(name.lower())) is None:
        raise ValueError(f"no month is called {name}")
    return number


def _hour(hour: int, half: str | None) -> int:
    """Return the hour of 24; 12 at night is hour 0, and an afternoon may be counted to 23."""
    if half is None:
        return hour
    if half == "오후" or half[0] in "Pp":
        return hour + 12 if 1 <= hour < 12 else hour or 24
    if hour > 12:
        raise ValueError(f"hour {hour} is no morning hour")
    return hour % 12


def _zone(zone: str | None) -> timezone:
    if zone is None or zone.upper() == "KST":
        return KST
    if zone.lower() in _ZULU:
        return UTC
    if zone[0].isalpha():  # UTC+9
        zone = f"{zone[3]}{zone[4:]:0>2}00"
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise ValueError(f"no zone is at {zone}")
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if zone[0] == "-" else offset)


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 80 else f"{line[:79]}…")
