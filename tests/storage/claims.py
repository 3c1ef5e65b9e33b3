"""What tests of shared crawls say of articles and claims."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hanicrawler.items import Discovered, Fetch
from hanicrawler.site import ArticleAddress
from tests.storage.conftest import article_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    import sqlalchemy as sa

    from hanicrawler.storage import KnownPage, SharedFrontier


def addresses(*ids: int) -> list[ArticleAddress]:
    return [ArticleAddress("en", "e_northkorea", number) for number in ids]


def keys(*ids: int) -> set[tuple[str, int]]:
    return {("en", number) for number in ids}


def found(source_id: int, depth: int = 0) -> Discovered:
    moment = datetime.now(UTC) - timedelta(minutes=1)
    url = article_url(source_id)
    return Discovered(url=url, kind="article", discovered_at=moment, due_at=moment, depth=depth)


def fetched(source_id: int, status: int | None = None) -> Fetch:
    return Fetch(
        url=article_url(source_id), kind="article", fetched_at=datetime.now(UTC), status=status
    )


def ids(pages: Iterable[KnownPage]) -> list[int | None]:
    return sorted(page.source_id or 0 for page in pages)


def due(frontier: SharedFrontier, limit: int = 100, *, plain: bool = True) -> list[int | None]:
    return ids(frontier.claim_due(limit, plain=plain))


def end_leases(engine: sa.Engine) -> None:
    """Let time pass: nobody prolonged what was claimed."""
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE pages SET lease_until = now() - interval '1 second'"
            " WHERE lease_until IS NOT NULL"
        )
