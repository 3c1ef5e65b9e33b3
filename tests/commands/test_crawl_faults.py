"""What goes wrong on the way: each is a problem row with a stable code, and the run goes on."""

from __future__ import annotations

import re
import signal
from typing import TYPE_CHECKING, Any

import pytest

from tests.waiting import HANGS, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

QUICK = ("-s", "RETRY_TIMES=0")
FAULTS: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "500": (lambda fault: fault.status(500), "fetch", "http_500"),
    "403": (lambda fault: fault.status(403), "fetch", "http_403"),
    "410": (lambda fault: fault.status(410), "fetch", "http_410"),
    "reset": (lambda fault: fault.reset(), "fetch", "connection_failed"),
    "no answer": (lambda fault: fault.no_answer(), "fetch", "connection_failed"),
    "not HTTP": (lambda fault: fault.garbage(), "fetch", "connection_failed"),
    "truncated": (lambda fault: fault.truncated(), "fetch", "truncated"),
    "loop": (lambda fault: fault.endless_redirect(), "fetch", "redirect_loop"),
    "to the front": (lambda fault: fault.redirect("/"), "fetch", "redirected"),
    "off the site": (
        lambda fault: fault.redirect("https://example.com/arti/1.html"),
        "fetch",
        "redirected",
    ),
    "to the print view": (
        lambda fault: fault.redirect("/arti/PRINT/1.html"),
        "fetch",
        "redirected",
    ),
    "huge": (lambda fault: fault.huge(12), "fetch", "too_large"),
    "bomb": (lambda fault: fault.gzip_bomb(), "fetch", "too_large"),
    "empty": (lambda fault: fault.empty(), "parse", "empty"),
    "a picture": (lambda fault: fault.not_html(), "parse", "not_html"),
    "deep": (lambda fault: fault.deep(), "parse", "too_deep"),
    "no date": (lambda fault: fault.without("date"), "parse", "no_date"),
}


def test_every_bad_page_is_a_problem_and_the_others_are_stored(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(len(FAULTS) + 10, template="english-next")
    stories = newspaper.stories()
    expected = {}
    with replica.Replica(newspaper) as site:
        for story, (make, stage, code) in zip(stories, FAULTS.values(), strict=False):
            site.fault(story.path, make(replica.Fault))
            expected[story.url] = (stage, code)

        oldest = stories[-1].posted.date()
        done = crawl(*QUICK, "-a", f"since={oldest}", HANICRAWLER_SITE=site.url)

    found = {
        url: (stage, code)
        for url, stage, code in done.rows("SELECT url, stage, code FROM problems")
    }
    assert found == expected
    assert done.ids == {story.source_id for story in stories[len(FAULTS) :]}
    assert done.status == 1
    assert "4 article pages lacked" in " ".join(done.stderr.split())
    kept = done.column(
        "SELECT url FROM problems WHERE stage = 'parse' AND archive_file IS NOT NULL"
    )
    assert len(kept) == 4
    assert all("\n" not in error for error in done.column("SELECT error FROM problems"))
    assert "Traceback" not in done.stderr


def test_a_page_in_another_charset_than_declared_is_read(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    story = small.newspaper.stories()[0]
    small.fault(story.path, replica.Fault.wrong_charset("utf-16"))

    done = crawl("-a", f"urls={story.url}", HANICRAWLER_SITE=small.url)

    assert done.status == 0
    assert done.column("SELECT headline FROM articles") == [story.headline]


def test_a_page_that_is_too_slow_is_a_timeout(crawl: Crawl, small: Any, replica: Any) -> None:
    story = small.newspaper.stories()[0]
    small.fault(story.path, replica.Fault.slow(HANGS))

    done = crawl(*QUICK, "-s", "DOWNLOAD_TIMEOUT=5", HANICRAWLER_SITE=small.url)

    assert done.problems == {("fetch", "timeout")}
    assert len(done.ids) == 11
    assert done.status == 0


def test_a_hiccup_is_tried_again(crawl: Crawl, small: Any, replica: Any) -> None:
    story = small.newspaper.stories()[0]
    small.fault(story.path, replica.Fault.status(503), times=2)
    small.fault("/rss/english_edition", replica.Fault.truncated(), times=1)

    done = crawl(HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr) == (0, "")
    assert done.problems == set()
    assert len(done.ids) == 12


def test_an_alias_that_is_redirected_to_the_article_is_the_article(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    story = small.newspaper.stories()[0]
    alias = f"/arti/english_edition/e_oldname/{story.source_id}.html"
    small.fault(alias, replica.Fault.redirect(f"{small.url}{story.path}?_fr=mt1", status=301))

    done = crawl("-a", f"urls=https://english.hani.co.kr{alias}", HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr) == (0, "")
    assert done.column("SELECT url FROM articles") == [story.url]


@pytest.mark.parametrize("entrance", ["/", "/rss/english_edition"])
def test_a_front_or_a_feed_that_is_gone_is_noted_and_the_other_does(
    crawl: Crawl, small: Any, replica: Any, entrance: str
) -> None:
    small.fault(entrance, replica.Fault.status(404))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr) == (0, "")
    assert done.problems == {("fetch", "http_404")}
    assert len(done.ids) == 12


def test_a_site_that_has_neither_front_nor_feed_is_unhealthy(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(re.compile("^/(rss|$)"), replica.Fault.status(404))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert done.status == 1
    assert "No feed, front page or list could be read" in done.stderr


def test_an_article_with_an_impossible_date_is_left_out_of_no_period(
    crawl: Crawl, replica: Any
) -> None:
    newspaper = replica.Newspaper.generate(40, template="english-next")
    with replica.Replica(newspaper) as site:
        ancient, future, *_ = stories = newspaper.stories()
        site.fault(ancient.path, replica.Fault.ancient_date())
        site.fault(future.path, replica.Fault.future_date())
        since, until = stories[9].posted.date(), stories[0].posted.date()

        done = crawl("-a", f"since={since}", "-a", f"until={until}", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr) == (0, "")
    undated = "SELECT source_id FROM articles WHERE published_at IS NULL AND published_text <> ''"
    assert set(done.column(undated)) == {ancient.source_id, future.source_id}
    assert done.problems == {("normalise", "impossible_date")}


def test_what_robots_txt_forbids_is_not_fetched(crawl: Crawl, small: Any, replica: Any) -> None:
    import dataclasses

    def disallow(page: Any, _: str) -> Any:
        return dataclasses.replace(page, body=b"User-agent: *\nDisallow: /\n", etag=None)

    small.fault("/robots.txt", replica.Fault("robots", page=disallow))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert done.status == 1
    assert done.problems == {("fetch", "robots_forbidden")}
    assert set(small.paths) == {"/robots.txt"}


def test_a_run_that_is_told_to_stop_ends_cleanly_and_says_so(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(300, template="english-next")
    with replica.Replica(newspaper) as site:
        site.fault(re.compile(r"\.html"), replica.Fault.slow(0.2))
        process = crawl.start(
            "-a", "since=1999-01-01", "-s", "CONCURRENT_REQUESTS=2", HANICRAWLER_SITE=site.url
        )
        wait_until(lambda: sum(".html" in path for path in site.paths) >= 10, process)
        process.send_signal(signal.SIGTERM)
        done = crawl.end(process)

    assert done.status == 1
    assert done.outcome == "interrupted"
    assert "told to stop" in done.stderr
    assert done.ids
    assert done.value("SELECT new FROM crawls") == len(done.ids)


def test_a_limit_the_user_set_is_no_failure(crawl: Crawl, site: Any) -> None:
    done = crawl("-s", "CLOSESPIDER_PAGECOUNT=8", HANICRAWLER_SITE=site.url)

    assert (done.status, done.stderr) == (0, "")
