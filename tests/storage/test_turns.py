"""In which order crawlers that share a crawl claim its pages, and which of them at all.

PostgreSQL only.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.items import Discovered, Fetch, Passed
from tests.storage.claims import addresses, due, end_leases, fetched, found, ids
from tests.storage.conftest import NOON, article_url, make

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.storage import SharedFrontier, Writer

pytestmark = pytest.mark.parametrize("stored_at", ["postgresql"], indirect=True)

FEED = "https://www.hani.co.kr/rss/english_edition"
SECTION = "https://english.hani.co.kr/arti/english_edition/e_national"


class TestLinkedArticles:
    """Each level waits until nothing nearer is left, as in a crawl that one does alone."""

    def test_wait_for_what_is_nearer_to_be_stored(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        writer.write([found(1), found(2, depth=1), found(3, depth=2)])

        assert due(first) == [1]
        assert due(second) == []
        writer.write([fetched(1)])
        assert due(second) == [2]
        assert due(first) == []
        writer.write([fetched(2)])
        assert due(first) == [3]

    def test_wait_for_a_nearer_one_that_is_looked_at_again(
        self, writer: Writer, engine: sa.Engine, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        writer.write([found(1), make(1), found(2, depth=1)])
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE pages SET due_at = '2026-03-01' WHERE source_id = 1")
        assert ids(first.claim_due(1, plain=True)) == [1]

        assert due(second) == []

        end_leases(engine)
        assert due(second) == [1, 2]

    def test_wait_for_every_entrance(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        writer.write([found(2, depth=1)])
        first.open_entrances([(FEED, "feed")])
        assert due(second) == []
        first.claim_entrance()
        assert due(second) == []

        writer.write([Passed(url=FEED)])

        assert due(second) == [2]

    def test_of_a_dead_crawler_come_in_their_turn_too(
        self, engine: sa.Engine, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        writer.write([found(1), found(2, depth=1)])
        due(first)

        end_leases(engine)

        assert due(second) == [1]

    def test_that_were_stored_before_wait_for_nothing(
        self, writer: Writer, engine: sa.Engine, first: SharedFrontier
    ) -> None:
        writer.write([found(1, depth=0), found(2, depth=1), make(2)])
        with engine.begin() as connection:
            connection.exec_driver_sql("UPDATE pages SET due_at = now() WHERE source_id = 2")

        assert due(first) == [1, 2]

    def test_found_by_a_crawl_for_a_period_are_its_own_and_other_due_ones_are_not(
        self, writer: Writer, engine: sa.Engine, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        writer.write([found(1), found(2, depth=1)])
        first.claim(addresses(3), 0, {})
        writer.write([fetched(3)])
        moment = datetime.now(UTC)
        linked = Discovered(
            url=article_url(4), kind="article", discovered_at=moment, due_at=moment, depth=1
        )
        writer.write([linked])
        first.claim(addresses(5), 0, {})
        end_leases(engine)

        assert due(second, plain=False) == [5]


class TestAnEntrance:
    def test_is_claimed_by_one_crawler_at_a_time_until_it_is_gone_through(
        self, engine: sa.Engine, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        first.open_entrances([(SECTION, "list"), (FEED, "feed")])

        claims = [frontier.claim_entrance() for frontier in (first, second, first)]

        assert [[page.url for page in pages] for pages in claims] == [[SECTION], [FEED], []]
        writer.write([Passed(url=SECTION)])
        end_leases(engine)
        assert [page.url for page in first.claim_entrance()] == [FEED]

    def test_stays_claimed_when_it_is_fetched_for_its_links_are_not_noted_yet(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        first.open_entrances([(FEED, "feed")])
        first.claim_entrance()

        writer.write(
            [Fetch(url=FEED, kind="feed", fetched_at=datetime.now(UTC), status=200, body_hash="a")]
        )

        assert (second.claim_entrance(), second.is_busy()) == ([], True)

    def test_is_opened_anew_by_the_next_crawl(self, writer: Writer, first: SharedFrontier) -> None:
        first.open_entrances([(FEED, "feed")])
        first.claim_entrance()
        writer.write([Passed(url=FEED)])

        first.open_entrances([(FEED, "feed")])

        assert [page.url for page in first.claim_entrance()] == [FEED]

    def test_that_a_page_names_is_gone_through_once_in_a_crawl(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier
    ) -> None:
        first.open_section(SECTION)
        first.claim_entrance()
        second.open_section(SECTION)
        assert second.claim_entrance() == []
        writer.write(
            [
                Fetch(url=SECTION, kind="list", fetched_at=datetime.now(UTC), status=404),
                Passed(url=SECTION),
            ]
        )

        second.open_section(SECTION)

        assert second.claim_entrance() == []

    def test_that_an_earlier_run_fetched_is_opened_when_a_page_names_it(
        self, writer: Writer, first: SharedFrontier
    ) -> None:
        writer.write([Fetch(url=SECTION, kind="list", fetched_at=NOON, status=404)])

        first.open_section(SECTION)

        assert [page.url for page in first.claim_entrance()] == [SECTION]


class TestArticlesAskedFor:
    def test_are_claimed_due_or_not_by_whoever_comes_first(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier, rows: Any
    ) -> None:
        writer.write([found(1, depth=2), make(2), found(9)])

        first.open_articles(addresses(1, 2, 3), 0)

        assert due(first, 2, plain=False) == [1, 2]
        assert due(second, plain=False) == [3]
        assert {row["depth"] for row in rows("pages", "depth")[:2]} == {0}


class TestTheDead:
    def test_leave_a_crawl_for_something_else_nothing_to_do(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier, rows: Any
    ) -> None:
        """As where a plain crawl died and one for some addresses follows."""
        writer.write([found(1), found(2)])
        first.open_entrances([(FEED, "feed"), (SECTION, "list")])
        first.claim_entrance()
        assert due(first, 1) == [1]

        second.forget_the_dead()
        second.open_articles(addresses(3), 0)

        assert second.claim_entrance() == []
        assert due(second, plain=False) == [3]

    def test_leave_what_was_due_to_the_next_plain_crawl(
        self, writer: Writer, first: SharedFrontier, second: SharedFrontier, rows: Any
    ) -> None:
        writer.write([found(1), found(2)])
        first.open_entrances([(FEED, "feed")])
        due(first, 1)
        attempts = {row["source_id"]: row["attempts"] for row in rows("pages")}

        second.forget_the_dead()
        second.open_entrances([(FEED, "feed")])

        assert [page.url for page in second.claim_entrance()] == [FEED]
        assert {row["source_id"]: row["attempts"] for row in rows("pages")} == attempts | {None: 1}
        assert due(second) == [1, 2]
