"""Reading an article costs the same however many are stored: each question has its index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.site import EDITIONS
from hanicrawler.storage.names import labels, section_codes
from hanicrawler.storage.reading import find_article, find_by_source, read_full
from hanicrawler.storage.story_graph import walk_stories
from hanicrawler.storage.versions import read_versions
from tests.storage.test_plans import ARTICLES, MOMENTS, SERIES, without_search

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 10_000
OF_ARTICLES = (
    "INSERT INTO revisions (article_id, number, seen_at, headline, body, content_hash, silent)"
    " SELECT id, 1, first_seen_at, headline, body, content_hash, false FROM articles",
    "INSERT INTO authors (id, name, language) VALUES (1, 'Kim Na-ra', 'en')",
    "INSERT INTO bylines (article_id, position, author_id) SELECT id, 1, 1 FROM articles",
    "INSERT INTO images (article_id, position, url) SELECT id, 1, url FROM articles",
    "INSERT INTO related_stories (article_id, position, edition, source_id, url, headline)"
    " SELECT id, 1, edition, source_id % 10000 + 1, url, 'Talks' FROM articles",
    "UPDATE articles SET published_at = first_seen_at, section = 'e_' || (source_id % 9),"
    " original_source_id = source_id",
)
QUESTIONS: dict[str, Callable[[sa.Engine], object]] = {
    "an id": lambda engine: find_article(engine, id_=7),
    "a number of the site": lambda engine: find_by_source(engine, 7, EDITIONS),
    "an article": lambda engine: read_full(engine, 7),
    "a version": lambda engine: read_full(engine, 7, 1),
    "an original": lambda engine: read_full(engine, SIZE + 1),
    "versions": lambda engine: read_versions(engine, 7),
    "related stories": lambda engine: walk_stories(engine, 7, depth=3, backwards=True, most=99),
    "sections": section_codes,
    "labels": labels,
}


@pytest.fixture
def full(engine: sa.Engine) -> sa.Engine:
    """Return a database with many articles, and the Korean original of one."""
    name = engine.dialect.name
    with engine.begin() as connection:
        without_search(connection)
        fill = ARTICLES.format(series=SERIES[name], digest="a" * 64, **MOMENTS[name])
        connection.execute(sa.text(fill), {"size": SIZE})
        connection.execute(sa.text(fill.replace("'en', n", "'ko', n")), {"size": 1})
        for statement in OF_ARTICLES:
            connection.execute(sa.text(statement))
    if name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    return engine


def plans(engine: sa.Engine, ask: Callable[[sa.Engine], object]) -> list[str]:
    """Return how the database goes about each SELECT that *ask* runs."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if re.match(r"SELECT|WITH", statement):
            asked.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    ask(engine)
    sa.event.remove(engine, "before_cursor_execute", note)
    prefix = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        return [
            "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{prefix} {s}", p).all())
            for s, p in asked
        ]


def scans(plan: str) -> bool:
    """Tell whether *plan* goes through a whole table of those that grow."""
    tables = "articles|revisions|bylines|images|related_stories"
    on_sqlite = rf"SCAN ({tables})(?! USING INDEX ix_articles_published_at)"
    return bool(re.search(rf"{on_sqlite}|Seq Scan on ({tables})", plan))


def test_reading_goes_through_no_table(full: sa.Engine) -> None:
    for question, ask in QUESTIONS.items():
        found = plans(full, ask)
        assert found, question
        for plan in found:
            assert not scans(plan), f"{question}: {plan}"

    def scan(engine: sa.Engine) -> None:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT id FROM articles WHERE label = 'Photo'")).all()

    assert scans(plans(full, scan)[-1]), "a plan that goes through all articles is noticed"
