"""English articles beside their Korean originals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.ask import Filters
from tests.storage.conftest import NOON

if TYPE_CHECKING:
    from hanicrawler import Archive
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

DAY = timedelta(days=1)


def korean(source_id: int) -> str:
    return f"https://www.hani.co.kr/arti/politics/{source_id}.html"


@pytest.fixture
def translated(writer: Writer, article: MakeArticle) -> None:
    """Four translations, two of stored originals; the last has no date."""

    def english(number: int, days: int | None, original: int | None, **more: Any) -> Any:
        posted = None if days is None else NOON - days * DAY
        values = {"published_at": posted, "modified_at": None, "original_source_id": original}
        values["original_url"] = original and korean(original)
        return article(number, **values, **more)

    def original(number: int, days: int) -> Any:
        posted = NOON - days * DAY
        return article(number, edition="ko", url=korean(number), section="politics",
                       headline=f"회담 {number}", published_at=posted,
                       modified_at=None)  # fmt: skip

    writer.write([original(101, 3), original(102, 2), original(105, 9)])
    writer.write([english(1, 1, 101), english(2, 2, 102), english(3, 3, 103)])
    writer.write([english(4, None, 104, section="e_business"), english(5, 5, None)])


@pytest.mark.usefixtures("translated")
def test_translations_stand_beside_their_originals_the_newest_first(archive: Archive) -> None:
    first, second, third, fourth = archive.translations().rows

    assert (first.source_id, first.headline) == (1, "Talks resume, part 1")
    assert (first.original_source_id, first.original_headline) == (101, "회담 101")
    assert (first.original_url, first.original_published_at) == (korean(101), NOON - 3 * DAY)
    assert (first.days, second.days, third.days, fourth.days) == (2, 0, None, None)
    assert [one.is_stored for one in (first, second, third, fourth)] == [True, True, False, False]
    assert (third.original_id, third.original_url) == (None, korean(103))


@pytest.mark.usefixtures("translated")
@pytest.mark.parametrize(
    ("missing", "ids"), [(None, [1, 2, 3, 4]), (True, [3, 4]), (False, [1, 2])]
)
def test_translations_come_by_the_page(
    archive: Archive, missing: bool | None, ids: list[int]
) -> None:
    seen: list[int] = []
    after: str | None = None
    while True:
        page = archive.translations(missing=missing, limit=1, after=after)
        seen += [one.source_id for one in page.rows]
        if (after := page.next) is None:
            break

    assert seen == ids


@pytest.mark.usefixtures("translated")
def test_the_english_articles_are_chosen(archive: Archive) -> None:
    def found(**asked: Any) -> list[int]:
        return [one.source_id for one in archive.translations(Filters(**asked)).rows]

    assert found(sections=("e_business",)) == [4]
    assert found(since=(NOON - 2 * DAY).date()) == [1, 2]
    assert found(editions=("ko",)) == []


def test_days_are_those_of_the_calendar_in_korea(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    # Minutes apart, on both sides of a midnight in Seoul.
    midnight = NOON.replace(hour=15)
    writer.write(
        [
            article(7, edition="ko", url=korean(7), published_at=midnight - timedelta(minutes=1),
                    modified_at=None),
            article(8, published_at=midnight, modified_at=None, original_source_id=7,
                    original_url=korean(7)),
        ]
    )  # fmt: skip

    assert [one.days for one in archive.translations().rows] == [1]
