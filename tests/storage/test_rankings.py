"""The history of the rankings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hanicrawler.items import Ranking, StoryLink

if TYPE_CHECKING:
    from hanicrawler.storage import Writer

HOUR = timedelta(hours=1)


def links(*ids: int) -> tuple[StoryLink, ...]:
    return tuple(
        StoryLink(url=f"https://www.hani.co.kr/arti/{n}.html", headline=f"Story {n}",
                  edition="ko", source_id=n)
        for n in ids
    )  # fmt: skip


def stored(rows: Any) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = {}
    for row in rows("most_viewed", "edition", "seen_at", "position", "source_id"):
        assert row["position"] == len(found.setdefault((row["edition"], row["seen_at"]), [])) + 1
        found[row["edition"], row["seen_at"]].append(row["source_id"])
    return found


def test_only_a_change_is_stored(writer: Writer, article: Any, rows: Any) -> None:
    at = article(1).fetch.fetched_at
    seen = [(1, 2), (1, 2), (2, 1), (2, 1), (1, 2)]
    batch = [
        Ranking(edition="ko", seen_at=at + n * HOUR, links=links(*ids))
        for n, ids in enumerate(seen)
    ]
    expected = {("ko", at): [1, 2], ("ko", at + 2 * HOUR): [2, 1], ("ko", at + 4 * HOUR): [1, 2]}

    writer.write(batch)
    assert stored(rows) == expected
    for one in batch:
        writer.write([one])
    assert stored(rows) == expected


def test_one_after_another_is_compared_with_what_is_stored(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    for n, ids in enumerate([(1, 2), (1, 2), (2, 1)]):
        writer.write([Ranking(edition="ko", seen_at=at + n * HOUR, links=links(*ids))])

    assert stored(rows) == {("ko", at): [1, 2], ("ko", at + 2 * HOUR): [2, 1]}


def test_what_is_stored_between_two_of_a_batch_counts(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    writer.write([Ranking(edition="ko", seen_at=at + HOUR, links=links(2, 1))])

    first, third = (Ranking(edition="ko", seen_at=at + n * HOUR, links=links(1, 2)) for n in (0, 2))
    writer.write([third, first])

    assert stored(rows) == {
        ("ko", at): [1, 2],
        ("ko", at + HOUR): [2, 1],
        ("ko", at + 2 * HOUR): [1, 2],
    }


def test_a_batch_may_reach_over_any_number_of_sightings(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    between = [
        Ranking(edition="ko", seen_at=at + n * HOUR, links=links(2, 1 + n // 25))
        for n in range(1, 50)
    ]
    writer.write(between)

    first, last = (Ranking(edition="ko", seen_at=at + n * HOUR, links=links(1)) for n in (0, 50))
    middle = Ranking(edition="ko", seen_at=at + 30.5 * HOUR, links=links(3))
    writer.write([last, middle, first])

    assert stored(rows) == {
        ("ko", at): [1],
        ("ko", at + HOUR): [2, 1],
        ("ko", at + 25 * HOUR): [2, 2],
        ("ko", at + 30.5 * HOUR): [3],
        ("ko", at + 31 * HOUR): [2, 2],
        ("ko", at + 50 * HOUR): [1],
    }


def test_the_ranking_on_an_article_is_stored_even_of_a_late_capture(
    writer: Writer, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    writer.write([article(1, most_viewed=links(1)), article(2, most_viewed=links(1))])
    writer.write([article(1, most_viewed=links(2), at=at - HOUR)])

    assert stored(rows) == {("en", at - HOUR): [2], ("en", at): [1]}


def test_editions_have_rankings_of_their_own(writer: Writer, article: Any, rows: Any) -> None:
    at = article(1).fetch.fetched_at
    writer.write([Ranking(edition=e, seen_at=at, links=links(1)) for e in ("en", "ja")])

    assert stored(rows) == {("en", at): [1], ("ja", at): [1]}


def test_an_empty_ranking_says_nothing(writer: Writer, article: Any, rows: Any) -> None:
    at = article(1).fetch.fetched_at
    writer.write([Ranking(edition="en", seen_at=at, links=links(1, 2))])
    writer.write([Ranking(edition="en", seen_at=at + HOUR, links=())])

    assert stored(rows) == {("en", at): [1, 2]}


def test_a_moment_read_anew_is_replaced(writer: Writer, article: Any, rows: Any) -> None:
    at = article(1).fetch.fetched_at
    writer.write([Ranking(edition="en", seen_at=at, links=links(1, 2, 3))])
    writer.write([Ranking(edition="en", seen_at=at, links=links(4, 5))])

    assert stored(rows) == {("en", at): [4, 5]}
