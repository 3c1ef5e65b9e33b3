"""Problems, as a batch opens and resolves them.

A problem is open until the page it names is stored without it.  Met again, an open one is
refreshed; one no newer than what has been resolved stays so.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.run_models import STILL_OPEN, ProblemRow
from hanicrawler.storage.schema import MAX_URL, table_of
from hanicrawler.storage.sql import Row, chunks, insert, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Problem

_PROBLEMS: Final = table_of(ProblemRow)
_ENDED_BY_STORING: Final = frozenset({"fetch", "parse", "normalise", "store"})
# Not what was noted of an article that is stored all the same.
_ENDED_BY_READING: Final = frozenset({"fetch", "discover", "parse"})
_UNIQUE: Final = ("url", "stage", "code")
_REPLACEMENT: Final = "�"

ProblemKey = tuple[str, str, str]
"""URL, stage and code."""


def problem_body(row: ProblemRow) -> bytes | None:
    """Return the raw bytes of the page that could not be read, None where none were kept."""
    return None if row.body is None else zlib.decompress(row.body)


def storable(text: str, most: int = 1000) -> str:
    """Return *text* in one line that any database can hold, in at most *most* bytes of UTF-8."""
    line = " ".join(text.replace("\0", _REPLACEMENT).split())
    encoded = line.encode("utf-8", "surrogatepass")[: most + 8]
    clean = encoded.decode("utf-8", "replace")
    return clean.encode()[:most].decode("utf-8", "ignore")


class Problems:
    """The problems of a batch's URLs: read at once, changed in order, written at once."""

    def __init__(
        self, connection: sa.Connection, urls: Iterable[str], crawl_id: int | None
    ) -> None:
        self._connection = connection
        self._crawl_id = crawl_id
        self._open: dict[ProblemKey, Row] = {}
        self._resolved_at: dict[ProblemKey, datetime] = {}
        self._refreshed: dict[ProblemKey, Row] = {}
        self._ended: list[Row] = []
        columns = [_PROBLEMS.c[name] for name in (*_UNIQUE, "id", "seen_at", "resolved_at")]
        for chunk in chunks(storable(url, MAX_URL) for url in urls):
            for found in connection.execute(sa.select(*columns).where(_PROBLEMS.c.url.in_(chunk))):
                row: Row = dict(found._mapping)
                if row["resolved_at"] is None:
                    self._open[_key(row)] = row
                else:
                    self._note_resolved(_key(row), row["seen_at"])

    def met(self, problem: Problem) -> None:
        """Open *problem*, or refresh it where it is open."""
        row = self._row(problem)
        key = _key(row)
        resolved_at = self._resolved_at.get(key)
        if resolved_at is not None and problem.seen_at <= resolved_at:
            return
        is_open = self._open.get(key)
        if is_open is None or problem.seen_at >= is_open["seen_at"]:
            row["id"] = is_open["id"] if is_open else None
            self._open[key] = self._refreshed[key] = row

    def stored(self, urls: set[str], again: Iterable[Problem], at: datetime) -> None:
        """Resolve what is open of the article at *urls*, which was stored at *at*.

        *again* are the problems it has now.
        """
        now = [self._row(problem) for problem in again]
        names = {storable(url, MAX_URL) for url in urls}
        self._end(names, _ENDED_BY_STORING, {_key(row) for row in now}, at)
        for problem in again:
            self.met(problem)

    def read(self, url: str, at: datetime) -> None:
        """Resolve that *url* could not be fetched or read: at *at* it was, or is as it was then."""
        self._end({storable(url, MAX_URL)}, _ENDED_BY_READING, set(), at)

    def write(self) -> None:
        """Write what has changed."""
        known = [row for row in self._ended if row["id"] is not None]
        if known:
            self._connection.execute(
                sa.update(_PROBLEMS)
                .where(_PROBLEMS.c.id == sa.bindparam("of_id"))
                .values(resolved_at=sa.bindparam("resolved_at")),
                [{"of_id": row["id"], "resolved_at": row["resolved_at"]} for row in known],
            )
        # Those that this batch both opened and resolved.
        insert(self._connection, _PROBLEMS, [_new(row) for row in self._ended if not row["id"]])
        fresh = [_new(row) for key, row in self._refreshed.items() if key in self._open]
        upsert(self._connection, _PROBLEMS, fresh, _UNIQUE, where=STILL_OPEN)

    def _end(
        self, urls: set[str], stages: frozenset[str], kept: set[ProblemKey], at: datetime
    ) -> None:
        """Resolve what is open of *urls* and *stages*, is not *kept* and not later than *at*."""
        ended = [
            key
            for key, row in self._open.items()
            if key[0] in urls and key[1] in stages and key not in kept and row["seen_at"] <= at
        ]
        for key in ended:
            row = self._open.pop(key)
            self._note_resolved(key, row["seen_at"])
            self._ended.append(row | {"resolved_at": at})

    def _note_resolved(self, key: ProblemKey, seen_at: datetime) -> None:
        self._resolved_at[key] = max(seen_at, self._resolved_at.get(key, seen_at))

    def _row(self, problem: Problem) -> Row:
        return {
            "id": None,
            "crawl_id": self._crawl_id,
            "url": storable(problem.url, MAX_URL) or _REPLACEMENT,
            "stage": problem.stage,
            "code": storable(problem.code, 100),
            "error": storable(problem.error),
            "body": None if problem.body is None else zlib.compress(problem.body),
            "archive_file": problem.kept.file if problem.kept else None,
            "archive_offset": problem.kept.offset if problem.kept else None,
            "seen_at": problem.seen_at,
            "resolved_at": None,
        }


def _key(row: Row) -> ProblemKey:
    return row["url"], row["stage"], row["code"]


def _new(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
