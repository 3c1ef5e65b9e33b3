"""The captures of articles: what each response gave, noted with what it changed.

A capture that comes after all that is known of its article is only noted.  The others need all
of the article's captures: those are read, put in order and told again (see late.py).
"""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.items import Article, Kept
from hanicrawler.storage.keys import Key, select_by_key
from hanicrawler.storage.run_models import CaptureRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import Row, upsert
from hanicrawler.storage.timeline import Captured, NotedProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Fetch, Problem

CAPTURES: Final = table_of(CaptureRow)
_KEY: Final = ("edition", "source_id", "captured_at", "status")
_COLUMNS: Final = tuple(CAPTURES.c)
_WRONG: Final = (
    sa.update(CAPTURES)
    .where(
        CAPTURES.c.edition == sa.bindparam("of_edition"),
        CAPTURES.c.source_id == sa.bindparam("of_source_id"),
        CAPTURES.c.captured_at == sa.bindparam("of_captured_at", type_=CAPTURES.c.captured_at.type),
    )
    .values(problems=sa.bindparam("of_problems"))
)


def captured(entry: Article | Fetch, crawl_id: int | None) -> Captured | None:
    """Return the capture that *entry* tells of, None where no response came."""
    if isinstance(entry, Article):
        fetch = entry.fetch
        return Captured(
            at=fetch.fetched_at,
            status=fetch.status or 200,
            body_hash=fetch.body_hash,
            content_hash=entry.content_hash,
            modified_at=entry.modified_at,
            modified_text=entry.modified_text,
            problems=tuple([noted(problem) for problem in entry.problems]),
            kept=fetch.kept,
            crawl_id=crawl_id,
        )
    if entry.status is None:
        return None
    return Captured(
        at=entry.fetched_at,
        status=entry.status,
        body_hash=entry.body_hash,
        revisit_of=entry.revisit_of,
        kept=entry.kept,
        crawl_id=crawl_id,
    )


def preferred(one: Kept | None, other: Kept | None) -> Kept | None:
    """Return which of two places is noted of a response that both keep.

    The crawl's own archive before other people's files, and either before standard input, which
    nobody has kept; else the first by name.  So it does not matter which was read first.
    """
    if one is None or other is None:
        return one or other
    return min(one, other, key=_preference)


def _preference(kept: Kept) -> tuple[bool, bool, str, int]:
    is_lost = kept.file.partition("!")[0] == "-"
    return is_lost, PurePath(kept.file).is_absolute(), kept.file, kept.offset


def noted(problem: Problem) -> NotedProblem:
    """Return what is noted of *problem* with its capture."""
    return NotedProblem(problem.url, problem.stage, problem.code, problem.error)


class Captures:
    """The captures that a batch brings, written at once."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._rows: dict[tuple[Key, datetime, int], Captured] = {}
        self._last: dict[tuple[Key, datetime], Captured] = {}
        self._wrong: list[tuple[Key, Problem]] = []

    def saw(self, key: Key, capture: Captured) -> None:
        """Note *capture* of the article *key*."""
        self._rows[key, capture.at, capture.status] = capture
        self._last[key, capture.at] = capture

    def met(self, key: Key, problem: Problem) -> None:
        """Note *problem* with the capture it was met in, which came with it or before it."""
        capture = self._last.get((key, problem.seen_at))
        if capture is None:
            self._wrong.append((key, problem))
        else:
            capture.problems = (*capture.problems, noted(problem))

    def write(self) -> None:
        """Write what the batch brought."""
        rows = [_row(key, capture) for (key, _, _), capture in self._rows.items()]
        upsert(self._connection, CAPTURES, rows, _KEY)
        if self._wrong:
            self._connection.execute(
                _WRONG,
                [
                    {
                        "of_edition": key[0],
                        "of_source_id": key[1],
                        "of_captured_at": problem.seen_at,
                        "of_problems": _dumped([noted(problem)]),
                    }
                    for key, problem in self._wrong
                ],
            )


def stored_captures(
    connection: sa.Connection, keys: Iterable[Key]
) -> dict[Key, dict[tuple[datetime, int], Captured]]:
    """Return the captures of the articles *keys* that are stored, by their places."""
    found: dict[Key, dict[tuple[datetime, int], Captured]] = {key: {} for key in keys}
    for row in select_by_key(connection, CAPTURES, _COLUMNS, found):
        capture = _captured(row._mapping)
        found[row.edition, row.source_id][capture.place] = capture
    return found


def _captured(row: Any) -> Captured:
    file, offset = row["archive_file"], row["archive_offset"]
    return Captured(
        at=row["captured_at"],
        status=row["status"],
        body_hash=row["body_hash"],
        content_hash=row["content_hash"],
        modified_at=row["modified_at"],
        modified_text=row["modified_text"],
        revisit_of=row["revisit_of"],
        problems=tuple([NotedProblem(*each) for each in json.loads(row["problems"] or "[]")]),
        kept=Kept(file=file, offset=offset) if file is not None else None,
        crawl_id=row["crawl_id"],
    )


def _row(key: Key, capture: Captured) -> Row:
    kept = capture.kept
    return {
        "edition": key[0],
        "source_id": key[1],
        "captured_at": capture.at,
        "status": capture.status,
        "body_hash": capture.body_hash,
        "content_hash": capture.content_hash,
        "modified_at": capture.modified_at,
        "modified_text": capture.modified_text,
        "revisit_of": capture.revisit_of,
        "problems": _dumped(capture.problems),
        "archive_file": kept.file if kept else None,
        "archive_offset": kept.offset if kept else None,
        "crawl_id": capture.crawl_id,
    }


def _dumped(problems: Iterable[NotedProblem]) -> str | None:
    listed = [list(problem) for problem in problems]
    return json.dumps(listed, ensure_ascii=True) if listed else None
