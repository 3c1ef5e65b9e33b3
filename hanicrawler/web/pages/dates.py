"""Articles over time: by year, a year by month, a month by day, each column a way further in."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from hanicrawler.web import charts
from hanicrawler.web.kept import kept
from hanicrawler.web.shown import Asked, NotHere, Shown, address
from hanicrawler.web.wording import many, section_title, seoul_day, short_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.ask import Archive
    from hanicrawler.storage.shelves import Shelf

_SPAN: Final = re.compile(r"((?:19|20)\d\d)(?:-(0[1-9]|1[0-2]))?", re.ASCII)
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def dates(archive: Archive, asked: Asked) -> Shown:
    """Show how many articles of each section there are over time (``?in=2018``, ``2018-10``)."""
    wanted = asked.one("in")
    match = _SPAN.fullmatch(wanted)
    if wanted and not match:
        raise NotHere(f"{wanted!r} is neither a year nor a month: 2018, 2018-10.")
    sections = [one for one in kept(archive, "shelves", archive.shelves) if one.newest_at]
    year, month = (
        (int(part) if part else None for part in match.groups()) if match else (None, None)
    )
    bounds = _bounds(sections, year, month)
    codes = tuple(one.code for one in sections)
    name = ("counts", codes, tuple(bounds))
    counted = kept(archive, name, lambda: archive.counts(codes, bounds))
    sums = {code: sum(numbers) for code, numbers in counted.items() if sum(numbers)}
    kinds = charts.ranked_kinds(sums)
    data = [
        _column(number, bounds, counted, kinds, by=3 if month else 2 if year else 1)
        for number in range(len(bounds) - 1)
    ]
    legend = sorted((one for one in sections if one.code in sums), key=lambda one: -sums[one.code])
    return Shown(
        "dates.html",
        {
            "year": year,
            "month": month,
            "title": _title(year, month),
            "chart": charts.columns(data),
            "columns": data,
            "articles": sum(sums.values()),
            "legend": [
                (
                    section_title(one.code, one.name),
                    kinds[one.code],
                    sums[one.code],
                    _inside(one, bounds),
                )
                for one in legend
            ],
        },
    )


def _bounds(sections: Sequence[Shelf], year: int | None, month: int | None) -> list[date]:
    """Return the first days of the columns, and the day after the last one."""
    if year and month:
        first = date(year, month, 1)
        return [first + timedelta(days=day) for day in range(monthrange(year, month)[1] + 1)]
    if year:
        return [date(year + (number // 12), number % 12 + 1, 1) for number in range(13)]
    oldest = min((one.oldest_at for one in sections if one.oldest_at), default=None)
    newest = max((one.newest_at for one in sections if one.newest_at), default=None)
    if oldest is None or newest is None:
        return []
    return [date(each, 1, 1) for each in range(seoul_day(oldest).year, seoul_day(newest).year + 2)]


def _column(
    number: int,
    bounds: Sequence[date],
    counted: dict[str, tuple[int, ...]],
    kinds: dict[str, int],
    *,
    by: int,
) -> charts.Column:
    first = bounds[number]
    parts = [0] * charts.KINDS
    for code, kind in kinds.items():
        parts[kind] += counted[code][number]
    if by == 1:
        label, name, link = f"{first:%Y}", f"{first:%Y}", address("/dates", **{"in": f"{first:%Y}"})
    elif by == 2:
        label = _MONTHS[first.month - 1]
        name, link = f"{label} {first:%Y}", address("/dates", **{"in": f"{first:%Y-%m}"})
    else:
        label, name = str(first.day), short_day(first)
        link = address("/search", since=first, until=first)
    words = f"{name}: {many(sum(parts), 'article')}"
    return charts.Column(label=label, words=words, link=link, parts=tuple(parts))


def _inside(section: Shelf, bounds: Sequence[date]) -> str:
    return address(
        "/search", section=section.code, since=bounds[0], until=bounds[-1] - timedelta(days=1)
    )


def _title(year: int | None, month: int | None) -> str:
    if year and month:
        return f"{short_day(date(year, month, 1)).partition(' ')[0]} {year}"
    return str(year) if year else "Articles over time"
