"""Articles chosen and read one after another, in one view of the database."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from hanicrawler.storage import read_coverage, streams
from hanicrawler.storage.filters import Filters
from hanicrawler.storage.models import ArticleRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.streams import ArticleRecord, choose
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    import pytest

    from hanicrawler.items import Article
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle, Rows

HOUR = timedelta(hours=1)


def test_a_record_has_every_column_of_an_article() -> None:
    names = [field.name for field in fields(ArticleRecord)]

    assert names[: len(table_of(ArticleRow).c)] == list(table_of(ArticleRow).c.keys())


def test_articles_come_whole_and_by_id(
    engine: sa.Engine, writer: Writer, article: MakeArticle, rows: Rows
) -> None:
    made = [article(3), article(1, authors=(), images=(), related=()), article(2, edition="ko")]
    writer.write(made)

    with choose(engine) as chosen:
        found = list(chosen.articles())
        assert len(chosen) == 3

    assert [one.source_id for one in found] == [one.source_id for one in made]
    assert [one.id for one in found] == sorted(one.id for one in found)
    for one, wanted in zip(found, made, strict=True):
        assert (one.authors, one.images, one.related) == (
            wanted.authors,
            wanted.images,
            wanted.related,
        )
        assert (one.seen_at, one.silent) == (None, None)
    columns = table_of(ArticleRow).c.keys()
    assert [{name: getattr(one, name) for name in columns} for one in found] == rows("articles")


def test_every_version_comes_in_its_own_words(
    engine: sa.Engine, writer: Writer, article: MakeArticle
) -> None:
    first = article(1)
    later = article(1, headline="Talks fail", deck=None, at=NOON + HOUR)
    writer.write([first, article(2)])
    writer.write([later])

    with choose(engine) as chosen:
        found = list(chosen.articles(every_version=True))

    assert [(one.source_id, one.revision, one.headline, one.silent) for one in found] == [
        (1, 1, first.headline, False),
        (1, 2, "Talks fail", True),
        (2, 1, "Talks resume, part 2", False),
    ]
    assert [one.seen_at for one in found[:2]] == [NOON, NOON + HOUR]
    assert [one.deck for one in found[:2]] == [first.deck, None]
    assert [one.content_hash for one in found[:2]] == [first.content_hash, later.content_hash]


def test_batches_lose_nothing_and_take_no_neighbour(
    engine: sa.Engine, writer: Writer, article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BATCH", 3)

    def made(number: int) -> Article:
        section = "e_business" if number % 2 else "e_national"
        return article(number, url=article_url(number, section), section=section)

    writer.write([made(number) for number in range(1, 21)])
    with choose(engine, Filters(sections=("e_business",))) as chosen:
        assert [one.source_id for one in chosen.articles()] == list(range(1, 21, 2))
    with choose(engine, words="1 OR 2 OR 20") as chosen:  # each headline has its number
        assert [one.source_id for one in chosen.articles()] == [1, 2, 20]
    with choose(engine, Filters(sections=("e_sports",))) as chosen:
        assert list(chosen.articles()) == []


def test_days_are_korean(engine: sa.Engine, writer: Writer, article: MakeArticle) -> None:
    midnight = NOON.replace(hour=15)  # in Korea, of the next day
    writer.write(
        [
            article(1, published_at=midnight - HOUR, modified_at=None),
            article(2, published_at=midnight, modified_at=None),
            article(3, published_at=None),
        ]
    )

    with choose(engine, Filters(since=date(2026, 3, 2), until=date(2026, 3, 2))) as chosen:
        assert [one.source_id for one in chosen.articles()] == [2]


def test_what_a_crawl_stores_meanwhile_is_not_seen(
    engine: sa.Engine, writer: Writer, article: MakeArticle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "BATCH", 1)
    writer.write([article(1), article(2)])

    with choose(engine) as chosen:
        reading = chosen.articles(every_version=True)
        next(reading)
        writer.write([article(2, headline="Other", images=(), at=NOON + HOUR), article(3)])
        rest = list(reading)

    assert [(one.source_id, one.headline) for one in rest] == [(2, "Talks resume, part 2")]
    assert len(rest[0].images) == 1


def test_the_coverage_is_that_of_the_days_and_sections_asked_for(
    engine: sa.Engine, writer: Writer, article: MakeArticle
) -> None:
    other = article(2, url=article_url(2, "e_business"), section="e_business")
    writer.write([article(1), other])
    asked = Filters(sections=("e_business",), editions=("en",), since=date(2026, 2, 1))

    with choose(engine, asked) as chosen:
        found = chosen.coverage()

    wanted = read_coverage(engine, since=asked.since, sections=asked.sections, edition="en")
    assert found == wanted
    assert {day.section for day in found.days} == {"e_business"}


def test_no_table_is_read_from_end_to_end_for_a_batch(
    engine: sa.Engine, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(number) for number in range(1, 5)])
    asked: list[str] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if "WHERE" in statement and engine.dialect.name == "sqlite":
            asked.append(statement)

    with choose(engine) as chosen:
        sa.event.listen(engine, "before_cursor_execute", note)
        list(chosen.articles(every_version=True))
        sa.event.remove(engine, "before_cursor_execute", note)
    with engine.connect() as connection:
        for statement in asked:
            values = tuple([1] * statement.count("?"))
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[-1] for row in plan]
            assert not [step for step in steps if step.startswith("SCAN")], (statement, steps)
    assert len(asked) == (5 if engine.dialect.name == "sqlite" else 0)
