"""Section lists over many runs: what is new on them, what is history, and lists that vanish."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

LISTS = re.compile(r"^/arti/english_edition/[a-z_]+(/?$|\?|/list)")
ANY_NUMBER = ("-s", "HANICRAWLER_MAX_PROBLEMS=", "-s", "HANICRAWLER_DRIFT=")


@pytest.fixture
def large(replica: Any) -> Iterator[Any]:
    """A newspaper of which a first run stores a part, and names not much more."""
    with replica.Replica(replica.Newspaper.generate(900, template="english-next")) as site:
        yield site


def articles(site: Any) -> list[str]:
    return [path for path in site.paths if path.endswith(".html")]


def test_one_new_article_is_all_that_is_fetched_however_much_lies_below_the_first_page(
    crawl: Crawl, large: Any
) -> None:
    crawl(HANICRAWLER_SITE=large.url)
    (new,) = large.newspaper.publish(1)
    large.clear()

    done = crawl(*ANY_NUMBER, HANICRAWLER_SITE=large.url)

    assert (done.status, done.stderr) == (0, "")
    assert articles(large) == [new.path]
    assert sum("page=2" in path for path in large.paths) == 1
    assert done.value("SELECT count(*) FROM gaps WHERE oldest_id > 0") == 0

    large.clear()
    assert crawl(HANICRAWLER_SITE=large.url).status == 0
    assert articles(large) == []
    assert not any("page=2" in path for path in large.paths)


def test_lists_that_are_all_gone_are_an_alarm_in_every_run(
    crawl: Crawl, large: Any, replica: Any
) -> None:
    crawl(HANICRAWLER_SITE=large.url)
    large.fault(LISTS, replica.Fault.status(404))
    large.newspaper.publish(60)

    runs = [crawl(*ANY_NUMBER, HANICRAWLER_SITE=large.url) for _ in range(7)]

    assert [done.status for done in runs] == [1] * 7
    assert "Of 7 sections no list could be read" in runs[-1].stderr
    alarms = runs[-1].column("SELECT alarms FROM crawls ORDER BY id")
    assert alarms == [None, *["no_section_read"] * 7]
    assert ("fetch", "http_404") in runs[0].problems


def test_one_list_that_is_gone_is_an_alarm_for_some_runs_and_then_a_problem_only(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    crawl(HANICRAWLER_SITE=small.url)
    small.fault(re.compile("english_edition/e_business(/?$|[?]|/list)"), replica.Fault.status(404))

    runs = [crawl(HANICRAWLER_SITE=small.url) for _ in range(7)]

    assert [done.status for done in runs] == [1] * 5 + [0] * 2
    alarms = runs[-1].column("SELECT alarms FROM crawls ORDER BY id")
    assert alarms == [None, *["list_unreadable"] * 5, None, None]
    assert runs[-1].value("SELECT count(*) FROM problems WHERE resolved_at IS NULL") > 0


def test_a_backfill_that_reads_no_list_is_no_success(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(LISTS, replica.Fault.status(404))

    done = crawl("-a", "since=2012-01-01", HANICRAWLER_SITE=small.url)

    assert done.status == 1
    assert "no list could be read" in done.stderr
    assert done.column("SELECT alarms FROM crawls") == ["no_section_read"]
