"""Fills up a database: copies of the articles in it, as years of runs would have left them."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import psycopg

from hanicrawler.site import ArticleAddress
from hanicrawler.storage import Revisits, database_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Connection = sqlite3.Connection | psycopg.Connection[Any]

FIRST_ID: Final = 2_000_000
"""Of the copies' ids on the site: above those of the invented newspaper."""
OLDEST: Final = timedelta(days=20 * 365)
NEWEST: Final = timedelta(hours=4)
"""Ages of the oldest copy and the newest, which is looked at again in an hour: not before the
measuring is over."""
BODY: Final = 700
"""Characters of a copy's body: no run that finds nothing reads one, and a million whole ones
would fill the disk."""
ENTRANCES: Final = 10_000
"""More than there are pages besides articles."""
EVERY: Final = timedelta(minutes=30)
"""Between two runs of the past."""
ARTICLES_A_RUN: Final = 10
"""Articles stored for each run of the past."""
NEW_EVERY: Final = 8
"""Every so many runs of the past found something new."""

FAST: Final = {"journal_mode": "MEMORY", "synchronous": "OFF", "cache_size": -500_000}
"""SQLite's settings for writing much at once; a crawl goes back to its own."""

MADE: Final = (
    "CREATE TEMPORARY TABLE copies (id INTEGER, model INTEGER, model_source_id INTEGER,"
    " source_id INTEGER, url TEXT, published_at TIMESTAMPTZ, due_at TIMESTAMPTZ,"
    " seen_at TIMESTAMPTZ)",
    "CREATE TEMPORARY TABLE runs (id INTEGER, at TIMESTAMPTZ, new INTEGER)",
)
"""What is made up, in types that both databases understand; the rest is copied."""

COPIED: Final[dict[str, tuple[str, dict[str, str]]]] = {
    "articles": (
        "copies JOIN articles AS model ON model.id = copies.model",
        {
            "id": "copies.id",
            "source_id": "copies.source_id",
            "url": "copies.url",
            "body": f"substr(model.body, 1, {BODY})",
            "published_at": "copies.published_at",
            "modified_at": "NULL",
            "first_seen_at": "copies.published_at",
            "last_seen_at": "copies.seen_at",
            "captured_at": "copies.seen_at",
        },
    ),
    "revisions": (
        "copies JOIN revisions AS model ON model.article_id = copies.model",
        {
            "article_id": "copies.id",
            "body": f"substr(model.body, 1, {BODY})",
            "seen_at": "copies.published_at",
        },
    ),
    "bylines": (
        "copies JOIN bylines AS model ON model.article_id = copies.model",
        {"article_id": "copies.id"},
    ),
    "pages": (
        "copies JOIN pages AS model ON model.edition = 'en'"
        " AND model.source_id = copies.model_source_id",
        {
            "id": f"copies.id + {ENTRANCES}",
            "source_id": "copies.source_id",
            "url": "copies.url",
            "discovered_at": "copies.published_at",
            "fetched_at": "copies.seen_at",
            "due_at": "copies.due_at",
        },
    ),
    "crawls": (
        "runs JOIN crawls AS model ON model.id = 1",
        {"id": "runs.id", "started_at": "runs.at", "finished_at": "runs.at", "new": "runs.new"},
    ),
    "coverage": (
        "runs JOIN coverage AS model ON model.crawl_id = 1 AND runs.new > 0",
        {"crawl_id": "runs.id"},
    ),
}
"""From what each table's rows are copied, and which columns get another value."""


def fill(database: str, articles: int) -> None:
    """Bring *database*, into which a real run has stored some, to so many *articles*.

    Each new one is a copy of a stored one: the row of its page, its revision and its bylines
    too.  They are spread evenly over twenty years and due again when the rule of revisits says
    so of their age, as if the last run had looked at all of them.  Rows of past runs come with
    them.
    """
    with closing(connect(database)) as connection:
        for statement in MADE:
            connection.execute(statement)
        have = _value(connection, "SELECT count(*) FROM articles")
        models = connection.execute(
            f"SELECT id, source_id, section FROM articles WHERE source_id < {FIRST_ID} ORDER BY id"
        ).fetchall()
        first = _value(connection, "SELECT max(id) + 1 FROM articles")
        first_run = _value(connection, "SELECT max(id) + 1 FROM crawls")
        now, stamp = datetime.now(UTC), stamper(connection)
        runs = (articles - have) // ARTICLES_A_RUN
        copies = _copies(models, first, range(have, articles), now, stamp)
        _write(connection, "copies", copies)
        _write(connection, "runs", _runs(first_run, runs, now, stamp))
        for table, (source, changed) in COPIED.items():
            _copy(connection, table, source, changed)
        connection.commit()
        tidy(connection)


def _copies(
    models: list[tuple[int, int, str]],
    first: int,
    numbers: range,
    now: datetime,
    stamp: Callable[[datetime], object],
) -> Iterator[tuple[object, ...]]:
    """Give the rows of ``copies``, of *models* by turns, with ids from *first* on."""
    revisits = Revisits.parse()
    seen = stamp(now)
    for done, number in enumerate(numbers, 1):
        model, model_source_id, section = models[number % len(models)]
        address = ArticleAddress("en", section, FIRST_ID + number)
        published = now - OLDEST + (OLDEST - NEWEST) * (done / len(numbers))
        due = revisits.after_reading(now, published)
        yield (
            first + done - 1,
            model,
            model_source_id,
            address.source_id,
            address.url,
            stamp(published),
            due and stamp(due),
            seen,
        )


def _runs(
    first: int, runs: int, now: datetime, stamp: Callable[[datetime], object]
) -> Iterator[tuple[object, ...]]:
    """Give the rows of ``runs``, with ids from *first* on, the last one half an hour ago."""
    for number in range(runs):
        new = ARTICLES_A_RUN if number % NEW_EVERY == 0 else 0
        yield first + number, stamp(now - EVERY * (runs - number)), new


def _copy(connection: Connection, table: str, source: str, changed: dict[str, str]) -> None:
    cursor = connection.execute(f"SELECT * FROM {table} LIMIT 0")
    columns = [column[0] for column in cursor.description or ()]
    values = [changed.get(column, f"model.{column}") for column in columns]
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {source}"
    )
    if isinstance(connection, psycopg.Connection) and "id" in columns:
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        connection.execute(f"SELECT setval({sequence}, max(id)) FROM {table}")


def _write(connection: Connection, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    if isinstance(connection, psycopg.Connection):
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    columns = len(connection.execute(f"SELECT * FROM {table} LIMIT 0").description)
    marks = ", ".join("?" * columns)
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def connect(database: str) -> Connection:
    """Open *database* for writing much at once: without its checks of what belongs to what."""
    url = database_url(database)
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(url.database or "")
        for name, value in FAST.items():
            connection.execute(f"PRAGMA {name} = {value}")
        return connection
    server = psycopg.connect(database)
    server.execute("SET session_replication_role = replica")
    return server


def tidy(connection: Connection) -> None:
    """Let the database learn how much it holds, as it does by itself over the years.

    What is still to be written to the disk is written now, not while runs are measured.
    """
    if isinstance(connection, psycopg.Connection):
        connection.autocommit = True
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    else:
        connection.execute("ANALYZE")
        connection.commit()
    os.sync()


def stamper(connection: Connection) -> Callable[[datetime], object]:
    """Return how the database takes a moment in UTC: SQLite as text."""
    if isinstance(connection, psycopg.Connection):
        return lambda moment: moment
    return lambda moment: moment.replace(tzinfo=None).isoformat(" ", "microseconds")


def _value(connection: Connection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])
