"""Scheduled runs: what one asks for that comes after another, and what it stores."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.scheduling import rows
from tests.commands.asked import articles, change, conditional, database_rows, lists, publish
from tests.waiting import HANGS, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

SECTIONS = 7
GAPS = "SELECT section, reason FROM gaps WHERE reason <> 'history'"


@pytest.fixture
def paper(replica: Any) -> Iterator[Any]:
    """The site with sections that fill their first list page, and a ranking that stands still."""
    newspaper = replica.Newspaper.generate(7 * 18, template="english-next")
    newspaper.rank(*[story.source_id for story in newspaper.stories()[:5]])
    with replica.Replica(newspaper) as site:
        yield site


@pytest.mark.parametrize("validators", [True, False])
def test_on_an_unchanged_site_a_run_asks_for_the_entrances_and_writes_only_its_own_row(
    crawl: Crawl, replica: Any, validators: bool
) -> None:
    newspaper = replica.Newspaper.generate(60, template="english-next")
    with replica.Replica(newspaper, validators=validators) as site:
        first = crawl(HANICRAWLER_SITE=site.url)
        before = database_rows(first.database)
        site.clear()

        again = crawl(HANICRAWLER_SITE=site.url)

        assert (again.stderr, again.status) == ("", 0)
        assert database_rows(first.database) == before
        codes = sorted(newspaper.sections())
        firsts = [f"/arti/english_edition/{code}?page=1" for code in codes]
        entrances = ["/rss/english_edition", "/", *firsts]
        assert Counter(site.paths) == Counter(["/robots.txt", *entrances])
        assert sorted(conditional(site)) == (sorted(entrances) if validators else [])
        ended = again.rows(
            "SELECT outcome, found, fetched, not_modified, new, changed, updated, unchanged, gone,"
            " failed, problems FROM crawls"
        )
        assert ended[1:] == [("healthy", 0, 0, SECTIONS + 2, 0, 0, 0, 0, 0, 0, 0)]


def test_a_new_article_that_one_list_names_is_fetched_and_nothing_else(
    crawl: Crawl, paper: Any
) -> None:
    done = crawl(HANICRAWLER_SITE=paper.url)
    before = len(done.ids)
    # Put in by its time, where neither the feed nor a front shows it.
    listed = paper.newspaper.stories("en", "e_business")
    late = dataclasses.replace(
        listed[6],
        source_id=listed[6].source_id + 1,
        headline="Put in late",
        related=(),
        original=None,
    )
    paper.newspaper.add(late)
    paper.clear()

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert articles(paper) == [late.source_id]
    assert len(done.ids) == before + 1
    # Below an unknown article there may be others.
    firsts = [f"{code}?page=1" for code in paper.newspaper.sections()]
    assert lists(paper) == sorted([*firsts, "e_business?page=2"])


class TestAwayForAHundredArticles:
    """All in one section, in which the feed, the front and the first page name but a few."""

    @pytest.fixture
    def missed(self, crawl: Crawl, paper: Any) -> list[int]:
        crawl(HANICRAWLER_SITE=paper.url)
        published = publish(paper, 100)
        paper.clear()
        return published

    def test_all_are_found_by_turning_pages_down_to_what_was_known(
        self, crawl: Crawl, paper: Any, missed: list[int]
    ) -> None:
        done = crawl(HANICRAWLER_SITE=paper.url)

        assert (done.stderr, done.status) == ("", 0)
        assert sorted(articles(paper)) == missed
        assert done.ids >= set(missed)
        turned = [page for page in lists(paper) if page.startswith("e_national")]
        # The seventh names the last of them, the eighth nothing new.
        assert turned == [f"e_national?page={n}" for n in range(1, 9)]
        assert done.rows(GAPS) == []

        paper.clear()
        crawl(HANICRAWLER_SITE=paper.url)
        assert (articles(paper), len(lists(paper))) == ([], SECTIONS)

    def test_a_bound_on_the_pages_leaves_a_gap_that_a_run_through_the_period_closes(
        self, crawl: Crawl, paper: Any, missed: list[int]
    ) -> None:
        bounded = {"HANICRAWLER_SITE": paper.url, "HANICRAWLER_LIST_PAGES": "2"}
        done = crawl(**bounded)
        assert (done.stderr, done.status) == ("", 0)
        turned = [page for page in lists(paper) if page.startswith("e_national")]
        assert turned == ["e_national?page=1", "e_national?page=2"]
        assert len(set(missed) - done.ids) == 70
        assert done.rows(GAPS) == [("e_national", "limit")]
        oldest, newest = done.rows("SELECT oldest_id, newest_id FROM gaps WHERE reason = 'limit'")[
            0
        ]
        assert {n for n in missed if oldest < n < newest} == set(missed) - done.ids

        stored = done.ids
        # Later runs are not held up by it.
        paper.clear()
        crawl(**bounded)
        assert (articles(paper), len(lists(paper))) == ([], SECTIONS)

        paper.clear()
        first = paper.newspaper.story(missed[0]).posted.date()
        filled = crawl("-a", f"since={first}", **bounded)
        assert (filled.stderr, filled.status) == ("", 0)
        assert filled.ids >= set(missed)
        assert filled.rows(GAPS) == []
        # What was stored is not fetched again.
        assert set(articles(paper)).isdisjoint(stored)


@pytest.mark.parametrize("count", [1, 40])
def test_a_list_page_that_failed_leaves_a_gap_that_the_next_run_closes(
    crawl: Crawl, paper: Any, replica: Any, count: int
) -> None:
    crawl(HANICRAWLER_SITE=paper.url)
    missed = publish(paper, count)
    paper.fault(re.compile(r"e_national\?page=2"), replica.Fault.status(500))

    failed = crawl("-s", "RETRY_TIMES=0", HANICRAWLER_SITE=paper.url)
    assert failed.status == 1
    # Of one new article the first page reaches down to what was known: nothing is missing.
    assert failed.rows(GAPS) == ([("e_national", "failed")] if count > 1 else [])

    paper.heal()
    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert done.ids >= set(missed)
    assert done.rows(GAPS) == []


def test_what_is_due_is_looked_at_again_and_what_lists_name_is_not(
    crawl: Crawl, paper: Any
) -> None:
    first = crawl(HANICRAWLER_SITE=paper.url)
    due = sorted(first.ids)[-3:-1]
    change(
        first.database,
        f"UPDATE pages SET due_at = '2026-01-01 00:00:00.000000' WHERE source_id IN {tuple(due)}",
    )
    (new,) = publish(paper, 1)
    paper.clear()

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert sorted(articles(paper)) == [*due, new]
    asked = [request for request in paper.requests if re.search(r"\d\.html$", request.path)]
    assert [("if-none-match" in request.headers) for request in asked].count(True) == 2
    # They are old: their turn does not come again.
    assert done.rows(f"SELECT due_at FROM pages WHERE source_id IN {tuple(due)}") == [(None,)] * 2


@pytest.mark.parametrize(
    "bound",
    [("CLOSESPIDER_PAGECOUNT", "25"), ("HANICRAWLER_MAX_REQUESTS", "25")],
    ids=["page count", "budget"],
)
def test_what_a_run_did_not_get_to_the_next_fetches_though_the_lists_are_unchanged(
    crawl: Crawl, paper: Any, bound: tuple[str, str]
) -> None:
    paced = ("-s", "CONCURRENT_REQUESTS=2", "-s", "=".join(bound))
    first = crawl(*paced, HANICRAWLER_SITE=paper.url)
    fetched, stored = set(articles(paper)), first.ids
    assert 0 < len(stored) < 25
    waiting = set(
        first.column("SELECT source_id FROM pages WHERE due_at IS NOT NULL AND fetched_at IS NULL")
    )
    assert len(waiting) > 20
    paper.clear()

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert done.value("SELECT not_modified FROM crawls ORDER BY id DESC") >= SECTIONS
    assert done.ids >= waiting | stored
    assert set(articles(paper)).isdisjoint(stored)
    assert fetched - stored <= set(articles(paper))


def test_what_a_killed_run_found_the_next_fetches(crawl: Crawl, paper: Any, replica: Any) -> None:
    # However slow the machine: some are stored, and it has more to do until it is killed.
    slow = dataclasses.replace(replica.Fault.slow(2), limit=(40, HANGS))
    paper.fault(re.compile(r"\d\.html"), slow)
    process = crawl.start("-s", "CONCURRENT_REQUESTS=4", HANICRAWLER_SITE=paper.url)
    stored = "SELECT 1 FROM articles"
    wait_until(lambda: bool(rows(crawl.database, stored)), process)
    process.kill()
    process.communicate()
    paper.heal()
    paper.clear()

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert done.column("SELECT outcome FROM crawls") == ["killed", "healthy"]
    named = {
        story.source_id
        for code in paper.newspaper.sections()
        for story in paper.newspaper.stories("en", code)[:15]
    }
    assert done.ids >= named
    assert done.rows(GAPS) == []
    assert done.value("SELECT count(*) FROM pages WHERE due_at IS NOT NULL") == 0
    assert len(articles(paper)) < len(done.ids)


def test_a_page_that_fails_is_tried_again_after_a_while_and_given_up_in_the_end(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    story = small.newspaper.stories()[0]
    small.fault(story.path, replica.Fault.status(500))
    run = {"HANICRAWLER_SITE": small.url, "HANICRAWLER_ATTEMPTS": "2"}
    quick = ("-s", "RETRY_TIMES=0")
    state = (
        "SELECT failures, (julianday(due_at) - julianday(fetched_at)) * 1440 FROM pages"
        f" WHERE source_id = {story.source_id}"
    )

    first = crawl(*quick, **run)
    ((failures, minutes),) = first.rows(state)
    assert (failures, round(minutes)) == (1, 15)

    small.clear()
    crawl(*quick, **run)
    assert articles(small) == []

    change(first.database, "UPDATE pages SET due_at = fetched_at WHERE failures = 1")
    done = crawl(*quick, **run)
    assert articles(small) == [story.source_id]
    assert done.rows(state) == [(2, None)]

    small.heal()
    small.newspaper.change(story.source_id, headline="The lists change, and name it")
    small.clear()
    done = crawl(*quick, **run)
    assert articles(small) == []
    assert story.source_id not in done.ids

    done = crawl("-a", f"urls={story.url}", **run)
    assert story.source_id in done.ids


def test_a_section_whose_list_has_vanished_is_read_in_its_other_form_from_then_on(
    crawl: Crawl, paper: Any, replica: Any
) -> None:
    crawl(HANICRAWLER_SITE=paper.url)
    paper.lists = "both"
    paper.fault(re.compile(r"page=\d"), replica.Fault.status(404))
    missed = publish(paper, 25)
    paper.clear()

    moved = crawl(HANICRAWLER_SITE=paper.url)

    assert (moved.stderr, moved.status) == ("", 0)
    assert "e_national?page=1" in lists(paper)
    assert "e_national/list3.html" in lists(paper)
    assert moved.ids >= set(missed)

    (new,) = publish(paper, 1)
    paper.clear()
    later = crawl(HANICRAWLER_SITE=paper.url)

    assert (later.stderr, later.status) == ("", 0)
    assert new in later.ids
    firsts = [f"{code}/list1.html" for code in paper.newspaper.sections()]
    # Down to what was read in the new form, and no further.
    assert lists(paper) == sorted([*firsts, "e_national/list2.html"])


def test_a_section_that_has_vanished_altogether_is_said_and_may_come_back(
    crawl: Crawl, paper: Any, replica: Any
) -> None:
    crawl(HANICRAWLER_SITE=paper.url)
    paper.fault(re.compile(r"/e_business(\?|/list|$)"), replica.Fault.status(404))

    asked = []
    for _ in range(3):
        paper.clear()
        done = crawl(HANICRAWLER_SITE=paper.url)
        assert "1 feed, front or list page could not be read" in done.stderr
        assert done.status == 1
        assert articles(paper) == []
        asked.append(len([path for path in paper.paths if "e_business" in path]))

    # Its front, and its list in both forms: it may come back.
    assert asked[1:] == [3, 3]


def test_a_list_that_had_articles_and_has_none_is_loud_and_nothing_is_missed(
    crawl: Crawl, paper: Any, replica: Any
) -> None:
    crawl(HANICRAWLER_SITE=paper.url)

    def emptied(page: Any, _: str) -> Any:
        body = re.sub(rb"<ul.*?</ul>", b"<ul></ul>", page.body, flags=re.S)
        body = re.sub(rb"<script.*?</script>", b"", body, flags=re.S)
        return dataclasses.replace(page, body=body, etag=None, last_modified=None)

    paper.fault(re.compile(r"e_national\?page=1"), replica.Fault("emptied", page=emptied))
    missed = publish(paper, 40)

    loud = crawl(HANICRAWLER_SITE=paper.url)

    assert loud.status == 1
    assert loud.stderr.startswith("scrapy crawl hani: ")
    assert ("discover", "no_stories") in loud.problems
    paper.heal()
    done = crawl(HANICRAWLER_SITE=paper.url)
    assert (done.stderr, done.status) == ("", 0)
    assert done.ids >= set(missed)
    assert done.value("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == 0
