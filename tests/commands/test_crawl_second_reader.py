"""A crawl that reads its pages in a second process stores what one without it stores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.commands.conftest import Crawl

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
TABLES = {
    "articles": "source_id, url, headline, deck, body, byline, published_at, content_hash, layers",
    "revisions": "number, headline, body, silent",
    "bylines": "position, role, place",
    "images": "position, url, caption, credit",
    "related_stories": "position, url, headline",
}


def test_both_make_the_same_rows(tmp_path: Path, replica: Any) -> None:
    found = {}
    paper = replica.Newspaper.generate(260)
    with replica.Replica(paper) as site:
        for second in ("0", "1"):
            folder = tmp_path / second
            folder.mkdir()
            done = Crawl(folder)(
                "-a",
                "since=2010-01-01",
                HANICRAWLER_SITE=site.url,
                HANICRAWLER_SECOND_READER=second,
            )
            assert (done.status, done.stderr) == (0, "")
            found[second] = {
                table: sorted(map(str, done.rows(f"SELECT {columns} FROM {table}")))
                for table, columns in TABLES.items()
            }

    assert len(found["1"]["articles"]) == 260
    assert found["1"] == found["0"]
