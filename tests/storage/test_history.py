"""What earlier runs and articles tell of a run; asking costs the same in a big database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.storage import (
    earlier_coverage,
    finish_crawl,
    last_healthy,
    latest_moment,
    newest_published,
    start_crawl,
)
from tests.storage.conftest import NOON
from tests.storage.test_plans import without_search

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hanicrawler.storage import Writer

BYLINE = ("english-2018", "byline", "landmark")
PLAIN: Mapping[str, str] = {}


def crawl(
    engine: sa.Engine,
    number: int,
    coverage: Mapping[tuple[str, str, str], int] | None = None,
    *,
    arguments: Mapping[str, str] = PLAIN,
    spider: str = "hani",
    outcome: str = "healthy",
    alarms: tuple[str, ...] = (),
) -> int:
    """Record a run that began *number* hours after noon and took a minute; return its id."""
    began = NOON + timedelta(hours=number)
    crawl_id = start_crawl(engine, spider=spider, arguments=arguments, started_at=began)
    finish_crawl(
        engine,
        crawl_id,
        finished_at=began + timedelta(minutes=1),
        outcome=outcome,
        reason=None,
        counts={},
        coverage=coverage or {},
        alarms=alarms,
    )
    return crawl_id


def test_the_alarms_of_a_run_are_kept_and_none_is_null(engine: sa.Engine, rows: Any) -> None:
    crawl(engine, 0, alarms=("drift", "too_many_problems"))
    crawl(engine, 1)

    assert [row["alarms"] for row in rows("crawls", "alarms")] == ["drift too_many_problems", None]


def test_the_coverage_of_runs_that_asked_for_the_same_comes_newest_first(engine: sa.Engine) -> None:
    crawl(engine, 0, {BYLINE: 1})
    crawl(engine, 1, {BYLINE: 2}, arguments={"sections": "e_business"})
    crawl(engine, 2, {BYLINE: 3, ("unknown", "byline", "absent"): 4})
    crawl(engine, 3)
    crawl(engine, 4, {BYLINE: 5}, spider="another")
    this = crawl(engine, 5, {BYLINE: 6})
    crawl(engine, 6, {BYLINE: 7})

    def asked(runs: int, arguments: Mapping[str, str] = PLAIN) -> list[dict[Any, int]]:
        return earlier_coverage(engine, this, spider="hani", arguments=arguments, runs=runs)

    assert asked(9) == [{BYLINE: 3, ("unknown", "byline", "absent"): 4}, {BYLINE: 1}]
    assert asked(1) == [{BYLINE: 3, ("unknown", "byline", "absent"): 4}]
    assert asked(9, {"sections": "e_business"}) == [{BYLINE: 2}]
    assert asked(9, {"sections": "e_national"}) == []


def test_the_newest_article_of_a_moment_is_the_last_english_one_before_it(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    first, second = NOON - timedelta(days=9), NOON - timedelta(days=2)
    writer.write(
        [
            article(1, published_at=first),
            article(2, published_at=second),
            article(3, published_at=None, modified_at=None),
            article(4, edition="ko", published_at=NOON - timedelta(days=1), modified_at=None),
            article(5, published_at=NOON + timedelta(days=1), modified_at=None),
        ]
    )

    moments = [NOON, second, second - timedelta(seconds=1), first - timedelta(days=1)]
    assert newest_published(engine, moments) == [second, second, first, None]


def test_the_latest_moment_of_earlier_runs_may_be_in_the_future(engine: sa.Engine) -> None:
    first = start_crawl(engine, spider="hani", arguments={}, started_at=NOON)
    assert latest_moment(engine, first) is None

    ahead = crawl(engine, 24 * 365)
    this = crawl(engine, 1)
    assert latest_moment(engine, ahead) == NOON
    assert latest_moment(engine, this) == NOON + timedelta(days=365, minutes=1)


def test_the_last_healthy_run_is_found_among_unhealthy_ones(engine: sa.Engine) -> None:
    assert last_healthy(engine) is None
    crawl(engine, 0)
    crawl(engine, 1)
    crawl(engine, 2, outcome="unhealthy")
    start_crawl(engine, spider="hani", arguments={}, started_at=NOON)

    assert last_healthy(engine) == NOON + timedelta(hours=1, minutes=1)


@pytest.fixture
def many(engine: sa.Engine) -> sa.Engine:
    """A database of many articles and runs, some of them covered, its statistics taken."""
    series = {
        "sqlite": "WITH RECURSIVE given(n) AS"
        " (SELECT 1 UNION ALL SELECT n + 1 FROM given WHERE n < {most}) {statement} FROM given",
        "postgresql": "{statement} FROM generate_series(1, {most}) AS given(n)",
    }[engine.dialect.name]
    moment = {
        "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', '2026-03-01', '-' || n || ' hours')",
        "postgresql": "timestamptz '2026-03-01 00:00+00' - n * interval '1 hour'",
    }[engine.dialect.name]
    articles = (
        "SELECT 'en', n, 'https://english.hani.co.kr/' || n, 'Headline', 'Body',"
        f" {moment}, 1, '{'0' * 64}', {moment}, {moment}, {moment}, 'english-2018', '{{}}'"
    )
    columns = (
        "edition, source_id, url, headline, body, published_at, revision, content_hash,"
        " first_seen_at, last_seen_at, captured_at, template, layers"
    )
    with engine.begin() as connection:
        without_search(connection)
        into = f"INSERT INTO articles ({columns}) "
        connection.exec_driver_sql((into + series).format(most=20_000, statement=articles))
        runs = f"SELECT 'hani', '{{}}', {moment}, {moment}, 'unhealthy'"
        into = "INSERT INTO crawls (spider, arguments, started_at, finished_at, outcome) "
        connection.exec_driver_sql((into + series).format(most=30_000, statement=runs))
        covered = "SELECT n, 'english-2018', 'byline', 'landmark', 1"
        into = "INSERT INTO coverage (crawl_id, template, field, layer, articles) "
        connection.exec_driver_sql((into + series).format(most=30_000, statement=covered))
    return engine


@pytest.mark.parametrize("analyzed", [False, True], ids=["no statistics", "statistics"])
def test_what_a_run_asks_of_the_past_is_answered_by_indexes_alone(
    many: sa.Engine, analyzed: bool
) -> None:
    # PostgreSQL takes its statistics by itself, SQLite never.
    if analyzed or many.dialect.name == "postgresql":
        with many.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    asked: list[tuple[str, Any]] = []

    @sa.event.listens_for(many, "before_cursor_execute")
    def keep(_c: Any, _cursor: Any, statement: str, given: Any, _x: Any, _m: bool) -> None:
        if statement.startswith("SELECT") and "set_config" not in statement:
            asked.append((statement, given))

    now = datetime(2026, 3, 1, tzinfo=UTC)
    moments = [now - timedelta(hours=hours) for hours in range(0, 24 * 25, 24)]
    assert None not in newest_published(many, moments)
    assert latest_moment(many, 30_000) is not None
    assert last_healthy(many) is None
    found = earlier_coverage(many, 30_000, spider="hani", arguments={}, runs=70)
    assert found == [{("english-2018", "byline", "landmark"): 1}] * 70
    sa.event.remove(many, "before_cursor_execute", keep)

    explain = {"sqlite": "EXPLAIN QUERY PLAN ", "postgresql": "EXPLAIN "}[many.dialect.name]
    assert len(asked) == 5
    for statement, given in asked:
        with many.connect() as connection:
            plan = [str(row[-1]) for row in connection.exec_driver_sql(explain + statement, given)]
        scans = [line for line in plan if line.startswith("SCAN ") or "Seq Scan" in line]
        # A whole scan of crawls would be no loss: they are walked from the newest back.
        assert [line for line in scans if "articles" in line or "coverage" in line] == [], plan
        assert not any("TEMP B-TREE" in line for line in plan), plan
