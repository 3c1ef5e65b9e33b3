"""What the newspaper changed after publication."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.ask import Filters, changes
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    from hanicrawler import Archive
    from hanicrawler.ask import Edit
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def edited(writer: Writer, article: MakeArticle) -> None:
    """Three articles: one edited in silence, one told, one both ways; a fourth as it was."""
    writer.write([article(number) for number in (1, 2, 3, 4)])
    told = {"modified_at": NOON + HOUR}
    writer.write([article(1, headline="Talks stall", at=NOON + 2 * HOUR)])
    writer.write([article(2, body="Another text.", deck=None, at=NOON + 3 * HOUR, **told)])
    writer.write([article(3, byline=None, authors=(), at=NOON + 4 * HOUR, **told)])
    writer.write([article(3, headline="New talks", at=NOON + DAY, **told)])
    writer.write([article(4, label="Photo", at=NOON + DAY)])


def keys(edits: tuple[Edit, ...]) -> list[tuple[int, int]]:
    return [(edit.source_id, edit.number) for edit in edits]


@pytest.mark.usefixtures("edited")
def test_silent_edits_stand_first_and_each_kind_the_newest_first(archive: Archive) -> None:
    page = archive.edits()

    assert keys(page.rows) == [(3, 3), (1, 2), (3, 2), (2, 2)]
    assert [edit.silent for edit in page.rows] == [True, True, False, False]
    assert page.next is None


@pytest.mark.usefixtures("edited")
def test_an_edit_says_what_changed_and_how_long_after_publication(archive: Archive) -> None:
    _, headline, byline, body = archive.edits().rows

    assert (headline.edition, headline.url, headline.section) == (
        "en", article_url(1), "e_northkorea")  # fmt: skip
    assert headline.headline == "Talks stall"
    assert [(c.field, c.before, c.after) for c in headline.changes] == [
        ("headline", "Talks resume, part 1", "Talks stall")
    ]
    assert headline.after == 2 * DAY + 2 * HOUR
    assert (headline.seen_at, headline.modified_at) == (NOON + 2 * HOUR, NOON - DAY)
    assert [(c.field, c.after) for c in byline.changes] == [("byline", None)]
    assert [c.field for c in body.changes] == ["deck", "body"]
    assert body.modified_at == NOON + HOUR
    pieces = changes(headline.changes[0].before or "", headline.changes[0].after or "")
    assert [piece.kind for piece in pieces] == ["same", "removed", "added"]


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_every_page_goes_on_behind_the_last(archive: Archive, limit: int) -> None:
    seen: list[tuple[int, int]] = []
    after: str | None = None
    while True:
        page = archive.edits(limit=limit, after=after)
        seen += keys(page.rows)
        if (after := page.next) is None:
            break

    assert seen == [(3, 3), (1, 2), (3, 2), (2, 2)]


def test_edits_of_one_moment_are_on_one_page_each(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(number) for number in (1, 2, 3)])
    writer.write([article(number, headline="New", at=NOON + HOUR) for number in (1, 2, 3)])

    first = archive.edits(limit=2)
    second = archive.edits(limit=2, after=first.next)

    assert len({*keys(first.rows), *keys(second.rows)}) == 3
    assert second.next is None


@pytest.mark.usefixtures("edited")
def test_edits_are_chosen_by_kind_day_and_article(archive: Archive) -> None:
    def found(filters: Filters | None = None, **asked: Any) -> list[tuple[int, int]]:
        return keys(archive.edits(filters, **asked).rows)

    day = NOON.date()
    assert found(silent=True) == [(3, 3), (1, 2)]
    assert found(silent=False) == [(3, 2), (2, 2)]
    # The day of the first edits in Korea begins at 15:00 UTC of the day before.
    assert found(until=day) == [(1, 2)]
    assert found(since=day + DAY, until=day + DAY) == [(3, 3), (3, 2), (2, 2)]
    assert found(since=day + 2 * DAY) == []
    assert found(Filters(authors=("kim na-ra",)), silent=False) == [(3, 2), (2, 2)]
    assert found(Filters(authors=("lee bon-young",))) == []
    assert found(Filters(sections=("e_business",))) == []
    assert found(Filters(until=day - 2 * DAY)) == [(3, 3), (1, 2), (3, 2), (2, 2)]
    assert found(Filters(since=day)) == []


def test_an_article_without_a_date_was_edited_after_no_known_time(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(1, published_at=None)])
    writer.write([article(1, published_at=None, headline="New", at=NOON + HOUR)])

    assert [edit.after for edit in archive.edits().rows] == [None]
