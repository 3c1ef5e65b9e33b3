"""The database itself keeps the search index true, whoever writes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanicrawler.storage import DatabaseError, Filters, Writer, search
from hanicrawler.storage.migrate import downgrade, upgrade
from tests.storage.conftest import NOON

INDEXED = {
    "sqlite": 'SELECT term, doc, col, "offset" FROM temp.{name} ORDER BY 1, 2, 3, 4',
    "postgresql": "SELECT search_key, article_id, words::text FROM search_index ORDER BY 1",
}


def found(engine: sa.Engine, words: str) -> list[int]:
    return [each.source_id for each in search(engine, words, Filters()).articles]


def index(connection: sa.Connection) -> list[Any]:
    """Return the index as it is, word by word."""
    if connection.dialect.name == "postgresql":
        return list(connection.execute(sa.text(INDEXED["postgresql"])))
    connection.exec_driver_sql(
        "CREATE VIRTUAL TABLE temp.it USING fts5vocab('main', 'article_search', 'instance')"
    )
    rows = list(connection.exec_driver_sql(INDEXED["sqlite"].format(name="it")))
    connection.exec_driver_sql("DROP TABLE temp.it")
    return rows


def made_anew(connection: sa.Connection) -> list[Any]:
    """Return the index as it is when everything is indexed again from what is stored."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT count(search_refresh(id)) FROM articles")
        return index(connection)
    columns = "headline, deck, body, captions, authors, filters"
    for statement in (
        "INSERT INTO article_search (article_search) VALUES ('delete-all')",
        f"INSERT INTO article_search (rowid, {columns})"
        f" SELECT search_key, {columns} FROM search_texts",
    ):
        connection.exec_driver_sql(statement)
    return index(connection)


def assert_true(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "INSERT INTO article_search (article_search) VALUES ('integrity-check')"
            )
        had = index(connection)
        assert had == made_anew(connection)
        kept = connection.exec_driver_sql(
            "SELECT count(*) FROM articles WHERE id NOT IN (SELECT article_id FROM search_index)"
        )
        assert kept.scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM search_due").scalar() == 0


@pytest.fixture
def stored(writer: Writer, article: Any) -> None:
    writer.write([article(number) for number in (1, 2, 3)])


@pytest.mark.usefixtures("stored")
@pytest.mark.parametrize(
    ("statement", "before", "after"),
    [
        ("UPDATE articles SET headline = 'Zebras' WHERE source_id = 2", "resume", "zebra"),
        ("UPDATE articles SET deck = '북한이' WHERE source_id = 2", "progress", "북한"),
        ("UPDATE articles SET body = 'Zebras' WHERE source_id = 2", "paragraph", "zebra"),
        ("UPDATE images SET caption = 'Zebras' WHERE article_id ="
         " (SELECT id FROM articles WHERE source_id = 2)", "hall", "zebra"),
    ],
)  # fmt: skip
def test_what_is_changed_by_hand_is_found_as_it_is(
    engine: sa.Engine, statement: str, before: str, after: str
) -> None:
    assert found(engine, before) == [3, 2, 1]

    with engine.begin() as connection:
        connection.exec_driver_sql(statement)

    assert found(engine, before) == [3, 1]
    assert found(engine, after) == [2]
    assert_true(engine)


@pytest.mark.usefixtures("stored")
def test_pictures_and_authors_that_come_and_go_do_so_in_the_index(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE authors SET name = 'Kim Zebra' WHERE name = 'Kim Na-ra'")
        connection.exec_driver_sql("DELETE FROM images WHERE article_id = 1")
        connection.exec_driver_sql(
            "INSERT INTO images (article_id, position, url, caption)"
            " VALUES (2, 2, 'https://i.example/2', 'A giraffe')"
        )
        connection.exec_driver_sql("UPDATE images SET article_id = 3, position = 5"
                                   " WHERE article_id = 2 AND position = 2")  # fmt: skip

    assert found(engine, "zebra") == [3, 2, 1]
    assert found(engine, '"na ra"') == []
    assert found(engine, "hall") == [3, 2]
    assert found(engine, "giraffe") == [3]
    assert_true(engine)


@pytest.mark.usefixtures("stored")
def test_an_article_that_is_deleted_leaves_nothing(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM articles WHERE source_id = 2")

    assert found(engine, "talks") == [3, 1]
    assert_true(engine)


@pytest.mark.usefixtures("stored")
def test_what_is_rolled_back_is_not_found(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE articles SET headline = 'Zebras'")
        connection.rollback()

    assert found(engine, "zebra") == []
    assert_true(engine)


@pytest.mark.usefixtures("stored")
def test_another_date_moves_an_article_in_the_order(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE articles SET published_at = '2026-01-01 00:00:00.000000',"
            " modified_at = NULL WHERE source_id = 3"
        )

    assert found(engine, "talks") == [2, 1, 3]
    assert_true(engine)


@pytest.mark.usefixtures("stored")
def test_a_writer_cannot_leave_articles_waiting(engine: sa.Engine) -> None:
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO search_due (article_id) VALUES (-1)")

    assert_true(engine)


def test_what_was_stored_before_there_was_a_search_is_found(
    engine: sa.Engine, stored_at: sa.URL, writer: Writer, article: Any
) -> None:
    engine.dispose()
    downgrade(stored_at, "0005")
    with pytest.raises(DatabaseError):
        found(engine, "talks")
    with engine.begin() as connection:
        # The article's row alone, as an older version wrote it.
        values = "'en', {0}, 'https://x.example/{0}', 'Old zebras', 'Body', {1}, 1, '{2}', {3}"
        for number, published in ((1, "'2020-01-01 00:00:00'"), (2, "'2020-01-01 00:00:30'"),
                                  (3, "NULL")):  # fmt: skip
            now = "'2026-01-01', '2026-01-01', '2026-01-01', 't', '{}'"
            connection.exec_driver_sql(
                "INSERT INTO articles (edition, source_id, url, headline, body, published_at,"
                " revision, content_hash, first_seen_at, last_seen_at, captured_at, template,"
                f" layers) VALUES ({values.format(number, published, 'a' * 64, now)})"
            )

    upgrade(stored_at)

    assert found(engine, "zebra") == [2, 1, 3]
    assert_true(engine)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12, deadline=None
)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 4),
            st.sampled_from(["텍스트가 있다", "Words", "Kim’s café"]),
            st.booleans(),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_whatever_is_crawled_the_index_is_true(
    engine: sa.Engine, article: Any, steps: list[tuple[int, str, bool, bool]]
) -> None:
    writer = Writer(engine, None)
    for turn, (number, words, pictured, dated) in enumerate(steps):
        changes: dict[str, Any] = {} if pictured else {"images": (), "authors": ()}
        if not dated:
            changes |= {"published_at": None, "modified_at": None}
        at = NOON + timedelta(minutes=turn)
        writer.write([article(number, headline=words, at=at, **changes)])
    assert_true(engine)
