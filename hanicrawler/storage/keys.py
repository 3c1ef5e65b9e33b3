"""How entries are told apart: the key of an article, and looking rows up by it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from hanicrawler.items import (
    Article,
    Discovered,
    Fetch,
    ListWalk,
    Passed,
    Problem,
    Ranking,
    ReadTo,
)
from hanicrawler.site import article_address
from hanicrawler.storage.sql import among, chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Key = tuple[str, int]
"""Edition and source_id: which article."""

Entry = Article | Problem | Fetch | Discovered | Passed | Ranking | ListWalk | ReadTo
"""What the writer takes."""


def page_key(entry: Fetch | Discovered | Passed) -> Key | None:
    """Return which article the page of *entry* is, None where it is none."""
    is_article = isinstance(entry, Passed) or entry.kind == "article"
    address = article_address(entry.url) if is_article else None
    return address.key if address else None


def problem_key(problem: Problem) -> Key | None:
    """Return of which article's capture *problem* tells, None where it tells of none."""
    address = article_address(problem.url) if problem.stage in ("fetch", "parse") else None
    return address.key if address else None


def select_by_key(
    connection: sa.Connection, table: sa.Table, columns: Iterable[Any], keys: Iterable[Key]
) -> Iterator[sa.Row[Any]]:
    """Give *columns* of the rows of *table* that have one of *keys*."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for edition, source_id in keys:
        ids[edition].append(source_id)
    wanted = list(columns)
    for edition, of_edition in ids.items():
        for chunk in chunks(of_edition):
            yield from connection.execute(
                sa.select(*wanted).where(
                    table.c.edition == edition, among(connection, table.c.source_id, chunk)
                )
            )
