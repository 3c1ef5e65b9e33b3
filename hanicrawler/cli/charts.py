"""Small charts of characters, for a terminal and for a file alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BLOCKS: Final = "▁▂▃▄▅▆▇█"
EIGHTHS: Final = " ▏▎▍▌▋▊▉█"
PLAIN: Final = ".:-=+*%#"
"""For a charset without blocks."""


def has_blocks(encoding: str) -> bool:
    """Tell whether a charset has the characters of the charts."""
    try:
        (BLOCKS + EIGHTHS).encode(encoding)
    except (LookupError, UnicodeEncodeError):
        return False
    return True


def sparkline(values: Sequence[int], most: int | None = None, *, blocks: bool = True) -> str:
    """Return *values*, none negative, as one character each, as high as they are.

    *most* is the value of a whole block, the greatest of *values* where none is given.  A value
    of 0 is a space: nothing is not little.
    """
    marks = BLOCKS if blocks else PLAIN
    top = max(values, default=0) if most is None else most
    return "".join(marks[_level(value, top, len(marks))] if value else " " for value in values)


def bar(value: int, most: int, width: int, *, blocks: bool = True) -> str:
    """Return *value* as a bar, *width* characters long for *most*; none only for 0."""
    if value <= 0 or most <= 0:
        return ""
    if not blocks:
        return "#" * max(round(width * value / most), 1)
    eighths = max(round(width * 8 * value / most), 1)
    whole, rest = divmod(eighths, 8)
    return EIGHTHS[-1] * whole + (EIGHTHS[rest] if rest else "")


def squeezed(values: Sequence[int], width: int) -> tuple[list[int], int]:
    """Return *values* summed by neighbours so that there are *width* at most, and how many each.

    The last sum is whole, the first may be of fewer.
    """
    each = -(-len(values) // width) if values else 1
    backwards = list(reversed(values))
    sums = [sum(backwards[start : start + each]) for start in range(0, len(values), each)]
    return sums[::-1], each


def _level(value: int, most: int, levels: int) -> int:
    return min(-(-value * levels // most), levels) - 1 if most else 0
