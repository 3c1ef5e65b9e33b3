"""Bad days of a newspaper's servers: what is stored, what the run says, what it exits with.

docs/bad-days.md is the table of these.
"""

from __future__ import annotations

import dataclasses
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from tests.ports import unused_port
from tests.waiting import HANGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.commands.conftest import Crawl, Done

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
QUICK = ("-s", "RETRY_TIMES=0")
"""Where trying again is not the point."""
ONE_BY_ONE = ("-s", "CONCURRENT_REQUESTS=1", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=1")
FEED = "/rss/english_edition"
ALL_BUT_ROBOTS = re.compile("^/(?!robots)")


def change(database: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)


def words_of(done: Done) -> str:
    return " ".join(done.stderr.split())


def assert_quiet(done: Done) -> None:
    """A good run: nothing for cron to mail."""
    assert (done.status, done.stderr, done.outcome) == (0, "", "healthy")


def assert_loud(done: Done, *words: str) -> None:
    """An unhealthy run: status 1 and one paragraph that says what happened."""
    assert (done.status, done.outcome) == (1, "unhealthy")
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    for word in words:
        assert word in words_of(done)


class NoTls(BaseRequestHandler):
    """Answers whatever comes as a plain HTTP server answers a TLS greeting."""

    def handle(self) -> None:
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")


# No connection.


def test_connection_refused(crawl: Crawl, replica: Any) -> None:
    port = unused_port()

    done = crawl(HANICRAWLER_SITE=f"http://127.0.0.1:{port}")

    assert_loud(done, "refused a connection to the last 6 requests", "connection_failed")
    assert done.problems == {("fetch", "connection_failed")}
    assert done.ids == set()

    with replica.Replica(replica.Newspaper.generate(3), port=port) as site:
        done = crawl(HANICRAWLER_SITE=site.url)
    assert_quiet(done)
    assert len(done.ids) == 3


def test_dns_failure(crawl: Crawl) -> None:
    calm = ("-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=0")

    done = crawl(*calm, HANICRAWLER_SITE="http://no-such-host.invalid")

    assert_loud(done, "was not found by its name to the last 6 requests", "dns_failed")
    assert done.problems == {("fetch", "dns_failed")}
    assert done.ids == set()


def test_tls_failure_by_a_certificate_nobody_signed(crawl: Crawl, tls_site: str) -> None:
    done = crawl(HANICRAWLER_SITE=tls_site)

    assert_loud(done, "broke off its TLS connection to the last 6 requests", "tls_failed")
    assert done.problems == {("fetch", "tls_failed")}
    said = done.column("SELECT error FROM problems")
    assert all("certificate verify failed" in error for error in said)


def test_tls_failure_by_a_server_that_speaks_none(crawl: Crawl) -> None:
    with TCPServer(("127.0.0.1", 0), NoTls) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        done = crawl(*QUICK, HANICRAWLER_SITE=f"https://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
        thread.join()

    assert_loud(done, "tls_failed")
    assert done.problems == {("fetch", "tls_failed")}
    assert done.ids == set()


# Answers that break on their way, of an article and of the feed.

BROKEN: dict[str, tuple[Callable[[Any], Any], str, str]] = {
    "time-out in the middle": (lambda fault: fault.slow(HANGS, drip=True), "fetch", "timeout"),
    "Content-Length too long": (lambda fault: fault.wrong_length(2.0), "fetch", "truncated"),
    "Content-Length too short": (lambda fault: fault.wrong_length(0.5), "parse", "cut_off"),
    "gzip bomb": (lambda fault: fault.gzip_bomb(), "fetch", "too_large"),
    "endless redirect": (lambda fault: fault.endless_redirect(), "fetch", "redirect_loop"),
}


def patience(day: str) -> tuple[str, ...]:
    """Wait no longer than a test may take where it has to, and longer than any other page takes."""
    return ("-s", "DOWNLOAD_TIMEOUT=5") if day.startswith("time-out") else ()


@pytest.mark.parametrize("day", BROKEN)
def test_an_answer_that_breaks_is_a_problem_and_the_rest_is_stored(
    crawl: Crawl, small: Any, replica: Any, day: str
) -> None:
    make, stage, code = BROKEN[day]
    story = small.newspaper.stories()[0]
    small.fault(story.path, make(replica.Fault))

    done = crawl(*QUICK, *patience(day), HANICRAWLER_SITE=small.url)

    assert done.rows("SELECT url, stage, code FROM problems") == [(story.url, stage, code)]
    assert len(done.ids) == 11
    assert story.source_id not in done.ids
    # One page that does not come is nothing to wake anybody for; one that comes and cannot be
    # read may be a change of the site's pages.
    if stage == "fetch":
        assert_quiet(done)
    else:
        assert_loud(done, "could not be read", code)


@pytest.mark.parametrize("day", BROKEN)
def test_a_feed_that_breaks_makes_the_run_unhealthy_and_the_rest_is_read(
    crawl: Crawl, small: Any, replica: Any, day: str
) -> None:
    make, stage, code = BROKEN[day]
    small.fault(FEED, make(replica.Fault))

    done = crawl(*QUICK, *patience(day), HANICRAWLER_SITE=small.url)

    if stage == "parse":  # a feed's half is no feed
        stage, code = "discover", "not_a_feed"
    assert_loud(done, "1 feed, front or list page could not be read", code)
    assert done.problems == {(stage, code)}
    assert len(done.ids) == 12


# Lists and feeds.


def test_lists_without_end_end_where_they_begin_anew(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(100, template="english-next")
    with replica.Replica(newspaper) as site:
        site.fault(re.compile(r"\?page="), replica.Fault.endless_lists())

        done = crawl("-a", "since=1999-01-01", HANICRAWLER_SITE=site.url)

    assert_quiet(done)
    assert len(done.ids) == 100
    assert done.problems == {("discover", "list_repeats")}


def test_a_list_that_repeats_itself_ends_the_walk_and_is_said(crawl: Crawl, replica: Any) -> None:
    newspaper = replica.Newspaper.generate(200, template="english-next")
    with replica.Replica(newspaper) as site:
        site.fault(re.compile(r"\?page="), replica.Fault.list_repeats())

        done = crawl("-a", "since=1999-01-01", HANICRAWLER_SITE=site.url)

    assert_quiet(done)
    assert done.problems == {("discover", "list_repeats")}
    # What stands on the first pages; the tail of the lists is not to be had.
    assert 0 < len(done.ids) < 200


def test_a_feed_that_is_a_page_makes_the_run_unhealthy_and_the_rest_is_read(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(FEED, replica.Fault.feed_is_html())

    done = crawl(HANICRAWLER_SITE=small.url)

    assert_loud(done, "1 feed, front or list page could not be read", "not_a_feed")
    assert done.problems == {("discover", "not_a_feed")}
    assert len(done.ids) == 12


# Too much is asked.


def test_a_site_that_asks_for_less_gets_less_and_every_article_is_stored(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(re.compile("."), replica.Fault.rate_limit(8, seconds=1, retry_after=1))

    # Two at a time, as the real site is asked: sixteen that were all refused would come back
    # together, and some be refused a third time.
    two = ("-s", "CONCURRENT_REQUESTS=2", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=2")
    done = crawl(*two, HANICRAWLER_SITE=small.url)

    assert_quiet(done)
    assert done.problems == set()
    assert len(done.ids) == 12


def in_two_hours() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)


@pytest.mark.parametrize("two_hours", [lambda: 7200, in_two_hours], ids=["seconds", "date"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_site_that_asks_for_hours_is_left_alone_for_hours(
    crawl: Crawl, small: Any, replica: Any, status: int, two_hours: Callable[[], int | str]
) -> None:
    small.fault(ALL_BUT_ROBOTS, replica.Fault.status(status, retry_after=two_hours()))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr, done.outcome) == (0, "", "waiting")
    assert done.problems == set()
    assert len(small.paths) <= 3
    (told,) = done.rows("SELECT not_before, reason FROM crawls")
    ahead = datetime.fromisoformat(told[0]).replace(tzinfo=UTC) - datetime.now(UTC)
    assert timedelta(hours=1, minutes=50) < ahead <= timedelta(hours=2)
    assert "asked to be left alone until" in told[1]

    small.heal()
    small.clear()
    done = crawl(HANICRAWLER_SITE=small.url)
    assert (done.status, done.stderr, done.outcome) == (0, "", "waiting")
    assert small.paths == []
    assert "nothing was asked of it" in done.value("SELECT reason FROM crawls WHERE id = 2")

    change(done.database, "UPDATE crawls SET not_before = '2020-01-01 00:00:00.000000'")
    done = crawl(HANICRAWLER_SITE=small.url)
    assert_quiet(done)
    assert len(done.ids) == 12


def test_a_site_that_asks_to_wait_in_the_middle_keeps_what_it_gave(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(re.compile("."), replica.Fault.rate_limit(6, retry_after=3600))
    stories = small.newspaper.stories()

    done = crawl(
        *ONE_BY_ONE,
        *("-a", f"urls={','.join(story.url for story in stories)}"),
        HANICRAWLER_SITE=small.url,
    )

    assert (done.status, done.stderr, done.outcome) == (0, "", "waiting")
    assert done.problems == set()
    assert done.ids == {story.source_id for story in stories[:5]}
    assert len(small.paths) == 1 + 5 + 1


def test_half_of_the_pages_broken_is_said_and_the_other_half_is_stored(
    crawl: Crawl, replica: Any
) -> None:
    newspaper = replica.Newspaper.generate(60, template="english-next")
    stories = newspaper.stories()
    with replica.Replica(newspaper) as site:
        for story in stories[::2]:
            site.fault(story.path, replica.Fault.status(500))

        done = crawl("-a", "since=1999-01-01", HANICRAWLER_SITE=site.url)

    assert_loud(done, "30 of 60 articles could not be fetched", "30 http_500")
    assert done.problems == {("fetch", "http_500")}
    assert done.ids == {story.source_id for story in stories[1::2]}


def test_a_site_that_refuses_everything_is_left_alone(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(ALL_BUT_ROBOTS, replica.Fault.status(403))
    asked = ",".join(story.url for story in small.newspaper.stories())

    done = crawl(*ONE_BY_ONE, "-a", f"urls={asked}", HANICRAWLER_SITE=small.url)

    assert_loud(done, "The site answered 403 to the last 6 requests, so it was left alone", "403")
    assert len(small.paths) == 1 + 6
    assert done.ids == set()
    # Those that were asked for are problems; the others are left to the next run.
    assert done.rows("SELECT count(*), min(code) FROM problems") == [(6, "http_403")]

    small.heal()
    done = crawl("-a", f"urls={asked}", HANICRAWLER_SITE=small.url)
    assert_quiet(done)
    assert len(done.ids) == 12
    assert done.value("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == 0


def test_a_page_that_waits_to_be_tried_again_is_told_as_it_was_answered(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(ALL_BUT_ROBOTS, replica.Fault.status(500))
    stories = small.newspaper.stories()
    asked = ",".join(story.url for story in stories[:8])

    # All eight were asked once; the first six answers end the run before any second try.
    done = crawl(*ONE_BY_ONE, "-a", f"urls={asked}", HANICRAWLER_SITE=small.url)

    assert len(small.paths) == 1 + 6
    assert done.rows("SELECT count(*), min(code) FROM problems") == [(6, "http_500")]
    assert done.value("SELECT failed FROM crawls") == 6


def test_a_front_and_a_feed_that_are_refused_are_said(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(ALL_BUT_ROBOTS, replica.Fault.status(403))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert_loud(done, "could be read", "http_403")
    assert done.ids == set()


# The wrong answers.


def test_a_clock_that_is_set_back_loses_and_doubles_nothing(crawl: Crawl, small: Any) -> None:
    crawl(HANICRAWLER_SITE=small.url)
    tables = {
        "crawls": ("started_at", "finished_at"),
        "pages": ("discovered_at", "fetched_at", "due_at"),
        "articles": ("first_seen_at", "last_seen_at"),
        "revisions": ("seen_at",),
    }
    for table, columns in tables.items():
        sets = ", ".join(f"{name} = replace({name}, '20', '21')" for name in columns)
        change(crawl.database, f"UPDATE {table} SET {sets}")
    (new,) = small.newspaper.publish(1)

    done = crawl(HANICRAWLER_SITE=small.url)

    assert new.source_id in done.ids
    assert done.value("SELECT count(*) FROM articles") == 13
    assert done.value("SELECT count(*) FROM revisions") == 13
    assert done.problems == set()
    # The clock is all that there can be to say.
    assert done.status == (1 if "clock" in done.stderr else 0)


def test_a_korean_text_under_an_english_address_is_not_stored(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    story = small.newspaper.stories()[0]
    small.fault(story.path, replica.Fault.wrong_language())

    done = crawl(HANICRAWLER_SITE=small.url)

    assert_loud(done, "1 article page lacked what every article has", "1 wrong_language")
    assert done.rows("SELECT url, stage, code FROM problems") == [
        (story.url, "parse", "wrong_language")
    ]
    assert done.value("SELECT archive_file IS NOT NULL FROM problems")
    assert len(done.ids) == 11
    assert story.source_id not in done.ids


def test_a_korean_text_is_no_revision_of_an_english_article(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    story = small.newspaper.stories()[0]
    asked = f"urls={story.url}"
    assert_quiet(crawl("-a", asked, HANICRAWLER_SITE=small.url))
    small.fault(story.path, replica.Fault.wrong_language())

    done = crawl("-a", asked, HANICRAWLER_SITE=small.url)

    assert_loud(done, "wrong_language")
    assert done.rows("SELECT headline, revision FROM articles") == [(story.headline, 1)]
    assert done.value("SELECT count(*) FROM revisions") == 1

    small.heal()
    done = crawl("-a", asked, HANICRAWLER_SITE=small.url)
    assert_quiet(done)
    assert done.value("SELECT count(*) FROM problems WHERE resolved_at IS NULL") == 0


def test_an_english_text_under_a_korean_address_is_not_stored(
    crawl: Crawl, site: Any, replica: Any
) -> None:
    english, korean = next(
        (story, original)
        for story in site.newspaper.stories()
        if story.original
        and (original := site.newspaper.story(story.original[1], "ko"))
        and original.template == "korean-next"
    )
    text = "The last rice mill of the valley closed on the shortest day of the year."
    fault = replica.Fault(
        "english",
        story=lambda story: dataclasses.replace(
            story, headline="The rice mill", deck=None, paragraphs=(text,) * 5, pictures=()
        ),
    )
    site.fault(korean.path, fault)

    done = crawl("-a", f"urls={english.url}", "-a", "originals=1", HANICRAWLER_SITE=site.url)

    assert_loud(done, "wrong_language")
    assert done.rows("SELECT url, stage, code FROM problems") == [
        (korean.url, "parse", "wrong_language")
    ]
    assert done.rows("SELECT edition, source_id FROM articles") == [("en", english.source_id)]


def test_the_korean_feed_in_place_of_the_english_one_is_said_and_nothing_of_it_is_stored(
    crawl: Crawl, site: Any, replica: Any
) -> None:
    site.fault(FEED, replica.Fault("korean feed", body_of="/rss"))

    done = crawl(HANICRAWLER_SITE=site.url)

    assert_loud(done, "1 feed, front or list page could not be read", "wrong_language")
    assert done.problems == {("discover", "wrong_language")}
    assert done.value("SELECT count(*) FROM articles WHERE edition <> 'en'") == 0
    assert done.ids


def test_the_table_of_bad_days_has_every_code_of_these_tests() -> None:
    page = (ROOT / "docs" / "bad-days.md").read_text("utf-8")
    source = Path(__file__).read_text("utf-8")

    codes = set(re.findall(r'"(?:fetch|parse|discover)", "(\w+)"', source))
    assert len(codes) > 10
    assert {code for code in codes if f"`{code}`" not in page} == set()
