from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from hanicrawler.extensions import record
from hanicrawler.storage import database_url, open_database, waits_until

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)


class Clock(datetime):
    """A clock that the test sets."""

    moment = NOON

    @classmethod
    def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
        return cls.moment


def run_of(url: str, stats: dict[str, Any]) -> record.RunRecord:
    crawler: Any = SimpleNamespace(
        spider=SimpleNamespace(name="hani", given={}),
        settings=Settings({"HANICRAWLER_DATABASE": url}),
        stats=SimpleNamespace(get_stats=lambda: stats),
    )
    return record.RunRecord(crawler)


def test_a_clock_that_is_set_back_while_a_run_is_under_way_does_not_cost_its_record(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record, "datetime", Clock)
    until = NOON + timedelta(hours=1)
    stats: dict[str, Any] = {"hani/not_before": until}
    run = run_of(sqlite_url, stats)
    monkeypatch.setattr(Clock, "moment", NOON - timedelta(days=1))

    run.spider_closed(SimpleNamespace(), "site_asks_to_wait")  # type: ignore[arg-type]

    engine = open_database(database_url(sqlite_url))
    with engine.connect() as connection:
        query = "SELECT finished_at = started_at, outcome FROM crawls"
        assert connection.exec_driver_sql(query).all() == [(1, "waiting")]
    assert waits_until(engine, "hani", NOON) == until
    engine.dispose()
