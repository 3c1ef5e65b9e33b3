"""What is known to be there and what is missing, by day and section.

The same figures as the view ``coverage_by_day``, asked through the indexes, so that two weeks
out of twenty years cost what two weeks hold; beside them the stories of which nobody printed a
day, and the gaps: stretches of a section's lists that nobody read, of which no figure can say
what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.run_models import NO_ARTICLE, CrawlRow, GapRow, PageRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.status import last_healthy_run
from hanicrawler.storage.timeline import GONE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

KOREA: Final = timezone(timedelta(hours=9), "KST")
"""Days are Korean days."""

FEW: Final = 5
"""Up to so many stories without a day are told by their addresses."""

Lists = Literal["read", "gap", "never"]

_ARTICLES: Final = table_of(ArticleRow)
_CRAWLS: Final = table_of(CrawlRow)
_PAGES: Final = table_of(PageRow)
_GAPS: Final = table_of(GapRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCoverage:
    """What is known of a section's articles of a day."""

    day: date
    """In Korea: of posting; of an article that is not stored the day a list printed beside it;
    or else, of one that was or will be asked for, the day it was found."""
    edition: str
    section: str | None
    """None where the articles' addresses name none."""
    listed: int
    """Articles that a list, a feed or a link named."""
    fetched: int
    """Those of them that were asked for, whatever came."""
    stored: int
    gone: int
    """Those the site last said are gone, stored or not."""
    failed: int
    """Those that are not stored because they could not be had or read."""
    waiting: int
    """Those that a run has yet to fetch."""
    missing: int
    """Those that are neither stored nor gone: failed, waiting, or never asked for."""
    lists: Lists
    """Whether the section's lists of that day were read: ``read``; ``gap``, not all of them
    (there may be articles that nothing has named); or ``never``, where none of the section's
    lists ever was."""

    @property
    def unasked(self) -> int:
        """Those that were named, are not planned and were never asked for."""
        return max(self.listed - self.fetched - self.waiting, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStories:
    """Stories of a section that were only named beside others: nobody printed their day.

    Neither listed with a date nor asked for, and no run will: related stories of related ones.
    """

    edition: str
    section: str | None
    """None where their addresses name none."""
    stories: int
    urls: tuple[str, ...]
    """Their addresses, where all that were asked about are FEW; else empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListGap:
    """A stretch of a section's lists that was not read."""

    edition: str
    section: str
    newest_id: int
    """The site's id below which the lists were not read."""
    oldest_id: int
    """The id from which on down they were; 0 where nothing below was ever read."""
    reason: str
    """``history``: never looked for; ``reading``: a run is at it, or was ended; ``limit``: a
    run's bound was reached; ``failed``: a list could not be read."""
    noted_at: datetime
    """Aware, UTC."""
    before: datetime | None
    """Aware, UTC; the missing articles were posted before this; None where no article that is
    stored says."""
    after: datetime | None
    """Aware, UTC; they were posted after this; None where nothing below was ever read."""

    @property
    def first_day(self) -> date | None:
        """The Korean day of *after*."""
        return _day_of(self.after)

    @property
    def last_day(self) -> date | None:
        """The Korean day of *before*."""
        return _day_of(self.before)

    def touches(self, since: date | None, until: date | None) -> bool:
        """Tell whether a day from *since* to *until* may be missing something."""
        begins_late = until is not None and self.first_day is not None and self.first_day > until
        ends_early = since is not None and self.last_day is not None and self.last_day < since
        return not (begins_late or ends_early)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What is known of a span of days."""

    since: date | None
    until: date | None
    read_at: datetime | None
    """Aware, UTC; when the lists were last asked for what is new: nothing later is known."""
    days: tuple[DayCoverage, ...]
    """By day, edition and section.  A day inside a gap is there though nothing is known of it."""
    gaps: tuple[ListGap, ...]
    """Those that touch the span, by edition, section and age, the newest first."""
    elsewhere: int
    """How many gaps there are besides."""
    named: tuple[NamedStories, ...]
    """What belongs to no day, of this span or any, by edition and section."""


def read_coverage(
    engine: sa.Engine,
    *,
    since: date | None = None,
    until: date | None = None,
    sections: Collection[str] = (),
    edition: str | None = None,
) -> Coverage:
    """Return what is known of the Korean days *since* to *until*, both included.

    None leaves an end open; *sections* (codes) and *edition* choose among them.  Raises
    DatabaseError.
    """
    with reading(engine) as connection:
        return coverage_in(connection, since, until, sections, (edition,) if edition else ())


def coverage_in(
    connection: sa.Connection,
    since: date | None = None,
    until: date | None = None,
    sections: Collection[str] = (),
    editions: Collection[str] = (),
) -> Coverage:
    """Return what :func:`read_coverage` does, as *connection* sees it."""
    days = [row._mapping for row in connection.execute(_by_day(connection, since, until))]
    named = _named(connection, sections, editions)
    noted, walked = _noted(connection)
    # A run that finds everything as it was leaves no mark on the pages.
    asked = (
        connection.scalar(sa.select(sa.func.max(_PAGES.c.fetched_at)).where(NO_ARTICLE)),
        connection.scalar(last_healthy_run(_CRAWLS.c.started_at)),
    )

    def chosen(row: Any) -> bool:
        of_section = not sections or row["section"] in sections
        return of_section and (not editions or row["edition"] in editions)

    gaps = [gap for gap in noted if chosen({"edition": gap.edition, "section": gap.section})]
    inside = [gap for gap in gaps if gap.touches(since, until)]
    known = [
        DayCoverage(
            **(row | {"day": date.fromisoformat(row["day"])}),
            lists=_lists(row, inside, walked),
        )
        for row in map(dict, days)
        if chosen(row)
    ]
    unknown = _unknown_days(inside, known, since, until)
    return Coverage(
        since=since,
        until=until,
        read_at=max(filter(None, asked), default=None),
        days=tuple(sorted([*known, *unknown], key=_place)),
        gaps=tuple(inside),
        elsewhere=len(gaps) - len(inside),
        named=tuple(named),
    )


def list_gaps(engine: sa.Engine) -> list[ListGap]:
    """Return all gaps in the lists, by edition, section and age.  Raises DatabaseError."""
    with reading(engine) as connection:
        return _noted(connection)[0]


def _by_day(connection: sa.Connection, since: date | None, until: date | None) -> sa.Select[Any]:
    """Return the view's question about a span of days."""
    known = _of_span(connection, since, until).subquery("known")
    key = (known.c.edition, known.c.section, known.c.day)
    is_lost = known.c.article_id.is_(None) & ~known.c.gone
    return sa.select(
        *key,
        sa.func.count().label("listed"),
        sa.func.count(known.c.fetched_at).label("fetched"),
        sa.func.count(known.c.article_id).label("stored"),
        _count(known.c.gone).label("gone"),
        _count(is_lost & known.c.failed & known.c.fetched_at.is_not(None)).label("failed"),
        _count(known.c.fetched_at.is_(None) & known.c.due_at.is_not(None)).label("waiting"),
        _count(is_lost).label("missing"),
    ).group_by(*key)


def _of_span(
    connection: sa.Connection, since: date | None, until: date | None
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """Return a row for each article of the days *since* to *until* that a page has named.

    Of a span in two parts, the first through an index, the second without the articles' long
    rows: those that were posted in it, and those of which no time of posting is known.
    """
    posted = _ARTICLES.c.published_at
    same = sa.and_(
        _ARTICLES.c.edition == _PAGES.c.edition, _ARTICLES.c.source_id == _PAGES.c.source_id
    )
    every = _PAGES.outerjoin(_ARTICLES, same)
    planned = sa.or_(_PAGES.c.fetched_at.is_not(None), _PAGES.c.due_at.is_not(None))
    is_ours = sa.or_(_ARTICLES.c.id.is_not(None), planned)
    found = (_PAGES.c.listed_at, sa.case((is_ours, _PAGES.c.discovered_at)))
    if since is None and until is None:
        moment = sa.func.coalesce(posted, *found, type_=posted.type)
        known = _known(connection, moment, since, until).select_from(every)
        return known.where(moment.is_not(None))
    dated = _known(connection, posted, since, until).select_from(_ARTICLES.join(_PAGES, same))
    moment = sa.func.coalesce(*found, type_=posted.type)
    undated = _known(connection, moment, since, until).select_from(every)
    return sa.union_all(dated, undated.where(posted.is_(None)))


def _known(
    connection: sa.Connection,
    moment: sa.ColumnElement[datetime],
    since: date | None,
    until: date | None,
) -> sa.Select[Any]:
    if connection.dialect.name == "sqlite":
        day = sa.func.date(moment, "+9 hours")
    else:
        day = sa.func.to_char(sa.func.timezone("Asia/Seoul", moment), "YYYY-MM-DD")
    selected = sa.select(
        _PAGES.c.edition,
        sa.func.coalesce(_ARTICLES.c.section, _PAGES.c.section).label("section"),
        day.label("day"),
        _PAGES.c.fetched_at,
        _PAGES.c.due_at,
        _ARTICLES.c.id.label("article_id"),
        sa.func.coalesce(_PAGES.c.status.in_(GONE), sa.false()).label("gone"),
        (_PAGES.c.failures > 0).label("failed"),
    ).where(_PAGES.c.kind == "article", _PAGES.c.edition.is_not(None))
    if since is not None:
        selected = selected.where(moment >= _midnight(since))
    if until is not None:
        selected = selected.where(moment < _midnight(until + timedelta(days=1)))
    return selected


def _named(
    connection: sa.Connection, sections: Collection[str], editions: Collection[str]
) -> list[NamedStories]:
    """Return what has no day: the rows of the view whose ``day`` is NULL."""
    stored = sa.exists().where(
        _ARTICLES.c.edition == _PAGES.c.edition, _ARTICLES.c.source_id == _PAGES.c.source_id
    )
    nothing = [_PAGES.c[name].is_(None) for name in ("fetched_at", "due_at", "listed_at")]
    where = [_PAGES.c.kind == "article", _PAGES.c.edition.is_not(None), *nothing, ~stored]
    if sections:
        where.append(_PAGES.c.section.in_(sections))
    if editions:
        where.append(_PAGES.c.edition.in_(editions))
    key = (_PAGES.c.edition, _PAGES.c.section)
    counted = connection.execute(sa.select(*key, sa.func.count()).where(*where).group_by(*key))
    numbers: dict[tuple[str, str | None], int] = {(row[0], row[1]): row[2] for row in counted}
    urls: dict[tuple[str, str | None], list[str]] = {one: [] for one in numbers}
    if sum(numbers.values()) <= FEW:
        addresses = sa.select(*key, _PAGES.c.url).where(*where).order_by(_PAGES.c.source_id)
        for row in connection.execute(addresses):
            urls[row[0], row[1]].append(row[2])
    return [
        NamedStories(edition=one[0], section=one[1], stories=numbers[one], urls=tuple(urls[one]))
        for one in sorted(numbers, key=lambda one: (one[0], one[1] or ""))
    ]


def _count(condition: sa.ColumnElement[bool]) -> sa.Function[int]:
    return sa.func.count(sa.case((condition, 1)))


def _noted(connection: sa.Connection) -> tuple[list[ListGap], set[tuple[str, str]]]:
    """Return the gaps, and the sections whose lists were ever read.

    Each of those has a row for what lies below all that was read; where the lists were read to
    their end that is no gap.
    """
    order = (_GAPS.c.edition, _GAPS.c.section, _GAPS.c.newest_id.desc(), _GAPS.c.oldest_id.desc())
    rows = connection.execute(sa.select(_GAPS).order_by(*order)).all()
    gaps = [
        ListGap(
            edition=row.edition,
            section=row.section,
            newest_id=row.newest_id,
            oldest_id=row.oldest_id,
            reason=row.reason,
            noted_at=row.noted_at,
            before=_posted(connection, row.edition, row.newest_id, upwards=True),
            after=_posted(connection, row.edition, row.oldest_id, upwards=False)
            if row.oldest_id
            else None,
        )
        for row in rows
        if row.newest_id
    ]
    return gaps, {(row.edition, row.section) for row in rows}


def _posted(
    connection: sa.Connection, edition: str, source_id: int, *, upwards: bool
) -> datetime | None:
    """Return when an article was posted, or the nearest one that is stored above or below it.

    The site gives ids in the order of posting.
    """
    column = _ARTICLES.c.source_id
    nearest = sa.select(_ARTICLES.c.published_at).where(
        _ARTICLES.c.edition == edition,
        column >= source_id if upwards else column <= source_id,
        _ARTICLES.c.published_at.is_not(None),
    )
    return connection.scalar(nearest.order_by(column if upwards else column.desc()).limit(1))


def _lists(row: Any, gaps: Iterable[ListGap], walked: set[tuple[str, str]]) -> Lists:
    key = (row["edition"], row["section"])
    if key not in walked:
        return "never"
    day = date.fromisoformat(row["day"])
    is_gap = any((gap.edition, gap.section) == key and gap.touches(day, day) for gap in gaps)
    return "gap" if is_gap else "read"


def _unknown_days(
    gaps: Iterable[ListGap],
    known: Iterable[DayCoverage],
    since: date | None,
    until: date | None,
) -> Iterator[DayCoverage]:
    """Give a row for each day inside a gap of which nothing is known."""
    named = {(row.edition, row.section, row.day) for row in known}
    for gap in gaps:
        first = max(filter(None, (since, gap.first_day)), default=None)
        last = min(filter(None, (until, gap.last_day)), default=None)
        if first is None or last is None:
            continue  # no end of it is known
        for number in range((last - first).days + 1):
            key = (gap.edition, gap.section, first + timedelta(days=number))
            if key not in named:
                named.add(key)
                yield _nothing(*key)


def _nothing(edition: str, section: str, day: date) -> DayCoverage:
    counts = dict.fromkeys(("listed", "fetched", "stored", "gone", "failed", "waiting"), 0)
    return DayCoverage(edition=edition, section=section, day=day, **counts, missing=0, lists="gap")


def _place(row: DayCoverage) -> tuple[date, str, str]:
    return row.day, row.edition, row.section or ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KOREA).astimezone(UTC)


def _day_of(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(KOREA).date()
