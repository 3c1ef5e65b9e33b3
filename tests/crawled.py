"""A record with something in it to ask about: the invented newspaper, crawled twice.

Between the two crawls it changed headlines in silence, took an article away, ranked other
stories; the first crawl is then set back by two days, as if the second were not of the same
minute.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hanicrawler.storage import database_url, open_database
from hanicrawler.storage.schema import Base
from tests.replica import Newspaper, Replica
from tests.replica.stories import KST
from tests.waiting import HANGS

if TYPE_CHECKING:
    from pathlib import Path

NEWEST = datetime(2024, 6, 30, 17, 0, tzinfo=KST)
"""The newest twenty stories fill June 2024, the month that the questions ask about by default."""
KNOWN_ID = 1218475
"""The oldest of them: the story that the questions look around by default."""
TWO_DAYS_BACK = (
    "UPDATE most_viewed SET seen_at = {seen_at}",
    "UPDATE revisions SET seen_at = {seen_at}",
    "UPDATE articles SET first_seen_at = {first_seen_at}, captured_at = {captured_at},"
    " last_seen_at = {last_seen_at}",
    "UPDATE crawls SET started_at = {started_at}, finished_at = {finished_at}",
)


def crawl_twice(folder: Path) -> Path:
    """Return an SQLite file in *folder* with the record."""
    file = folder / "hanicrawler.db"
    paper = Newspaper.standard(NEWEST)
    with Replica(paper) as site:
        _crawl(folder, site.url, "-a", "originals=1")
        _set_back(file)
        some = [s for s in paper.stories() if s.byline and s.deck and len(s.paragraphs) > 3]
        paper.change(some[0].source_id, headline=f"{some[0].headline}, ministry says")
        paper.change(some[1].source_id, paragraphs=(*some[1].paragraphs[:-1], "Corrected."))
        paper.remove(some[2].source_id)
        paper.rank(*(story.source_id for story in some[3:8]))
        _crawl(folder, site.url)
    return file


def copy(file: Path, url: sa.URL) -> None:
    """Copy every row of the record in *file* into the database *url*, which has none."""
    source, target = open_database(database_url(str(file))), open_database(url)
    with source.connect() as one, target.begin() as other:
        for table in Base.metadata.sorted_tables:
            if rows := [dict(row._mapping) for row in one.execute(sa.select(table))]:
                other.execute(sa.insert(table), rows)
    source.dispose()
    target.dispose()


def _crawl(folder: Path, site: str, *arguments: str) -> None:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HANICRAWLER_", "SCRAPY_")) and not name.lower().endswith("_proxy")
    }
    chosen = {
        "SCRAPY_SETTINGS_MODULE": "hanicrawler.settings",
        "HANICRAWLER_SITE": site,
        "HANICRAWLER_REVISIT": "9999d:0s",
    }
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "hani", *arguments],
        cwd=folder,
        env={**kept, **chosen},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def _set_back(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        for statement in TWO_DAYS_BACK:
            columns = {
                name: f"strftime('%Y-%m-%d %H:%M:%f000', {name}, '-2 days')"
                for name in ("seen_at", "first_seen_at", "captured_at", "last_seen_at",
                             "started_at", "finished_at")
            }  # fmt: skip
            connection.execute(statement.format_map(columns))
        connection.commit()
