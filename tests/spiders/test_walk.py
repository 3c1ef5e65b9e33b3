"""A list of articles 100, 99, 98 ... where article n was posted on day n of a long month."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

from hanicrawler.items import StoryLink
from hanicrawler.spiders.arguments import Period
from hanicrawler.spiders.walk import Key, Step, Walk

FIRST = datetime(2024, 1, 1, 3, tzinfo=UTC)


def day(number: int) -> date:
    return (FIRST + timedelta(days=number)).date()


def posted(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def links(*numbers: int, listed: bool = False) -> list[tuple[Key, StoryLink]]:
    return [
        (
            ("en", number),
            StoryLink(
                url=f"https://english.hani.co.kr/arti/english_edition/e_x/{number}.html",
                headline="",
                edition="en",
                source_id=number,
                listed_text=posted(number).isoformat() if listed else None,
            ),
        )
        for number in numbers
    ]


def listed_date(link: StoryLink) -> datetime | None:
    return datetime.fromisoformat(link.listed_text) if link.listed_text else None


def ids(step_links: tuple[StoryLink, ...]) -> list[int | None]:
    return [link.source_id for link in step_links]


class Run:
    """A walk and what the run knows."""

    def __init__(self, since: int | None, until: int | None) -> None:
        self.dates: dict[Key, datetime | None] = {}
        period = Period(
            None if since is None else day(since), None if until is None else day(until)
        )
        self.walk = Walk(period, self.dates, listed_date)

    def settle(self, number: int, *, readable: bool = True) -> Step:
        self.dates["en", number] = posted(number) if readable else None
        return self.walk.settle(("en", number))


def test_with_since_alone_every_article_is_fetched_and_the_page_turned_at_the_first_inside() -> (
    None
):
    run = Run(since=90, until=None)

    step = run.walk.read(links(100, 99, 98))
    assert ids(step.fetch) == [100, 99, 98]
    assert not step.turn
    assert run.settle(99).turn
    assert not run.settle(100).turn


def test_the_walk_ends_when_every_new_article_of_a_page_is_older() -> None:
    run = Run(since=90, until=None)
    run.walk.read(links(89, 88))

    assert not run.settle(88).turn
    assert not run.walk.ended
    assert not run.settle(89).turn
    assert run.walk.ended


def test_a_page_later_than_the_period_costs_its_oldest_article_only() -> None:
    run = Run(since=10, until=20)

    step = run.walk.read(links(100, 99, 98))
    assert ids(step.fetch) == [98]
    step = run.settle(98)
    assert step.turn
    assert step.fetch == ()
    assert ids(step.skipped) == [100, 99]


def test_a_page_that_reaches_the_period_is_fetched_whole() -> None:
    run = Run(since=10, until=20)
    run.walk.read(links(22, 21, 20, 19))

    step = run.settle(19)
    assert ids(step.fetch) == [22, 21, 20]
    assert step.turn


def test_a_sidebar_at_the_end_of_a_page_does_not_hide_the_list() -> None:
    run = Run(since=10, until=20)

    step = run.walk.read(links(15, 14, 13, 100))
    assert ids(step.fetch) == [100, 13]
    assert run.settle(100) == Step()
    assert ids(run.settle(13).fetch) == [15, 14]


def test_links_seen_on_earlier_pages_do_not_count() -> None:
    run = Run(since=90, until=None)
    run.walk.read(links(100, 99, 500))
    run.settle(100)

    step = run.walk.read(links(89, 88, 500))
    assert ids(step.fetch) == [89, 88]
    run.settle(88)
    run.settle(89)
    assert run.walk.ended


def test_a_page_that_repeats_those_before_ends_the_walk() -> None:
    run = Run(since=90, until=None)
    run.walk.read(links(100, 99))

    step = run.walk.read(links(100, 99))
    assert step.repeats
    assert run.walk.ended


def test_a_repeating_page_is_turned_where_that_is_expected() -> None:
    run = Run(since=90, until=None)
    run.walk.read(links(100, 99))

    step = run.walk.read(links(100, 99), again=True)
    assert step.turn
    assert not step.repeats
    assert not run.walk.ended


def test_dates_the_list_prints_are_used_and_nothing_outside_is_fetched() -> None:
    run = Run(since=10, until=20)

    step = run.walk.read(links(21, 20, 11, 10, 9, listed=True))
    assert ids(step.fetch) == [20, 11, 10]
    assert ids(step.skipped) == [21, 9]
    assert step.turn


def test_a_list_whose_dates_are_all_older_ends_the_walk_without_a_fetch() -> None:
    run = Run(since=10, until=None)

    step = run.walk.read(links(9, 8, listed=True))
    assert step.fetch == ()
    assert not step.turn
    assert run.walk.ended


def test_an_unreadable_probe_is_replaced_by_the_next_oldest() -> None:
    run = Run(since=10, until=20)
    run.walk.read(links(100, 99, 98))

    step = run.settle(98, readable=False)
    assert ids(step.fetch) == [99]
    step = run.settle(99)
    assert ids(step.skipped) == [100]
    assert step.turn


def test_a_page_of_which_nothing_can_be_read_is_turned() -> None:
    run = Run(since=10, until=None)
    run.walk.read(links(100, 99))

    assert not run.settle(100, readable=False).turn
    assert run.settle(99, readable=False).turn
    assert not run.walk.ended


def test_without_since_the_walk_goes_on_to_the_lists_end() -> None:
    run = Run(since=None, until=20)
    run.walk.read(links(12, 11, 10))

    step = run.settle(10)
    assert ids(step.fetch) == [12, 11]
    assert step.turn


def test_what_another_walk_has_fetched_already_counts() -> None:
    run = Run(since=90, until=None)
    run.dates.update({("en", 89): posted(89), ("en", 88): posted(88)})

    step = run.walk.read(links(89, 88))
    assert step == Step()
    assert run.walk.ended


def test_articles_of_other_pages_change_nothing() -> None:
    run = Run(since=90, until=None)
    run.walk.read(links(100, 99))

    assert run.settle(55) == Step()


def walk_back(since: int | None, until: int | None, size: int) -> tuple[set[int], int]:
    """Walk an archive of articles 300 to 1; return which were fetched, and how many pages."""
    run = Run(since, until)
    archive = list(range(300, 0, -1))
    fetched: set[int] = set()
    pages = 0
    to_read = iter(range(0, len(archive), size))
    queue: list[int] = []

    def obey(step: Step) -> Iterator[int]:
        queue.extend(link.source_id or 0 for link in step.fetch)
        if step.turn and (start := next(to_read, None)) is not None:
            yield start

    turns = [next(to_read)]
    while turns or queue:
        if turns:
            pages += 1
            start = turns.pop()
            turns.extend(obey(run.walk.read(links(*archive[start : start + size]))))
        else:
            number = queue.pop(0)
            fetched.add(number)
            turns.extend(obey(run.settle(number)))
    return fetched, pages


def test_however_deep_the_period_every_article_of_it_is_fetched_and_few_others() -> None:
    bounds: Mapping[str, tuple[int | None, int | None]] = {
        "deep": (20, 40),
        "new": (280, None),
        "one day": (150, 150),
        "to the end": (None, 12),
    }
    for since, until in bounds.values():
        for size in (1, 7, 30):
            fetched, pages = walk_back(since, until, size)

            inside = set(range(since or 1, (until or 300) + 1))
            assert inside <= fetched
            assert len(fetched - inside) <= pages + 2 * size
