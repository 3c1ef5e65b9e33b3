"""What a reader browses by: newest articles, sections, how many there were when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from hanicrawler.storage.shelves import counts, latest, section_names, shelves
from tests.storage.conftest import NOON

if TYPE_CHECKING:
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

KOREAN = {
    "edition": "ko",
    "section": "politics/assembly",
    "section_name": "정치",
    "url": "https://www.hani.co.kr/arti/politics/assembly/6.html",
}
NEW_YEAR = datetime(2025, 12, 31, 15, tzinfo=UTC)
"""In Seoul."""


@pytest.fixture
def filled(engine: sa.Engine, writer: Writer, article: MakeArticle) -> sa.Engine:
    """Six articles a day apart, of two sections; one of them Korean, one without a date."""
    days = [article(number, published_at=NOON - timedelta(days=number)) for number in (1, 2, 3)]
    business = article(
        4, section="e_business", section_name="Business", published_at=NEW_YEAR, modified_at=None
    )
    undated = article(5, published_at=None, modified_at=None)
    korean = article(6, **KOREAN, published_at=NOON, modified_at=None)
    writer.write([*days, business, undated, korean])
    return engine


def test_the_newest_of_an_edition_stand_first_and_those_without_a_date_last(
    filled: sa.Engine,
) -> None:
    assert [each.source_id for each in latest(filled, "en", 10)] == [1, 2, 3, 4, 5]
    assert [each.source_id for each in latest(filled, "en", 2)] == [1, 2]
    (korean,) = latest(filled, "ko", 10)
    assert (korean.section_name, korean.authors) == ("정치", "Kim Na-ra; Yonhap News")
    assert latest(filled, "zh", 10) == []


def test_a_section_has_its_name_its_span_and_its_number(filled: sa.Engine) -> None:
    greatest, *others = shelves(filled)

    assert (greatest.code, greatest.name, greatest.edition) == ("e_northkorea", "North Korea", "en")
    assert greatest.articles == 4
    assert greatest.newest_at == NOON - timedelta(days=1)
    assert greatest.oldest_at == NOON - timedelta(days=3)
    assert [each.code for each in others] == ["e_business", "politics/assembly"]
    assert section_names(filled)["politics/assembly"] == "정치"


def test_a_section_is_called_what_its_newest_article_prints(
    engine: sa.Engine, writer: Writer, article: MakeArticle
) -> None:
    """Not what the one without a date does, wherever the database sorts that."""
    old = article(1, section_name="Korea", published_at=NOON - timedelta(days=9))
    undated = article(2, section_name="?", published_at=None, modified_at=None)
    writer.write([old, undated, article(3, section_name="North Korea")])

    assert section_names(engine) == {"e_northkorea": "North Korea"}
    assert shelves(engine)[0].name == "North Korea"


def test_days_are_korean_where_articles_are_counted(filled: sa.Engine) -> None:
    """15:00 UTC of the last of December is the new year in Seoul."""
    years = [date(2025, 1, 1), date(2026, 1, 1), date(2027, 1, 1)]

    assert counts(filled, ["e_business", "e_northkorea"], years) == {
        "e_business": (0, 1),
        "e_northkorea": (0, 3),
    }
    assert counts(filled, ["nothing"], years) == {"nothing": (0, 0)}
    assert counts(filled, [], []) == {}


def test_an_empty_database_has_no_shelves(engine: sa.Engine) -> None:
    assert shelves(engine) == []
    assert section_names(engine) == {}
    assert latest(engine, "en", 10) == []
