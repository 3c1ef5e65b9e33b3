"""What a run may cost, and that what is left is the next run's."""

from __future__ import annotations

import dataclasses
import re
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting import HANGS

if TYPE_CHECKING:
    from tests.commands.conftest import Crawl, Done

pytestmark = pytest.mark.slow


def assert_spent(done: Done, words: str) -> None:
    """A budget that was spent is no failure, and the run's row says so."""
    assert (done.status, done.stderr, done.outcome) == (0, "", "healthy")
    assert done.problems == set()
    assert done.value("SELECT failed FROM crawls") == 0
    assert done.value("SELECT reason FROM crawls") == f"{words}; what is left is the next run's."


@pytest.mark.parametrize("most", [1, 2, 9])
def test_no_more_requests_go_out_than_the_budget_has(crawl: Crawl, small: Any, most: int) -> None:
    done = crawl("-s", f"HANICRAWLER_MAX_REQUESTS={most}", HANICRAWLER_SITE=small.url)

    requests = "1 request" if most == 1 else f"{most} requests"
    assert_spent(done, f"The budget of {requests} was spent")
    assert len(small.paths) == most
    assert done.value("SELECT requests FROM crawls") == most


def test_what_is_left_is_fetched_by_the_next_run(crawl: Crawl, small: Any) -> None:
    stories = small.newspaper.stories()
    asked = f"urls={','.join(story.url for story in stories)}"

    done = crawl("-a", asked, HANICRAWLER_SITE=small.url, HANICRAWLER_MAX_REQUESTS="6")
    assert_spent(done, "The budget of 6 requests was spent")
    assert len(done.ids) == 5

    done = crawl("-a", asked, HANICRAWLER_SITE=small.url)
    assert (done.status, done.outcome) == (0, "healthy")
    assert len(done.ids) == 12


def test_a_budget_that_is_just_enough_is_not_spent(crawl: Crawl, small: Any) -> None:
    story = small.newspaper.stories()[0]

    done = crawl(
        *("-a", f"urls={story.url}", "-s", "HANICRAWLER_MAX_REQUESTS=2"),
        HANICRAWLER_SITE=small.url,
    )

    assert done.ids == {story.source_id}
    assert done.value("SELECT reason FROM crawls") is None


def test_retries_are_within_the_budget_and_a_page_that_got_an_error_is_told(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    story = small.newspaper.stories()[0]
    small.fault(story.path, replica.Fault.status(500))

    done = crawl(
        *("-a", f"urls={story.url}", "-s", "HANICRAWLER_MAX_REQUESTS=3"),
        HANICRAWLER_SITE=small.url,
    )

    assert small.paths[1:] == [story.path] * 2
    assert done.problems == {("fetch", "http_500")}


def test_a_budget_of_bytes_ends_the_run_with_what_was_under_way(crawl: Crawl, small: Any) -> None:
    one_by_one = ("-s", "CONCURRENT_REQUESTS=1", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
    asked = f"urls={','.join(story.url for story in small.newspaper.stories())}"

    done = crawl(
        *one_by_one,
        *("-a", asked, "-s", "HANICRAWLER_MAX_BYTES=100000"),
        HANICRAWLER_SITE=small.url,
    )

    assert_spent(done, "The budget of 100,000 bytes was spent")
    received = done.value("SELECT bytes FROM crawls")
    largest = 60_000
    assert 100_000 <= received < 100_000 + largest
    assert len(done.ids) == len(small.paths) - 1 < 12


def test_a_budget_of_seconds_ends_the_run(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(300, template="english-next")
    with replica.Replica(newspaper) as site:
        # Some come at once, the others one a second: all of it would take minutes.
        slow = dataclasses.replace(replica.Fault.slow(2), limit=(20, HANGS))
        site.fault(re.compile(r"\d\.html"), slow)
        begun = time.monotonic()

        done = crawl(
            *("-a", "since=1999-01-01", "-s", "CONCURRENT_REQUESTS=2"),
            *("-s", "HANICRAWLER_MAX_SECONDS=4.5"),
            HANICRAWLER_SITE=site.url,
        )

        assert time.monotonic() - begun < 120
    assert_spent(done, "The budget of 4.5 seconds was spent")
    assert 0 < len(done.ids) < 300
    assert done.value("SELECT new FROM crawls") == len(done.ids)


def test_a_delay_does_not_hold_up_a_run_whose_time_is_up(crawl: Crawl, small: Any) -> None:
    delay = f"DOWNLOAD_DELAY={2 * HANGS}"

    done = crawl(
        *("-s", delay, "-s", "HANICRAWLER_MAX_SECONDS=1"),
        HANICRAWLER_SITE=small.url,
    )

    assert_spent(done, "The budget of 1 second was spent")
    assert len(small.paths) <= 2


def test_the_empty_word_is_no_bound(crawl: Crawl, small: Any) -> None:
    done = crawl(
        HANICRAWLER_SITE=small.url,
        HANICRAWLER_MAX_REQUESTS="",
        HANICRAWLER_MAX_BYTES="",
        HANICRAWLER_MAX_SECONDS="",
    )

    assert (done.status, done.stderr) == (0, "")
    assert len(done.ids) == 12
