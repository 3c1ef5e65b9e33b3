"""A run on a site where nothing has changed: what it leaves alone, so that it costs little."""

from __future__ import annotations

from typing import Any

import pytest

from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

READERS = {
    "alembic",
    "hanicrawler.normalize.article",
    "hanicrawler.pages.document",
    "hanicrawler.pages.landmarks",
    "hanicrawler.pages.storylists",
    "rich",
    "selectolax",
}
"""What a run imports for a fresh database, for a page that it reads, or for a terminal."""


def imported(said: str) -> set[str]:
    """Return the modules that Python says were imported."""
    lines = [line for line in said.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines}


def test_a_run_that_finds_nothing_imports_nothing_to_read_with(crawl: Crawl, small: Any) -> None:
    first = crawl(HANICRAWLER_SITE=small.url, PYTHONPROFILEIMPORTTIME="1")
    second = crawl(HANICRAWLER_SITE=small.url, PYTHONPROFILEIMPORTTIME="1")

    assert first.status == second.status == 0
    assert imported(first.stderr) & READERS == READERS - {"rich"}
    assert imported(second.stderr) & READERS == set()
