"""What coverage prints after a first run fetches what it says."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from hanicrawler.cli import main
from hanicrawler.storage import database_url, open_read_only, read_coverage

if TYPE_CHECKING:
    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

ALL = "2012-01-01"
"""Before the first article."""


def test_the_command_that_coverage_prints_leaves_nothing_to_be_said(
    crawl: Crawl, replica: Any
) -> None:
    def coverage() -> str:
        asked = ["coverage", "--since", ALL, "--database", str(crawl.database)]
        return CliRunner().invoke(main, asked).stdout

    with replica.Replica(replica.Newspaper.generate(400, template="english-next")) as site:
        crawl(HANICRAWLER_SITE=site.url)
        engine = open_read_only(database_url(str(crawl.database)))
        first = read_coverage(engine)
        shown = coverage()
        (command,) = [shlex.split(line) for line in shown.splitlines() if "scrapy crawl" in line]
        ended = crawl(*command[3:], HANICRAWLER_SITE=site.url)

    # Related stories of related ones: found today, and of no known day.
    assert sum(one.stories for one in first.named) > 0
    assert all(row.missing == 0 for row in first.days)
    assert "only named beside others" in shown
    assert "Missing:" not in shown
    assert (ended.status, len(ended.ids)) == (0, 400)
    last = coverage()
    assert f"Nothing is missing of {ALL} to " in last
    assert "scrapy crawl" not in last
    assert read_coverage(engine).named == ()
    engine.dispose()
