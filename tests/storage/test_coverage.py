"""What is known of each day and section, and what is not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Discovered, Fetch
from hanicrawler.storage import (
    Coverage,
    DayCoverage,
    Writer,
    finish_crawl,
    list_gaps,
    read_coverage,
    start_crawl,
)
from hanicrawler.storage.run_models import GapRow, PageRow
from tests.storage.conftest import NOON, article_url

DAY = timedelta(days=1)
MARCH_1 = date(2026, 3, 1)
"""The day of NOON in Korea, too."""


def gap(engine: sa.Engine, newest: int, oldest: int, section: str = "e_a", **more: Any) -> None:
    values = {"reason": "history" if oldest == 0 else "limit", "edition": "en", **more}
    with engine.begin() as connection:
        connection.execute(
            sa.insert(GapRow).values(
                section=section, newest_id=newest, oldest_id=oldest, noted_at=NOON, **values
            )
        )


def posted(article: Any, number: int, at: datetime, section: str = "e_a") -> Any:
    url = article_url(number, section)
    return article(number, url=url, section=section, published_at=at, modified_at=None)


def found(number: int, section: str = "e_a", at: datetime = NOON) -> Discovered:
    return Discovered(url=article_url(number, section), kind="article", discovered_at=at)


def change(engine: sa.Engine, number: int, **values: Any) -> None:
    with engine.begin() as connection:
        connection.execute(sa.update(PageRow).where(PageRow.source_id == number).values(**values))


def test_a_day_says_what_became_of_each_article_that_was_named(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    lost = [Fetch(url=article_url(n, "e_a"), kind="article", fetched_at=NOON, status=s)
            for n, s in ((3, 500), (4, 410))]  # fmt: skip
    writer.write([posted(article, 1, NOON - DAY), posted(article, 2, NOON)])
    writer.write([found(3), found(4), found(5), found(6), *lost])
    change(engine, 5, due_at=NOON)
    change(engine, 6, listed_at=NOON)
    for number in (3, 4, 5, 6):
        change(engine, number, section="e_a")

    first, second = read_coverage(engine).days

    assert (first.day, first.listed, first.stored, first.missing) == (MARCH_1 - DAY, 1, 1, 0)
    assert second == DayCoverage(
        day=MARCH_1, edition="en", section="e_a", listed=5, fetched=3, stored=1, gone=1,
        failed=1, waiting=1, missing=3, lists="never",
    )  # fmt: skip
    assert second.unasked == 1


def test_stories_that_are_only_named_beside_others_have_no_day(
    engine: sa.Engine, writer: Writer, article: Any, rows: Any
) -> None:
    writer.write([posted(article, 1, NOON), found(2), found(3), found(4, "e_b"), found(5, "e_b")])
    change(engine, 5, due_at=NOON)

    known = read_coverage(engine, since=MARCH_1, until=MARCH_1)

    assert [(row.section, row.listed, row.missing) for row in known.days] == [
        ("e_a", 1, 0),
        ("e_b", 1, 1),
    ]
    named = [(one.section, one.stories, one.urls) for one in known.named]
    assert named == [
        ("e_a", 2, (article_url(2, "e_a"), article_url(3, "e_a"))),
        ("e_b", 1, (article_url(4, "e_b"),)),
    ]
    assert read_coverage(engine).named == known.named
    assert len(read_coverage(engine).days) == 2
    (one,) = read_coverage(engine, sections=["e_b"]).named
    assert one.stories == 1
    assert read_coverage(engine, edition="ko").named == ()
    dayless = [row for row in rows("coverage_by_day") if row["day"] is None]
    assert {(row["section"], row["listed"], row["waiting"]) for row in dayless} == {
        ("e_a", 2, 0),
        ("e_b", 1, 0),
    }


def test_addresses_are_told_where_they_are_few(engine: sa.Engine, writer: Writer) -> None:
    writer.write([found(number) for number in range(1, 7)])

    (many,) = read_coverage(engine).named

    assert (many.stories, many.urls) == (6, ())


def test_days_are_koreas(engine: sa.Engine, writer: Writer, article: Any) -> None:
    late = datetime(2026, 3, 1, 15, tzinfo=UTC)  # midnight in Seoul
    writer.write([posted(article, 1, late), posted(article, 2, late - timedelta(seconds=1))])

    assert [(row.day, row.listed) for row in read_coverage(engine).days] == [
        (MARCH_1, 1),
        (MARCH_1 + DAY, 1),
    ]
    only = read_coverage(engine, since=MARCH_1 + DAY, until=MARCH_1 + DAY).days
    assert [row.day for row in only] == [MARCH_1 + DAY]


@pytest.mark.parametrize(
    ("since", "until"),
    [(None, None), (MARCH_1 - 3 * DAY, None), (None, MARCH_1), (MARCH_1 - 5 * DAY, MARCH_1)],
    ids=["all", "since", "until", "between"],
)
def test_the_figures_are_the_views(
    engine: sa.Engine, writer: Writer, article: Any, rows: Any, since: date, until: date
) -> None:
    random = Random(7)
    for number in range(1, 60):
        at = NOON + timedelta(hours=random.randrange(-200, 60))
        section = random.choice(["e_a", "e_b"])
        kind = random.randrange(4)
        if kind < 2:
            date_ = None if random.random() < 0.2 else at
            writer.write([posted(article, number, date_, section)])  # type: ignore[arg-type]
        else:
            writer.write([found(number, section, at)])
        change(
            engine,
            number,
            section=random.choice(["e_a", "e_b", None]),
            listed_at=random.choice([None, at]),
            status=random.choice([None, 200, 404, 500]),
            failures=random.choice([0, 2]),
            fetched_at=random.choice([None, NOON]),
            due_at=random.choice([None, NOON]),
        )

    def inside(day: str) -> bool:
        return (since is None or day >= str(since)) and (until is None or day <= str(until))

    names = (
        "edition",
        "section",
        "day",
        "listed",
        "fetched",
        "stored",
        "gone",
        "failed",
        "waiting",
    )
    seen = {tuple(row[name] for name in names) for row in rows("coverage_by_day")}
    asked = read_coverage(engine, since=since, until=until).days
    assert {
        tuple(str(getattr(row, name)) if name == "day" else getattr(row, name) for name in names)
        for row in asked
    } == {row for row in seen if row[2] and inside(row[2])}
    assert len(asked) > 5
    named = read_coverage(engine, since=since, until=until).named
    assert {(one.edition, one.section, one.stories) for one in named} == {
        (row[0], row[1], row[3]) for row in seen if row[2] is None
    }
    assert named


def test_sections_and_editions_can_be_chosen(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    writer.write([posted(article, 1, NOON), posted(article, 2, NOON, "e_b")])
    writer.write(
        [article(3, edition="ko", section="e_a", url="https://www.hani.co.kr/arti/3.html")]
    )
    gap(engine, 1, 0, "e_b")

    def keys(coverage: Coverage) -> set[tuple[str, str | None]]:
        return {(row.edition, row.section) for row in coverage.days}

    assert keys(read_coverage(engine, sections=["e_a"])) == {("en", "e_a"), ("ko", "e_a")}
    assert keys(read_coverage(engine, sections=["e_a"], edition="en")) == {("en", "e_a")}
    assert read_coverage(engine, sections=["e_a"]).gaps == ()
    assert len(read_coverage(engine, edition="en").gaps) == 1


def test_a_gap_lies_between_the_moments_of_its_ends(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    writer.write([posted(article, 10, NOON - 9 * DAY), posted(article, 20, NOON)])
    gap(engine, 20, 10)

    (one,) = list_gaps(engine)

    assert (one.after, one.before) == (NOON - 9 * DAY, NOON)
    assert (one.first_day, one.last_day) == (MARCH_1 - 9 * DAY, MARCH_1)
    assert one.reason == "limit"


def test_where_an_end_is_not_stored_the_nearest_article_outside_the_gap_stands_for_it(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    inside = [posted(article, number, NOON - 5 * DAY) for number in (12, 18)]
    undated = [article(n, published_at=None, modified_at=None) for n in (9, 21)]
    outside = [posted(article, 8, NOON - 8 * DAY), posted(article, 22, NOON)]
    korean = article(20, edition="ko", url="https://www.hani.co.kr/arti/20.html")
    writer.write([*inside, *undated, *outside, korean])
    gap(engine, 20, 10)

    (one,) = list_gaps(engine)

    assert (one.after, one.before) == (NOON - 8 * DAY, NOON)


def test_a_gap_whose_ends_nothing_tells_is_open(engine: sa.Engine) -> None:
    gap(engine, 20, 10)

    (one,) = list_gaps(engine)

    assert (one.after, one.before) == (None, None)
    assert one.touches(MARCH_1, MARCH_1)


def test_lists_that_were_read_to_their_end_leave_no_gap(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    writer.write([posted(article, 1, NOON)])
    gap(engine, 0, 0)

    known = read_coverage(engine)

    assert known.gaps == ()
    assert [row.lists for row in known.days] == ["read"]


def test_days_of_which_a_list_was_not_read_are_marked_and_named_though_nothing_is_known(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    writer.write([posted(article, 10, NOON - 3 * DAY), posted(article, 20, NOON)])
    writer.write([posted(article, 9, NOON - 5 * DAY), posted(article, 30, NOON, "e_b")])
    gap(engine, 20, 10)
    gap(engine, 0, 0)

    known = read_coverage(engine, since=MARCH_1 - 9 * DAY, until=MARCH_1)

    assert [(str(row.day), row.section, row.listed, row.lists) for row in known.days] == [
        ("2026-02-24", "e_a", 1, "read"),
        ("2026-02-26", "e_a", 1, "gap"),
        ("2026-02-27", "e_a", 0, "gap"),
        ("2026-02-28", "e_a", 0, "gap"),
        ("2026-03-01", "e_a", 1, "gap"),
        ("2026-03-01", "e_b", 1, "never"),
    ]


def test_a_history_that_nobody_looked_for_fills_the_days_that_were_asked_about_and_no_more(
    engine: sa.Engine, writer: Writer, article: Any
) -> None:
    writer.write([posted(article, 10, NOON - 3 * DAY)])
    gap(engine, 10, 0)

    asked = read_coverage(engine, since=MARCH_1 - 5 * DAY, until=MARCH_1)
    assert [(row.day, row.listed) for row in asked.days] == [
        (MARCH_1 - 5 * DAY, 0),
        (MARCH_1 - 4 * DAY, 0),
        (MARCH_1 - 3 * DAY, 1),
    ]
    assert len(read_coverage(engine).days) == 1

    later = read_coverage(engine, since=MARCH_1 - 2 * DAY)
    assert (later.gaps, later.elsewhere, later.days) == ((), 1, ())


def test_it_is_known_when_the_lists_were_last_read(engine: sa.Engine, writer: Writer) -> None:
    assert read_coverage(engine).read_at is None
    for hours, kind in ((0, "feed"), (2, "list"), (5, "article")):
        url = f"https://english.hani.co.kr/{kind}"
        at = NOON + timedelta(hours=hours)
        writer.write([Fetch(url=url, kind=kind, fetched_at=at, status=200)])  # type: ignore[arg-type]

    assert read_coverage(engine).read_at == NOON + timedelta(hours=2)

    # A later run found the site unchanged, and wrote down no more than that it did.
    for hours, arguments in ((4, {}), (9, {"urls": "https://x.example/"})):
        at = NOON + timedelta(hours=hours)
        run = start_crawl(engine, spider="hani", arguments=arguments, started_at=at)
        finish_crawl(engine, run, finished_at=at, outcome="healthy", reason=None, counts={},
                     coverage={})  # fmt: skip
    assert read_coverage(engine).read_at == NOON + timedelta(hours=4)
