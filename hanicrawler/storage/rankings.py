"""Rankings of most viewed articles: a history of changes.

A ranking equal to the one that stood at its time is not stored again.  That it was seen is noted
all the same: archives bring sightings in any order, and one that falls between two of the same
ranking parts them.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import sqlalchemy as sa

from hanicrawler.storage.models import MostViewedRow
from hanicrawler.storage.run_models import RankingSightingRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, chunks, insert, upsert
from hanicrawler.storage.types import UtcDateTime, aware

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import StoryLink

_TABLE: Final = table_of(MostViewedRow)
_SIGHTINGS: Final = table_of(RankingSightingRow)
_LINK: Final = ("source_id", "url", "headline")

_COLUMNS: Final = tuple(_SIGHTINGS.c[name] for name in ("seen_at", "digest", "crawl_id"))
_NEAR: Final = 10
"""Sightings that are read at once for one that is looked up."""


def _around_both() -> sa.CompoundSelect[Any]:
    """Return what asks for the sightings around two moments, both included."""
    at, time = _SIGHTINGS.c.seen_at, _SIGHTINGS.c.seen_at.type
    first, last = (sa.bindparam(name, type_=time) for name in ("first", "last"))
    of_edition = sa.select(*_COLUMNS).where(_SIGHTINGS.c.edition == sa.bindparam("of_edition"))
    parts = [
        of_edition.where(at < first).order_by(at.desc()).limit(1),
        of_edition.where(at >= first, at <= last).order_by(at).limit(sa.bindparam("most")),
        of_edition.where(at > last).order_by(at).limit(1),
    ]
    return sa.union_all(*[sa.select(part.subquery()) for part in parts])


_AROUND: Final = _around_both()

Places = tuple[tuple[Any, ...], ...]
"""Of each place from the first: the columns _LINK."""


class _Sighting(NamedTuple):
    at: datetime
    digest: str
    crawl_id: int | None


class _Around(NamedTuple):
    """What is stored around a moment."""

    before: _Sighting | None
    own: _Sighting | None
    after: _Sighting | None


def digest_of(places: Places) -> str:
    """Return what tells a ranking from another: sixteen hexadecimal digits."""
    dumped = json.dumps([list(place) for place in places], separators=(",", ":"))
    return hashlib.sha256(dumped.encode()).hexdigest()[:16]


class Rankings:
    """The rankings of a batch, written at once."""

    def __init__(self, connection: sa.Connection, crawl_id: int | None) -> None:
        self._connection = connection
        self._crawl_id = crawl_id
        self._seen: defaultdict[str, dict[datetime, str]] = defaultdict(dict)
        self._places: dict[str, Places] = {}
        self._last: tuple[tuple[StoryLink, ...], str] | None = None

    def saw(self, edition: str, at: datetime, links: tuple[StoryLink, ...]) -> None:
        """Take up a ranking; an empty one is none.

        Of two that one run reads of one moment the same one holds in whichever order they come;
        what a later run reads replaces what was read before.
        """
        if links:
            moments, moment, digest = self._seen[edition], aware(at), self._digest(links)
            moments[moment] = max(digest, moments.get(moment, digest))

    def write(self) -> None:
        """Write the rankings that are not as the one before them."""
        for edition, seen in self._seen.items():
            self._write(edition, seen)

    def _holds(self, digest: str, stored: _Sighting | None) -> bool:
        """Tell whether a ranking takes the place of the one *stored* of its moment."""
        if stored is None or stored.digest == digest:
            return stored is None
        is_anew = self._crawl_id is not None and stored.crawl_id == self._crawl_id
        return not is_anew or stored.digest < digest

    def _digest(self, links: tuple[StoryLink, ...]) -> str:
        # Nearly every page of a run shows the same ranking.
        if self._last is None or self._last[0] != links:
            places = tuple([(link.source_id, link.url, link.headline) for link in links])
            digest = digest_of(places)
            self._places[digest] = places
            self._last = (links, digest)
        return self._last[1]

    def _write(self, edition: str, seen: dict[datetime, str]) -> None:
        around = self._around(edition, seen)
        fresh = {at: digest for at, digest in seen.items() if self._holds(digest, around[at].own)}
        if not fresh:
            return
        line = dict(fresh)
        for each in around.values():
            for sighting in each:
                if sighting is not None:
                    line.setdefault(sighting.at, sighting.digest)
        # Whether a row belongs there can have changed at what is new, and right behind it.
        moments = sorted(line)
        asked = {moments[i] for at in fresh if (i := bisect_left(moments, at) + 1) < len(moments)}
        first = {at: self._is_change(moments, line, at) for at in {*fresh, *asked}}
        # No ranking is stored that was not seen.
        seen_before = {at for at in first if at not in fresh or around[at].own is not None}
        known = self._stored(edition, seen_before, line) if seen_before else set()
        self._replace(edition, first, line, known, fresh)
        rows: list[Row] = [
            {
                "edition": edition,
                "seen_at": at,
                "digest": fresh[at],
                "crawl_id": self._crawl_id,
            }
            for at in sorted(fresh)
        ]
        upsert(self._connection, _SIGHTINGS, rows, ("edition", "seen_at"))

    @staticmethod
    def _is_change(moments: list[datetime], line: dict[datetime, str], at: datetime) -> bool:
        index = bisect_left(moments, at)
        return index == 0 or line[moments[index - 1]] != line[at]

    def _replace(
        self,
        edition: str,
        first: dict[datetime, bool],
        line: dict[datetime, str],
        known: set[datetime],
        fresh: dict[datetime, str],
    ) -> None:
        """Have a row at each moment of *first* that is one of change, and none at the others."""
        gone = [at for at in known if not first[at] or at in fresh]
        for chunk in chunks(gone):
            self._connection.execute(
                sa.delete(_TABLE).where(_TABLE.c.edition == edition, _TABLE.c.seen_at.in_(chunk))
            )
        rows: list[Row] = []
        for at in sorted(at for at, is_first in first.items() if is_first):
            if at not in known or at in fresh:
                rows += _rows(edition, at, self._places[line[at]])
        insert(self._connection, _TABLE, rows)

    def _stored(
        self, edition: str, moments: Iterable[datetime], line: dict[datetime, str]
    ) -> set[datetime]:
        """Return at which of *moments* a ranking is stored, and learn the places that stood then.

        What stood at a moment is in the last row up to it, whether or not it stands there.
        """
        given = _given(moments)
        standing = (
            sa.select(sa.func.max(_TABLE.c.seen_at))
            .where(
                _TABLE.c.edition == edition,
                _TABLE.c.position == 1,
                _TABLE.c.seen_at <= given.c.at,
            )
            .scalar_subquery()
        )
        asked = sa.select(given.c.at, sa.type_coerce(standing, UtcDateTime))
        stood = {row[0]: row[1] for row in self._connection.execute(asked) if row[1] is not None}
        unknown = [at for moment, at in stood.items() if line[moment] not in self._places]
        for places in self._read(edition, unknown).values():
            self._places[digest_of(places)] = places
        return {at for at, last in stood.items() if at == last}

    def _around(self, edition: str, moments: Iterable[datetime]) -> dict[datetime, _Around]:
        """Return the sightings stored right before, at and right after each of *moments*."""
        wanted = sorted(moments)
        near = self._near(edition, wanted[0], wanted[-1], most=_NEAR * len(wanted))
        if near is None:
            return self._around_each(edition, wanted)
        times = [sighting.at for sighting in near]
        found = {}
        for at in wanted:
            left, right = bisect_left(times, at), bisect_right(times, at)
            found[at] = _Around(
                near[left - 1] if left else None,
                near[left] if left < right else None,
                near[right] if right < len(near) else None,
            )
        return found

    def _near(
        self, edition: str, first: datetime, last: datetime, *, most: int
    ) -> list[_Sighting] | None:
        """Return the sightings stored from right before *first* to right after *last*.

        None where there are more than *most*: few of them would be needed.
        """
        rows = self._connection.execute(
            _AROUND, {"of_edition": edition, "first": first, "last": last, "most": most + 1}
        ).all()
        return None if len(rows) > most else sorted(_Sighting(*row) for row in rows)

    def _around_each(self, edition: str, moments: Iterable[datetime]) -> dict[datetime, _Around]:
        """Return the same, looked up for each of *moments* by itself."""
        given = _given(moments)
        of_edition = sa.select(sa.func.max(_SIGHTINGS.c.seen_at)).where(
            _SIGHTINGS.c.edition == edition
        )
        before = of_edition.where(_SIGHTINGS.c.seen_at < given.c.at).scalar_subquery()
        own = of_edition.where(_SIGHTINGS.c.seen_at == given.c.at).scalar_subquery()
        after = (
            sa.select(sa.func.min(_SIGHTINGS.c.seen_at))
            .where(_SIGHTINGS.c.edition == edition, _SIGHTINGS.c.seen_at > given.c.at)
            .scalar_subquery()
        )
        columns = [sa.type_coerce(each, UtcDateTime) for each in (before, own, after)]
        found = [tuple(row) for row in self._connection.execute(sa.select(given.c.at, *columns))]
        sightings: dict[datetime, _Sighting] = {}
        for chunk in chunks(at for row in found for at in row[1:] if at is not None):
            for row in self._connection.execute(
                sa.select(*_COLUMNS).where(
                    _SIGHTINGS.c.edition == edition, _SIGHTINGS.c.seen_at.in_(chunk)
                )
            ):
                sightings[row.seen_at] = _Sighting(*row)
        return {at: _Around(*[sightings.get(each) for each in others]) for at, *others in found}

    def _read(self, edition: str, moments: Iterable[datetime]) -> dict[datetime, Places]:
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


def _given(moments: Iterable[datetime]) -> sa.CTE:
    """Return *moments* as a table of one column."""
    rows = [(at,) for at in sorted(moments)]
    return sa.values(sa.column("at", UtcDateTime), name="given").data(rows).cte()


def _rows(edition: str, at: datetime, places: Places) -> list[Row]:
    return [
        {"edition": edition, "seen_at": at, "position": position}
        | dict(zip(_LINK, place, strict=True))
        for position, place in enumerate(places, 1)
    ]
