"""What is kept of an article's page: every capture that an archive has, or a problem's row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import sqlalchemy as sa

from hanicrawler.items import Kept
from hanicrawler.site import ArticleAddress, article_address
from hanicrawler.storage.captures import stored_captures
from hanicrawler.storage.engine import reading
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.run_models import PageRow, ProblemRow
from hanicrawler.storage.schema import MAX_SOURCE_ID, table_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from hanicrawler.storage.timeline import Captured

_ARTICLES: Final = table_of(ArticleRow)
_PAGES: Final = table_of(PageRow)
_PROBLEMS: Final = table_of(ProblemRow)

Gave = Literal["article", "same", "problem", "nothing"]
"""What was read of a capture: an article; that the page is as it was, without the page; nothing,
and a problem says why; nothing, and it is not known why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCapture:
    """A response of an article's page that can be had again."""

    at: datetime
    """Aware, UTC; when it came."""
    status: int | None
    """HTTP status; None where that is not known any more."""
    gave: Gave
    kept: Kept | None = None
    """Where an archive keeps it; None where a problem's row does."""
    problem_id: int | None = None
    """Of the problem whose row keeps its bytes."""
    codes: tuple[str, ...] = ()
    """Codes of what was wrong with it."""

    @property
    def has_page(self) -> bool:
        """Whether the page itself is there, readable or not."""
        came = self.status is None or 200 <= self.status < 300
        return came and self.gave != "same"


def address_of(engine: sa.Engine, id_: int) -> ArticleAddress | None:
    """Return which article has *id_* as its ``id``, None where none has.  Raises DatabaseError."""
    if not 1 <= id_ <= MAX_SOURCE_ID:
        return None
    with reading(engine) as connection:
        url = connection.scalar(sa.select(_ARTICLES.c.url).where(_ARTICLES.c.id == id_))
    return article_address(url) if url is not None else None


def kept_captures(engine: sa.Engine, address: ArticleAddress) -> list[KeptCapture]:
    """Return what is kept of the article that *address* names, the newest first.

    Of an article that could never be read too.  Raises DatabaseError.
    """
    with reading(engine) as connection:
        found = [
            _capture(capture)
            for capture in stored_captures(connection, [address.key])[address.key].values()
            if capture.kept is not None
        ]
        told = {capture.kept for capture in found}
        found += _of_page(connection, address, told)
        found += _of_problems(connection, _urls(connection, address), told)
    return sorted(found, key=lambda capture: (capture.at, capture.status or 0), reverse=True)


def _capture(capture: Captured) -> KeptCapture:
    codes = tuple([problem.code for problem in capture.problems])
    gave: Gave = "problem" if codes else "nothing"
    if capture.content_hash is not None:
        gave = "article"
    elif capture.says_same:
        gave = "same"
    return KeptCapture(
        at=capture.at, status=capture.status, gave=gave, kept=capture.kept, codes=codes
    )


def _of_page(
    connection: sa.Connection, address: ArticleAddress, told: Collection[Kept | None]
) -> list[KeptCapture]:
    """Return what the page's own row names and no capture does."""
    columns = [_PAGES.c[name] for name in ("archive_file", "archive_offset", "archived_at")]
    row = connection.execute(
        sa.select(*columns).where(
            _PAGES.c.edition == address.edition,
            _PAGES.c.source_id == address.source_id,
            _PAGES.c.archive_file.is_not(None),
        )
    ).first()
    if row is None or (kept := Kept(file=row[0], offset=row[1])) in told:
        return []
    return [KeptCapture(at=row[2], status=200, gave="article", kept=kept)]


def _of_problems(
    connection: sa.Connection, urls: set[str], told: Collection[Kept | None]
) -> list[KeptCapture]:
    """Return what problems keep in their rows, or name in an archive where no capture does."""
    names = ("id", "code", "seen_at", "archive_file", "archive_offset")
    has_bytes = _PROBLEMS.c.body.is_not(None)
    rows = connection.execute(
        sa.select(*[_PROBLEMS.c[name] for name in names], has_bytes.label("has_bytes"))
        .where(_PROBLEMS.c.url.in_(urls), sa.or_(has_bytes, _PROBLEMS.c.archive_file.is_not(None)))
        .order_by(_PROBLEMS.c.id)
    )
    found: dict[Kept | int, KeptCapture] = {}
    for row in rows:
        kept = None if row.has_bytes else Kept(file=row.archive_file, offset=row.archive_offset)
        if kept in told and kept is not None:
            continue
        place = row.id if kept is None else kept
        before = found[place].codes if place in found else ()
        found[place] = KeptCapture(
            at=row.seen_at,
            status=None,
            gave="problem",
            kept=kept,
            problem_id=row.id if kept is None else None,
            codes=(*before, row.code),
        )
    return list(found.values())


def _urls(connection: sa.Connection, address: ArticleAddress) -> set[str]:
    """Return under which URLs the article is known: its section may have been renamed."""
    urls = {address.url}
    for table in (_PAGES, _ARTICLES):
        urls.update(
            connection.scalars(
                sa.select(table.c.url).where(
                    table.c.edition == address.edition, table.c.source_id == address.source_id
                )
            )
        )
    return urls
