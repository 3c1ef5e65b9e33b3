"""Times are the same moments on both databases, and usable in SQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.storage.models import ArticleRow

if TYPE_CHECKING:
    from hanicrawler.storage import Writer

KST = timezone(timedelta(hours=9))


def test_a_time_of_seoul_comes_back_in_utc(writer: Writer, article: Any, rows: Any) -> None:
    seoul = datetime(2026, 2, 28, 5, 30, tzinfo=KST)
    writer.write([article(1, published_at=seoul)])

    (found,) = rows("articles", "published_at")
    assert found["published_at"] == seoul
    assert found["published_at"].tzinfo is UTC
    assert writer.write([article(1, published_at=seoul.astimezone(UTC))]) == ["unchanged"]


def test_a_time_without_a_zone_is_refused_in_a_question(engine: sa.Engine) -> None:
    question = sa.select(ArticleRow).where(
        ArticleRow.published_at > datetime(2026, 1, 1)  # noqa: DTZ001
    )
    with engine.connect() as connection, pytest.raises(sa.exc.StatementError, match="time zone"):
        connection.execute(question)


def test_sqlite_keeps_times_as_text_that_sorts_and_counts(
    writer: Writer, engine: sa.Engine, article: Any
) -> None:
    if engine.dialect.name != "sqlite":
        return
    whole = datetime(2026, 2, 27, 12, 0, tzinfo=UTC)
    writer.write([article(1, published_at=whole), article(2, published_at=whole.replace(microsecond=5))])  # fmt: skip # noqa: E501

    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT published_at, date(published_at, '+1 day'), strftime('%Y', published_at)"
            " FROM articles ORDER BY published_at"
        ).all()
    assert [row[0] for row in found] == ["2026-02-27 12:00:00.000000", "2026-02-27 12:00:00.000005"]
    assert [tuple(row[1:]) for row in found] == [("2026-02-28", "2026")] * 2


def test_postgresql_keeps_comments_on_tables_and_columns(engine: sa.Engine) -> None:
    if engine.dialect.name != "postgresql":
        return
    found = sa.inspect(engine)
    assert found.get_table_comment("articles")["text"] == "An article as last seen"
    assert all(column["comment"] for column in found.get_columns("problems"))
