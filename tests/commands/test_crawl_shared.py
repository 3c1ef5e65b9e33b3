"""Several crawlers share one crawl on purpose, and end with the database of a single one.

PostgreSQL only.
"""

from __future__ import annotations

import re
import signal
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest

from hanicrawler.cli.demo import load_replica
from hanicrawler.storage import Membership, RunLock, database_url, open_database
from tests.commands.conftest import Crawl
from tests.commands.contents import broken, contents, differences, reading
from tests.waiting import wait_until

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator

    from tests.commands.contents import Contents

pytestmark = pytest.mark.slow

on_server = pytest.mark.parametrize("database", ["postgresql"], indirect=True)

ARTICLE: Final = re.compile(r"\d\.html$")
SLOW: Final = 1.0
"""Seconds an article takes until all have begun, so that nobody has it all done before."""
QUICK: Final = 0.05
"""Seconds an article takes then."""
LEASE: Final = 10
"""Seconds after which others take what a dead crawler has claimed, and none that lives is dead."""
State = dict[str, list[tuple[Any, ...]]]
PAGES: Final = (
    "SELECT url, kind, edition, source_id, section, listed_at, depth, top_id, due_at, lease_until,"
    " attempts, failures FROM pages ORDER BY url"
)
CRAWLS: Final = (
    "SELECT outcome, finished_at IS NOT NULL, new, fetched, not_modified, changed, gone, failed,"
    " unreadable, problems, found FROM crawls ORDER BY id"
)
GAPS: Final = "SELECT edition, section, newest_id, oldest_id, reason FROM gaps ORDER BY section"


@pytest.fixture(scope="module")
def wide() -> Iterator[Any]:
    """The site with some hundred articles for a plain run, and slow to give them."""
    replica = load_replica()
    with replica.Replica(replica.Newspaper.generate(200, template="english-next")) as site:
        yield site


@pytest.fixture(scope="module")
def alone(wide: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Contents, State]:
    """What a plain run leaves that one crawler does alone."""
    return single(Crawl(tmp_path_factory.mktemp("alone")), wide)


@pytest.fixture
def shares(crawl: Crawl, wide: Any, database: str) -> Callable[..., subprocess.Popen[str]]:
    """Starts a crawler that takes part; *name* is how it calls itself to the site."""
    wide.heal()
    wide.clear()

    def one_more(name: str, *arguments: str) -> subprocess.Popen[str]:
        return crawl.start(
            *("-s", f"USER_AGENT={name}", "-s", "CONCURRENT_REQUESTS=4", *arguments),
            HANICRAWLER_SITE=wide.url,
            HANICRAWLER_DATABASE=database,
            HANICRAWLER_SHARED="1",
            HANICRAWLER_LEASE=str(LEASE),
        )

    return one_more


def slowed(site: Any, seconds: float) -> None:
    """Have each article that is asked for from now on take so many seconds."""
    site.heal()
    site.fault(ARTICLE, load_replica().Fault.slow(seconds))


def wait_for(crawlers: int, database: str, *running: subprocess.Popen[str]) -> None:
    """Wait until so many crawlers have joined the crawl."""
    with psycopg.connect(database, autocommit=True) as connection:

        def have_joined() -> bool:
            try:
                row = connection.execute("SELECT count(*) FROM workers").fetchone()
            except psycopg.errors.UndefinedTable:
                return False
            return row is not None and row[0] >= crawlers

        wait_until(have_joined, *running)


def asked(site: Any, *names: str) -> list[str]:
    """Return what the crawlers *names* asked for, robots.txt aside."""
    return [
        request.path
        for request in site.requests
        if request.headers["user-agent"] in names and request.path != "/robots.txt"
    ]


def state(database: str) -> State:
    """Return what a crawl leaves besides its articles: pages, gaps, runs."""
    queries = {"pages": PAGES, "gaps": GAPS, "crawls": CRAWLS}
    with reading(database) as connection:
        return {
            name: [tuple(row) for row in connection.exec_driver_sql(query)]
            for name, query in queries.items()
        }


def single(crawl: Crawl, site: Any, *arguments: str) -> tuple[Contents, State]:
    """Let one crawler do it all; return what it leaves."""
    site.heal()
    done = crawl(*arguments, HANICRAWLER_SITE=site.url)
    assert (done.stderr, done.status) == ("", 0)
    return contents(str(crawl.database)), state(f"sqlite:///{crawl.database}")


@on_server
def test_three_crawlers_one_killed_and_one_late_end_as_a_single_one(
    crawl: Crawl,
    wide: Any,
    database: str,
    shares: Callable[..., subprocess.Popen[str]],
    alone: tuple[Contents, State],
) -> None:
    slowed(wide, SLOW)
    steady, doomed = shares("steady"), shares("doomed")
    wait_for(2, database, steady, doomed)
    slowed(wide, SLOW / 3)
    wait_until(lambda: len(asked(wide, "doomed")) >= 20, steady, doomed)
    doomed.send_signal(signal.SIGKILL)
    slowed(wide, SLOW)
    late = shares("late")
    wait_until(lambda: len(asked(wide, "late")) > 0, steady, late)
    slowed(wide, QUICK)

    ends = [crawl.end(process) for process in (doomed, steady, late)]

    assert [done.status for done in ends] == [-signal.SIGKILL, 0, 0]
    assert [done.stderr for done in ends] == ["", "", ""]
    assert all(asked(wide, name) for name in ("steady", "doomed", "late"))
    twice = {path for path, times in Counter(asked(wide, "steady", "late")).items() if times > 1}
    assert twice == set()
    stored = contents(database)
    again = set(asked(wide, "doomed")) & set(asked(wide, "steady", "late"))
    # Of a batch that was not written yet, and what was on its way.
    assert len([path for path in again if ARTICLE.search(path)]) < 60

    stored_alone, state_alone = alone
    left = state(database)
    assert differences(stored, stored_alone) == {}
    assert (left["pages"], left["gaps"]) == (state_alone["pages"], state_alone["gaps"])
    assert broken(database) == []
    (run,) = left["crawls"]
    assert run[:3] == ("healthy", True, len(stored["articles"]))
    with reading(database) as connection:
        workers = connection.exec_driver_sql(
            "SELECT finished_at IS NULL FROM workers ORDER BY id"
        ).all()
    assert sorted(tuple(row) for row in workers) == [(False,), (False,), (True,)]


@on_server
def test_crawlers_that_share_count_together_what_one_counts(
    crawl: Crawl,
    wide: Any,
    database: str,
    shares: Callable[..., subprocess.Popen[str]],
    alone: tuple[Contents, State],
) -> None:
    slowed(wide, SLOW)
    both = [shares("one"), shares("other")]
    wait_for(2, database, *both)
    slowed(wide, QUICK)

    ends = [crawl.end(process) for process in both]

    assert [(done.stderr, done.status) for done in ends] == [("", 0), ("", 0)]
    assert max(Counter(asked(wide, "one", "other")).values()) == 1
    (run,), (wanted,) = state(database)["crawls"], alone[1]["crawls"]
    assert run[:-1] == wanted[:-1]
    # Each counts what it finds itself.
    assert run[-1] >= wanted[-1]


@on_server
@pytest.mark.parametrize("kind", ["period", "urls"])
def test_other_runs_can_be_shared_too(
    crawl: Crawl,
    wide: Any,
    database: str,
    shares: Callable[..., subprocess.Popen[str]],
    kind: str,
) -> None:
    some = wide.newspaper.stories()[60:90]
    arguments = {
        "period": ("-a", "since=2012-05-01", "-a", "until=2012-06-15"),
        "urls": ("-a", f"urls={','.join(story.url for story in some)}", "-a", "related_depth=1"),
    }[kind]
    slowed(wide, SLOW)
    both = [shares("one", *arguments), shares("other", *arguments)]
    wait_for(2, database, *both)
    slowed(wide, QUICK)

    ends = [crawl.end(process) for process in both]

    assert [(done.stderr, done.status) for done in ends] == [("", 0), ("", 0)]
    articles = [path for path in asked(wide, "one", "other") if ARTICLE.search(path)]
    assert max(Counter(articles).values()) == 1
    stored, (alone, _) = contents(database), single(crawl, wide, *arguments)
    for table in ("articles", "revisions", "bylines", "images", "related_stories", "problems"):
        assert (table, stored[table]) == (table, alone[table])
    (run,) = state(database)["crawls"]
    assert run[:2] == ("healthy", True)


@on_server
def test_originals_that_earlier_runs_left_are_shared_too(
    crawl: Crawl, site: Any, database: str
) -> None:
    run = {"HANICRAWLER_SITE": site.url, "HANICRAWLER_DATABASE": database}
    first = crawl(**run)
    assert (first.stderr, first.status) == ("", 0)
    site.clear()

    both = [crawl.start("-a", "originals=1", **run, HANICRAWLER_SHARED="1") for _ in range(2)]
    ends = [crawl.end(process) for process in both]

    assert [(done.stderr, done.status) for done in ends] == [("", 0), ("", 0)]
    korean = [path for path in site.paths if re.search(r"/arti/(?!english).*\d\.html", path)]
    assert max(Counter(korean).values()) == 1
    there = {story.source_id for story in site.newspaper if story.edition == "ko"}
    with reading(database) as connection:
        named = set(connection.exec_driver_sql("SELECT original_source_id FROM articles").scalars())
        stored = set(
            connection.exec_driver_sql(
                "SELECT source_id FROM articles WHERE edition = 'ko'"
            ).scalars()
        )
    assert stored == named & there
    assert stored


@on_server
def test_the_next_crawl_is_another_one_and_finds_nothing_new(
    crawl: Crawl, wide: Any, database: str, shares: Callable[..., subprocess.Popen[str]]
) -> None:
    first = crawl.end(shares("first"))
    assert (first.stderr, first.status) == ("", 0)
    before = state(database)
    wide.clear()

    second = crawl.end(shares("second"))

    assert (second.stderr, second.status) == ("", 0)
    after = state(database)
    assert after["pages"] == before["pages"]
    assert len(asked(wide, "second")) == 2 + 7
    assert [row[0] for row in after["crawls"]] == ["healthy", "healthy"]


@on_server
def test_one_that_is_told_to_stop_leaves_the_rest_to_the_others(
    crawl: Crawl,
    wide: Any,
    database: str,
    shares: Callable[..., subprocess.Popen[str]],
    alone: tuple[Contents, State],
) -> None:
    slowed(wide, SLOW)
    staying, leaving = shares("staying"), shares("leaving")
    wait_for(2, database, staying, leaving)
    slowed(wide, SLOW / 3)
    wait_until(lambda: len(asked(wide, "leaving")) >= 20, staying, leaving)
    leaving.terminate()
    slowed(wide, QUICK)

    left, stayed = crawl.end(leaving), crawl.end(staying)

    assert left.status == 1
    assert "told to stop" in left.stderr
    assert (stayed.stderr, stayed.status) == ("", 0)
    assert differences(contents(database), alone[0]) == {}
    assert state(database)["pages"] == alone[1]["pages"]
    assert state(database)["crawls"][0][:2] == ("healthy", True)


class TestBesideASharedCrawl:
    @pytest.fixture(autouse=True)
    def _at_work(self, database: str) -> Iterator[None]:
        url = database_url(database)
        open_database(url).dispose()
        lock = RunLock.take(url, shared=True)
        member = Membership.join(
            url, spider="hani", arguments={"related_depth": "0"}, started_at=datetime.now(UTC)
        )
        member.enter()
        yield
        member.close()
        lock.release()

    @on_server
    @pytest.mark.parametrize(
        ("arguments", "shared", "words"),
        [
            (["-a", "related_depth=0"], "0", "another run is at work"),
            (["-a", "since=2024-01-01"], "1", "-a related_depth=0"),
            ([], "1", "-a related_depth=0"),
        ],
        ids=["a run of its own", "another period", "a plain one"],
    )
    def test_who_does_not_take_part_is_refused_in_one_line(
        self, crawl: Crawl, database: str, arguments: list[str], shared: str, words: str
    ) -> None:
        done = crawl(
            *arguments,
            HANICRAWLER_SITE="http://127.0.0.1:1",
            HANICRAWLER_DATABASE=database,
            HANICRAWLER_SHARED=shared,
        )

        assert done.status == 75
        assert re.fullmatch(r"scrapy crawl hani: [^\n]+\n", done.stderr)
        assert words in done.stderr


def test_a_file_cannot_be_shared(crawl: Crawl) -> None:
    done = crawl(HANICRAWLER_SITE="http://127.0.0.1:1", HANICRAWLER_SHARED="1")

    assert done.status != 0
    assert re.fullmatch(r"scrapy crawl[^\n]*PostgreSQL[^\n]*\n", done.stderr)
    assert not crawl.database.exists()


@on_server
def test_a_site_that_asks_one_crawler_to_wait_is_left_alone_by_all(
    crawl: Crawl, wide: Any, database: str, shares: Callable[..., subprocess.Popen[str]]
) -> None:
    slowed(wide, SLOW)
    running = [shares(name) for name in ("one", "other", "third")]
    wait_for(3, database, *running)
    wait_until(lambda: len(asked(wide, "one", "other", "third")) >= 40, *running)
    wide.heal()
    wide.fault(ARTICLE, load_replica().Fault.status(429, retry_after=3600))
    before = len(wide.requests)

    ends = [crawl.end(process) for process in running]

    assert [(done.status, done.stderr) for done in ends] == [(0, "")] * 3
    # What each had claimed at most, and no more: a hundred are left.
    assert len(wide.requests) - before <= 3 * 20
    with reading(database) as connection:
        query = "SELECT not_before > now() + interval '50 minutes', finished_at > now() FROM crawls"
        assert [tuple(row) for row in connection.exec_driver_sql(query)] == [(True, False)]

    wide.clear()
    assert crawl.end(shares("later")).status == 0
    assert asked(wide, "later") == []
