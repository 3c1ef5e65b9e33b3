"""Who takes part in a shared crawl: joining and leaving, the dead, the last one out.

PostgreSQL only.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.storage import DatabaseError, Membership, RunLocked, finish_crawl, shared
from hanicrawler.storage.shared import ALIVE, merge
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Join = Callable[..., Membership]

on_server = pytest.mark.parametrize("stored_at", ["postgresql"], indirect=True)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEMBER = (
    "import sys, time\n"
    "from datetime import UTC, datetime\n"
    "from hanicrawler.storage import Membership, database_url\n"
    "member = Membership.join(database_url(sys.argv[1]), spider='hani', arguments={},\n"
    "                         started_at=datetime.now(UTC))\n"
    "member.enter()\n"
    "print(member.crawl_id, member.worker_id, flush=True)\n"
    "time.sleep(600)\n"
)


@pytest.fixture
def join(stored_at: sa.URL) -> Iterator[Join]:
    """Joins the shared crawl of the database, and lets others join."""
    joined: list[Membership] = []

    def one_more(*, at: datetime = AT, enter: bool = True, **arguments: str) -> Membership:
        member = Membership.join(stored_at, spider="hani", arguments=arguments, started_at=at)
        joined.append(member)
        if enter:
            member.enter()
        return member

    yield one_more
    for member in joined:
        member.close()


@pytest.fixture
def end(engine: sa.Engine) -> Callable[[int], None]:
    """Ends a crawl, as the last one out does."""

    def of(crawl_id: int) -> None:
        finish_crawl(
            engine,
            crawl_id,
            finished_at=AT + timedelta(hours=1),
            outcome="healthy",
            reason=None,
            counts={},
            coverage={},
        )

    return of


@pytest.fixture
def member(stored_at: sa.URL) -> Iterator[subprocess.Popen[str]]:
    """A crawler in a process of its own that has joined first."""
    url = stored_at.render_as_string(hide_password=False)
    process = subprocess.Popen(
        [sys.executable, "-c", MEMBER, url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.joined = process.stdout.readline()  # type: ignore[attr-defined]
    yield process
    process.kill()
    process.communicate()


def kill(process: subprocess.Popen[str]) -> tuple[int, int]:
    """Kill a crawler; return the ids of its crawl and of itself."""
    process.kill()
    process.wait()
    crawl_id, worker_id = map(int, process.joined.split())  # type: ignore[attr-defined]
    return crawl_id, worker_id


def wait_for_its_end(engine: sa.Engine, worker_id: int) -> None:
    """Wait until the server has noticed that a crawler's connection has gone."""
    with engine.begin() as connection:
        connection.execute(
            sa.text("SELECT pg_advisory_xact_lock(:alive, :id)"), {"alive": ALIVE, "id": worker_id}
        )


@on_server
class TestJoining:
    def test_the_first_begins_the_crawl_and_others_take_part(self, join: Join, rows: Any) -> None:
        first = join(related_depth="0")
        second = join(at=AT + timedelta(minutes=5), related_depth="0")

        assert (first.is_first, second.is_first) == (True, False)
        assert second.crawl_id == first.crawl_id
        assert second.since == first.since == AT
        (crawl,) = rows("crawls")
        assert (crawl["shared"], crawl["outcome"], crawl["started_at"]) == (True, None, AT)
        assert crawl["arguments"] == {"related_depth": "0"}
        workers = rows("workers", "id", "crawl_id", "pid", "finished_at", "stats")
        assert [tuple(row.values()) for row in workers] == [
            (member.worker_id, first.crawl_id, os.getpid(), None, None)
            for member in (first, second)
        ]

    def test_who_asks_for_something_else_is_refused_in_one_line(
        self, join: Join, rows: Any
    ) -> None:
        join(sections="e_business")

        with pytest.raises(RunLocked) as caught:
            join(since="2024-01-01")

        assert "-a sections=e_business" in str(caught.value)
        assert "\n" not in str(caught.value)
        assert len(rows("workers")) == 1
        # The refused one holds nothing: the door is open.
        assert join(sections="e_business").is_first is False

    def test_a_plain_crawl_refuses_others_by_that_name(self, join: Join) -> None:
        join()

        with pytest.raises(RunLocked, match="a plain run"):
            join(originals="1")

    def test_nobody_comes_in_before_the_first_has_opened_what_it_begins_with(
        self, join: Join
    ) -> None:
        first = join(enter=False)
        inside = threading.Event()

        def second() -> None:
            join()
            inside.set()

        waiting = threading.Thread(target=second)
        waiting.start()
        assert not inside.wait(0.5)

        first.enter()

        assert inside.wait(HANGS)
        waiting.join()

    def test_two_that_come_at_once_begin_one_crawl(self, join: Join, rows: Any) -> None:
        came: list[Membership] = []
        threads = [threading.Thread(target=lambda: came.append(join())) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(member.is_first for member in came) == [False, False, False, True]
        assert len(rows("crawls")) == 1


@on_server
class TestLeaving:
    def test_the_last_one_out_gets_what_all_have_counted(self, join: Join, rows: Any) -> None:
        first, second = join(), join()

        assert first.leave({"hani/new": 2, "hani/failed": 1}) is None
        first.close()
        whole = second.leave({"hani/new": 3, "downloader/response_bytes": 10})

        assert whole == {"hani/new": 5, "hani/failed": 1, "downloader/response_bytes": 10}
        assert all(row["finished_at"] for row in rows("workers"))
        assert rows("workers")[0]["stats"] == {"hani/new": 2, "hani/failed": 1}

    def test_one_alone_is_the_last(self, join: Join) -> None:
        assert join().leave({"hani/new": 1}) == {"hani/new": 1}

    def test_who_comes_later_begins_another_crawl(
        self, join: Join, end: Callable[[int], None]
    ) -> None:
        first = join()
        first.leave({})
        end(first.crawl_id)
        first.close()

        late = join(since="2024-01-01")

        assert late.is_first
        assert late.crawl_id != first.crawl_id

    def test_who_comes_while_the_last_one_ends_the_crawl_waits_for_that(
        self, join: Join, end: Callable[[int], None]
    ) -> None:
        first = join()
        first.leave({})
        came: list[Membership] = []
        late = threading.Thread(target=lambda: came.append(join()))
        late.start()
        late.join(0.5)
        assert came == []

        end(first.crawl_id)
        first.close()

        late.join(HANGS)
        assert [member.is_first for member in came] == [True]

    def test_of_several_that_leave_at_once_one_is_the_last(self, join: Join) -> None:
        members = [join() for _ in range(5)]
        sums: list[Any] = []

        def leave(member: Membership) -> None:
            sums.append(member.leave({"hani/new": 1}))
            member.close()

        threads = [threading.Thread(target=leave, args=[member]) for member in members]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [each for each in sums if each is not None] == [{"hani/new": 5}]


@on_server
class TestTheDead:
    def test_one_that_was_killed_does_not_keep_the_crawl_open(
        self, member: subprocess.Popen[str], engine: sa.Engine, join: Join
    ) -> None:
        survivor = join()
        assert not survivor.is_first

        worker_id = kill(member)[1]
        wait_for_its_end(engine, worker_id)

        assert survivor.leave({"hani/new": 1}) == {"hani/new": 1}

    def test_a_crawl_whose_crawlers_are_all_dead_is_marked_killed_and_another_begun(
        self, member: subprocess.Popen[str], engine: sa.Engine, join: Join, rows: Any
    ) -> None:
        crawl_id, worker_id = kill(member)
        wait_for_its_end(engine, worker_id)

        next_one = join(sections="e_business")

        assert next_one.is_first
        assert next_one.crawl_id != crawl_id
        ends = {row["id"]: (row["outcome"], row["finished_at"]) for row in rows("crawls")}
        assert ends == {crawl_id: ("killed", None), next_one.crawl_id: (None, None)}
        assert re.search("killed", rows("crawls")[0]["reason"])

    def test_a_lost_connection_is_made_anew_and_the_crawler_lives_on(
        self, join: Join, engine: sa.Engine
    ) -> None:
        first, second = join(), join()
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

        first.renew()
        second.renew()

        assert second.leave({"hani/new": 1}) is None
        second.close()
        assert first.leave({"hani/new": 1}) == {"hani/new": 2}


counts = st.dictionaries(st.sampled_from("abc"), st.integers(0, 99))


@given(st.lists(counts, max_size=5))
def test_what_several_counted_is_summed(stats: list[dict[str, int]]) -> None:
    whole = merge(stats)

    assert whole == {
        name: sum(each.get(name, 0) for each in stats)
        for name in {n for each in stats for n in each}
    }


def test_lists_are_joined_and_of_words_the_last_holds() -> None:
    one = {"sections_missing": ["en/e_x"], "coverage": [["t", "f", "l", 1]], "reason": "a"}
    other = {"sections_missing": ["en/e_y"], "reason": "b", "left": True}

    assert merge([one, other]) == {
        "sections_missing": ["en/e_x", "en/e_y"],
        "coverage": [["t", "f", "l", 1]],
        "reason": "b",
        "left": True,
    }


@on_server
def test_a_machine_with_another_time_than_the_servers_takes_no_part(
    join: Join, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Late(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(UTC) - timedelta(minutes=20)

    monkeypatch.setattr(shared, "datetime", Late)

    with pytest.raises(DatabaseError, match=r"clock is 1\d{3} s behind the server's") as caught:
        join()
    assert "\n" not in str(caught.value)
