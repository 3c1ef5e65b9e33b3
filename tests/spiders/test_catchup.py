"""How deep a section's lists are read: down to what was read before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.spiders.catchup import CatchUp, lowest_of_list

MOST = 10
ids = st.lists(st.integers(1, 2**31 - 1), max_size=40)


def page(top: int, step: int = 10, length: int = 15) -> list[int]:
    """Return a list page that falls from *top*."""
    return [top - n * step for n in range(length)]


class TestTheLowestOfAList:
    def test_is_the_last_of_a_plain_one(self) -> None:
        assert lowest_of_list(page(1000)) == 860

    def test_is_no_pinned_story_above_it(self) -> None:
        assert lowest_of_list([400, *page(1000)]) == 860
        assert lowest_of_list([400, 390, *page(1000)]) == 860

    def test_is_no_most_viewed_story_beside_it(self) -> None:
        """What people read is newer than what stands last, or older by far."""
        assert lowest_of_list([*page(1000), 930, 990, 870]) == 860
        assert lowest_of_list([*page(1000), 12]) == 860
        assert lowest_of_list([*page(1000), 995, 610, 12]) == 860

    def test_is_no_old_story_pinned_in_its_midst(self) -> None:
        assert lowest_of_list([*page(1000, length=5), 12, *page(950, length=10)]) == 860

    def test_is_what_there_is_of_a_short_one(self) -> None:
        assert lowest_of_list([]) == 0
        assert lowest_of_list([7]) == 7
        assert lowest_of_list([9, 7]) == 7

    def test_is_reached_over_the_jumps_that_lists_do_make(self) -> None:
        """A holiday, and ids that other editions' articles take."""
        assert lowest_of_list([1000, 990, 985, 890, 885, 880]) == 880

    @given(ids)
    def test_is_one_of_its_ids_or_none(self, numbers: list[int]) -> None:
        lowest = lowest_of_list(numbers)

        assert lowest in numbers or (lowest == 0 and not numbers)

    @given(st.integers(500, 2**31 - 1), st.integers(1, 9), st.integers(2, 40))
    def test_of_a_list_that_falls_evenly_is_its_last(
        self, top: int, step: int, length: int
    ) -> None:
        numbers = page(top, step, length)

        assert lowest_of_list(numbers) == numbers[-1]

    @given(st.integers(5000, 2**31 - 1), st.lists(st.integers(1, 2**31 - 1), max_size=5))
    def test_is_never_lower_than_the_list_for_what_a_sidebar_names(
        self, top: int, sidebar: list[int]
    ) -> None:
        """A list taken for deeper than it is would leave articles out."""
        numbers = page(top, 3)
        near = numbers[-1] - 20 * 3

        lowest = lowest_of_list([*numbers, *sidebar])

        assert lowest >= min([numbers[-1], *(n for n in sidebar if n >= near)])


class TestCatchingUp:
    def test_a_page_of_which_nothing_is_new_is_the_last(self) -> None:
        catch_up = CatchUp(1000, MOST)

        assert catch_up.read(page(1000), []) == "done"
        assert (catch_up.top, catch_up.down_to) == (1000, 860)

    def test_a_page_with_something_new_is_turned(self) -> None:
        """Something may be new below it, too: late articles are put in by their time."""
        assert CatchUp(1000, MOST).read(page(1010), [1010]) == "turn"

    def test_what_lies_below_everything_that_was_ever_read_is_history_and_no_news(self) -> None:
        """One new article pushes the last one of the first page to the second, among strangers."""
        catch_up = CatchUp(1000, MOST, floor=860)

        verdicts = [
            catch_up.read([1010, *page(1000)[:-1]], [1010]),
            catch_up.read([860, *page(850)], page(850)),
        ]

        assert verdicts == ["turn", "done"]

    def test_an_article_that_is_put_in_late_is_news_below_the_mark(self) -> None:
        assert CatchUp(1000, MOST, floor=860).read([*page(1000), 905], [905]) == "turn"

    def test_a_page_above_the_mark_is_turned_though_all_of_it_is_known(self) -> None:
        """The feed and the front have named its articles; what is below they have not."""
        catch_up = CatchUp(1000, MOST)

        verdicts = [catch_up.read(page(top), []) for top in (1400, 1250, 1100)]

        assert verdicts == ["turn", "turn", "done"]
        assert (catch_up.top, catch_up.down_to) == (1400, 960)

    def test_the_mark_is_met_by_the_list_and_by_nothing_beside_it(self) -> None:
        assert CatchUp(1000, MOST).read([*page(1400), 20], []) == "turn"
        assert CatchUp(1000, MOST).read([20, *page(1400)], []) == "turn"

    def test_of_a_new_section_the_first_page_is_all(self) -> None:
        catch_up = CatchUp(None, MOST)

        assert catch_up.read(page(1000), page(1000)) == "done"
        assert (catch_up.top, catch_up.down_to) == (1000, 860)

    def test_an_empty_page_is_the_last(self) -> None:
        catch_up = CatchUp(1000, MOST)
        catch_up.read(page(1400), page(1400))

        assert catch_up.read([], []) == "done"
        assert catch_up.down_to == 1260

    def test_no_more_pages_are_read_than_may_be(self) -> None:
        catch_up = CatchUp(1000, 3)

        verdicts = [catch_up.read(page(9000 - n * 150), [1]) for n in range(3)]

        assert verdicts == ["turn", "turn", "limit"]
        assert (catch_up.top, catch_up.down_to) == (9000, 8560)

    def test_the_last_page_that_may_be_read_may_be_the_end(self) -> None:
        assert CatchUp(1000, 1).read(page(1000), []) == "done"

    @given(
        st.integers(1, 5000),
        st.lists(st.integers(1, 30), max_size=400),
        st.sets(st.integers(0, 399)),
        st.integers(1, 15),
    )
    def test_whatever_was_published_and_whatever_is_known_of_it_all_above_the_mark_is_read(
        self, mark: int, steps: list[int], known: set[int], length: int
    ) -> None:
        new: list[int] = []
        for step in steps:
            new.insert(0, (new or [mark])[0] + step)
        listed = [*new, mark, *range(mark - 1, max(mark - 60, 0), -1)]
        unknown = {number for n, number in enumerate(new) if n not in known}
        catch_up = CatchUp(mark, 1000)

        read: list[int] = []
        verdict = "turn"
        while verdict == "turn":
            shown = listed[len(read) : len(read) + length]
            read += shown
            verdict = catch_up.read(shown, unknown.intersection(shown))

        assert verdict == "done"
        assert set(new) <= set(read)
        assert catch_up.top == listed[0]
