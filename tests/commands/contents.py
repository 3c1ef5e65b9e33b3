"""What a database says, without ids and times of ours: equal for equal work."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage import (
    DatabaseTooOld,
    DatabaseUnreachable,
    database_url,
    open_read_only,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

Contents = dict[str, "Counter[tuple[Any, ...]]"]

_OF_ARTICLE: Final = "JOIN articles a ON a.id = x.article_id"
QUERIES: Final = {
    "articles": (
        "SELECT edition, source_id, url, section, section_name, label, headline, deck, body,"
        " byline, published_at, modified_at, published_text, modified_text, contact,"
        " original_url, original_source_id, revision, content_hash, template, layers"
        " FROM articles"
    ),
    "gone": "SELECT edition, source_id FROM articles WHERE gone_at IS NOT NULL",
    "revisions": (
        "SELECT a.edition, a.source_id, x.number, x.modified_at, x.headline, x.deck, x.body,"
        f" x.byline, x.content_hash, x.silent FROM revisions x {_OF_ARTICLE}"
    ),
    "authors": "SELECT name, language FROM authors",
    "bylines": (
        "SELECT a.edition, a.source_id, x.position, authors.name, authors.language, x.role,"
        f" x.place, x.email FROM bylines x {_OF_ARTICLE} JOIN authors ON authors.id = x.author_id"
    ),
    "images": (
        "SELECT a.edition, a.source_id, x.position, x.url, x.caption, x.credit"
        f" FROM images x {_OF_ARTICLE}"
    ),
    "related_stories": (
        "SELECT a.edition, a.source_id, x.position, x.edition, x.source_id, x.url, x.headline"
        f" FROM related_stories x {_OF_ARTICLE}"
    ),
    "most_viewed": "SELECT edition, position, source_id, url, headline FROM most_viewed",
    # Which page was asked twice, and answered that it is unchanged, is no difference.
    "pages": (
        "SELECT url, kind, edition, source_id, CASE status WHEN 304 THEN 200 ELSE status END"
        " FROM pages"
    ),
    "problems": "SELECT url, stage, code, resolved_at IS NULL FROM problems",
}


@contextmanager
def reading(database: str) -> Iterator[sa.Connection]:
    engine = open_read_only(database_url(database))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def contents(database: str) -> Contents:
    """Return how often each row is there, by table."""
    with reading(database) as connection:
        return {
            table: Counter(tuple(map(_plain, row)) for row in connection.execute(sa.text(query)))
            for table, query in QUERIES.items()
        }


def _plain(value: Any) -> Any:
    """Return *value* as SQLite gives it."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}"
    return int(value) if isinstance(value, bool) else value


def differences(found: Contents, wanted: Contents) -> dict[str, Any]:
    """Return by table what is missing and what is too much; empty where nothing is."""
    return {
        table: {"missing": wanted[table] - found[table], "too much": found[table] - wanted[table]}
        for table in wanted
        if found[table] != wanted[table]
    }


def broken(database: str) -> list[str]:
    """Return what is wrong in *database* itself or between its tables; empty for a sound one."""
    with reading(database) as connection:
        found = [
            what
            for what, query in _RULES.items()
            if connection.scalar(sa.text(f"SELECT count(*) FROM ({query}) AS broken"))
        ]
        if connection.dialect.name == "sqlite":
            said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
            found += [line for line in said if line != "ok"]
            found += map(str, connection.exec_driver_sql("PRAGMA foreign_key_check").all())
    return found


def stored(database: str) -> int:
    """Return how many articles are stored, having looked that all is in order."""
    try:
        assert broken(database) == []
        with reading(database) as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM articles").scalar_one())
    except (DatabaseTooOld, DatabaseUnreachable):
        return 0  # its tables were not made yet


_RULES: Final = {
    "an article's revisions are not 1 to its own": (
        "SELECT a.id FROM articles a LEFT JOIN revisions r ON r.article_id = a.id GROUP BY a.id"
        " HAVING count(r.number) <> a.revision OR min(r.number) <> 1"
    ),
    "an article's page is not marked as fetched": (
        "SELECT a.id FROM articles a LEFT JOIN pages p ON p.edition = a.edition"
        " AND p.source_id = a.source_id WHERE p.fetched_at IS NULL"
    ),
    "a new article was not counted, or counted twice": (
        "SELECT 1 WHERE (SELECT coalesce(sum(new), 0) FROM crawls)"
        " <> (SELECT count(*) FROM articles)"
    ),
    "a change was not counted, or counted twice": (
        "SELECT 1 WHERE (SELECT coalesce(sum(changed), 0) FROM crawls)"
        " <> (SELECT count(*) FROM revisions WHERE number > 1)"
    ),
}
