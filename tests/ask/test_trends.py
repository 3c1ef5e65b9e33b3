"""What was viewed most, and how many articles there were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from hanicrawler.ask import Filters, UnknownArticle
from hanicrawler.items import Ranking, StoryLink
from hanicrawler.storage import standings
from tests.storage.conftest import NOON, article_url

if TYPE_CHECKING:
    from hanicrawler import Archive
    from hanicrawler.ask import Stay
    from hanicrawler.storage import Writer
    from tests.storage.conftest import MakeArticle

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ranking(hours: float, *ids: int, edition: str = "en") -> Ranking:
    links = tuple(
        StoryLink(url=article_url(n), headline=f"Link {n}", edition="en", source_id=n) for n in ids
    )
    return Ranking(edition=edition, seen_at=NOON + hours * HOUR, links=links)  # type: ignore[arg-type]


@pytest.fixture
def ranked(writer: Writer, article: MakeArticle) -> None:
    """Rankings of two days; article 2 is stored, the others are only links."""
    writer.write([article(2)])
    writer.write(
        [
            ranking(0, 1, 2, 3),
            ranking(10, 2, 1, 3),
            ranking(20, 2, 3, 4),
            ranking(30, 3, 2, 1),
            ranking(35, 5, 3, 2),
            ranking(35, 7, edition="ko"),
        ]
    )


@pytest.mark.usefixtures("ranked")
def test_the_latest_ranking_beside_the_one_a_day_before(archive: Archive) -> None:
    (found,) = archive.rankings(["en"])

    assert (found.edition, found.seen_at) == ("en", NOON + 35 * HOUR)
    assert found.before == NOON + 10 * HOUR
    assert [(one.position, one.source_id, one.before, one.move) for one in found.stories] == [
        (1, 5, None, "new"),
        (2, 3, 3, "rising"),
        (3, 2, 1, "falling"),
    ]
    assert [(one.source_id, one.position) for one in found.left] == [(1, 2)]


@pytest.mark.usefixtures("ranked")
def test_a_story_stands_since_it_came_for_the_last_time(archive: Archive) -> None:
    (found,) = archive.rankings(["en"], at=NOON + 31 * HOUR)

    since = {one.source_id: one.since for one in found.stories}
    assert since == {3: NOON, 2: NOON, 1: NOON + 30 * HOUR}


@pytest.mark.usefixtures("ranked")
def test_long_standing_is_found_in_many_looks(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standings, "AT_ONCE", 2)

    (found,) = archive.rankings(["en"])

    assert {one.source_id: one.since for one in found.stories}[2] == NOON


@pytest.mark.usefixtures("ranked")
def test_a_ranked_story_has_its_own_headline_once_it_is_stored(archive: Archive) -> None:
    _, link, stored = archive.rankings(["en"])[0].stories

    assert (stored.headline, stored.article_id) == ("Talks resume, part 2", 1)
    assert (stored.section, stored.published_at) == ("e_northkorea", NOON - 2 * DAY)
    assert (link.headline, link.article_id, link.published_at) == ("Link 3", None, None)


@pytest.mark.usefixtures("ranked")
def test_without_an_earlier_ranking_nothing_is_said_of_moves(archive: Archive) -> None:
    english, korean = archive.rankings()

    assert (korean.edition, korean.before, korean.left) == ("ko", None, ())
    assert [one.move for one in korean.stories] == [None]
    for back in (36 * HOUR, timedelta(days=900_000)):
        (found,) = archive.rankings(["en"], back=back)
        assert (found.before, found.left) == (None, ())
    assert english.before is not None
    assert archive.rankings(["ja"]) == archive.rankings(at=NOON - HOUR) == ()


def places(stays: tuple[Stay, ...]) -> list[tuple[int, float, float | None]]:
    return [
        (stay.position, (stay.since - NOON) / HOUR, stay.until and (stay.until - NOON) / HOUR)
        for stay in stays
    ]


@pytest.mark.usefixtures("ranked")
def test_an_articles_places_over_time_are_joined_while_they_last(archive: Archive) -> None:
    two = archive.ranking_history("en:2")

    assert places(two.stays) == [(3, 35, None), (2, 30, 35), (1, 10, 30), (2, 0, 10)]
    assert (two.article_id, two.headline) == (1, "Talks resume, part 2")
    assert archive.ranking_history(1) == two == archive.ranking_history(article_url(2, "e_old"))
    # It left, and came back.
    assert places(archive.ranking_history("en:1").stays) == [(3, 30, 35), (2, 10, 20), (1, 0, 10)]


@pytest.mark.usefixtures("ranked")
def test_a_story_that_is_only_a_link_has_a_history_and_one_of_another_edition_none(
    archive: Archive,
) -> None:
    link = archive.ranking_history("en:4")

    assert (link.article_id, link.headline, link.url) == (None, "Link 4", article_url(4))
    with pytest.raises(UnknownArticle, match=r"no article ko:4 in .*, nor in a ranking there"):
        archive.ranking_history("ko:4")
    with pytest.raises(UnknownArticle, match="no article 99"):
        archive.ranking_history(99)


def test_an_article_that_was_in_no_ranking_has_no_places(
    archive: Archive, writer: Writer, article: MakeArticle
) -> None:
    writer.write([article(1)])

    assert archive.ranking_history(1).stays == ()


@pytest.fixture
def posted(writer: Writer, article: MakeArticle) -> None:
    # The last second of a Sunday in Seoul, and the first of the Monday, which begins a month.
    sunday = datetime(2026, 5, 31, 14, 59, 59, tzinfo=UTC)
    monday = sunday + timedelta(seconds=1)
    moments = {1: sunday, 2: monday, 3: monday, 4: sunday - 6 * DAY, 5: None}
    writer.write(
        [
            article(number, published_at=at, modified_at=None, section=f"e_{'ab'[number % 2]}",
                    url=article_url(number, f"e_{'ab'[number % 2]}"))
            for number, at in moments.items()
        ]
    )  # fmt: skip


@pytest.mark.usefixtures("posted")
@pytest.mark.parametrize(
    ("by", "days"),
    [
        ("day", {"2026-05-25": 1, "2026-05-31": 1, "2026-06-01": 2}),
        ("week", {"2026-05-25": 2, "2026-06-01": 2}),
        ("month", {"2026-05-01": 2, "2026-06-01": 2}),
        ("year", {"2026-01-01": 4}),
    ],
)
def test_articles_are_counted_by_korean_days(
    archive: Archive, by: str, days: dict[str, int]
) -> None:
    counts = archive.article_counts(by)  # type: ignore[arg-type]

    found: dict[str, int] = {}
    for one in counts:
        found[str(one.first_day)] = found.get(str(one.first_day), 0) + one.articles
    assert found == days
    assert {one.section for one in counts} == {"e_a", "e_b"}
    assert [one.first_day for one in counts] == sorted(one.first_day for one in counts)


@pytest.mark.usefixtures("posted")
def test_counts_are_of_the_articles_asked_for(archive: Archive) -> None:
    june = Filters(since=date(2026, 6, 1), sections=("e_a",))

    assert [(str(one.first_day), one.articles) for one in archive.article_counts("day", june)] == [
        ("2026-06-01", 1)
    ]
    assert archive.newest_day() == date(2026, 6, 1)
    assert archive.newest_day(Filters(until=date(2026, 5, 31))) == date(2026, 5, 31)
    assert archive.newest_day(Filters(editions=("ja",))) is None
