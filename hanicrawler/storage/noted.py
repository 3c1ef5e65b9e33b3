"""Problems as work to do: looked up, taken out again with their bytes, marked as done.

What a crawl opens and resolves is in ``problems``; this is what a person asks.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.items import Fetch, Kept
from hanicrawler.site import article_address
from hanicrawler.storage.engine import reading, take_turn
from hanicrawler.storage.errors import explain
from hanicrawler.storage.run_models import PageRow, ProblemRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import chunks
from hanicrawler.storage.timeline import GONE
from hanicrawler.storage.urls import describe

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_PROBLEMS: Final = table_of(ProblemRow)
_PAGES: Final = table_of(PageRow)

SAME_FETCH: Final = timedelta(seconds=10)
"""How long after a problem was seen its own fetch was noted at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which problems are meant; what is left empty chooses nothing away."""

    ids: Collection[int] = ()
    code: str | None = None
    stage: str | None = None
    url: str | None = None
    """As it was noted, or any address of the article."""
    resolved: bool = False
    """Whether those that are resolved are meant too."""

    @property
    def is_everything(self) -> bool:
        """True where nothing is chosen."""
        return not (self.ids or self.code or self.stage or self.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedProblem:
    """A problem, without the bytes that may be kept with it."""

    id: int
    crawl_id: int | None
    """The last run that met it; None where it was none."""
    url: str
    stage: str
    code: str
    error: str
    seen_at: datetime
    """Aware, UTC; when it was last met."""
    resolved_at: datetime | None
    """Aware, UTC; None while it is open."""
    size: int | None
    """Bytes kept with it, compressed; None where none are."""
    archive_file: str | None = None
    archive_offset: int | None = None

    @property
    def kept(self) -> Kept | None:
        """The archive's record that keeps the page; None where none does."""
        if self.archive_file is None or self.archive_offset is None:
            return None
        return Kept(file=self.archive_file, offset=self.archive_offset)

    @property
    def has_page(self) -> bool:
        """Whether the page's bytes are kept, here or in the archive."""
        return self.size is not None or self.kept is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """The bytes that could not be read, and of which fetch they are."""

    problem: NotedProblem
    body: bytes
    fetched_at: datetime
    """Aware, UTC."""
    gone: Fetch | None
    """The page's last fetch where the site said since then that the article is gone."""


def find_problems(engine: sa.Engine, choice: Choice, each: int | None = None) -> list[NotedProblem]:
    """Return the problems of *choice*, the newest first.

    At most *each* of a stage and code.  Raises DatabaseError.
    """
    columns = _columns()
    number = (
        sa.func.row_number()
        .over(
            partition_by=(_PROBLEMS.c.stage, _PROBLEMS.c.code),
            order_by=(_PROBLEMS.c.seen_at.desc(), _PROBLEMS.c.id.desc()),
        )
        .label("number")
    )
    numbered = sa.select(*columns, number).where(*_where(choice)).subquery("numbered")
    found = sa.select(*[numbered.c[name] for name in NotedProblem.__dataclass_fields__]).order_by(
        numbered.c.seen_at.desc(), numbered.c.id.desc()
    )
    if each is not None:
        found = found.where(numbered.c.number <= each)
    with reading(engine) as connection:
        return [NotedProblem(**row._mapping) for row in connection.execute(found)]


def noted_problem(engine: sa.Engine, problem_id: int) -> NotedProblem | None:
    """Return the problem of that id, None where there is none.  Raises DatabaseError."""
    found = find_problems(engine, Choice(ids=[problem_id], resolved=True))
    return found[0] if found else None


def count_problems(engine: sa.Engine, choice: Choice) -> dict[tuple[str, str], int]:
    """Return how many problems of *choice* there are by stage and code.  Raises DatabaseError."""
    counted = (
        sa.select(_PROBLEMS.c.stage, _PROBLEMS.c.code, sa.func.count())
        .where(*_where(choice))
        .group_by(_PROBLEMS.c.stage, _PROBLEMS.c.code)
    )
    with reading(engine) as connection:
        return {(row[0], row[1]): row[2] for row in connection.execute(counted)}


def kept_page(
    engine: sa.Engine, found: NotedProblem, archived: bytes | None = None
) -> KeptPage | None:
    """Return the bytes kept with a problem, None where there are none.

    *archived* are those that the archive keeps.  Raises DatabaseError; ValueError where what is
    kept with the problem itself is damaged.
    """
    address = article_address(found.url)
    of_page = [_PAGES.c.url == found.url]
    if address:
        of_page = [_PAGES.c.edition == address.edition, _PAGES.c.source_id == address.source_id]
    with reading(engine) as connection:
        packed = connection.scalar(sa.select(_PROBLEMS.c.body).where(_PROBLEMS.c.id == found.id))
        page = connection.execute(
            sa.select(_PAGES.c.fetched_at, _PAGES.c.status).where(*of_page)
        ).first()
    body = archived
    if packed is not None:
        try:
            body = zlib.decompress(packed)
        except zlib.error as error:
            words = f"the bytes kept with problem {found.id} are damaged: {error}"
            raise ValueError(words) from error
    if body is None:
        return None
    url = address.url if address else found.url
    last = None if page is None or page.fetched_at is None else (page.fetched_at, page.status)
    return KeptPage(
        problem=found,
        body=body,
        fetched_at=last[0] if last and _is_same(found, *last) else found.seen_at,
        gone=Fetch(url=url, kind="article", fetched_at=last[0], status=last[1])
        if last and last[1] in GONE and last[0] > found.seen_at
        else None,
    )


def open_ids(engine: sa.Engine, ids: Iterable[int]) -> set[int]:
    """Return which of the problems *ids* are open.  Raises DatabaseError."""
    found: set[int] = set()
    with reading(engine) as connection:
        for chunk in chunks(ids):
            found.update(
                connection.scalars(
                    sa.select(_PROBLEMS.c.id).where(
                        _PROBLEMS.c.id.in_(chunk), _PROBLEMS.c.resolved_at.is_(None)
                    )
                )
            )
    return found


def resolve_problems(engine: sa.Engine, ids: Iterable[int]) -> int:
    """Mark the problems *ids* as done now; return how many were open.  Raises DatabaseError."""
    number = 0
    try:
        with engine.begin() as connection:
            take_turn(connection)
            now = datetime.now(UTC)
            for chunk in chunks(ids):
                marked = connection.execute(
                    sa.update(_PROBLEMS)
                    .where(_PROBLEMS.c.id.in_(chunk), _PROBLEMS.c.resolved_at.is_(None))
                    .values(resolved_at=now)
                )
                number += marked.rowcount
    except sa.exc.SQLAlchemyError as error:
        raise explain(error, describe(engine.url)) from error
    return number


def _is_same(found: NotedProblem, fetched_at: datetime, status: int | None) -> bool:
    """Tell whether the page's last fetch is the one that brought the problem.

    The crawler notes a fetch a moment after it has noted what is wrong with its page.  Taken
    for the same, the article is planned and compared as if it had been read at once.
    """
    came = status is not None and status < 300
    return came and timedelta() <= fetched_at - found.seen_at <= SAME_FETCH


def _columns() -> list[sa.ColumnElement[Any]]:
    return [
        sa.func.length(_PROBLEMS.c.body).label(name) if name == "size" else _PROBLEMS.c[name]
        for name in NotedProblem.__dataclass_fields__
    ]


def _where(choice: Choice) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if not choice.resolved:
        conditions.append(_PROBLEMS.c.resolved_at.is_(None))
    if choice.ids:
        conditions.append(_PROBLEMS.c.id.in_(choice.ids))
    if choice.code:
        conditions.append(_PROBLEMS.c.code == choice.code)
    if choice.stage:
        conditions.append(_PROBLEMS.c.stage == choice.stage)
    if choice.url:
        address = article_address(choice.url)
        names = {choice.url, address.url} if address else {choice.url}
        conditions.append(_PROBLEMS.c.url.in_(names))
    return conditions
