"""The record of a run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.storage import (
    DatabaseError,
    end_killed,
    finish_crawl,
    start_crawl,
    waits_until,
)
from hanicrawler.storage.run_models import COUNTS

if TYPE_CHECKING:
    import sqlalchemy as sa

START = datetime(2026, 3, 1, 3, 17, tzinfo=UTC)
END = START + timedelta(minutes=4)


def test_a_run_is_recorded_when_it_begins(engine: sa.Engine, rows: Any) -> None:
    crawl_id = start_crawl(engine, spider="hani", arguments={"since": "2024"}, started_at=START)

    (row,) = rows("crawls")
    assert (row["id"], row["spider"], row["arguments"]) == (crawl_id, "hani", {"since": "2024"})
    assert (row["started_at"], row["finished_at"], row["outcome"]) == (START, None, None)


def test_a_run_that_ends_leaves_its_counts_and_coverage(engine: sa.Engine, rows: Any) -> None:
    crawl_id = start_crawl(engine, spider="hani", arguments={}, started_at=START)
    counts = {name: number for number, name in enumerate(COUNTS, 1)} | {"bytes": 2**40}
    coverage = {
        ("english-2018", "headline", "template"): 9,
        ("english-2018", "deck", "absent"): 4,
    }
    for _ in range(2):
        finish_crawl(engine, crawl_id, finished_at=END, outcome="unhealthy", reason="two\nlines",
                     counts=counts, coverage=coverage)  # fmt: skip

    (row,) = rows("crawls")
    assert {name: row[name] for name in COUNTS} == counts
    assert (row["finished_at"], row["outcome"], row["reason"]) == (END, "unhealthy", "two lines")
    found = {(r["template"], r["field"], r["layer"]): r["articles"] for r in rows("coverage")}
    assert found == coverage


def test_a_run_that_was_killed_says_so_at_the_next_start(engine: sa.Engine, rows: Any) -> None:
    ended = start_crawl(engine, spider="hani", arguments={}, started_at=START)
    finish_crawl(engine, ended, finished_at=END, outcome="healthy", reason=None,
                 counts={}, coverage={})  # fmt: skip
    start_crawl(engine, spider="hani", arguments={}, started_at=START)

    assert [end_killed(engine), end_killed(engine)] == [1, 0]

    found = rows("crawls", "outcome", "reason", "finished_at")
    assert [row["outcome"] for row in found] == ["healthy", "killed"]
    assert "was killed" in found[1]["reason"]
    assert [row["finished_at"] for row in found] == [END, None]


def test_who_shares_a_crawl_leaves_those_that_others_may_share(
    engine: sa.Engine, rows: Any
) -> None:
    for _ in range(2):
        start_crawl(engine, spider="hani", arguments={}, started_at=START)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE crawls SET shared = true WHERE id = 1")

    assert end_killed(engine, shared=True) == 1
    assert [row["outcome"] for row in rows("crawls", "outcome")] == [None, "killed"]

    assert end_killed(engine) == 1
    assert [row["outcome"] for row in rows("crawls", "outcome")] == ["killed", "killed"]


def test_a_count_without_a_column_is_a_mistake(engine: sa.Engine) -> None:
    crawl_id = start_crawl(engine, spider="hani", arguments={}, started_at=START)

    with pytest.raises(ValueError, match="no count fetchd"):
        finish_crawl(engine, crawl_id, finished_at=END, outcome="healthy", reason=None,
                     counts={"fetchd": 1}, coverage={})  # fmt: skip


def test_a_run_that_is_not_there_cannot_end(engine: sa.Engine) -> None:
    with pytest.raises(DatabaseError, match="no crawl 7"):
        finish_crawl(engine, 7, finished_at=END, outcome="healthy", reason=None,
                     counts={}, coverage={})  # fmt: skip


def put_off(engine: sa.Engine, until: datetime | None, spider: str = "hani") -> None:
    """Record a run of *spider* that the site asked to wait until then."""
    crawl_id = start_crawl(engine, spider=spider, arguments={}, started_at=START)
    finish_crawl(engine, crawl_id, finished_at=END, outcome="waiting", reason=None,
                 counts={}, coverage={}, not_before=until)  # fmt: skip


def test_the_site_is_left_alone_until_the_latest_moment_it_asked_for(engine: sa.Engine) -> None:
    hours = [END + timedelta(hours=number) for number in (3, 5, 1)]
    for until in (None, *hours, None):
        put_off(engine, until)

    assert waits_until(engine, "hani", END) == hours[1]
    assert waits_until(engine, "hani", hours[1]) is None


def test_what_another_spider_was_asked_is_its_own_affair(engine: sa.Engine) -> None:
    put_off(engine, END + timedelta(hours=1), spider="another")

    assert waits_until(engine, "hani", END) is None


def test_a_moment_that_a_wrong_clock_wrote_keeps_nobody_waiting(engine: sa.Engine) -> None:
    put_off(engine, END + timedelta(days=400))

    assert waits_until(engine, "hani", END) is None
