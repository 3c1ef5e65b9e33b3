"""kill -9 at any moment: nothing counted is lost, nothing is doubled, the next run finishes."""

from __future__ import annotations

import re
import signal
from contextlib import ExitStack
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.commands.conftest import Crawl
from tests.commands.contents import contents, differences, reading, stored
from tests.commands.moments import (
    Run,
    fetching,
    starting,
    wait_for_its_connections,
    watch,
    writing,
)

if TYPE_CHECKING:
    from tests.commands.contents import Contents
    from tests.commands.moments import Moment

pytestmark = pytest.mark.slow

ARTICLES: Final = 100
LATER: Final = 20
"""Articles that appear between the run through the lists and the plain one."""

SLOW: Final = ("-s", "CONCURRENT_REQUESTS=6", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=6")
SECONDS: Final = 0.03
"""What an answer takes, so that a run has several batches to write."""


MOMENTS: Final = {
    # Through the lists, into a database that is not there yet.
    ("-a", "since=2012-01-01"): (
        *(writing, writing, starting, fetching),
        *(writing, fetching, writing, fetching),
    ),
    # A plain run, after new articles have appeared.
    (): (fetching, writing, starting, fetching, writing),
}


def the_site(replica: Any) -> Any:
    site = replica.Replica(replica.Newspaper.generate(ARTICLES))
    site.fault(re.compile("."), replica.Fault.slow(SECONDS))
    return site


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> Contents:
    """What a database says after runs that nobody disturbed."""
    from hanicrawler.cli.demo import load_replica

    replica = load_replica()
    crawl = Crawl(tmp_path_factory.mktemp("undisturbed"))
    with the_site(replica) as site:
        for arguments in MOMENTS:
            done = crawl(*SLOW, *arguments, HANICRAWLER_SITE=site.url)
            assert (done.status, done.stderr) == (0, "")
            site.newspaper.publish(LATER)
    found = contents(str(crawl.database))
    assert len(found["articles"]) == ARTICLES + LATER
    return found


def test_runs_that_are_killed_and_one_that_is_not_end_with_what_one_run_gives(
    crawl: Crawl, replica: Any, database: str, wanted: Contents
) -> None:
    random = Random(2012)
    chosen = {"HANICRAWLER_DATABASE": database}
    killed, before = 0, 0
    with the_site(replica) as site, ExitStack() as stack:
        chosen["HANICRAWLER_SITE"] = site.url
        is_writing = watch(database, stack)

        def kill(arguments: tuple[str, ...], moment: Moment) -> bool:
            site.clear()
            process = crawl.start(*SLOW, *arguments, **chosen)
            moment(Run(process, site, is_writing))
            process.kill()
            process.communicate()
            wait_for_its_connections(database)
            return process.returncode == -signal.SIGKILL

        for arguments, moments in MOMENTS.items():
            for make in moments:
                # A run may be done before its moment comes; its start never is.
                was_killed = kill(arguments, make(random)) or kill(arguments, starting(random))
                killed += was_killed
                now = stored(database)
                assert now >= before
                before = now
            done = crawl(*SLOW, *arguments, **chosen)
            assert (done.status, done.stderr) == (0, "")
            site.newspaper.publish(LATER)

    assert killed >= 12
    assert stored(database) == ARTICLES + LATER
    assert differences(contents(database), wanted) == {}
    with reading(database) as connection:
        ended = connection.exec_driver_sql(
            "SELECT outcome, finished_at IS NOT NULL FROM crawls ORDER BY id"
        ).all()
    assert {tuple(row) for row in ended} == {("killed", False), ("healthy", True)}
    assert tuple(ended[-1]) == ("healthy", True)
