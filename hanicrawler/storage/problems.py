"""Problems, as a batch opens and resolves them.

A problem is open until the page it names is stored without it.  Met again, an open one is
refreshed; one no newer than what has been resolved stays so.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.run_models import STILL_OPEN, ProblemRow
from hanicrawler.storage.schema import MAX_URL, table_of
from hanicrawler.storage.sql import Row, among, chunks, insert, upsert
from hanicrawler.storage.timeline import ENDED_BY_READING, ENDED_BY_STORING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from hanicrawler.items import Kept, Problem
    from hanicrawler.storage.timeline import Episode, Timeline

_PROBLEMS: Final = table_of(ProblemRow)
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
        self._rows: defaultdict[ProblemKey, list[Row]] = defaultdict(list)
        """As they are stored."""
        self._told: list[Row] = []
        self._dropped: list[int] = []
        columns = [_PROBLEMS.c[name] for name in (*_UNIQUE, "id", "seen_at", "resolved_at")]
        for chunk in chunks(storable(url, MAX_URL) for url in urls):
            asked = sa.select(*columns).where(among(connection, _PROBLEMS.c.url, chunk))
            for found in connection.execute(asked):
                row: Row = dict(found._mapping)
                self._rows[_key(row)].append(dict(row))
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
        self._end(names, ENDED_BY_STORING, {_key(row) for row in now}, at)
        for problem in again:
            self.met(problem)

    def read(self, url: str, at: datetime) -> None:
        """Resolve that *url* could not be fetched or read: at *at* it was, or is as it was then."""
        self._end({storable(url, MAX_URL)}, ENDED_BY_READING, set(), at)

    def retold(
        self, urls: Iterable[str], timeline: Timeline, bodies: Mapping[tuple[Any, ...], Problem]
    ) -> None:
        """Make the rows of an article at *urls* those that its captures come to.

        *bodies* are the problems of this batch, by URL, stage, code and time.  What was met
        without a response stays, until the article is read later on.
        """
        episodes: defaultdict[ProblemKey, list[Episode]] = defaultdict(list)
        for episode in timeline.episodes:
            url, stage, code, _ = episode.problem
            episodes[storable(url, MAX_URL) or _REPLACEMENT, stage, storable(code, 100)].append(
                episode
            )
        met = {(c.at, p.stage, p.code): c.kept for c in timeline.captures for p in c.problems}
        for key, told in episodes.items():
            self._tell(key, told, met, bodies)
        names = {storable(url, MAX_URL) for url in urls}
        for capture in timeline.captures:
            if capture.content_hash is not None:
                self._end(names, ENDED_BY_STORING, set(episodes), capture.at)

    def _tell(
        self,
        key: ProblemKey,
        told: list[Episode],
        met: Mapping[tuple[datetime, str, str], Kept | None],
        bodies: Mapping[tuple[Any, ...], Problem],
    ) -> None:
        """Make the stored rows of *key* the episodes *told*, changing as few as will do."""
        rows = self._rows.get(key, [])
        by_time = {row["seen_at"]: row for row in rows}
        wanted = {episode.seen_at for episode in told}
        told_of = [row for row in rows if (row["seen_at"], *key[1:]) in met]
        spare = [row for row in told_of if row["seen_at"] not in wanted]
        for episode in told:
            row = by_time.get(episode.seen_at)
            resolved_at = episode.resolved_at
            if row is not None and (resolved_at is None or row["resolved_at"] == resolved_at):
                continue  # as it was, or marked as done by hand
            given = bodies.get((*episode.problem[:3], episode.seen_at))
            made = self._made(key, episode, given, met.get((episode.seen_at, *key[1:])))
            if row is not None and given is None and made.get("archive_file") is None:
                # The row may know where it is kept: a capture does so of pages only.
                for name in _reference(None):
                    made.pop(name, None)
            row = row or (spare.pop() if spare else None)
            self._told.append(made | {"id": row["id"] if row else None})
            self._open.pop(key, None)
        self._dropped += [row["id"] for row in spare]

    def _made(
        self, key: ProblemKey, episode: Episode, given: Problem | None, kept: Kept | None
    ) -> Row:
        """Return the row of *episode*, without its id.

        *given* is the problem, where it is at hand; else its page is where its capture is *kept*.
        """
        url, stage, code = key
        row: Row = {
            "crawl_id": self._crawl_id,
            "url": url,
            "stage": stage,
            "code": code,
            "error": storable(episode.problem.error),
            "seen_at": episode.seen_at,
            "resolved_at": episode.resolved_at,
        }
        if given is not None:
            row["body"] = None if given.body is None else zlib.compress(given.body)
            row |= _reference(given.kept)
        elif stage in ("fetch", "parse"):
            row |= _reference(kept)
        return row

    def write(self) -> None:
        """Write what has changed."""
        for chunk in chunks(self._dropped):
            self._connection.execute(sa.delete(_PROBLEMS).where(_PROBLEMS.c.id.in_(chunk)))
        # Those that are over first: of one kind only one may be open.
        for row in sorted(self._told, key=lambda row: row["resolved_at"] is None):
            values = _new(row)
            if row["id"] is None:
                self._connection.execute(sa.insert(_PROBLEMS).values(values))
            else:
                self._connection.execute(
                    sa.update(_PROBLEMS).where(_PROBLEMS.c.id == row["id"]).values(values)
                )
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
            "seen_at": problem.seen_at,
            "resolved_at": None,
        } | _reference(problem.kept)


def _key(row: Row) -> ProblemKey:
    return row["url"], row["stage"], row["code"]


def _reference(kept: Kept | None) -> Row:
    return {
        "archive_file": kept.file if kept else None,
        "archive_offset": kept.offset if kept else None,
    }


def _new(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "id"}
