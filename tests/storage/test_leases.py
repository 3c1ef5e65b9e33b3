"""Crawlers that share a crawl: each claims what no other has, and nothing stays claimed.

PostgreSQL only.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Discovered
from hanicrawler.storage import SharedFrontier, Writer
from tests.storage.claims import addresses, due, end_leases, fetched, found, keys
from tests.storage.conftest import LEASES, NOON, article_url, make

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.parametrize("stored_at", ["postgresql"], indirect=True)


class TestClaiming:
    def test_what_one_has_claimed_no_other_gets(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        writer.write([found(number) for number in range(1, 6)])

        assert (due(first, 3), due(second, 3), due(first, 3)) == ([1, 2, 3], [4, 5], [])

    def test_a_claim_passes_over_what_another_is_just_claiming(
        self, writer: Writer, engine: sa.Engine, first: SharedFrontier
    ) -> None:
        writer.write([found(number) for number in range(1, 5)])

        with engine.connect() as other:
            other.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
            other.exec_driver_sql("SELECT id FROM pages WHERE source_id < 3 FOR UPDATE")
            claimed = due(first)
            named = first.claim(addresses(1, 2), 0, {})

        assert (claimed, named) == ([3, 4], set())
        assert due(first) == [1, 2]

    def test_many_at_once_claim_each_page_once(
        self, writer: Writer, joins: Callable[[], SharedFrontier]
    ) -> None:
        writer.write([found(number) for number in range(1, 401)])

        def claim_all(frontier: SharedFrontier) -> list[int | None]:
            mine: list[int | None] = []
            while claimed := due(frontier, 7):
                mine += claimed
            return mine

        with ThreadPoolExecutor(4) as pool:
            claims = list(pool.map(claim_all, [joins() for _ in range(4)]))

        assert sorted(number or 0 for claim in claims for number in claim) == list(range(1, 401))

    def test_of_the_articles_that_lists_name_each_is_claimed_once_and_noted(
        self, first: SharedFrontier, second: SharedFrontier, rows: Any
    ) -> None:
        listed = {("en", 1): NOON}

        assert first.claim(addresses(1, 2), 1, listed) == keys(1, 2)
        assert second.claim(addresses(2, 3), 0, {}) == keys(3)

        found_pages = rows("pages", "source_id", "depth", "listed_at", "attempts", "section")
        assert [tuple(row.values()) for row in found_pages] == [
            (1, 1, NOON, 1, "e_northkorea"),
            (2, 1, None, 1, "e_northkorea"),
            (3, 0, None, 1, "e_northkorea"),
        ]

    def test_a_nearer_way_counts(self, writer: Writer, first: SharedFrontier, rows: Any) -> None:
        writer.write([found(1, depth=2)])

        first.claim(addresses(1), 1, {})

        assert rows("pages", "depth") == [{"depth": 1}]

    def test_what_is_stored_and_not_due_is_claimed_only_where_it_is_forced(
        self, writer: Writer, engine: sa.Engine, first: SharedFrontier
    ) -> None:
        writer.write([make(1), make(2), make(3)])
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE pages SET due_at = '2999-01-01' WHERE source_id < 3")

        assert first.claim(addresses(1, 3), 0, {}) == keys(3)
        assert due(first) == []
        assert first.claim(addresses(1, 2), 0, {}, force=True) == keys(1, 2)

    def test_what_this_crawl_has_fetched_is_not_fetched_again(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        first.claim(addresses(1), 0, {})
        writer.write([make(1, at=datetime.now(UTC), modified_at=None)])

        assert second.claim(addresses(1), 0, {}, force=True) == set()

    def test_what_was_left_to_others_by_an_earlier_run_is_not_due(
        self, writer: Writer, first: SharedFrontier
    ) -> None:
        writer.write([Discovered(url=article_url(1), kind="article", discovered_at=NOON)])

        assert due(first) == []
        assert first.claim(addresses(1), 0, {}) == keys(1)


class TestALease:
    def test_that_has_ended_lets_another_crawler_in(
        self, engine: sa.Engine, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        first.claim(addresses(1), 0, {})
        assert (second.is_busy(), due(second)) == (True, [])

        end_leases(engine)

        assert not second.is_busy()
        assert due(second) == [1]

    def test_ends_with_the_fetch_that_is_stored(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier, rows: Any
    ) -> None:
        first.claim(addresses(1, 2, 3), 0, {})

        stored = make(1, at=datetime.now(UTC))
        writer.write([stored, fetched(2, 404), fetched(3)])

        assert [tuple(row.values()) for row in rows("pages", "lease_until", "attempts")] == [
            (None, 0)
        ] * 3
        assert (second.is_busy(), due(second)) == (False, [])

    def test_is_prolonged_while_its_crawler_lives(
        self, engine: sa.Engine, writer: Writer, first: SharedFrontier, rows: Any
    ) -> None:
        first.claim(addresses(1, 2), 0, {})
        writer.write([fetched(2)])
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE pages SET lease_until = now() + interval '1 second' WHERE source_id = 1"
            )

        first.renew()

        until = [row["lease_until"] for row in rows("pages", "lease_until")]
        assert until[0] > datetime.now(UTC) + timedelta(seconds=250)
        assert until[1] is None

    def test_of_another_crawler_is_not_prolonged(
        self, first: SharedFrontier, second: SharedFrontier, rows: Any
    ) -> None:
        first.claim(addresses(1), 0, {})
        before = rows("pages")

        second.renew()

        assert rows("pages") == before

    def test_that_is_given_back_is_free_at_once(
        self, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        first.claim(addresses(1), 0, {})

        first.release(untried=True)

        assert due(second) == [1]
        # And it is no longer the first one's to give back.
        first.release(untried=True)
        assert due(first) == []

    def test_counts_as_an_attempt_unless_the_page_was_not_got_to(
        self, first: SharedFrontier, rows: Any
    ) -> None:
        for untried, attempts in ((True, 0), (False, 1), (True, 1), (False, 2)):
            first.claim(addresses(1), 0, {})
            first.release(untried=untried)
            assert rows("pages", "attempts") == [{"attempts": attempts}]

    def test_is_taken_so_often_and_then_the_page_is_given_up(
        self, engine: sa.Engine, writer: Writer, joins: Callable[[], SharedFrontier], rows: Any
    ) -> None:
        """As where a page kills whoever reads it."""
        writer.write([found(1), found(2)])
        for _ in range(LEASES):
            assert due(joins()) == [1, 2]
            end_leases(engine)
        writer.write([fetched(2, 503)])

        last = joins()

        assert (due(last), last.claim(addresses(1), 0, {})) == ([], set())
        assert last.give_up() == [article_url(1)]
        assert last.give_up() == []
        planned = {row["source_id"]: row["due_at"] for row in rows("pages", "source_id", "due_at")}
        assert planned[1] is None
        assert planned[2] is not None

    def test_of_a_page_that_is_still_held_is_not_given_up(
        self, engine: sa.Engine, joins: Callable[[], SharedFrontier]
    ) -> None:
        for _ in range(LEASES):
            end_leases(engine)
            joins().claim(addresses(1), 0, {})

        assert joins().give_up() == []


class TestTheWriter:
    """Writes what one crawler learnt while the others claim."""

    def test_leaves_the_lease_of_a_page_that_another_crawler_found_meanwhile(
        self, engine: sa.Engine, writer: Writer, first: SharedFrontier, rows: Any
    ) -> None:
        claimed: list[object] = []

        @sa.event.listens_for(engine, "before_cursor_execute")
        def meanwhile(_: Any, __: Any, statement: str, *___: Any) -> None:
            # The writer has looked and has not found these pages.
            if statement.startswith("INSERT INTO pages") and not claimed:
                claimed.append(None)
                claimed.append(first.claim(addresses(1, 2), 0, {}))

        writer.write([found(1, depth=1), found(2), found(3)])

        assert claimed[1:] == [keys(1, 2)]
        leases = {row["source_id"]: row["lease_until"] for row in rows("pages")}
        assert leases[1] is not None
        assert leases[2] is not None
        assert leases[3] is None
        assert {row["depth"] for row in rows("pages", "depth")} == {0}

    def test_leaves_the_lease_of_a_page_that_it_knew_and_another_crawler_claimed_meanwhile(
        self, engine: sa.Engine, writer: Writer, first: SharedFrontier, rows: Any
    ) -> None:
        left = Discovered(url=article_url(1), kind="article", discovered_at=NOON)
        writer.write([left])
        claimed: list[object] = []

        @sa.event.listens_for(engine, "after_cursor_execute")
        def meanwhile(_: Any, __: Any, statement: str, *___: Any) -> None:
            if statement.startswith("SELECT pages.") and not claimed:
                claimed.append(None)
                claimed.append(first.claim(addresses(1), 0, {}))

        writer.write([found(1, depth=1)])

        assert claimed[1:] == [keys(1)]
        (page,) = rows("pages")
        assert page["lease_until"] is not None
        assert page["attempts"] == 1
