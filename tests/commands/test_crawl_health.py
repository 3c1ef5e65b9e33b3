"""Whole runs that are judged by earlier ones, and who is told."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.test_metrics import read
from tests.commands.watcher import Watcher

if TYPE_CHECKING:
    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

NOWHERE = "http://127.0.0.1:1"
"""A root that is never asked."""


@pytest.fixture
def watcher() -> Iterator[Watcher]:
    with Watcher() as watcher:
        yield watcher


def alarms(done: Any) -> list[str]:
    """Return the codes of the last run."""
    return str(done.value("SELECT alarms FROM crawls ORDER BY id DESC LIMIT 1") or "").split()


def change(crawl: Crawl, statement: str) -> None:
    with closing(sqlite3.connect(crawl.database)) as connection, connection:
        connection.execute(statement)


def test_a_redesign_between_two_runs_is_drift_though_every_article_is_read(
    crawl: Crawl, replica: Any
) -> None:
    newspaper = replica.Newspaper.generate(60, template="english-next")
    with replica.Replica(newspaper) as site:
        first = crawl(HANICRAWLER_SITE=site.url)
        assert (first.status, alarms(first)) == (0, [])
        newspaper.publish(2)
        assert crawl(HANICRAWLER_SITE=site.url).status == 0
        newspaper.publish(4, template="unseen-a")

        done = crawl(HANICRAWLER_SITE=site.url)

        assert done.status == 1
        assert done.outcome == "unhealthy"
        assert alarms(done) == ["drift"]
        assert re.fullmatch(
            r"scrapy crawl hani: Much less was read by a template in the last 4 articles than in"
            r" the 62 before: headline 100 % to 0 %[^\n]+ hanicrawler status --database [^\n]+\n",
            done.stderr,
        )
        assert done.problems == set()
        assert len(done.ids) == 66
        assert crawl("-s", "HANICRAWLER_DRIFT=", HANICRAWLER_SITE=site.url).status == 0


def test_a_run_without_anything_new_has_no_coverage_and_no_alarm(crawl: Crawl, small: Any) -> None:
    crawl(HANICRAWLER_SITE=small.url)

    done = crawl(HANICRAWLER_SITE=small.url)

    assert (done.status, alarms(done)) == (0, [])
    assert done.column("SELECT DISTINCT crawl_id FROM coverage") == [1]


def test_unreadable_articles_and_too_many_problems_are_counted_in_the_runs_row(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    for story in small.newspaper.stories()[:3]:
        small.fault(story.path, replica.Fault.without("date"))

    done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_MAX_PROBLEMS="2")

    assert done.status == 1
    assert alarms(done) == ["unreadable_articles", "too_many_problems"]
    assert done.value("SELECT unreadable FROM crawls") == 3
    assert "3 problems were noted in this run, more than 2." in done.stderr


def test_a_newspaper_that_has_been_silent_for_days_is_an_alarm_of_plain_runs_only(
    crawl: Crawl, small: Any
) -> None:
    first = crawl(HANICRAWLER_SITE=small.url)
    assert (first.status, alarms(first)) == (0, [])
    # Copies of an article, as if one had come every six hours until five days ago.
    own = ("id", "source_id", "published_at", "modified_at")
    columns = first.column("SELECT name FROM pragma_table_info('articles')")
    names = ", ".join(name for name in columns if name not in own)
    change(
        crawl,
        f"INSERT INTO articles (source_id, published_at, {names})"
        " WITH RECURSIVE given(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM given WHERE n < 300)"
        " SELECT n + 1, strftime('%Y-%m-%d %H:%M:%f000', 'now', '-' || (120 + 6 * n) || ' hours'),"
        f" {names} FROM given, articles WHERE articles.id = 1",
    )
    section = small.newspaper.stories()[0].section

    asked = crawl("-a", f"sections={section}", HANICRAWLER_SITE=small.url)
    plain = crawl(HANICRAWLER_SITE=small.url)

    assert (asked.status, asked.stderr) == (0, "")
    assert plain.status == 1
    assert alarms(plain) == ["quiet_too_long"]
    assert "Nothing new has come for 5 days" in plain.stderr


def test_a_clock_that_was_moved_back_is_said(crawl: Crawl, small: Any) -> None:
    crawl(HANICRAWLER_SITE=small.url)
    change(
        crawl,
        "UPDATE crawls SET started_at = '2099-01-01 00:00:00.000000',"
        " finished_at = '2099-01-01 00:01:00.000000'",
    )

    done = crawl(HANICRAWLER_SITE=small.url)

    assert done.status == 1
    assert alarms(done) == ["clock_moved_back"]
    assert "dated 2099-01-01 00:01 UTC" in done.stderr


def test_the_watcher_is_told_of_a_healthy_run_and_of_an_unhealthy_one(
    crawl: Crawl, small: Any, replica: Any, watcher: Watcher
) -> None:
    good = crawl(HANICRAWLER_SITE=small.url, **watcher.settings)
    assert (good.status, good.stderr) == (0, "")
    small.fault(re.compile("^/(?!robots)"), replica.Fault.status(403))
    bad = crawl(HANICRAWLER_SITE=small.url, **watcher.settings)

    assert bad.status == 1
    assert watcher.told == [("POST", "/ok"), ("POST", "/fail")]
    assert "12 new, 0 changed, 0 unchanged" in watcher.pings[0].body
    assert watcher.pings[1].body == bad.stderr.rstrip("\n")


def test_the_watcher_is_told_of_a_run_that_could_not_start_and_of_no_wrong_use(
    crawl: Crawl, watcher: Watcher, tmp_path: Path
) -> None:
    settings = {"HANICRAWLER_SITE": NOWHERE, **watcher.settings}
    assert crawl("-a", "sektions=x", **settings).status == 2
    assert watcher.pings == []

    metrics = tmp_path / "hani.prom"
    done = crawl(
        **settings, HANICRAWLER_DATABASE="nowhere/hani.db", HANICRAWLER_METRICS=str(metrics)
    )

    assert done.status == 1
    assert watcher.told == [("POST", "/fail")]
    assert watcher.pings[0].body == done.stderr.rstrip("\n")
    found = read(metrics)
    assert found["hanicrawler_alarm could_not_start"] == 1
    assert found["hanicrawler_last_run_healthy"] == 0
    assert "hanicrawler_last_healthy_run_timestamp_seconds" not in found


def test_a_ping_that_fails_is_one_line_and_no_failure_of_the_run(crawl: Crawl, small: Any) -> None:
    done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_PING_SUCCESS=f"{NOWHERE}/secret")

    assert done.status == 0
    assert re.fullmatch(
        r"scrapy crawl hani: HANICRAWLER_PING_SUCCESS: the ping failed: [^\n]+\n", done.stderr
    )
    assert "secret" not in done.stderr


def test_the_metrics_agree_with_the_runs_row_and_remember_the_last_healthy_run(
    crawl: Crawl, small: Any, replica: Any, tmp_path: Path
) -> None:
    file = tmp_path / "hani.prom"
    settings = {"HANICRAWLER_SITE": small.url, "HANICRAWLER_METRICS": str(file)}
    done = crawl(**settings)

    good = read(file)
    names = ("found", "fetched", "new", "bytes", "requests", "failed", "problems", "unreadable")
    (row,) = done.rows(f"SELECT {', '.join(names)} FROM crawls")
    assert tuple(good[f"hanicrawler_last_run_{name}"] for name in names) == row
    assert good["hanicrawler_last_run_new"] == 12

    small.fault("/rss/english_edition", replica.Fault.feed_is_html())
    for _ in range(2):
        # By the file, and where that is lost by the database.
        assert crawl(**settings).status == 1
        bad = read(file)
        assert bad["hanicrawler_alarm list_unreadable"] == 1
        name = "hanicrawler_last_healthy_run_timestamp_seconds"
        assert bad[name] == pytest.approx(good[name], abs=60)
        file.unlink()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("HANICRAWLER_DRIFT", "1.5"),
        ("HANICRAWLER_DRIFT", "a third"),
        ("HANICRAWLER_MAX_REQUESTS", "-1"),
        ("HANICRAWLER_QUIET_HOURS", "nan"),
        ("HANICRAWLER_SHARED", "perhaps"),
        ("HANICRAWLER_PING_SUCCESS", "ftp://example.org/"),
        ("HANICRAWLER_METRICS", "hani.txt"),
        ("HANICRAWLER_METRICS", "missing/hani.prom"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_wrong_use_and_writes_nothing(
    crawl: Crawl, setting: str, value: str
) -> None:
    done = crawl("-s", f"{setting}={value}", HANICRAWLER_SITE=NOWHERE)

    assert done.status == 2
    assert re.fullmatch(rf"scrapy crawl: {setting}: [^\n]+\n", done.stderr)
    assert list(crawl.folder.iterdir()) == []


def test_a_bad_setting_in_the_environment_is_wrong_use_too(crawl: Crawl) -> None:
    done = crawl(HANICRAWLER_SITE=NOWHERE, HANICRAWLER_FAILED_SHARE="ten percent")

    assert done.status == 2
    assert done.stderr == (
        "scrapy crawl: HANICRAWLER_FAILED_SHARE: 'ten percent' is no number from 0 to 1\n"
    )
