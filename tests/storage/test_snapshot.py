"""A SQLite file with what either database holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Discovered, Problem, Ranking, StoryLink
from hanicrawler.storage import (
    DatabaseError,
    Writer,
    database_url,
    finish_crawl,
    open_database,
    open_read_only,
    read_coverage,
    start_crawl,
)
from hanicrawler.storage.filters import Filters
from hanicrawler.storage.schema import Base
from hanicrawler.storage.search import search
from hanicrawler.storage.snapshot import write_snapshot
from hanicrawler.storage.views import VIEWS
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hanicrawler.items import Article
    from tests.storage.conftest import MakeArticle

HOSTILE = "=1+1, \"quoted\"; 'single'\n\n\tnext\r\u2028line 🎈 판문점 \\N %s <b>"


def contents(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table and view, in an order of their own."""
    found = {}
    with engine.connect() as connection:
        for table in (*Base.metadata.tables.values(), *VIEWS.tables.values()):
            rows = connection.execute(sa.select(table))
            found[table.name] = sorted([tuple(map(repr, row)) for row in rows])
    return found


def schema(file: Path) -> set[tuple[str, str, str]]:
    with closing(sqlite3.connect(file)) as connection:
        made = connection.execute("SELECT type, name, sql FROM sqlite_master WHERE sql NOT NULL")
        return {row for row in made if not row[1].startswith("sqlite_")}


def business(make: MakeArticle, number: int, **changes: Any) -> Article:
    url = article_url(number, "e_business")
    return make(number, url=url, section="e_business", **changes)


@pytest.fixture
def filled(engine: sa.Engine, writer: Writer, article: MakeArticle) -> sa.Engine:
    """A database with something in nearly every table."""
    writer.write(
        [
            article(1, headline=HOSTILE, body=f"{HOSTILE}\n\n{HOSTILE}"),
            business(article, 2, authors=article(2).authors[:1]),
            article(3, published_at=NOON.replace(microsecond=250_000), modified_at=None),
            Problem(
                url="https://x.example/", stage="parse", code="c", error="e", seen_at=NOON,
                body=b"\x00\xff'",
            ),
            Discovered(url=article_url(9), kind="article", discovered_at=NOON),
            Ranking(
                edition="en",
                seen_at=NOON,
                links=(
                    StoryLink(url=article_url(1), headline="One", edition="en", source_id=1),
                    StoryLink(url=article_url(2), headline="Two", edition="en", source_id=2),
                ),
            ),
        ]
    )  # fmt: skip
    writer.write([article(1, headline="Other", at=NOON + timedelta(hours=1))])
    run = start_crawl(engine, spider="hani", arguments={"since": "2026"}, started_at=NOON)
    finish_crawl(
        engine,
        run,
        finished_at=NOON + timedelta(hours=1),
        outcome="healthy",
        reason=None,
        counts={"found": 3, "seconds": 1.5},
        coverage={("english-2018", "body", "template"): 3},
    )
    return engine


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Any]:
    """Opens a snapshot as any reader would."""
    engines: list[sa.Engine] = []

    def of(file: Path) -> sa.Engine:
        engines.append(open_read_only(database_url(str(file))))
        return engines[-1]

    yield of
    for engine in engines:
        engine.dispose()


def test_a_snapshot_has_every_row_of_every_table(
    filled: sa.Engine, tmp_path: Path, opened: Any
) -> None:
    file = tmp_path / "snapshot.db"

    made = write_snapshot(filled, file)

    wanted = contents(filled)
    assert contents(opened(file)) == wanted
    assert {name for name, rows in wanted.items() if rows} >= set(Base.metadata.tables) - {
        "gaps",
        "readings",
        "workers",
    }
    assert made.rows == {name: len(wanted[name]) for name in Base.metadata.tables}
    assert made.coverage == read_coverage(filled)
    assert [path.name for path in tmp_path.glob("snapshot*")] == ["snapshot.db"]


def test_a_snapshot_has_the_same_tables_indexes_views_and_rules(
    filled: sa.Engine, tmp_path: Path
) -> None:
    fresh = tmp_path / "fresh.db"
    open_database(database_url(str(fresh))).dispose()
    for filters in (Filters(), Filters(sections=("e_business",))):
        file = tmp_path / f"snapshot{len(filters.sections)}.db"
        write_snapshot(filled, file, filters)

        assert schema(file) == schema(fresh)
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_filtered_snapshot_has_the_articles_chosen_and_what_belongs_to_them(
    filled: sa.Engine, tmp_path: Path, opened: Any
) -> None:
    file = tmp_path / "snapshot.db"

    made = write_snapshot(filled, file, Filters(sections=("e_business",)))

    found, all_rows = contents(opened(file)), contents(filled)
    for name in Base.metadata.tables:
        assert set(found[name]) <= set(all_rows[name]), name
    assert made.rows == {
        "articles": 1,
        "revisions": 1,
        "authors": 1,
        "bylines": 1,
        "images": 1,
        "related_stories": 2,
        "pages": 1,
        "most_viewed": 1,
        "captures": 1,
        **dict.fromkeys(("crawls", "workers", "gaps", "coverage", "problems"), 0),
        **dict.fromkeys(("ranking_sightings", "readings"), 0),
    }
    assert found["authors"][0][1] == "'Kim Na-ra'"
    assert {day.section for day in made.coverage.days} == {"e_business"}


def test_a_filter_that_nothing_fits_makes_an_empty_snapshot(
    filled: sa.Engine, tmp_path: Path
) -> None:
    made = write_snapshot(filled, tmp_path / "s.db", Filters(labels=("Nothing",)))

    assert set(made.rows.values()) == {0}


def test_a_crawl_goes_on_in_a_snapshot(
    filled: sa.Engine, tmp_path: Path, article: MakeArticle
) -> None:
    file = tmp_path / "snapshot.db"
    write_snapshot(filled, file)
    engine = open_database(database_url(str(file)))
    counted = Writer(engine, None).write([article(3, at=NOON + timedelta(days=1)), article(4)])
    engine.dispose()

    assert len(counted) == 2
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT count(*), max(id) FROM articles").fetchone() == (4, 4)


def test_progress_is_told_to_the_end(filled: sa.Engine, tmp_path: Path) -> None:
    for filters in (Filters(), Filters(editions=("en",))):
        told: list[tuple[int, int]] = []
        write_snapshot(
            filled, tmp_path / f"{len(filters.editions)}.db", filters,
            progress=lambda done, total, told=told: told.append((done, total)),
        )  # fmt: skip
        assert told[-1][0] == told[-1][1] > 0


def test_a_snapshot_that_cannot_be_written_is_one_line(filled: sa.Engine, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for filters in (Filters(), Filters(editions=("en",))):
        with pytest.raises(DatabaseError) as caught:
            write_snapshot(filled, folder, filters)
        assert "folder" in str(caught.value)
        assert "\n" not in str(caught.value)


def test_a_snapshot_can_be_searched(
    engine: sa.Engine, writer: Writer, article: MakeArticle, tmp_path: Path, opened: Any
) -> None:
    writer.write(
        [
            article(1, headline="Talks at Panmunjom"),
            business(article, 2, headline="Talks of trade", body="북한이 말했다."),
            article(3, headline="Nothing of it", published_at=None),
        ]
    )
    whole, some, few = tmp_path / "whole.db", tmp_path / "some.db", tmp_path / "few.db"
    write_snapshot(engine, whole)
    write_snapshot(engine, some, Filters(sections=("e_business",)))
    made = write_snapshot(engine, few, words="panmunjom")

    def found(file: Path, words: str, **filters: Any) -> list[int]:
        page = search(opened(file), words, Filters(**filters))
        return [one.source_id for one in page.articles]

    assert found(whole, "talks") == [2, 1]
    assert found(whole, "북한") == found(some, "북한") == [2]
    assert found(whole, '"nothing of it"') == [3]
    assert found(whole, "talks", authors=("Kim Na-ra",)) == [2, 1]
    assert found(some, "talks") == [2]
    assert found(some, "panmunjom") == []
    assert found(few, "talks") == [1]
    assert made.rows["articles"] == 1


def test_the_search_of_a_snapshot_stays_true(
    engine: sa.Engine, writer: Writer, article: MakeArticle, tmp_path: Path
) -> None:
    writer.write([article(1, headline="Talks at Panmunjom"), article(2)])
    file = tmp_path / "snapshot.db"
    write_snapshot(engine, file)

    later = open_database(database_url(str(file)))
    Writer(later, None).write(
        [article(1, headline="Silence", at=NOON + timedelta(hours=1)), article(3, headline="Pan")]
    )
    for words, numbers in (("silence", [1]), ("panmunjom", []), ("pan", [3])):
        page = search(later, words, Filters())
        assert [one.source_id for one in page.articles] == numbers
    later.dispose()
