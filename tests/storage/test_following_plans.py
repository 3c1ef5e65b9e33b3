"""Following authors, edits, rankings and translations costs what is shown, not what is stored."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from hanicrawler.storage import signers
from hanicrawler.storage.author_pages import articles_by, read_author
from hanicrawler.storage.counts import count_articles, newest_day
from hanicrawler.storage.edits import read_edits
from hanicrawler.storage.filters import Filters
from hanicrawler.storage.signers import AuthorName, list_signers
from hanicrawler.storage.standings import read_career, read_rankings
from hanicrawler.storage.translations import read_translations
from tests.storage.test_plans import MOMENTS, SERIES, without_search
from tests.storage.test_reading_plans import plans

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 10_000
FEW = AuthorName(id=2, name="Lee Bon-young", language="en")
DAY = Filters(since=date(2026, 1, 25), until=date(2026, 1, 25))
WEEK = Filters(since=date(2026, 1, 25), until=date(2026, 1, 31))
ARTICLES = """
INSERT INTO articles (edition, source_id, url, section, headline, body, content_hash, template,
                      revision, first_seen_at, last_seen_at, captured_at, layers, published_at,
                      original_source_id)
{series}
SELECT 'en', n, 'https://english.hani.co.kr/arti/english_edition/e_national/' || n || '.html',
       'e_' || (n % 9), 'Talks', 'Words', '{digest}', 'english-next', 1, {past}, {past}, {past},
       '{{}}', datetime('2026-02-01', '-' || n || ' hours'), n
FROM series
"""
OF_ARTICLES = (
    "INSERT INTO authors (id, name, language)"
    " VALUES (1, 'Kim Na-ra', 'en'), (2, 'Lee Bon-young', 'en')",
    "INSERT INTO bylines (article_id, position, author_id)"
    " SELECT id, 1, CASE WHEN source_id <= 20 THEN 2 ELSE 1 END FROM articles",
    "INSERT INTO revisions (article_id, number, seen_at, headline, body, content_hash, silent)"
    " SELECT id, 1, first_seen_at, headline, body, content_hash, false FROM articles",
    "INSERT INTO revisions (article_id, number, seen_at, headline, body, content_hash, silent)"
    " SELECT id, 2, first_seen_at, headline, 'More', content_hash, source_id % 50 = 0"
    " FROM articles WHERE source_id % 10 = 0",
)
RANKED = """
INSERT INTO most_viewed (edition, seen_at, position, source_id, url, headline)
{series}
SELECT 'en', datetime('2026-02-01', '-' || (n / 5) || ' hours'), n % 5 + 1, n / 50 + n % 5 + 1,
       'u', ''
FROM series
"""
QUESTIONS: dict[str, Callable[[sa.Engine], object]] = {
    "edits": read_edits,
    "silent edits": lambda engine: read_edits(engine, silent=True),
    "edits of a week": lambda engine: read_edits(engine, since=WEEK.since, until=WEEK.until),
    "more edits": lambda engine: read_edits(engine, after="n:20260131T000000.000000,7,2"),
    "translations": read_translations,
    "originals that are missing": lambda engine: read_translations(engine, missing=True),
    "more translations": lambda engine: read_translations(engine, after="20260131T000000.000000,7"),
    "a week's articles": lambda engine: count_articles(engine, "day", WEEK),
    "the newest day": newest_day,
    "an author": lambda engine: read_author(engine, FEW),
    "an author's articles": lambda engine: articles_by(engine, 2),
    "who signed last": lambda engine: list_signers(
        engine, Filters(editions=("en",)), order="newest", limit=1
    ),
    "who signed on a day": lambda engine: list_signers(engine, DAY),
    "rankings": lambda engine: read_rankings(engine, ["en"], back=timedelta(days=7)),
    "an article's places": lambda engine: read_career(engine, key=("en", 7)),
}


@pytest.fixture
def full(engine: sa.Engine) -> sa.Engine:
    """Return a database with many articles of two authors, a tenth of them edited; rankings."""
    name = engine.dialect.name
    fill = ARTICLES.format(series=SERIES[name], digest="a" * 64, **MOMENTS[name])
    with engine.begin() as connection:
        without_search(connection)
        for statement in (fill, *OF_ARTICLES, RANKED.format(series=SERIES[name])):
            connection.execute(sa.text(statement), {"size": SIZE} if ":size" in statement else {})
    # As autovacuum does by itself; SQLite never learns how much it holds where nobody tells it.
    if name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    return engine


def scans(plan: str) -> bool:
    """Tell whether *plan* goes through a whole table of those that grow."""
    tables = "articles|english|korean|later|earlier|others|revisions|bylines|most_viewed"
    in_order = r"(?! USING (COVERING )?INDEX ix_articles_published_at)"
    on_postgres = r"Seq Scan on (articles|revisions|bylines|most_viewed)"
    return bool(re.search(rf"SCAN ({tables})\b{in_order}|{on_postgres}", plan))


def test_following_goes_through_no_table(full: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    # So small a table is read whole for the authors of 200 articles, and rightly so.
    monkeypatch.setattr(signers, "FIRST_LOOK", 20)
    for question, ask in QUESTIONS.items():
        found = plans(full, ask)
        assert found, question
        for plan in found:
            assert not scans(plan), f"{question}: {plan}"

    assert scans(plans(full, _label)[-1]), "a plan that goes through all articles is noticed"
    edits = [plan for plan in plans(full, read_edits) if "revisions" in plan]
    assert all("ix_revisions_edits" in plan for plan in edits)
    counted = [plan for plan in plans(full, list_signers) if "articles" not in plan]
    assert any("ix_bylines_author_id_article_id" in plan for plan in counted)


def _label(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT id FROM articles WHERE label = 'Photo'")).all()
