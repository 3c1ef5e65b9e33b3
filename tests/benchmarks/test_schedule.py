"""Scheduled runs are measured on what runs would have left, against an empty crawl."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from benchmarks.processes import cost_of, plain_environment
from benchmarks.schedule import runs
from benchmarks.schedule.__main__ import growing, row, written
from benchmarks.schedule.filling import fill
from hanicrawler.storage import database_url, open_read_only
from hanicrawler.storage.models import ArticleRow, BylineRow, RevisionRow
from hanicrawler.storage.run_models import CrawlRow, PageRow
from tests.replica import Newspaper, Replica

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent


@pytest.fixture
def site() -> Iterator[str]:
    with Replica(Newspaper.generate(12, template="english-next")) as replica:
        yield replica.url


@pytest.mark.slow
def test_a_filled_database_is_what_runs_would_have_left(site: str, database: str) -> None:
    runs.scheduled(site, database)
    fill(database, 60)
    now = datetime.now(UTC)
    a_year_ago = now - timedelta(days=365)

    def count(model: type[Any], *where: sa.ColumnElement[bool]) -> int:
        with engine.connect() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(model).where(*where))

    engine = open_read_only(database_url(database))
    try:
        stored = sa.select(ArticleRow.id)
        assert count(ArticleRow) == count(RevisionRow) == 60
        assert count(RevisionRow, RevisionRow.article_id.in_(stored)) == 60
        assert count(BylineRow, BylineRow.article_id.in_(stored)) == count(BylineRow) >= 60
        assert count(PageRow, PageRow.kind == "article") == 60
        assert count(CrawlRow) == 1 + 48 // 10
        # By the rule of revisits, and not before the measuring is over.
        young = count(ArticleRow, ArticleRow.published_at > a_year_ago)
        assert count(PageRow, PageRow.due_at > now + timedelta(minutes=30)) == young > 0
        assert count(PageRow, PageRow.due_at.is_not(None)) == young
    finally:
        engine.dispose()


@pytest.mark.slow
def test_each_size_is_measured_beside_an_empty_crawl(site: str, database: str) -> None:
    found = list(growing(site, database, [40, 20], 1))

    assert [measured.articles for measured in found] == [20, 40]
    for measured in found:
        assert measured.asked.requests == measured.asked.not_modified + 1  # robots.txt
        assert measured.written == 1
        assert len(measured.ours) == len(measured.empty) == 1
        assert row("SQLite", measured)[:2] == ["SQLite", str(measured.articles)]


@pytest.mark.slow
def test_a_process_is_not_charged_with_what_the_benchmark_holds() -> None:
    held = bytearray(b"x") * 200_000_000

    cost = cost_of([sys.executable, "-c", "pass"], HERE, plain_environment())

    assert 0 < cost.memory < len(held)
    assert cost.cpu > 0
    assert cost.seconds > 0


@pytest.mark.slow
def test_a_process_that_fails_is_no_measurement() -> None:
    failing = [sys.executable, "-c", "import sys; sys.exit('no such thing')"]

    with pytest.raises(RuntimeError, match="no such thing"):
        cost_of(failing, HERE, plain_environment())


def test_a_run_that_writes_anything_else_is_no_measurement() -> None:
    before = {"crawls": (4, 1), "pages": (20, 1)}

    assert written(before, before | {"crawls": (6, 2)}, 2) == 1
    with pytest.raises(RuntimeError, match="crawls, pages"):
        written(before, {"crawls": (6, 2), "pages": (20, 2)}, 2)
