"""What a run has asked the site for, and what a newspaper publishes between two runs."""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE: Final = re.compile(r"/(\d+)\.html")
LIST: Final = re.compile(r"\?page=\d+$|/list\d+\.html$")


def articles(site: Any) -> list[int]:
    """Return the articles that were asked for, in order, each as often as it was."""
    return [int(found[1]) for path in site.paths if (found := ARTICLE.search(path))]


def lists(site: Any) -> list[str]:
    """Return the list pages that were asked for, sorted: ``e_national?page=1``."""
    return sorted(path.split("/english_edition/")[1] for path in site.paths if LIST.search(path))


def conditional(site: Any) -> list[str]:
    """Return what was asked for only where it has changed."""
    return [request.path for request in site.requests if "if-none-match" in request.headers]


def publish(site: Any, count: int, section: str = "e_national") -> list[int]:
    """Publish *count* articles in one section, each newer than all others; return their ids.

    Their related stories are the newest of those before, which a run has stored.
    """
    related = tuple(story.source_id for story in site.newspaper.stories()[:2])
    written = site.newspaper.publish(count)
    moved = [dataclasses.replace(story, section=section, related=related) for story in written]
    site.newspaper.add(*moved)
    return [story.source_id for story in moved]


def database_rows(database: Path) -> dict[str, list[Any]]:
    """Return all rows of all tables of a SQLite file but those of the runs, in some order."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'crawls'"
        ).fetchall()
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for (table,) in tables
        }


def change(database: Path, statement: str) -> None:
    """Run *statement* in a SQLite file."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement)
