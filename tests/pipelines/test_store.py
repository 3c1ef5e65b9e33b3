"""Storing in batches: counted when committed, flushed at the end, ended by the first failure."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.exceptions import DropItem
from twisted.python.failure import Failure

from hanicrawler.items import Discovered, Fetch, Problem, ReadPage
from hanicrawler.pipelines import store as store_module
from hanicrawler.pipelines.store import Store
from hanicrawler.storage import (
    Revisits,
    database_url,
    open_database,
    open_read_only,
    start_crawl,
    totals,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

NOW = datetime(2024, 6, 21, tzinfo=UTC)


class Stats(dict[str, Any]):
    def inc_value(self, name: str, number: int = 1) -> None:
        self[name] = self.get(name, 0) + number

    def set_value(self, name: str, value: object) -> None:
        self[name] = value


class Engine:
    """The part of Scrapy's engine that the step talks to."""

    def __init__(self) -> None:
        self.downloader = SimpleNamespace(active={"a page"})
        self.scheduler = SimpleNamespace(has_pending_requests=lambda: False)
        self.closed_because: list[str] = []

    async def close_spider_async(self, *, reason: str) -> None:
        self.closed_because.append(reason)


class Crawler:
    def __init__(self, file: Path) -> None:
        self.database = open_database(database_url(str(file)))
        crawl_id = start_crawl(self.database, spider="hani", arguments={}, started_at=NOW)
        self.stats = Stats()
        self.engine = Engine()
        self._record = SimpleNamespace(
            engine=self.database, crawl_id=crawl_id, lock=None, revisits=Revisits.parse()
        )

    def get_extension(self, _: type) -> Any:
        return self._record


def problem(number: int) -> Problem:
    return Problem(
        url=f"https://english.hani.co.kr/arti/english_edition/e_x/{number}.html",
        stage="parse",
        code="no_date",
        error="no date",
        seen_at=NOW,
    )


@pytest.fixture
def crawler(tmp_path: Path) -> Crawler:
    return Crawler(tmp_path / "hani.db")


def play(crawler: Crawler, scene: Callable[[Store], Awaitable[None]]) -> None:
    async def run() -> None:
        step = Store(crawler)  # type: ignore[arg-type]
        try:
            await scene(step)
        finally:
            await step.close_spider()
            crawler.database.dispose()

    asyncio.run(run())


def open_problems(file: Path) -> int:
    engine = open_read_only(database_url(str(file)))
    try:
        return totals(engine).open_problems
    finally:
        engine.dispose()


def test_an_item_leaves_the_step_when_it_is_committed(crawler: Crawler, tmp_path: Path) -> None:
    async def scene(step: Store) -> None:
        await asyncio.gather(*(step.process_item(problem(n)) for n in range(1, 4)))
        assert open_problems(tmp_path / "hani.db") == 3
        assert crawler.stats["hani/problems"] == 3

    play(crawler, scene)


def test_a_full_batch_does_not_wait_for_its_age(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "AGE", 3600.0)
    monkeypatch.setattr(store_module, "SIZE", 10)

    async def scene(step: Store) -> None:
        await asyncio.gather(*(step.process_item(problem(n)) for n in range(1, 21)))
        assert crawler.stats["hani/problems"] == 20

    play(crawler, scene)


def test_what_is_not_full_is_written_when_nothing_more_is_on_its_way(
    crawler: Crawler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "AGE", 3600.0)

    async def scene(step: Store) -> None:
        crawler.engine.downloader.active = set()
        await step.process_item(problem(1))
        assert crawler.stats["hani/problems"] == 1

    play(crawler, scene)


def test_what_nobody_waits_for_is_written_at_the_end(
    crawler: Crawler, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "AGE", 3600.0)
    url = "https://english.hani.co.kr/arti/english_edition/e_x/7.html"

    async def scene(step: Store) -> None:
        await step.process_item((Discovered(url=url, kind="article", discovered_at=NOW),))

    play(crawler, scene)

    with closing(sqlite3.connect(tmp_path / "hani.db")) as connection:
        assert connection.execute("SELECT url FROM pages").fetchall() == [(url,)]


def test_a_page_that_a_step_fails_on_is_kept_and_counts_as_one_that_failed(
    crawler: Crawler, tmp_path: Path
) -> None:
    url = "https://english.hani.co.kr/arti/english_edition/e_x/7.html"
    fetch = Fetch(url=url, kind="article", fetched_at=NOW, status=200, etag='"e"', body_hash="a")
    page = ReadPage(scraped=Any, fetch=fetch, address=Any, body=b"<p>kept</p>")

    async def scene(step: Store) -> None:
        await step.item_error(page, Failure(ValueError("no such date")))

    play(crawler, scene)

    with closing(sqlite3.connect(tmp_path / "hani.db")) as connection:
        assert connection.execute(
            "SELECT failures, etag, body_hash, due_at > fetched_at FROM pages"
        ).fetchall() == [(1, None, None, 1)]
        assert connection.execute(
            "SELECT stage, code, body IS NOT NULL FROM problems"
        ).fetchall() == [("normalise", "normaliser_failed", 1)]


def test_a_database_that_cannot_be_written_to_ends_the_run_and_nothing_is_counted(
    crawler: Crawler,
) -> None:
    async def scene(step: Store) -> None:
        with crawler.database.begin() as connection:
            connection.exec_driver_sql("DROP TABLE problems")
        results = await asyncio.gather(
            *(step.process_item(problem(n)) for n in range(1, 4)), return_exceptions=True
        )
        assert [type(result) for result in results] == [DropItem] * 3
        with pytest.raises(DropItem):
            await step.process_item(problem(4))

    play(crawler, scene)

    assert crawler.engine.closed_because == ["writer_failed"]
    assert "hani/problems" not in crawler.stats
    assert "\n" not in crawler.stats["hani/writer_error"]
