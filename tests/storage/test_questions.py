"""The questions of docs/querying.md: both databases give the same answer, and there is one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from hanicrawler.storage import (
    Answer,
    WrongQuestion,
    ask,
    database_url,
    open_read_only,
    question,
    questions,
)
from tests.crawled import KNOWN_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import sqlalchemy as sa

NAMES = [each.name for each in questions()]
ELSEWHERE = "?options=-c%20timezone%3DAmerica/New_York"
"""A session's time zone must make no difference."""


@pytest.fixture(scope="module")
def sqlite(crawled_file: Path) -> Iterator[sa.Engine]:
    engine = open_read_only(database_url(str(crawled_file)))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql(crawled_on_server: str) -> Iterator[sa.Engine]:
    engine = open_read_only(database_url(crawled_on_server + ELSEWHERE))
    yield engine
    engine.dispose()


@pytest.fixture
def answer(sqlite: sa.Engine) -> Callable[..., Answer]:
    return lambda name, **values: ask(sqlite, name, values)


def test_there_are_twenty_and_each_has_a_name_of_its_own() -> None:
    assert len(NAMES) == len(set(NAMES)) == 20


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_both_databases_give_the_same_answer(
    sqlite: sa.Engine, postgresql: sa.Engine, name: str
) -> None:
    one, other = ask(sqlite, name), ask(postgresql, name)

    assert one.rows
    assert one == other
    assert [list(row) for row in one.rows] == [list(one.columns)] * len(one.rows)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_what_is_pasted_gives_as_many_rows(
    sqlite: sa.Engine, crawled_file: Path, crawled_on_server: str, name: str
) -> None:
    expected = len(ask(sqlite, name).rows)
    pasted = question(name).literal()

    with closing(sqlite3.connect(crawled_file)) as file:
        assert len(file.execute(pasted).fetchall()) == expected
    with psycopg.connect(crawled_on_server) as server:
        server.execute("SET TIME ZONE 'Asia/Tokyo'")
        assert len(server.execute(pasted.encode()).fetchall()) == expected


@pytest.mark.slow
class TestTheAnswers:
    def test_a_silent_edit_shows_the_headline_that_was(self, answer: Any) -> None:
        headlines = [(row["headline_was"], row["headline"]) for row in answer("silent-edits").rows]

        changed = [(was, now) for was, now in headlines if was]
        assert changed == [(was, f"{was}, ministry says") for was, _ in changed]
        assert len(headlines) == len(changed) + 1  # the other one's body changed

    def test_an_article_that_went_away_keeps_its_words(self, answer: Any) -> None:
        (row,) = answer("gone").rows

        assert row["headline"]
        assert datetime.now(UTC) - row["gone_at"] < timedelta(hours=1)

    def test_a_ranking_that_was_replaced_stood_two_days(self, answer: Any) -> None:
        assert {row["hours"] for row in answer("most-viewed").rows} == {0, 48}

    def test_a_story_that_stood_yesterday_is_not_new(self, answer: Any) -> None:
        new = answer("new-in-ranking").rows
        of_all = answer("new-in-ranking", ago="-9 days").rows

        assert 0 < len(new) <= len(of_all) == 5

    def test_the_stories_around_one_are_two_steps_away_at_most(self, answer: Any) -> None:
        rows = answer("around-a-story").rows

        assert [row["url"] for row in rows if row["steps"] == 0] == [
            f"https://english.hani.co.kr/arti/english_edition/e_national/{KNOWN_ID}.html"
        ]
        assert {row["steps"] for row in rows} == {0, 1, 2}
        nearer = answer("around-a-story", steps=1).rows
        assert nearer == tuple(row for row in rows if row["steps"] < 2)

    def test_a_day_is_a_day_in_korea(self, answer: Any) -> None:
        rows = answer("day-by-day", since="2024-06-10", until="2024-06-10").rows

        assert {row["day"] for row in rows} == {"2024-06-10"}

    def test_a_translation_comes_later_than_its_original(self, answer: Any) -> None:
        assert {row["hours_later"] for row in answer("translations").rows} == {26}


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("who-knows", {}, "no question 'who-knows'"),
        ("gone", {"since": "2024-06-01"}, "gone has no parameter 'since'; it has ago"),
        ("labels", {"since": "2024-02-30"}, "since='2024-02-30' is not a day"),
        ("labels", {"since": "2024-06-01' OR 1=1"}, "is not a day"),
        ("gone", {"ago": "yesterday"}, "ago='yesterday' is not a time before now"),
        ("runs", {"limit": "many"}, "limit='many' is not a number"),
        ("first-and-last", {"author": "a\0b"}, "NUL"),
    ],
)
def test_a_question_asked_wrongly_says_how_to_ask(
    engine: sa.Engine, name: str, values: dict[str, str], said: str
) -> None:
    with pytest.raises(WrongQuestion) as raised:
        ask(engine, name, values)

    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_value_is_text_and_never_sql(engine: sa.Engine) -> None:
    hostile = "O'Neil'; DROP TABLE articles; --"

    assert ask(engine, "first-and-last", {"author": hostile}).rows == ()
    assert "'O''Neil''; DROP TABLE articles; --'" in question("first-and-last").literal(
        author=hostile
    )
    assert ask(engine, "runs").rows == ()
