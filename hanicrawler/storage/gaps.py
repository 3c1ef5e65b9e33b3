"""What was not read of a section's lists, as walks through them find and close it.

Lists print the newest first, so a walk from the first page down has read everything from there
to where it is.  What lies between that and what was known before is a gap until the walk gets
there; what lies below everything that was ever read is the gap with ``oldest_id`` 0, which
every section has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.run_models import GapRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, upsert

if TYPE_CHECKING:
    from hanicrawler.items import ListWalk

GAPS: Final = table_of(GapRow)


class Gaps:
    """The gaps of a batch's walks, written at once and in order."""

    def __init__(self, connection: sa.Connection, crawl_id: int | None) -> None:
        self._connection = connection
        self._crawl_id = crawl_id
        self._walks: list[ListWalk] = []

    def walked(self, walk: ListWalk) -> None:
        """Take up how far a walk has come."""
        self._walks.append(walk)

    def write(self) -> None:
        """Write what the walks have found and closed."""
        for walk in self._walks:
            has_met = walk.state == "done" or walk.down_to <= walk.known_to
            if walk.known_to and has_met:
                self._delete(walk, GAPS.c.oldest_id >= walk.known_to)
            elif walk.known_to:
                self._note(walk, walk.known_to, walk.down_to, walk.state)
            else:
                self._read_down(walk)

    def _read_down(self, walk: ListWalk) -> None:
        """Close what lies above where *walk* has read to, and move the lowest end there."""
        of_section = _of_section(walk)
        self._delete(walk, GAPS.c.oldest_id >= max(walk.down_to, 1))
        self._connection.execute(
            sa.update(GAPS)
            .where(of_section, GAPS.c.newest_id > walk.down_to)
            .values(newest_id=walk.down_to, noted_at=walk.at, crawl_id=self._crawl_id)
        )
        has_lowest = self._connection.scalar(
            sa.select(GAPS.c.id).where(of_section, GAPS.c.oldest_id == 0)
        )
        if has_lowest is None:
            self._note(walk, 0, walk.down_to, "history")

    def _note(self, walk: ListWalk, oldest_id: int, newest_id: int, reason: str) -> None:
        row: Row = {
            "edition": walk.edition,
            "section": walk.section,
            "oldest_id": oldest_id,
            "newest_id": newest_id,
            "reason": reason,
            "noted_at": walk.at,
            "crawl_id": self._crawl_id,
        }
        upsert(self._connection, GAPS, [row], ("edition", "section", "oldest_id"))

    def _delete(self, walk: ListWalk, which: sa.ColumnElement[bool]) -> None:
        self._connection.execute(sa.delete(GAPS).where(_of_section(walk), which))


def _of_section(walk: ListWalk) -> sa.ColumnElement[bool]:
    return sa.and_(GAPS.c.edition == walk.edition, GAPS.c.section == walk.section)
