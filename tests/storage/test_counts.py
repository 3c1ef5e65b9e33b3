"""What a run counts is committed with the work: right for a run that runs, and for a killed one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
import sqlalchemy as sa

from hanicrawler.items import Fetch, Problem
from hanicrawler.storage import (
    DatabaseError,
    RunLock,
    RunLocked,
    Writer,
    database_url,
    finish_crawl,
    open_database,
    start_crawl,
    totals,
)
from hanicrawler.storage.run_models import COUNTED_AT_THE_END, COUNTED_WITH_THE_WORK
from tests.storage.conftest import NOON, article_url
from tests.storage.test_locks import end_sessions, free_at_last

if TYPE_CHECKING:
    from collections.abc import Iterator


def begin(engine: sa.Engine) -> int:
    return start_crawl(engine, spider="hani", arguments={}, started_at=NOON)


def problem(number: int) -> Problem:
    return Problem(
        url=article_url(number), stage="parse", code="no_date", error="no date", seen_at=NOON
    )


def gone(number: int) -> Fetch:
    at = NOON + timedelta(hours=3)
    return Fetch(url=article_url(number), kind="article", fetched_at=at, status=404)


@pytest.fixture
def counted(rows: Any) -> Any:
    """Gives the counts of the newest run that are not nothing."""

    def of() -> dict[str, int]:
        row = rows("crawls", *COUNTED_WITH_THE_WORK)[-1]
        return {name: number for name, number in row.items() if number}

    return of


def test_a_run_that_has_begun_has_counted_nothing(engine: sa.Engine, rows: Any) -> None:
    begin(engine)

    assert set(rows("crawls", *COUNTED_WITH_THE_WORK)[0].values()) == {0}
    assert set(rows("crawls", *COUNTED_AT_THE_END)[0].values()) == {None}


def test_each_batch_is_counted_when_it_is_committed(
    engine: sa.Engine, article: Any, counted: Any
) -> None:
    writer = Writer(engine, begin(engine))

    writer.write([article(1), article(2), problem(3), article(4, problems=(problem(4),))])
    assert counted() == {"new": 3, "problems": 2}

    later = NOON + timedelta(hours=1)
    writer.write(
        [
            article(1, at=later, headline="Talks fail"),
            article(2, at=later, label="Photo"),
            article(4, at=later),
            article(5, at=later),
        ]
    )
    assert counted() == {"new": 4, "changed": 1, "updated": 1, "unchanged": 1, "problems": 2}

    writer.write([gone(1), article(2, at=NOON + timedelta(hours=2), label="Photo")])
    assert counted() == {
        "new": 4, "changed": 1, "updated": 1, "unchanged": 2, "gone": 1, "problems": 2,
    }  # fmt: skip


def test_the_end_of_a_run_leaves_what_the_writer_counted(
    engine: sa.Engine, article: Any, rows: Any
) -> None:
    crawl_id = begin(engine)
    Writer(engine, crawl_id).write([article(1), article(2)])

    finish_crawl(engine, crawl_id, finished_at=NOON, outcome="healthy", reason=None,
                 counts=dict.fromkeys(COUNTED_AT_THE_END, 7), coverage={})  # fmt: skip

    (row,) = rows("crawls")
    assert (row["new"], row["changed"], row["found"], row["requests"]) == (2, 0, 7, 7)


def test_runs_are_counted_apart(engine: sa.Engine, article: Any, rows: Any) -> None:
    Writer(engine, begin(engine)).write([article(1)])
    Writer(engine, begin(engine)).write([article(2), article(3)])
    Writer(engine, None).write([article(4)])

    assert [row["new"] for row in rows("crawls", "new")] == [1, 2]


def test_a_batch_that_cannot_be_stored_is_not_counted(
    engine: sa.Engine, article: Any, counted: Any
) -> None:
    writer = Writer(engine, begin(engine))
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE images")

    with pytest.raises(DatabaseError):
        writer.write([article(1)])

    assert counted() == {}


def test_what_is_refused_is_counted_as_the_problem_it_becomes(
    engine: sa.Engine, article: Any, counted: Any
) -> None:
    writer = Writer(engine, begin(engine))

    outcomes = writer.write([article(1), article(2, edition="xx"), article(3)])

    assert outcomes == ["new", "refused", "new"]
    assert counted() == {"new": 2, "problems": 1}


def test_counting_is_one_statement_a_batch_and_none_where_there_is_nothing(
    engine: sa.Engine, article: Any
) -> None:
    writer = Writer(engine, begin(engine))
    writer.write([article(number) for number in range(1, 30)])
    seen: list[str] = []

    @sa.event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    at = NOON + timedelta(hours=1)
    writer.write([article(number, at=at) for number in range(1, 30)])
    assert len([text for text in seen if text.startswith("UPDATE crawls")]) == 1

    seen.clear()
    writer.write(
        [Fetch(url="https://english.hani.co.kr/", kind="front", fetched_at=at, status=304)]
    )
    assert [text for text in seen if text.startswith("UPDATE crawls")] == []


@pytest.fixture
def served(postgres_server: Any, migrated_template: str) -> Iterator[sa.Engine]:
    name = postgres_server.create(migrated_template)
    engine = open_database(database_url(postgres_server.url(name)))
    yield engine
    engine.dispose()
    postgres_server.drop(name)


def row_of(engine: sa.Engine) -> dict[str, Any]:
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT * FROM crawls")).one()
        return dict(found._mapping)


def test_a_commit_whose_answer_is_lost_is_counted_once(
    served: sa.Engine, article: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(served, begin(served))
    commit = served.dialect.do_commit
    lost: list[object] = []

    def lose_the_answer(connection: Any) -> None:
        commit(connection)
        if not lost:
            lost.append(connection)
            connection.dbapi_connection.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(served.dialect, "do_commit", lose_the_answer)

    assert writer.write([article(1), article(2)]) == ["new", "new"]

    assert len(lost) == 1
    assert totals(served).articles == {"en": 2}
    row = row_of(served)
    assert (row["new"], row["unchanged"]) == (2, 0)


def test_a_batch_is_written_with_the_runs_lock_held(served: sa.Engine, article: Any) -> None:
    lock = RunLock.take(served.url)
    writer = Writer(served, begin(served), lock)
    end_sessions(served.url)

    assert writer.write([article(1)]) == ["new"]

    with pytest.raises(RunLocked):
        RunLock.take(served.url)
    lock.release()


def test_a_run_that_lost_its_lock_to_another_writes_no_more(
    served: sa.Engine, article: Any
) -> None:
    lock = RunLock.take(served.url)
    writer = Writer(served, begin(served), lock)
    end_sessions(served.url)
    other = free_at_last(served.url)

    with pytest.raises(RunLocked):
        writer.write([article(1)])

    assert totals(served).articles == {}
    lock.release()
    other.release()
