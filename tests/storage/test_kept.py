"""What is kept of an article's page, wherever it is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hanicrawler.items import Fetch, Kept, Problem
from hanicrawler.site import article_address
from hanicrawler.storage import address_of, kept_captures
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.site import ArticleAddress
    from hanicrawler.storage import Writer

HOUR = timedelta(hours=1)


def kept(number: int) -> Kept:
    return Kept(file="a.warc.gz", offset=number)


def address(source_id: int, section: str = "e_northkorea") -> ArticleAddress:
    found = article_address(article_url(source_id, section))
    assert found is not None
    return found


def test_every_capture_that_an_archive_keeps_is_told_the_newest_first(
    writer: Writer, engine: sa.Engine, article: Any
) -> None:
    url = article_url(5)
    writer.write([article(5, fetch={"kept": kept(1), "body_hash": "c" * 64})])
    writer.write(
        [
            Fetch(url=url, kind="article", fetched_at=NOON + HOUR, status=304, kept=kept(2)),
            article(5, at=NOON + 2 * HOUR, headline="Other", fetch={"body_hash": "d" * 64}),
            article(6, fetch={"kept": kept(3)}),
        ]
    )
    at = NOON + 3 * HOUR
    unread = Fetch(url=url, kind="article", fetched_at=at, status=200, kept=kept(4))
    why = Problem(
        url=url, stage="parse", code="no_date", error=f"{url}: e", seen_at=at, kept=kept(4)
    )
    writer.write([unread, why])

    found = kept_captures(engine, address(5, "e_renamed"))

    assert [(each.kept, each.gave, each.has_page) for each in found] == [
        (kept(4), "problem", True),
        (kept(2), "same", False),
        (kept(1), "article", True),
    ]
    assert found[0].codes == ("no_date",)
    assert (found[0].at, found[2].at) == (at, NOON)


def test_bytes_that_problems_keep_are_told_too(writer: Writer, engine: sa.Engine) -> None:
    url = article_url(5)
    why = Problem(
        url=url, stage="parse", code="no_date", error=f"{url}: e", seen_at=NOON, body=b"x"
    )
    writer.write([why])

    (found,) = kept_captures(engine, address(5))

    assert (found.gave, found.codes, found.kept, found.has_page) == (
        "problem", ("no_date",), None, True,
    )  # fmt: skip
    assert found.problem_id is not None
    assert kept_captures(engine, address(6)) == []


def test_an_id_is_an_article_s(writer: Writer, engine: sa.Engine, article: Any, rows: Any) -> None:
    writer.write([article(5)])
    (id_,) = [row["id"] for row in rows("articles", "id")]

    assert address_of(engine, id_) == address(5)
    assert address_of(engine, id_ + 1) is None
    assert address_of(engine, 10**18) is None
