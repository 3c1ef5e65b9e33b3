"""Rankings and counts on a terminal, in a pipe and for a program."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.cli.charts import bar, has_blocks, sparkline, squeezed
from hanicrawler.cli.trends import first_of
from hanicrawler.items import Ranking, StoryLink
from tests.storage.conftest import NOON, article_url, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def ranking(days: float, *ids: int, edition: Any = "en") -> Ranking:
    links = tuple(
        StoryLink(url=article_url(n), headline=f"Link {n}", edition="en", source_id=n) for n in ids
    )
    return Ranking(edition=edition, seen_at=NOON + days * DAY, links=links)


@pytest.fixture
def ranked(record: Record) -> Record:
    """Rankings of two days, and articles of three sections."""
    posted = {1: (0, "e_a"), 2: (0, "e_b"), 3: (3, "e_a"), 4: (9, "e_c")}
    for number, (days, section) in posted.items():
        at = NOON - days * DAY
        url = article_url(number, section)
        made = make(number, published_at=at, modified_at=None, section=section, url=url)
        record.writer.write([made])
    record.writer.write([ranking(0, 1, 2, 9), ranking(1, 7, 2, 1), ranking(1, 8, edition="ko")])
    return record


def test_a_ranking_shows_how_each_place_moved(run: Run, ranked: Record) -> None:
    found = run("trends", "--ranking", "--edition", "en")

    assert (found.status, found.err) == (0, "")
    assert [line.split() for line in found.out.splitlines()] == [
        "Most viewed, en seen 2026-03-02 21:00 KST, beside that of 2026-03-01 21:00".split(),
        "ID there since Headline".split(),
        "1 new - 2026-03-02 21:00 Link 7".split(),
        "2 = 2 2026-03-01 21:00 Talks resume, part 2".split(),
        "3 down 2 1 2026-03-01 21:00 Talks resume, part 1".split(),
        "gone, was 3: Link 9".split(),
    ]


def test_without_an_earlier_ranking_no_move_is_shown(run: Run, ranked: Record) -> None:
    shown = run("trends", "--ranking", "--edition", "ko", "--back", "7d").out

    assert "beside" not in shown
    assert [line.split()[:2] for line in shown.splitlines()[2:]] == [["1", "-"]]


def test_articles_by_day_up_to_the_newest(run: Run, ranked: Record) -> None:
    shown = run("trends", "--counts").out.splitlines()

    assert shown[0] == "Articles by day, 2026-01-31 to 2026-03-01"
    rows = {line.split()[0]: line for line in shown[1:]}
    assert rows["e_a"].split() == ["e_a", "█", "█", "2"]
    assert rows["in"].split()[-1] == "4"
    # Two marks of one section, three days apart.
    assert rows["e_a"].rstrip().endswith("█  █ 2")
    assert [line.split()[0] for line in shown[1:]] == ["e_a", "e_b", "e_c", "in"]


@pytest.mark.parametrize(
    ("by", "first"),
    [("week", "2025-09-01"), ("month", "2024-04-01")],
)
def test_articles_by_week_and_month(run: Run, ranked: Record, by: str, first: str) -> None:
    shown = run("trends", "--counts", "--by", by).out.splitlines()

    assert shown[0] == f"Articles by {by}, {first} to 2026-03-01"
    found = run("trends", "--counts", "--by", by, "--json").json
    assert (found["by"], found["rankings"]) == (by, [])
    assert (found["since"], found["until"]) == (first, "2026-03-01")
    assert sum(one["articles"] for one in found["articles"]) == 4


def test_more_days_than_columns_are_drawn_together(run: Run, ranked: Record) -> None:
    shown = run("trends", "--counts", "--since", "2025-01-01", COLUMNS="60").out

    assert "Each mark is 17 days." in shown
    assert max(len(line) for line in shown.splitlines()) <= 60
    assert "in all" in shown


def test_both_are_shown_where_nobody_says_which(run: Run, ranked: Record) -> None:
    shown = run("trends").out
    found = run("trends", "--json").json

    assert shown.index("Most viewed, en") < shown.index("Most viewed, ko")
    assert shown.index("Most viewed, ko") < shown.index("Articles by day")
    assert [one["edition"] for one in found["rankings"]] == ["en", "ko"]
    assert found["rankings"][0]["stories"][0]["move"] == "new"
    assert len(found["articles"]) == 4


def test_a_day_is_asked_for_as_it_ended(run: Run, ranked: Record) -> None:
    shown = run("trends", "--until", "2026-03-01").out

    assert "seen 2026-03-01 21:00 KST\n" in shown
    assert "Link 7" not in shown
    before = run("trends", "--until", "2026-02-28").out
    assert before.startswith("No ranking of most viewed articles is stored.\n")
    assert "to 2026-02-28" in before


def test_an_articles_places_over_time(run: Run, ranked: Record) -> None:
    ranked.writer.write([ranking(2, 7)])
    found = run("trends", "--history", "en:1")

    assert (found.status, found.err) == (0, "")
    assert [line.split() for line in found.out.splitlines()] == [
        "Talks resume, part 1".split(),
        "Best place 1; among the most viewed for 2 days.".split(),
        [],
        "Place from (KST) to (KST) for".split(),
        "3 2026-03-02 21:00 2026-03-03 21:00 24 hours".split(),
        "1 2026-03-01 21:00 2026-03-02 21:00 24 hours".split(),
    ]
    stays = run("trends", "--history", article_url(1), "--json").json["stays"]
    assert [stay["position"] for stay in stays] == [3, 1]
    assert run("trends", "--history", "en:7", "--json").json["stays"][0]["until"] is None
    assert run("trends", "--history", "4").out.endswith("It was in no ranking that is stored.\n")


def test_a_crawlers_clock_that_was_ahead_is_no_time_before_now(run: Run, record: Record) -> None:
    record.writer.write([ranking((record.now - NOON) / DAY + 1, 5)])

    assert "among the most viewed for 0 seconds" in run("trends", "--history", "en:5").out


def test_an_unknown_article_is_one_line(run: Run, ranked: Record) -> None:
    found = run("trends", "--history", "en:77")

    assert (found.status, found.out) == (1, "")
    assert found.err.startswith("Error: no article en:77 in ")


def test_an_empty_database_is_said_in_a_line_each(run: Run, record: Record) -> None:
    found = run("trends")

    assert found.status == 0
    assert found.out.split("\n\n") == [
        "No ranking of most viewed articles is stored.",
        "No article of such days is stored.\n",
    ]
    assert run("trends", "--json").json == {
        "rankings": [], "by": "day", "since": None, "until": None, "articles": []}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--ranking", "--counts"), "--ranking and --counts do not go together"),
        (("--back", "0"), "--back is 0"),
        (("--back", "yesterday"), "no duration"),
        (("--history", "what"), "names no article"),
    ],
)
def test_wrong_use_is_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    found = run("trends", *words)

    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") == 1


def test_no_headline_gives_orders_to_the_terminal(run: Run, record: Record) -> None:
    link = StoryLink(
        url=article_url(1), headline="Ev\x1b[2Jil \u202etxt", edition="en", source_id=1
    )
    record.writer.write([Ranking(edition="en", seen_at=NOON, links=(link,))])
    record.writer.write([make(2, section="e_\x1b[31m")])

    for words in (("trends",), ("trends", "--history", "en:1")):
        shown = run(*words).out
        assert "\x1b" not in shown
        assert "\u202e" not in shown


def test_more_sections_than_fit_are_summed(run: Run, record: Record) -> None:
    for number in range(1, 19):
        section = f"e_{chr(96 + number)}"
        record.writer.write([make(number, section=section, url=article_url(number, section))])

    shown = run("trends", "--counts").out
    assert "3 more sections" in shown
    assert shown.count("\n") == 18


def test_a_span_begins_with_a_whole_week_or_month() -> None:
    sunday = date(2026, 3, 1)
    assert first_of(sunday, "day") == date(2026, 1, 31)
    assert first_of(sunday, "week").weekday() == 0
    assert first_of(sunday, "month") == date(2024, 4, 1)
    assert first_of(date(1, 1, 2), "day") == first_of(date(1, 1, 2), "month") == date(1, 1, 1)


def test_marks_are_as_high_as_their_values() -> None:
    assert sparkline([0, 1, 4, 8]) == " ▁▄█"
    assert sparkline([0, 0]) == "  "
    assert sparkline([1, 2], 8) == "▁▂"
    assert sparkline([0, 1, 8], blocks=False) == " .#"
    assert bar(8, 8, 4) == "████"
    assert bar(1, 1000, 4) == "▏"
    assert bar(0, 8, 4) == bar(3, 0, 4) == ""
    assert bar(4, 8, 4, blocks=False) == "##"
    assert squeezed([1, 2, 3, 4, 5], 2) == ([3, 12], 3)
    assert squeezed([1, 2], 2) == ([1, 2], 1)
    assert squeezed([], 2) == ([], 1)
    assert has_blocks("utf-8")
    assert not has_blocks("ascii")
    assert not has_blocks("no-charset")
