"""How the crawler is doing, as the database says."""

from __future__ import annotations

import os
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Discovered
from hanicrawler.storage import (
    Due,
    Freshness,
    RunLock,
    Writer,
    database_url,
    due,
    finish_crawl,
    freshness,
    open_database,
    open_read_only,
    recent_coverage,
    recent_runs,
    start_crawl,
)
from hanicrawler.storage.at_work import is_at_work
from hanicrawler.storage.run_models import CrawlRow, WorkerRow
from tests.storage.conftest import NOON, article_url

HOUR = timedelta(hours=1)


def ended(engine: sa.Engine, hours: int, outcome: str, **more: Any) -> int:
    started = NOON + hours * HOUR
    arguments = more.pop("arguments", {})
    run = start_crawl(engine, spider="hani", arguments=arguments, started_at=started)
    finish_crawl(
        engine,
        run,
        finished_at=started + timedelta(minutes=5),
        outcome=outcome,
        reason=more.get("reason"),
        counts=more.get("counts", {}),
        coverage=more.get("coverage", {}),
    )
    return run


def test_the_last_runs_come_newest_first_with_what_they_were_asked_and_counted(
    engine: sa.Engine,
) -> None:
    ended(engine, 0, "healthy")
    ended(engine, 1, "unhealthy", reason="Bad.", counts={"found": 7}, arguments={"since": "x"})

    newest, oldest = recent_runs(engine, 5)

    assert (newest.state, newest.reason, newest.arguments) == ("unhealthy", "Bad.", {"since": "x"})
    assert (newest.counts["found"], newest.counts["seconds"]) == (7, None)
    assert oldest.started_at == NOON
    assert recent_runs(engine, 1) == [newest]


def test_alarms_are_told_apart(engine: sa.Engine) -> None:
    run = ended(engine, 0, "unhealthy")
    with engine.begin() as connection:
        connection.execute(
            sa.update(CrawlRow).where(CrawlRow.id == run).values(alarms="drift too_quiet")
        )

    assert recent_runs(engine, 1)[0].alarms == ("drift", "too_quiet")


def test_a_run_without_an_end_is_at_work_while_it_holds_the_lock(engine: sa.Engine) -> None:
    for hours in (0, 1):
        start_crawl(engine, spider="hani", arguments={}, started_at=NOON + hours * HOUR)

    assert [run.state for run in recent_runs(engine, 5)] == ["killed", "killed"]
    name = str(engine.url.database) if engine.dialect.name == "sqlite" else None
    lock = RunLock.take(database_url(name) if name else engine.url)
    try:
        assert [run.state for run in recent_runs(engine, 5)] == ["running", "killed"]
    finally:
        lock.release()
    assert recent_runs(engine, 1)[0].state == "killed"


def test_a_reader_sees_who_is_at_work_and_is_in_nobodys_way(stored_at: sa.URL) -> None:
    reader = open_read_only(stored_at)
    assert is_at_work(reader) is False
    lock = RunLock.take(stored_at)
    assert is_at_work(reader) is True
    lock.release()
    assert is_at_work(reader) is False
    reader.dispose()


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("", False),
        ('{"pid": PID, "host": "HOST"}', True),
        ('{"pid": 4194303, "host": "HOST"}', False),
        ('{"pid": PID, "host": "elsewhere.example"}', None),
        ('{"pid": -1, "host": "HOST"}', None),
        ("[]", None),
        ("not json", None),
    ],
)
def test_who_a_lock_file_names_may_be_dead_or_elsewhere(
    sqlite_url: str, text: str, known: bool | None
) -> None:
    url = database_url(sqlite_url)
    open_database(url).dispose()
    own = text.replace("PID", str(os.getpid())).replace("HOST", socket.gethostname())
    Path(f"{url.database}.lock").write_text(own)
    reader = open_read_only(url)

    assert is_at_work(reader) is known
    reader.dispose()


def test_the_crawlers_of_a_shared_run_are_counted(engine: sa.Engine) -> None:
    run = start_crawl(engine, spider="hani", arguments={}, started_at=NOON)
    worker = {"crawl_id": run, "host": "a", "started_at": NOON}
    with engine.begin() as connection:
        connection.execute(sa.insert(WorkerRow), [worker | {"pid": 1}, worker | {"pid": 2}])

    assert recent_runs(engine, 1)[0].workers == 2


def test_an_empty_record_has_no_freshness(engine: sa.Engine) -> None:
    assert freshness(engine) == Freshness(newest=None, last_new_at=None, last_healthy_at=None)
    assert recent_runs(engine, 5) == []
    assert recent_coverage(engine).fields == ()
    assert due(engine, NOON) == Due(now=0, next_at=None)


def test_freshness_is_of_the_article_posted_last_and_of_the_one_stored_last(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    writer.write(
        [
            article(1, published_at=NOON - HOUR, modified_at=None),
            article(2, published_at=NOON - 9 * HOUR, modified_at=None, at=NOON + HOUR),
            article(3, published_at=None, modified_at=None, at=NOON - HOUR),
        ]
    )
    # Seen later, and changed: no new article.
    writer.write(
        [article(1, published_at=NOON - HOUR, modified_at=None, headline="New", at=NOON + 5 * HOUR)]
    )
    ended(engine, 0, "healthy")
    ended(engine, 1, "unhealthy")
    # A person's: no sign that the scheduled runs do well.
    ended(engine, 2, "healthy", arguments={"urls": "https://x.example/"})
    ended(engine, 3, "healthy", arguments={"since": "2024-06-01", "until": "2024-06-30"})

    found = freshness(engine)

    assert found.newest is not None
    assert (found.newest.source_id, found.newest.headline) == (1, "New")
    assert found.newest.published_at == NOON - HOUR
    assert found.last_new_at == NOON + HOUR
    assert found.last_healthy_at == NOON + timedelta(minutes=5)


def test_coverage_is_of_the_last_runs_that_read_articles_and_the_weakest_first(
    engine: sa.Engine,
) -> None:
    old = {("t", "headline", "absent"): 100}
    ended(engine, 0, "healthy", coverage=old)
    for hours in (1, 2):
        coverage = {
            ("t", "headline", "template"): 9,
            ("t", "headline", "landmark"): 1,
            ("u", "body", "template"): 10,
            ("t", "byline", "landmark"): 6,
            ("t", "byline", "absent"): 4,
        }
        ended(engine, hours, "healthy", coverage=coverage)
    ended(engine, 3, "healthy")

    found = recent_coverage(engine, runs=2)

    assert found.runs == 2
    assert [one.field for one in found.fields] == ["byline", "headline", "body"]
    byline, headline, body = found.fields
    assert (byline.articles, byline.share("absent"), byline.share("landmark")) == (20, 0.4, 0.6)
    assert headline.share("template") == 0.9
    assert body.share("template") == 1.0


def test_what_is_due_is_counted_and_the_next_one_named(engine: sa.Engine, writer: Writer) -> None:
    pages = [
        Discovered(url=article_url(number), kind="article", discovered_at=NOON)
        for number in (1, 2, 3, 4)
    ]
    writer.write(pages)
    with engine.begin() as connection:
        for number, hours in ((1, -1), (2, 0), (3, 2)):
            connection.execute(
                sa.text("UPDATE pages SET due_at = :at WHERE source_id = :id").bindparams(
                    sa.bindparam("at", NOON + hours * HOUR, CrawlRow.started_at.type), id=number
                )
            )

    assert due(engine, NOON) == Due(now=2, next_at=NOON + 2 * HOUR)
