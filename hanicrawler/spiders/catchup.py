"""How deep a run without a period reads a section's lists: down to what it read before.

The mark of a section is the highest id on its first list page when its lists were last read
down to the mark before that one.  A run that was away for a month finds the first page full of
articles above the mark and turns pages until it meets it; that feed and front name some of
these articles too does not count, since between two that are known others may be missing.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Verdict = Literal["turn", "done", "limit"]
"""What comes next: the next page; nothing, all was read; nothing, though more is there."""

_JUMP: Final = 20
"""Median steps between two articles of a list.  A longer one leads to a sidebar's story."""


class CatchUp:
    """One section's lists, read page by page until nothing on a page is new.

    *mark* is None for a section that was never read: then its first page is all.  Below *floor*
    nothing was ever read, and what stands there is history, not news; None is the mark itself.
    *most* is how many pages may be read.
    """

    def __init__(self, mark: int | None, most: int, floor: int | None = None) -> None:
        self.mark = mark
        self._floor = (mark or 0) if floor is None else floor
        self.top = 0
        """The highest id of the first page; the next mark."""
        self.down_to = 0
        """The lowest id that the pages so far have read down to."""
        self._most = most
        self._page = 0

    def read(self, ids: Sequence[int], unknown: Iterable[int]) -> Verdict:
        """Take the ids of a list page, in its order, and those of them that have no page yet.

        A page that names something new is turned though it reaches the mark: an article may be
        put into the list later than its time says.
        """
        self._page += 1
        self.top = self.top or max(ids, default=0)
        lowest = lowest_of_list(ids)
        self.down_to = lowest or self.down_to
        has_news = not all(map(self.is_history, unknown))
        if self.mark is None or not ids or (not has_news and lowest <= self.mark):
            return "done"
        return "limit" if self._page >= self._most else "turn"

    def is_history(self, number: int) -> bool:
        """Tell whether an article stands below everything that was ever read."""
        return number < self._floor


def lowest_of_list(ids: Sequence[int]) -> int:
    """Return the last id of the longest run of falling ids, 0 for none.

    The newest stands first; a pinned story above the list, or a sidebar's below it, breaks the
    run, or follows it with a jump that no list makes.
    """
    runs: list[list[int]] = []
    for number in ids:
        if runs and number < runs[-1][-1]:
            runs[-1].append(number)
        else:
            runs.append([number])
    longest = max(runs, key=len, default=[])
    steps = [one - other for one, other in pairwise(longest)]
    if not steps:
        return min(longest, default=0)
    bound = _JUMP * max(median(steps), 1)
    lowest = longest[0]
    for number, step in zip(longest[1:], steps, strict=True):
        if step > bound:
            break
        lowest = number
    return lowest
