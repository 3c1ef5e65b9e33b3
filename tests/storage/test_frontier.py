"""What a spider asks the crawler's memory: what is known, what is due, what comes in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.items import Article, Discovered, Fetch, Passed
from hanicrawler.storage import Frontier, KnownPage, Revisits, Writer
from tests.storage.conftest import NOON, article_url, make

if TYPE_CHECKING:
    import sqlalchemy as sa

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = "https://www.hani.co.kr/rss/english_edition"
FRONT = "https://english.hani.co.kr/"
LIST = "https://english.hani.co.kr/arti/english_edition/e_national?page=1"


@pytest.fixture
def frontier(engine: sa.Engine) -> Frontier:
    return Frontier(engine)


def found(source_id: int, **changes: Any) -> Discovered:
    """Return a new article that is to be fetched now."""
    values: dict[str, Any] = {
        "url": article_url(source_id),
        "kind": "article",
        "discovered_at": NOON,
        "due_at": NOON,
        "depth": 0,
    }
    return Discovered(**(values | changes))


def fetch(source_id: int, status: int | None = 200, **changes: Any) -> Fetch:
    values: dict[str, Any] = {"url": article_url(source_id), "kind": "article", "fetched_at": NOON}
    return Fetch(**(values | changes), status=status)


def posted(source_id: int, moment: datetime, **changes: Any) -> Article:
    """Return an article of which nobody has changed a word since."""
    return make(source_id, published_at=moment, modified_at=None, **changes)


def ids(pages: list[KnownPage]) -> list[int | None]:
    return [page.source_id for page in pages]


def page_of(frontier: Frontier, source_id: int) -> KnownPage:
    return frontier.known([("en", source_id)])["en", source_id]


def due_in(frontier: Frontier, source_id: int) -> timedelta | None:
    """Return how long after its last fetch a page is due; None is never."""
    page = page_of(frontier, source_id)
    assert page.fetched_at is not None
    return None if page.due_at is None else page.due_at - page.fetched_at


class TestWhatIsKnown:
    def test_of_articles_by_edition_and_id_whatever_their_address(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        korean = "https://www.hani.co.kr/arti/politics/assembly/7.html"
        writer.write([found(7), found(8), found(7, url=korean)])

        known = frontier.known([("en", 7), ("en", 9), ("ko", 7), ("ko", 8)])

        assert {key: page.url for key, page in known.items()} == {
            ("en", 7): article_url(7),
            ("ko", 7): korean,
        }
        page = known["en", 7]
        assert (page.fetched_at, page.due_at, page.depth, page.section) == (
            None, NOON, 0, "e_northkorea",
        )  # fmt: skip
        assert page.address.url == article_url(7)

    def test_of_more_articles_than_a_statement_takes(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        writer.write([found(number) for number in range(1, 2501)])

        assert len(frontier.known(("en", number) for number in range(1, 5001))) == 2500

    def test_when_stored_articles_were_posted(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        writer.write([article(1), article(2, published_at=None), found(3)])

        known = frontier.posted([("en", 1), ("en", 2), ("en", 3)])

        assert known == {("en", 1): NOON - 2 * DAY, ("en", 2): None}

    def test_the_entrances_are_all_pages_but_articles(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        entrances = {FEED: "feed", FRONT: "front", LIST: "list"}
        writer.write(
            [
                found(1),
                *(
                    fetch(0, url=url, kind=kind, etag='"e"', body_hash="a" * 64, top_id=9)
                    for url, kind in entrances.items()
                ),
            ]
        )

        known = frontier.entrances()

        assert {url: page.kind for url, page in known.items()} == entrances
        assert (known[LIST].etag, known[LIST].body_hash, known[LIST].top_id) == (
            '"e"', "a" * 64, 9,
        )  # fmt: skip

    def test_an_entrance_has_no_address_of_an_article(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        writer.write([fetch(0, url=LIST, kind="list")])

        with pytest.raises(ValueError, match="no article"):
            _ = frontier.entrances()[LIST].address

    def test_the_originals_that_stored_articles_name_and_no_page_does(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        def original(number: int) -> str:
            return f"https://www.hani.co.kr/arti/politics/assembly/{number}.html"

        named = {1: 51, 2: 52, 3: 52, 4: 53, 5: 54}
        writer.write(
            [
                article(1, original_url=None),
                *(
                    article(10 + english, original_url=original(korean), original_source_id=korean)
                    for english, korean in named.items()
                ),
                found(53, url=original(53)),
            ]
        )

        assert frontier.originals(2) == [(51, original(51)), (52, original(52))]
        assert frontier.originals(2, after=52) == [(54, original(54))]
        assert frontier.originals(2, after=54) == []


class TestWhatIsDue:
    def test_the_longest_due_come_first_and_what_is_not_due_does_not_come(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        waits = {1: 1, 2: 3, 3: 2, 4: 0, 5: -1}
        writer.write([found(number, due_at=NOON - hours * HOUR) for number, hours in waits.items()])
        writer.write([found(6, due_at=None, depth=None), fetch(0, url=LIST, kind="list")])

        assert ids(frontier.due(NOON, 10)) == [2, 3, 1, 4]
        assert ids(frontier.due(NOON + HOUR, 10)) == [2, 3, 1, 4, 5]

    @pytest.mark.parametrize("size", [1, 2, 3, 7, 30])
    def test_page_by_page_each_comes_once_though_many_are_due_at_the_same_time(
        self, writer: Writer, frontier: Frontier, size: int
    ) -> None:
        writer.write([found(n, due_at=NOON - (n % 3) * HOUR) for n in range(1, 21)])
        whole = ids(frontier.due(NOON, 100))
        assert sorted(number or 0 for number in whole) == list(range(1, 21))

        came: list[int | None] = []
        after = None
        while (due := frontier.due(NOON, size, after)) and len(came) < len(whole):
            assert len(due) <= size
            came += ids(due)
            assert due[-1].due_at is not None
            after = (due[-1].due_at, due[-1].id)

        assert (came, due) == (whole, [])

    def test_a_list_is_reason_to_fetch_what_is_due_or_was_not_got_to(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        writer.write([found(1, due_at=None, depth=None), posted(2, NOON)])
        never_fetched, stored = page_of(frontier, 1), page_of(frontier, 2)

        assert never_fetched.is_wanted(NOON)
        assert not stored.is_wanted(NOON + 15 * MINUTE - timedelta(seconds=1))
        assert stored.is_wanted(NOON + 15 * MINUTE)


class TestWhenAnArticleIsDueAgain:
    """As the writer leaves it after a fetch at noon."""

    @pytest.mark.parametrize(
        ("age", "expected"),
        [(HOUR, 15 * MINUTE), (5 * HOUR, HOUR), (2 * DAY, 3 * HOUR), (9 * DAY, 3 * DAY)],
    )
    def test_by_its_age(
        self, writer: Writer, frontier: Frontier, article: Any, age: timedelta, expected: timedelta
    ) -> None:
        writer.write([posted(1, NOON - age)])

        assert due_in(frontier, 1) == expected
        assert ids(frontier.due(NOON + expected - MINUTE, 9)) == []
        assert ids(frontier.due(NOON + expected, 9)) == [1]

    def test_never_once_it_is_old(self, writer: Writer, frontier: Frontier, article: Any) -> None:
        writer.write([found(1), posted(1, NOON - 366 * DAY)])

        assert due_in(frontier, 1) is None

    def test_by_a_rule_of_ones_own(
        self, engine: sa.Engine, frontier: Frontier, article: Any
    ) -> None:
        Writer(engine, None, None, Revisits.parse("9999d:7m")).write([article(1)])

        assert due_in(frontier, 1) == 7 * MINUTE

    def test_by_when_it_was_first_seen_where_its_date_is_impossible(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        writer.write([article(1, published_at=None)])
        assert due_in(frontier, 1) == 15 * MINUTE

        writer.write([article(1, published_at=None, at=NOON + 5 * HOUR)])
        assert due_in(frontier, 1) == HOUR

    @pytest.mark.parametrize("answer", [{"status": 304}, {"status": 200, "body_hash": "c" * 64}])
    def test_unchanged_counts_like_a_visit(
        self, writer: Writer, frontier: Frontier, article: Any, answer: dict[str, Any]
    ) -> None:
        writer.write([posted(1, NOON - HOUR, fetch={"body_hash": "c" * 64})])

        writer.write([fetch(1, fetched_at=NOON + 4 * HOUR, **answer)])

        assert due_in(frontier, 1) == HOUR
        assert page_of(frontier, 1).failures == 0

    @pytest.mark.parametrize("status", [404, 410])
    def test_one_that_is_gone_is_still_looked_at_in_its_turn(
        self, writer: Writer, frontier: Frontier, article: Any, status: int
    ) -> None:
        """It may come back."""
        writer.write([posted(1, NOON - HOUR)])

        writer.write([fetch(1, status, fetched_at=NOON + n * 20 * MINUTE) for n in (1, 2, 3)])

        assert due_in(frontier, 1) == 15 * MINUTE

    @pytest.mark.parametrize("status", [404, 503, 302, None])
    def test_one_that_was_never_read_soon_then_later_then_not_at_all(
        self, writer: Writer, frontier: Frontier, status: int | None
    ) -> None:
        writer.write([found(1)])

        waits = []
        at: datetime | None = NOON
        while at is not None:
            writer.write([fetch(1, status, fetched_at=at)])
            waits.append(due_in(frontier, 1))
            at = page_of(frontier, 1).due_at

        assert waits == [15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, None]
        assert not page_of(frontier, 1).is_wanted(NOON + 999 * DAY)

    def test_one_that_came_and_could_not_be_read_as_one_that_failed(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        writer.write([found(1), fetch(1, 200)])

        assert (page_of(frontier, 1).failures, due_in(frontier, 1)) == (1, 15 * MINUTE)

    def test_a_success_ends_the_failures(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        failed = [fetch(1, 503, fetched_at=NOON + n * HOUR) for n in range(3)]
        writer.write([found(1), *failed, posted(1, NOON, at=NOON + 4 * HOUR)])

        assert (page_of(frontier, 1).failures, due_in(frontier, 1)) == (0, HOUR)


class TestWhatWasFound:
    def test_learns_a_turn_and_a_nearer_way_until_it_is_fetched(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        writer.write([found(1, due_at=None, depth=None), found(2, depth=2), found(3, depth=1)])

        later = NOON + HOUR
        writer.write([found(n, due_at=later, depth=1, listed_at=NOON - DAY) for n in (1, 2)])
        writer.write([found(3, due_at=later, depth=2)])

        assert [
            (page.due_at, page.depth) for page in (page_of(frontier, n) for n in (1, 2, 3))
        ] == [(later, 1), (NOON, 1), (NOON, 1)]

    def test_keeps_the_first_date_that_a_list_printed(self, writer: Writer, rows: Any) -> None:
        writer.write([found(1), found(1, listed_at=NOON - DAY), found(1, listed_at=NOON)])
        writer.write([found(1, listed_at=NOON)])

        assert rows("pages", "listed_at") == [{"listed_at": NOON - DAY}]

    def test_does_not_touch_the_turn_of_what_was_fetched(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        writer.write([found(1, depth=2), article(1)])
        before = page_of(frontier, 1)

        writer.write([found(1, due_at=NOON + MINUTE, depth=0)])
        # Nor in the batch that fetches it.
        writer.write([article(2, at=NOON), found(2, due_at=NOON + MINUTE, depth=0)])

        assert page_of(frontier, 1) == before
        assert (due_in(frontier, 2), page_of(frontier, 2).depth) == (3 * HOUR, None)

    def test_is_not_fetched_where_it_was_passed_over(
        self, writer: Writer, frontier: Frontier, article: Any
    ) -> None:
        writer.write([found(1), found(2), article(3)])

        writer.write([Passed(url=article_url(n)) for n in (1, 3, 4)])

        assert ids(frontier.due(NOON, 9)) == [2]
        # A run that wants it may still take it, and what is stored keeps its turn.
        assert page_of(frontier, 1).is_wanted(NOON)
        assert due_in(frontier, 3) == 3 * HOUR
        assert frontier.known([("en", 4)]) == {}

    def test_an_entrance_that_was_gone_through_is_closed(self, writer: Writer, rows: Any) -> None:
        writer.write([Discovered(url=LIST, kind="list", discovered_at=NOON, due_at=NOON)])
        writer.write([fetch(0, url=LIST, kind="list", etag='"e"', body_hash="a" * 64)])
        assert rows("pages", "due_at") == [{"due_at": NOON}]

        writer.write([Passed(url=LIST)])

        assert rows("pages", "due_at", "etag") == [{"due_at": None, "etag": '"e"'}]


class TestAnEntrance:
    def test_was_read_once_it_came_and_stays_so_when_it_fails(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        never = FEED
        writer.write(
            [
                fetch(0, 503, url=never, kind="feed"),
                fetch(0, url=LIST, kind="list", body_hash="a" * 64),
            ]
        )
        writer.write([fetch(0, 503, url=LIST, kind="list", fetched_at=NOON + HOUR)])

        known = frontier.entrances()

        assert not known[never].was_read
        assert known[LIST].was_read
        assert known[LIST].failures == 1

    def test_of_which_something_was_left_is_read_again_whatever_the_site_says(
        self, writer: Writer, frontier: Frontier
    ) -> None:
        whole = fetch(0, url=LIST, kind="list", etag='"e"', body_hash="a" * 64, top_id=9)
        left = fetch(0, url=LIST, kind="list", body_hash="", fetched_at=NOON + HOUR)
        writer.write([whole, left])

        page = frontier.entrances()[LIST]

        assert page.was_read
        assert (page.etag, page.last_modified, page.body_hash, page.top_id) == (None, None, None, 9)
