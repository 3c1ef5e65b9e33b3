"""How the crawler is doing: its runs, how fresh the record is, what is due.

Every question here costs the same with a thousand articles as with a million: it asks an index
or a small table.  (Counting all articles, in ``totals``, reads one index.)
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, get_args

import sqlalchemy as sa

from hanicrawler.items import FIELDS, Layer
from hanicrawler.storage.at_work import is_at_work
from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow, RevisionRow
from hanicrawler.storage.run_models import (
    COUNTS,
    READERS,
    CoverageRow,
    CrawlRow,
    PageRow,
    WorkerRow,
)
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

_ARTICLES: Final = table_of(ArticleRow)
_REVISIONS: Final = table_of(RevisionRow)
_CRAWLS: Final = table_of(CrawlRow)
_COVERAGE: Final = table_of(CoverageRow)
_PAGES: Final = table_of(PageRow)
_WORKERS: Final = table_of(WorkerRow)


_CRAWL: Final = _CRAWLS.c.spider.not_in(sorted(READERS))

BY_HAND: Final = frozenset({"urls", "until"})
"""Arguments of runs that say nothing of how fresh the record is: a person asked for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the crawler."""

    id: int
    spider: str
    arguments: Mapping[str, str]
    started_at: datetime
    """Aware, UTC."""
    finished_at: datetime | None
    """Aware, UTC; None while it runs, and for one that was killed."""
    outcome: str | None
    """``healthy``, ``unhealthy``, ``waiting`` ...; None while nobody has said."""
    reason: str | None
    alarms: tuple[str, ...]
    counts: Mapping[str, int | float | None]
    """Name of each of COUNTS to its number; None where it was not counted."""
    not_before: datetime | None
    """Aware, UTC; until when the site asked to be left alone."""
    shared: bool
    workers: int
    """Crawlers that took part, as far as they signed in; 0 for a run that was not shared."""
    is_newest: bool
    """Of the crawls, or of the reparses and imports, whichever it is one of."""
    at_work: bool | None = None
    """Of the newest run without an end: whether it is at work; None where nobody knows."""

    @property
    def is_crawl(self) -> bool:
        """Whether it asked the site; a reparse or an import did not."""
        return self.spider not in READERS

    @property
    def seeks_news(self) -> bool:
        """Whether it looked for what is new, not for some articles or for days that are over."""
        return self.is_crawl and not BY_HAND & set(self.arguments)

    @property
    def state(self) -> str:
        """The outcome; ``running``, ``killed``, or ``unfinished`` where it may be either.

        Runs take turns: one without an end and with a successor was killed.
        """
        if self.outcome:
            return self.outcome
        if self.is_newest and self.at_work is None:
            return "unfinished"
        return "running" if self.is_newest and self.at_work else "killed"

    @property
    def is_over(self) -> bool:
        """Whether the run is known to have ended, in whichever way."""
        return self.state not in ("running", "unfinished")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestArticle:
    """The article posted last."""

    edition: str
    source_id: int
    url: str
    headline: str
    published_at: datetime
    """Aware, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How fresh the record is; every time is aware, in UTC, and None where there was none."""

    newest: NewestArticle | None
    last_new_at: datetime | None
    """When the page of the article stored last was fetched."""
    last_healthy_at: datetime | None
    """When the last healthy run ended, of those that looked for what is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCoverage:
    """By which layer a field was found, in several runs together."""

    field: str
    layers: Mapping[Layer, int]
    """Each layer to a number of articles; every layer is a key."""

    @property
    def articles(self) -> int:
        """The articles that were read."""
        return sum(self.layers.values())

    def share(self, layer: Layer) -> float:
        """Return the share of articles that *layer* gave, from 0 to 1."""
        return self.layers[layer] / self.articles if self.articles else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentCoverage:
    """How the fields of the last articles were found."""

    runs: int
    """How many runs these are: the last that read articles."""
    fields: tuple[FieldCoverage, ...]
    """The weakest first: the one found least often, then the one its template gives least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be fetched."""

    now: int
    """Pages whose time has come."""
    next_at: datetime | None
    """Aware, UTC; when the next one is due after those; None where none is planned."""


def recent_runs(engine: sa.Engine, limit: int, *, only_crawls: bool = False) -> list[Run]:
    """Return the *limit* runs that began last, the newest first.

    *only_crawls* leaves out reparses and imports.  Raises DatabaseError.
    """
    columns = [_CRAWLS.c[name] for name in _RUN_COLUMNS]
    workers = (
        sa.select(sa.func.count())
        .where(_WORKERS.c.crawl_id == _CRAWLS.c.id)
        .scalar_subquery()
        .label("workers")
    )
    asked = sa.select(*columns, workers).order_by(_CRAWLS.c.id.desc()).limit(limit)
    if only_crawls:
        asked = asked.where(_CRAWL)
    with reading(engine) as connection:
        found = connection.execute(asked).all()
    runs: list[Run] = []
    begun: set[bool] = set()
    for row in found:
        run = _run(row, is_newest=(row.spider in READERS) not in begun)
        begun.add(not run.is_crawl)
        if run.is_newest and run.outcome is None:
            run = replace(run, at_work=is_at_work(engine))
        elif run.outcome == "reading":
            at_work = run.is_newest and is_at_work(engine, "replay")
            run = replace(run, at_work=at_work, outcome="killed" if at_work is False else "reading")
        runs.append(run)
    return runs


def freshness(engine: sa.Engine) -> Freshness:
    """Return how fresh the record is.  Raises DatabaseError."""
    columns = [_ARTICLES.c[name] for name in NewestArticle.__dataclass_fields__]
    newest = (
        sa.select(*columns)
        .where(_ARTICLES.c.published_at.is_not(None))
        .order_by(_ARTICLES.c.published_at.desc())
        .limit(1)
    )
    # The first revision's time is the article's first_seen_at, and has an index: from its end on
    # a few rows decide.  (The sum keeps SQLite from the key's index, which has every article.)
    last_new = (
        sa.select(_REVISIONS.c.seen_at)
        .where(_REVISIONS.c.number + 0 == 1)
        .order_by(_REVISIONS.c.seen_at.desc())
        .limit(1)
    )
    with reading(engine) as connection:
        row = connection.execute(newest).first()
        return Freshness(
            newest=NewestArticle(**row._mapping) if row else None,
            last_new_at=connection.scalar(last_new),
            last_healthy_at=connection.scalar(last_healthy_run(_CRAWLS.c.finished_at)),
        )


def last_healthy_run(column: sa.ColumnElement[datetime]) -> sa.Select[datetime]:
    """Return the question for *column* of the last healthy run that looked for what is new."""
    arguments = sa.type_coerce(_CRAWLS.c.arguments, sa.Text)
    return (
        sa.select(column)
        .where(
            _CRAWL,
            _CRAWLS.c.outcome == "healthy",
            _CRAWLS.c.finished_at.is_not(None),
            *[arguments.not_like(f'%"{name}":%') for name in sorted(BY_HAND)],
        )
        .order_by(_CRAWLS.c.id.desc())
        .limit(1)
    )


def recent_coverage(engine: sa.Engine, runs: int = 20) -> RecentCoverage:
    """Return how the fields were found in the last *runs* runs that read articles.

    Raises DatabaseError.
    """
    read = sa.select(_CRAWLS.c.id).where(~_CRAWL)
    last = (
        sa.select(_COVERAGE.c.crawl_id)
        .where(_COVERAGE.c.crawl_id.not_in(read))
        .distinct()
        .order_by(_COVERAGE.c.crawl_id.desc())
        .limit(runs)
    )
    counted: dict[str, dict[Layer, int]] = {}
    with reading(engine) as connection:
        ids = connection.scalars(last).all()
        summed = (
            sa.select(_COVERAGE.c.field, _COVERAGE.c.layer, sa.func.sum(_COVERAGE.c.articles))
            .where(_COVERAGE.c.crawl_id.in_(ids))
            .group_by(_COVERAGE.c.field, _COVERAGE.c.layer)
        )
        for field, layer, number in connection.execute(summed) if ids else ():
            layers = counted.setdefault(field, dict.fromkeys(get_args(Layer), 0))
            layers[layer] += int(number)
    fields = [FieldCoverage(field=field, layers=layers) for field, layers in counted.items()]
    return RecentCoverage(runs=len(ids), fields=tuple(sorted(fields, key=_strength)))


def due(engine: sa.Engine, now: datetime) -> Due:
    """Return what is to be fetched at *now* (aware) and next.  Raises DatabaseError."""
    with reading(engine) as connection:
        count = connection.scalar(
            sa.select(sa.func.count()).select_from(_PAGES).where(_PAGES.c.due_at <= now)
        )
        following = connection.scalar(
            sa.select(sa.func.min(_PAGES.c.due_at)).where(_PAGES.c.due_at > now)
        )
    return Due(now=count or 0, next_at=following)


_RUN_COLUMNS: Final = (
    "id",
    "spider",
    "arguments",
    "started_at",
    "finished_at",
    "outcome",
    "reason",
    "alarms",
    "not_before",
    "shared",
    *COUNTS,
)


def _run(row: Any, *, is_newest: bool) -> Run:
    values = dict(row._mapping)
    counts = {name: values.pop(name) for name in COUNTS}
    values["alarms"] = tuple((values["alarms"] or "").split())
    return Run(**values, counts=counts, is_newest=is_newest)


def _strength(coverage: FieldCoverage) -> tuple[float, float, int, str]:
    known = coverage.field in FIELDS
    place = FIELDS.index(coverage.field) if known else len(FIELDS)
    return (-coverage.share("absent"), coverage.share("template"), place, coverage.field)
