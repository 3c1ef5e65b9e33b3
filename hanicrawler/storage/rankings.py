"""Rankings of most viewed articles: a history of changes.

A ranking equal to the one that stood at its time is not stored again.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.models import MostViewedRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, chunks, insert
from hanicrawler.storage.types import aware

if TYPE_CHECKING:
    from datetime import datetime

    from hanicrawler.items import StoryLink

_TABLE: Final = table_of(MostViewedRow)
_LINK: Final = ("source_id", "url", "headline")

Places = tuple[tuple[Any, ...], ...]
"""Of each place from the first: the columns _LINK."""


class Rankings:
    """The rankings of a batch, written at once."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._seen: defaultdict[str, dict[datetime, Places]] = defaultdict(dict)

    def saw(self, edition: str, at: datetime, links: tuple[StoryLink, ...]) -> None:
        """Take up a ranking; of two of one moment the latter holds, an empty one is none."""
        if links:
            places = tuple([(link.source_id, link.url, link.headline) for link in links])
            self._seen[edition][aware(at)] = places

    def write(self) -> None:
        """Write the rankings that are not as the one before them."""
        for edition, seen in self._seen.items():
            self._write(edition, sorted(seen.items()))

    def _write(self, edition: str, seen: list[tuple[datetime, Places]]) -> None:
        moments = self._moments(edition, seen[0][0], seen[-1][0])
        before = {at: _standing(moments, at) for at, _ in seen}
        stored = self._places(edition, [at for at in before.values() if at is not None])
        replaced: list[datetime] = []
        rows: list[Row] = []
        last: tuple[datetime, Places] | None = None
        for at, places in seen:
            standing = before[at]
            if standing is not None and (last is None or last[0] < standing):
                last = (standing, stored[standing])
            if last is None or last[1] != places:
                if standing == at:
                    replaced.append(at)
                rows += _rows(edition, at, places)
                last = (at, places)
        for chunk in chunks(replaced):
            self._connection.execute(
                sa.delete(_TABLE).where(_TABLE.c.edition == edition, _TABLE.c.seen_at.in_(chunk))
            )
        insert(self._connection, _TABLE, rows)

    def _moments(self, edition: str, first: datetime, last: datetime) -> list[datetime]:
        """Return when the stored rankings that stood from *first* to *last* were seen."""
        of_edition = (_TABLE.c.edition == edition, _TABLE.c.position == 1)
        standing = (
            sa.select(sa.func.max(_TABLE.c.seen_at))
            .where(*of_edition, _TABLE.c.seen_at <= first)
            .scalar_subquery()
        )
        return list(
            self._connection.scalars(
                sa.select(_TABLE.c.seen_at)
                .where(
                    *of_edition,
                    _TABLE.c.seen_at <= last,
                    _TABLE.c.seen_at >= sa.func.coalesce(standing, first),
                )
                .order_by(_TABLE.c.seen_at)
            )
        )

    def _places(self, edition: str, moments: list[datetime]) -> dict[datetime, Places]:
        found: defaultdict[datetime, list[tuple[Any, ...]]] = defaultdict(list)
        columns = [_TABLE.c[name] for name in ("seen_at", *_LINK)]
        for chunk in chunks(moments):
            for row in self._connection.execute(
                sa.select(*columns)
                .where(_TABLE.c.edition == edition, _TABLE.c.seen_at.in_(chunk))
                .order_by(_TABLE.c.seen_at, _TABLE.c.position)
            ):
                found[row[0]].append(tuple(row[1:]))
        return {at: tuple(places) for at, places in found.items()}


def _standing(moments: list[datetime], at: datetime) -> datetime | None:
    """Return the last of the sorted *moments* that is not after *at*."""
    index = bisect_right(moments, at)
    return moments[index - 1] if index else None


def _rows(edition: str, at: datetime, places: Places) -> list[Row]:
    return [
        {"edition": edition, "seen_at": at, "position": position}
        | dict(zip(_LINK, place, strict=True))
        for position, place in enumerate(places, 1)
    ]
