"""What is known and what is missing, as CSV."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hanicrawler.storage import DayCoverage, NamedStories

FIGURES: Final = ("listed", "fetched", "stored", "gone", "failed", "waiting", "missing")
COLUMNS: Final = ("day", "edition", "section", *FIGURES, "lists")
"""The columns of the CSV; ``docs/watching.md`` says what each means."""


def table(rows: Iterable[DayCoverage], named: Iterable[NamedStories]) -> str:
    """Return *rows* as CSV with a heading, then a row without a day for each section of *named*.

    An empty section is one that is not known.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([getattr(row, name) for name in COLUMNS] for row in rows)
    for one in named:
        figures = {"listed": one.stories}
        counts = [figures.get(name, 0) for name in FIGURES]
        writer.writerow([None, one.edition, one.section, *counts, None])
    return out.getvalue()
