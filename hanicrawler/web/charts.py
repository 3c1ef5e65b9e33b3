"""Charts as drawings: where each column and line stands, for a template to write as SVG.

They are drawn here and not by a library of scripts: so they show without a script (our pages
allow none), in the reader's colours, for a screen reader too, and cost the same for a million
articles as for a hundred: the numbers come counted.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

KINDS: Final = 8
"""How many colours there are; the last is for what is not told apart."""
_HEIGHT: Final = 280.0
_LABELS: Final = 26.0
"""Room below the floor for the columns' labels."""
_LEFT: Final = 52.0
"""Room for the numbers beside the lines."""
_LABEL_WIDTH: Final = 46.0
"""What a label takes at least."""


class Bar(NamedTuple):
    """A part of a column."""

    kind: int
    """Its colour, from 0."""
    y: float
    height: float


class GridLine(NamedTuple):
    """A line across, and the number it stands for."""

    y: float
    words: str


class Drawn(NamedTuple):
    """A column of a chart."""

    x: float
    width: float
    gap: float
    """Left free on each side."""
    label: str
    """Empty where there is no room for it."""
    words: str
    """What it says, for a pointer and for a screen reader."""
    link: str
    bars: tuple[Bar, ...]


class Drawing(NamedTuple):
    """A chart at one width, in the units of its view box."""

    width: float
    height: float
    left: float
    floor: float
    lines: tuple[GridLine, ...]
    columns: tuple[Drawn, ...]


class Columns(NamedTuple):
    """A chart of columns, drawn for a wide screen and for a narrow one."""

    wide: Drawing
    narrow: Drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What a column stands for."""

    label: str
    words: str
    link: str
    parts: tuple[int, ...]
    """A number for each kind, from the floor up."""


def columns(data: Sequence[Column]) -> Columns:
    """Return the chart of *data*, stacked."""
    return Columns(_drawn(data, 960.0), _drawn(data, 400.0))


def step(most: int, lines: int = 4) -> int:
    """Return a round number of which at most *lines* reach *most*: 1, 2, 5, 10, 20 ...

    >>> [step(number) for number in (0, 3, 7, 40, 950)]
    [1, 1, 2, 10, 500]
    """
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size * lines >= most:
                return factor * size
        size *= 10


def ranked_kinds(totals: Mapping[str, int]) -> dict[str, int]:
    """Return a colour for each name, the greatest first; those after the seventh share one."""
    order = sorted(totals, key=lambda name: (-totals[name], name))
    return {name: min(place, KINDS - 1) for place, name in enumerate(order)}


def _drawn(data: Sequence[Column], width: float) -> Drawing:
    most = max((sum(column.parts) for column in data), default=0)
    each = step(most)
    top = max(each * -(-most // each), 1)
    floor = _HEIGHT - _LABELS
    scale = (floor - 12) / top
    wide = (width - _LEFT) / max(len(data), 1)
    every = max(1, round(_LABEL_WIDTH / wide + 0.49))
    lines = tuple(
        GridLine(round(floor - value * scale, 1), f"{value:,}") for value in range(0, top + 1, each)
    )
    placed = tuple(
        Drawn(
            x=round(_LEFT + number * wide, 2),
            width=round(wide, 2),
            gap=round(min(wide * 0.12, 6.0), 2),
            label=column.label if number % every == 0 else "",
            words=column.words,
            link=column.link,
            bars=tuple(_stacked(column.parts, floor, scale)),
        )
        for number, column in enumerate(data)
    )
    return Drawing(width, _HEIGHT, _LEFT, floor, lines, placed)


def _stacked(parts: Sequence[int], floor: float, scale: float) -> list[Bar]:
    bars, below = [], 0
    for kind, number in enumerate(parts):
        if number:
            below += number
            bars.append(Bar(kind, round(floor - below * scale, 2), round(number * scale, 2)))
    return bars


def last_day_of_month(first: date) -> date:
    """Return the last day of the month that begins with *first*."""
    return first.replace(day=monthrange(first.year, first.month)[1])


Run: TypeAlias = "list[tuple[datetime, int]]"
"""Moments (aware), each with the place held then, without a break."""


class Way(NamedTuple):
    """A line through a ranking."""

    kind: int
    path: str
    end_x: float
    end_y: float
    place: int
    """Where it ends."""


class Lines(NamedTuple):
    """A chart of places over time, the first one on top; with the moments it begins and ends."""

    width: float
    height: float
    left: float
    begin: datetime
    end: datetime
    grid: tuple[GridLine, ...]
    ways: tuple[Way, ...]


def lines(data: Sequence[Sequence[Run]], begin: datetime, end: datetime, places: int) -> Lines:
    """Return the chart of *data*: for each of some stories its runs, between which it had no place.

    A story without a run is left out.
    """
    width, left, row = 640.0, 28.0, 30.0
    scale = (width - left - 16) / max((end - begin).total_seconds(), 1.0)

    def at(moment: datetime) -> float:
        return round(left + (moment - begin).total_seconds() * scale, 1)

    def across(place: int) -> float:
        return round((place - 0.5) * row, 1)

    ways = tuple(
        Way(
            kind,
            "".join(
                "M" + "L".join(f"{at(moment)} {across(place)}" for moment, place in run)
                for run in runs
            ),
            at(runs[-1][-1][0]),
            across(runs[-1][-1][1]),
            runs[-1][-1][1],
        )
        for kind, runs in enumerate(data)
        if runs
    )
    grid = tuple(GridLine(across(place), str(place)) for place in range(1, places + 1))
    return Lines(width, places * row, left, begin, end, grid, ways)
