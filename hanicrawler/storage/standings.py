"""Rankings of most viewed articles: how they stood, and how places moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa

from hanicrawler.site import EDITIONS
from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow, MostViewedRow
from hanicrawler.storage.schema import table_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
Move = Literal["new", "rising", "falling", "same"]

DAY: Final = timedelta(days=1)
BEGINNING: Final = datetime(1, 1, 2, tzinfo=UTC)
"""The earliest moment that is asked about."""
AT_ONCE: Final = 200
"""So many rankings are looked at in one go."""

_ARTICLES: Final = table_of(ArticleRow)
_RANKINGS: Final = table_of(MostViewedRow)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedStory:
    """A place in a ranking."""

    position: int
    """From 1."""
    source_id: int | None
    """The site's id of the article; None where the link names none."""
    url: str
    headline: str
    """The article's, or the link's words until it is stored; may be empty then."""
    article_id: int | None
    """``articles.id``; None until the article is stored."""
    section: str | None
    published_at: datetime | None
    """Aware, UTC; None until the article is stored."""
    before: int | None
    """Its place in the ranking before; None where it had none."""
    move: Move | None
    """None where no ranking before is known, or of what has left: that has no place now."""
    since: datetime | None
    """Aware, UTC; from when on it has been in every ranking; None of what has left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A ranking of an edition beside an earlier one."""

    edition: str
    seen_at: datetime
    """Aware, UTC; when it was first seen so."""
    before: datetime | None
    """Aware, UTC; when the earlier one was first seen; None where none was."""
    stories: tuple[RankedStory, ...]
    left: tuple[RankedStory, ...]
    """What stood in the earlier one and does not in this: with the places of the earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """A time at one place of the ranking."""

    position: int
    since: datetime
    """Aware, UTC."""
    until: datetime | None
    """Aware, UTC; None where it still stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Career:
    """An article's way through the ranking of its edition."""

    edition: str
    source_id: int
    article_id: int | None
    """``articles.id``; None until the article is stored."""
    url: str | None
    headline: str | None
    """Both None of an article that is neither stored nor was in a ranking."""
    stays: tuple[Stay, ...]
    """The latest first; none where it never was in a ranking."""


def read_rankings(
    engine: sa.Engine,
    editions: Collection[str] = (),
    *,
    at: datetime | None = None,
    back: timedelta = DAY,
) -> list[Ranking]:
    """Return the ranking of each edition that has any, beside the one that stood *back* before.

    *at* is the moment (aware) for which the ranking is asked, None for the latest one.  *back* is
    counted from when that ranking was first seen.  Raises DatabaseError.
    """
    with reading(engine) as connection:
        found = [
            _ranking(connection, edition, at, back)
            for edition in EDITIONS
            if not editions or edition in editions
        ]
    return [ranking for ranking in found if ranking is not None]


def read_career(
    engine: sa.Engine, *, article_id: int | None = None, key: tuple[str, int] | None = None
) -> Career | None:
    """Return the places of an article over time, given by ``articles.id`` or by its key.

    *key* is edition and the site's id.  None where no such article is stored nor was in a
    ranking.  Raises DatabaseError.
    """
    with reading(engine) as connection:
        known = [_ARTICLES.c[name] for name in ("id", "edition", "source_id", "url", "headline")]
        if key is None:
            asked = sa.select(*known).where(_ARTICLES.c.id == article_id)
        else:
            asked = sa.select(*known).where(
                _ARTICLES.c.edition == key[0], _ARTICLES.c.source_id == key[1]
            )
        article = connection.execute(asked).one_or_none()
        if article is not None:
            key = (article.edition, article.source_id)
        if key is None:
            return None
        places = connection.execute(_places_of(*key)).all()
    if article is None and not places:
        return None
    return Career(
        edition=key[0],
        source_id=key[1],
        article_id=article.id if article else None,
        url=article.url if article else places[0].url,
        headline=article.headline if article else places[0].headline,
        stays=tuple(_stays(places)),
    )


def _ranking(
    connection: sa.Connection, edition: str, at: datetime | None, back: timedelta
) -> Ranking | None:
    seen_at = _moment(connection, edition, at)
    if seen_at is None:
        return None
    # No database has a ranking of the year 1, which is as far back as a moment goes.
    before = _moment(connection, edition, seen_at - min(back, seen_at - BEGINNING))
    standing = _stories(connection, edition, seen_at)
    earlier = {} if before is None else _stories(connection, edition, before)
    since = _since(connection, edition, seen_at, set(standing))
    return Ranking(
        edition=edition,
        seen_at=seen_at,
        before=before,
        stories=tuple(
            RankedStory(
                **row,
                before=_position(earlier, story),
                move=None if before is None else _move(row, earlier.get(story)),
                since=since[story],
            )
            for story, row in standing.items()
        ),
        left=tuple(
            RankedStory(**row, before=row["position"], move=None, since=None)
            for story, row in earlier.items()
            if story not in standing
        ),
    )


def _moment(connection: sa.Connection, edition: str, at: datetime | None) -> datetime | None:
    """Return when the ranking that stood at *at* was first seen."""
    return next(iter(_moments(connection, edition, at, 1)), None)


def _moments(
    connection: sa.Connection, edition: str, at: datetime | None, number: int
) -> list[datetime]:
    """Return when the last rankings up to *at* were first seen, the latest first."""
    seen = _RANKINGS.c.seen_at
    asked = sa.select(seen).where(_RANKINGS.c.edition == edition, _RANKINGS.c.position == 1)
    if at is not None:
        asked = asked.where(seen <= at)
    return list(connection.scalars(asked.order_by(seen.desc()).limit(number)))


def _stories(
    connection: sa.Connection, edition: str, seen_at: datetime
) -> dict[int | str, dict[str, Any]]:
    """Return the places of a ranking by what stands there, the first one first."""
    same = sa.and_(
        _ARTICLES.c.edition == _RANKINGS.c.edition,
        _ARTICLES.c.source_id == _RANKINGS.c.source_id,
    )
    asked = (
        sa.select(
            *[_RANKINGS.c[name] for name in ("position", "source_id", "url")],
            sa.func.coalesce(_ARTICLES.c.headline, _RANKINGS.c.headline).label("headline"),
            _ARTICLES.c.id.label("article_id"),
            *[_ARTICLES.c[name] for name in ("section", "published_at")],
        )
        .select_from(_RANKINGS.outerjoin(_ARTICLES, same))
        .where(_RANKINGS.c.edition == edition, _RANKINGS.c.seen_at == seen_at)
        .order_by(_RANKINGS.c.position)
    )
    found: dict[int | str, dict[str, Any]] = {}
    for row in connection.execute(asked):
        # Of a story at two places the better one counts.
        found.setdefault(row.source_id or row.url, dict(row._mapping))
    return found


def _since(
    connection: sa.Connection, edition: str, seen_at: datetime, standing: set[int | str]
) -> dict[int | str, datetime]:
    """Return from when on each of *standing* has been in every ranking up to *seen_at*."""
    since = dict.fromkeys(standing, seen_at)
    for moment, stories in _backwards(connection, edition, seen_at):
        standing = standing & stories
        if not standing:
            break
        since |= dict.fromkeys(standing, moment)
    return since


def _backwards(
    connection: sa.Connection, edition: str, seen_at: datetime
) -> Iterator[tuple[datetime, set[int | str]]]:
    """Give the rankings up to *seen_at*, the latest first, some at a time."""
    columns = [_RANKINGS.c[name] for name in ("seen_at", "source_id", "url")]
    upper: datetime | None = seen_at
    while upper is not None:
        moments = _moments(connection, edition, upper, AT_ONCE + 1)
        chunk, upper = moments[:AT_ONCE], (moments[AT_ONCE] if len(moments) > AT_ONCE else None)
        if not chunk:
            return
        stories: defaultdict[datetime, set[int | str]] = defaultdict(set)
        for row in connection.execute(
            sa.select(*columns).where(
                _RANKINGS.c.edition == edition,
                _RANKINGS.c.seen_at.between(chunk[-1], chunk[0]),
            )
        ):
            stories[row.seen_at].add(row.source_id or row.url)
        yield from ((moment, stories[moment]) for moment in chunk)


def _position(places: dict[int | str, dict[str, Any]], story: int | str) -> int | None:
    return places[story]["position"] if story in places else None


def _move(now: dict[str, Any], before: dict[str, Any] | None) -> Move:
    if before is None:
        return "new"
    if now["position"] == before["position"]:
        return "same"
    return "rising" if now["position"] < before["position"] else "falling"


def _places_of(edition: str, source_id: int) -> sa.Select[Any]:
    """Return the question for all places of an article, and when each ranking was replaced."""
    later = _RANKINGS.alias("later")
    replaced_at = (
        sa.select(later.c.seen_at)
        .where(
            later.c.edition == edition,
            later.c.position == 1,
            later.c.seen_at > _RANKINGS.c.seen_at,
        )
        .order_by(later.c.seen_at)
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            *[_RANKINGS.c[name] for name in ("seen_at", "position", "url", "headline")],
            replaced_at.label("replaced_at"),
        )
        .where(_RANKINGS.c.edition == edition, _RANKINGS.c.source_id == source_id)
        .order_by(_RANKINGS.c.seen_at.desc(), _RANKINGS.c.position)
    )


def _stays(places: Iterable[Any]) -> Iterator[Stay]:
    """Give the times at one place, the latest first: rankings that follow each other are one."""
    stay: Stay | None = None
    at: datetime | None = None
    for row in places:
        if row.seen_at == at:
            continue  # at two places of one ranking: the better one counts
        at = row.seen_at
        until = row.replaced_at
        if stay is not None and stay.since == until and stay.position == row.position:
            until = stay.until
        elif stay is not None:
            yield stay
        stay = Stay(position=row.position, since=row.seen_at, until=until)
    if stay is not None:
        yield stay
