"""What a run asks costs the same however many pages are stored: each question has its index."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.site import article_address
from hanicrawler.storage import Frontier, SharedFrontier, ask, questions
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    from hanicrawler.site import ArticleAddress

SIZE = 30_000
SERIES = {
    "sqlite": (
        "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < :size)"
    ),
    "postgresql": "WITH series(n) AS (SELECT generate_series(1, :size))",
}
FILL = """
INSERT INTO pages (url, kind, edition, source_id, section, discovered_at, fetched_at, due_at,
                   status, failures, attempts)
{series}
SELECT 'https://english.hani.co.kr/arti/english_edition/e_national/' || n || '.html', 'article',
       'en', n, 'e_national', {past}, {past},
       CASE WHEN n % 100 = 0 THEN {past} WHEN n % 3 = 0 THEN {future} END, 200, 0, 0
FROM series
"""
ENTRANCE = """
INSERT INTO pages (url, kind, discovered_at, due_at)
VALUES ('https://english.hani.co.kr/', 'front', {past}, {past})
"""
ARTICLES = """
INSERT INTO articles (edition, source_id, url, headline, body, content_hash, template, revision,
                      first_seen_at, last_seen_at, captured_at, layers)
{series}
SELECT 'en', n, 'https://english.hani.co.kr/arti/english_edition/e_national/' || n || '.html',
       'Talks', 'Words', '{digest}', 'english-next', 1, {past}, {past}, {past}, '{{}}'
FROM series
"""
MOMENTS = {
    "sqlite": {"past": "'2026-02-01 00:00:00.000000'", "future": "'2999-01-01 00:00:00.000000'"},
    "postgresql": {
        "past": "timestamptz '2026-02-01 00:00:00+00'",
        "future": "timestamptz '2999-01-01 00:00:00+00'",
    },
}


@pytest.fixture
def full(engine: sa.Engine) -> sa.Engine:
    """Return a database with many pages, of which a hundredth is due."""
    name = engine.dialect.name
    with engine.begin() as connection:
        fill = FILL.format(series=SERIES[name], **MOMENTS[name])
        connection.execute(sa.text(fill), {"size": SIZE})
        connection.execute(sa.text(ENTRANCE.format(**MOMENTS[name])))
        store = ARTICLES.format(series=SERIES[name], digest="a" * 64, **MOMENTS[name])
        connection.execute(sa.text(store), {"size": 1000})
    if name == "postgresql":
        # As autovacuum does by itself, soon after.
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    return engine


def without_search(connection: sa.Connection) -> None:
    """Leave the index of the search empty: filling it takes the time, nothing here asks.

    On PostgreSQL for this transaction only.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        return
    triggers = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    for name in connection.scalars(triggers).all():
        connection.exec_driver_sql(f"DROP TRIGGER {name}")


def plan(engine: sa.Engine, ask: Callable[[], object]) -> str:
    """Return how the database goes about the last statement that *ask* runs."""
    asked: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if re.match(r"(SELECT|UPDATE|WITH)\b", statement):
            asked.append((statement, parameters))

    sa.event.listen(engine, "before_cursor_execute", note)
    ask()
    sa.event.remove(engine, "before_cursor_execute", note)
    statement, parameters = asked[-1]
    prefix = "EXPLAIN QUERY PLAN" if engine.dialect.name == "sqlite" else "EXPLAIN"
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(f"{prefix} {statement}", parameters).all()
    return "\n".join(str(row[-1]) for row in rows)


def scans_pages(plan: str) -> bool:
    """Tell whether *plan* goes through all pages, by the table or by a whole index of it."""
    on_sqlite = r"SCAN pages(?! USING (COVERING )?INDEX ix_pages_entrances)"
    on_postgres = r"Seq Scan on pages|Bitmap Heap Scan on pages(?!.*\n.*Recheck)"
    return bool(re.search(f"{on_sqlite}|{on_postgres}", plan))


@pytest.mark.parametrize(
    ("index", "ask"),
    [
        ("ix_pages_entrances", lambda frontier: frontier.entrances()),
        ("ix_pages_due_at", lambda frontier: frontier.due(NOON, 100)),
        (
            "ix_pages_due_at",
            lambda frontier: frontier.due(NOON, 100, (NOON - timedelta(days=28, hours=12), 900)),
        ),
        ("uq_pages_edition_source_id", lambda frontier: frontier.known([("en", 7), ("en", 8)])),
        ("uq_articles_edition_source_id", lambda frontier: frontier.posted([("en", 7)])),
    ],
    ids=["entrances", "due", "more that is due", "known", "posted"],
)
def test_a_spiders_questions_use_their_index(
    full: sa.Engine, index: str, ask: Callable[[Frontier], object]
) -> None:
    frontier = Frontier(full)

    found = plan(full, lambda: ask(frontier))

    if full.dialect.name == "sqlite":
        # SQLite names the index of a unique constraint itself.
        index = re.sub(r"uq_(pages|articles)_.*", r"sqlite_autoindex_\1", index)
    assert index in found
    assert not scans_pages(found), found


@pytest.mark.parametrize("name", [each.name for each in questions()])
@pytest.mark.parametrize("stored_at", ["sqlite"], indirect=True)
def test_a_question_goes_through_no_table_even_where_nothing_is_known_of_its_size(
    engine: sa.Engine, name: str
) -> None:
    """No run of ours lets SQLite count: what an index is worth it has to tell by its columns."""
    found = plan(engine, lambda: ask(engine, name))

    tables = "articles|pages|revisions|bylines|images|related_stories|most_viewed"
    assert not re.search(rf"SCAN ({tables})\b", found), found
    assert "articles_1 (edition=?)" not in found


def test_a_plan_that_goes_through_all_pages_would_be_noticed(full: sa.Engine) -> None:
    def scan() -> None:
        with full.connect() as connection:
            connection.execute(sa.text("SELECT id FROM pages WHERE failures > 99")).all()

    assert scans_pages(plan(full, scan))


@pytest.mark.parametrize(
    "ask",
    [
        lambda shared: shared.claim_due(20, plain=True),
        lambda shared: shared.claim_due(20, plain=False),
        lambda shared: shared.claim_entrance(),
        lambda shared: shared.claim([_address(7), _address(8)], 0, {}),
        lambda shared: shared.is_busy(),
        lambda shared: shared.give_up(),
    ],
    ids=["due", "due of a period", "entrance", "named", "busy", "give up"],
)
@pytest.mark.parametrize("stored_at", ["postgresql"], indirect=True)
def test_claims_use_their_index(full: sa.Engine, ask: Callable[[SharedFrontier], object]) -> None:
    shared = SharedFrontier(full, since=NOON, lease=60, attempts=5, opens=False)

    found = plan(full, lambda: ask(shared))

    assert not scans_pages(found), found
    # Asked anew for each page that is due, a question takes minutes where many are.
    assert "SubPlan" not in found, found


def _address(source_id: int) -> ArticleAddress:
    address = article_address(article_url(source_id))
    assert address is not None
    return address
