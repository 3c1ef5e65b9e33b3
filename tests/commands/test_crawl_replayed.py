"""A crawl, a reparse of its archive and an import of it come to the same database."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from hanicrawler.cli import main
from hanicrawler.storage import database_url, open_database
from hanicrawler.storage.schema import Base
from tests.commands.conftest import Crawl
from tests.storage.test_late import contents

pytestmark = pytest.mark.slow

REVISIT = "9999d:0s"
"""Every run looks at every article again."""

A_RUNS_OWN = {
    "crawls": "a reparse is a run of its own, with times and counts of its own",
    "readings": "how far a run has read an archive's files; a crawl reads none",
    "gaps": "how far a crawl has walked back through the lists",
    "workers": "who took part in a shared crawl",
}
"""Tables that tell of the run, not of the site."""
MARKS = {"feed", "front", "list"}
"""Kinds of pages of which the crawler remembers how far it has read them: with an import's marks
a later crawl would take a list for read whose articles nobody has fetched."""
PLANS = ("depth",)
"""Of a page, how far a crawl meant to follow its links."""


def said_by(url: str) -> dict[str, Any]:
    """Return what a database says of the site."""
    engine = open_database(database_url(url))
    found: dict[str, Any] = contents(engine)
    engine.dispose()
    for table in A_RUNS_OWN:
        del found[table]
    names = [column.name for column in Base.metadata.tables["pages"].c if column.name != "id"]
    pages = [dict(zip(names, row, strict=True)) for row in found["pages"]]
    found["pages"] = [
        {name: value for name, value in page.items() if name not in PLANS}
        # That a Korean original was known before it was fetched, a crawl that is told to follow
        # originals notes.
        | ({} if page["edition"] == "en" else {"discovered_at": None})
        for page in pages
        if page["kind"] not in MARKS
    ]
    coverage: Counter[tuple[str, ...]] = Counter()
    for *where, articles in found["coverage"]:
        coverage[tuple(where)] += articles
    found["coverage"] = coverage
    return found


def paths(stories: list[Any]) -> list[str]:
    return [urlsplit(story.url).path for story in stories]


@pytest.fixture
def archived(crawl: Crawl, site: Any, replica: Any) -> Crawl:
    """Four crawls of a newspaper that corrects, withdraws and breaks its articles."""
    paper, fault = site.newspaper, replica.Fault
    listed = [
        s for s in paper.stories() if s.edition == "en" and s.byline and len(s.paragraphs) > 3
    ]
    broken, gone, moved, edited, back, late = (listed[n::6][:3] for n in range(6))

    def run(*arguments: str) -> None:
        done = crawl(*arguments, HANICRAWLER_SITE=site.url, HANICRAWLER_REVISIT=REVISIT)
        assert done.status in (0, 1), done.stderr

    for path in paths(broken):
        site.fault(path, fault.without("headline"), times=1)
    for path in paths(late):
        site.fault(path, fault.status(500), times=3)
    site.fault(paths(back)[0], fault.future_date(), times=2)
    run("-a", "originals=1")
    for story in edited:
        paper.change(story.source_id, headline=f"{story.headline}, ministry says")
    for path in paths(gone):
        site.fault(path, fault.status(404))
    for path in paths(moved):
        site.fault(path, fault.redirect("/"), times=1)
    paper.rank(*(story.source_id for story in listed[:5]))
    run()
    for story in edited:
        paper.change(story.source_id, headline=story.headline)
    for story in back:
        paper.change(story.source_id, byline="By Somebody Else, staff reporter")
    for path in paths(broken)[:1]:
        site.fault(path, fault.cut_html(), times=1)
    paper.rank(*(story.source_id for story in listed[5:10]))
    run()
    run()
    return crawl


def replay(crawl: Crawl, site: Any, database: str, *command: str) -> None:
    environment = {
        "HANICRAWLER_SITE": site.url,
        "HANICRAWLER_DATABASE": database,
        "HANICRAWLER_ARCHIVE": str(crawl.folder / "archive"),
        "HANICRAWLER_REVISIT": REVISIT,
    }
    done = CliRunner().invoke(main, command, env=environment)
    assert done.exit_code == 0, done.output


def test_they_are_equal_in_every_table_on_both_databases(
    archived: Crawl, site: Any, postgres_server: Any
) -> None:
    live = said_by(str(archived.database))
    assert {len(live[table]) > 3 for table in ("problems", "most_viewed", "captures")} == {True}
    files = sorted((archived.folder / "archive").iterdir())
    assert len(files) == 4
    mixed = [str(file) for file in random.Random(1).sample(files, 4)]
    name = postgres_server.create()
    ways: list[tuple[str, tuple[str, ...]]] = [
        (str(archived.folder / "reparse.db"), ("reparse", "--processes", "1")),
        (str(archived.folder / "import.db"), ("import", *mixed, "--processes", "1")),
        (postgres_server.url(name), ("import", *reversed(mixed), "--processes", "2")),
    ]

    for database, command in ways:
        if command[0] == "import":
            # What a run stores as changed depends on what was stored before.
            live.pop("coverage", None)
        for again in ("", "again"):
            replay(archived, site, database, *command)

            found = said_by(database)
            for table, rows in live.items():
                assert found[table] == rows, (command[0], table, again)
            live.pop("coverage", None)
    postgres_server.drop(name)
