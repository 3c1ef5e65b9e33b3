"""Runs of different kinds after one another: none keeps the next from what it would find."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.asked import articles, lists, publish

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow


@pytest.fixture
def paper(replica: Any) -> Iterator[Any]:
    newspaper = replica.Newspaper.generate(7 * 18, template="english-next")
    newspaper.rank(*[story.source_id for story in newspaper.stories()[:5]])
    with replica.Replica(newspaper) as site:
        yield site


def plain_run(site: Any) -> set[int]:
    """Return what a plain run into an empty database is to store."""
    newspaper = site.newspaper
    return {
        story.source_id
        for code in newspaper.sections()
        for story in newspaper.stories("en", code)[:15]
    }


@pytest.mark.parametrize("ends", [[], ["-a", "until=2012-03-31"]], ids=["to today", "long ago"])
def test_a_plain_run_after_one_through_a_period_misses_nothing_of_today(
    crawl: Crawl, paper: Any, ends: list[str]
) -> None:
    before = crawl("-a", "since=2012-03-01", *ends, HANICRAWLER_SITE=paper.url)
    assert (before.stderr, before.status) == ("", 0)
    (new,) = publish(paper, 1)

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert done.ids >= plain_run(paper) | {new}


def test_a_run_through_an_old_period_moves_no_mark_over_what_it_leaves(
    crawl: Crawl, paper: Any
) -> None:
    """As for who fills a gap of years ago after a week without runs."""
    crawl(HANICRAWLER_SITE=paper.url)
    missed = publish(paper, 40)

    old = crawl("-a", "since=2012-01-01", "-a", "until=2012-01-31", HANICRAWLER_SITE=paper.url)
    assert (old.stderr, old.status) == ("", 0)
    # It had to ask an article for its date here and there.
    assert len(old.ids & set(missed)) == 0

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert done.ids >= set(missed)
    assert done.rows("SELECT * FROM gaps WHERE reason <> 'history'") == []


def test_a_run_through_a_period_to_today_does_the_work_of_a_plain_one(
    crawl: Crawl, paper: Any
) -> None:
    crawl(HANICRAWLER_SITE=paper.url)
    missed = publish(paper, 40)
    since = paper.newspaper.story(missed[0]).posted.date()
    walked = crawl("-a", f"since={since}", HANICRAWLER_SITE=paper.url)
    assert walked.ids >= set(missed)
    paper.clear()

    done = crawl(HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert articles(paper) == []
    # Only the sections whose marks could be moved are read from the first page alone.
    assert "e_national?page=2" not in lists(paper)


def test_a_backfill_fetches_nothing_that_is_stored(crawl: Crawl, paper: Any) -> None:
    first = crawl(HANICRAWLER_SITE=paper.url)
    stored = first.ids
    paper.clear()

    done = crawl("-a", "since=2012-01-01", HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert set(articles(paper)).isdisjoint(stored)
    assert done.ids == {story.source_id for story in paper.newspaper.stories()}
    assert done.rows("SELECT DISTINCT newest_id, reason FROM gaps") == [(0, "history")]


def test_a_backfill_that_was_ended_goes_on_where_it_was(
    crawl: Crawl, paper: Any, replica: Any
) -> None:
    first = crawl(
        *("-a", "since=2012-01-01", "-s", "HANICRAWLER_MAX_REQUESTS=40"),
        HANICRAWLER_SITE=paper.url,
    )
    stored = first.ids
    assert 0 < len(stored) < 40
    paper.clear()

    done = crawl("-a", "since=2012-01-01", HANICRAWLER_SITE=paper.url)

    assert (done.stderr, done.status) == ("", 0)
    assert set(articles(paper)).isdisjoint(stored)
    assert len(done.ids) == len(paper.newspaper)


def test_originals_that_earlier_runs_left_are_fetched_when_they_are_asked_for(
    crawl: Crawl, site: Any
) -> None:
    plain = crawl(HANICRAWLER_SITE=site.url)
    named = set(
        plain.column("SELECT original_source_id FROM articles WHERE original_source_id IS NOT NULL")
    )
    there = {story.source_id for story in site.newspaper if story.edition == "ko"}
    assert named & there
    site.clear()

    done = crawl("-a", "originals=1", HANICRAWLER_SITE=site.url)

    korean = [path for path in site.paths if re.search(r"/arti/(?!english).*\d\.html", path)]
    assert len(korean) == len(set(korean)) == len(named)
    assert not [path for path in site.paths if re.search(r"english_edition.*\d\.html", path)]
    stored = done.column("SELECT source_id FROM articles WHERE edition = 'ko'")
    assert set(stored) == named & there

    # And those that are not there any more are not asked for every time.
    site.clear()
    crawl("-a", "originals=1", HANICRAWLER_SITE=site.url)
    assert articles(site) == []
