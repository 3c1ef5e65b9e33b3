"""The run's row: its end, its alarms, and what it is when the clock or the database fails."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.settings import Settings

from hanicrawler.extensions import past
from hanicrawler.extensions import record as record_module
from hanicrawler.extensions.limits import SettingError
from hanicrawler.extensions.record import RunRecord

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = {"hani/found": 3, "hani/fetched": 3, "hani/parsed": 3, "hani/lists_read": 1}


class Stats(dict[str, Any]):
    def get_stats(self) -> dict[str, Any]:
        return self

    def set_value(self, name: str, value: object) -> None:
        self[name] = value


def crawler(folder: Path, given: dict[str, str] | None = None, **settings: object) -> Any:
    file = str(folder / "hani.db")
    return SimpleNamespace(
        settings=Settings({"HANICRAWLER_DATABASE": file, **settings}),
        stats=Stats(GOOD),
        spider=SimpleNamespace(name="hani", given=given or {}),
    )


def rows(folder: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(folder / "hani.db")) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The times of day that the record is told, the last one for ever."""
    times = [NOON]

    class Clock:
        @staticmethod
        def now(_: object) -> datetime:
            return times.pop(0) if len(times) > 1 else times[0]

    monkeypatch.setattr(record_module, "datetime", Clock)
    return times


def test_a_run_whose_clock_is_moved_back_ends_no_earlier_than_it_began_and_says_so(
    tmp_path: Path, clock: list[datetime]
) -> None:
    clock.append(NOON - timedelta(hours=1))
    record = RunRecord(crawler(tmp_path))

    record.spider_closed(record._crawler.spider, "finished")  # type: ignore[arg-type]

    ((started_at, finished_at, seconds, outcome, alarms),) = rows(
        tmp_path, "SELECT started_at, finished_at, seconds, outcome, alarms FROM crawls"
    )
    assert finished_at == started_at
    assert 0 <= seconds < 60
    assert (outcome, alarms) == ("unhealthy", "clock_moved_back")


def test_a_healthy_run_has_no_alarms(tmp_path: Path) -> None:
    record = RunRecord(crawler(tmp_path))

    record.spider_closed(record._crawler.spider, "finished")  # type: ignore[arg-type]

    assert record.found == []
    assert rows(tmp_path, "SELECT outcome, alarms, reason FROM crawls") == [("healthy", None, None)]


def test_a_record_that_cannot_be_finished_is_a_finding(tmp_path: Path) -> None:
    record = RunRecord(crawler(tmp_path))
    with record.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM crawls")

    record.spider_closed(record._crawler.spider, "finished")  # type: ignore[arg-type]

    assert record.found is not None
    assert [finding.code for finding in record.found] == ["record_failed"]


def test_a_run_that_stored_nothing_does_not_look_at_the_coverage_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    for name in ("earlier_coverage", "newest_published"):
        monkeypatch.setattr(past, name, lambda *_, _name=name, **__: asked.append(_name) or [])

    for given, covers in (({}, False), ({"sections": "e_a"}, False), ({"sections": "e_a"}, True)):
        record = RunRecord(crawler(tmp_path, given, HANICRAWLER_DRIFT=0.3))
        if covers:
            record.coverage["english-2018", "byline", "absent"] = 1
        record.spider_closed(record._crawler.spider, "finished")  # type: ignore[arg-type]

    assert asked == ["newest_published", "earlier_coverage"]


def test_a_threshold_that_cannot_be_meant_ends_the_run_before_it_has_a_row(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="HANICRAWLER_DRIFT"):
        RunRecord(crawler(tmp_path, HANICRAWLER_DRIFT="far"))
    assert list(tmp_path.iterdir()) == []
