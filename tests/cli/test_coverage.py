"""What is missing, in a table, in words, and in commands that close it."""

from __future__ import annotations

import csv
import io
import shlex
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from hanicrawler.cli.closing import Missing, closings, commands, missing
from hanicrawler.items import Discovered, Fetch
from hanicrawler.spiders.arguments import read_arguments
from hanicrawler.storage import Coverage, DayCoverage, ListGap
from tests.cli.conftest import HOUR
from tests.storage.conftest import make

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.cli.conftest import Record, Run

NOON = datetime(2026, 3, 1, 3, tzinfo=UTC)
"""Noon in Korea."""
DAY = timedelta(days=1)
MARCH = ("--since", "2026-02-01", "--until", "2026-03-01")


def url(number: int, section: str) -> str:
    return f"https://english.hani.co.kr/arti/english_edition/{section}/{number}.html"


def posted(number: int, days_ago: int, section: str = "e_a") -> Any:
    at = NOON - days_ago * DAY
    return make(
        number, url=url(number, section), section=section, published_at=at, modified_at=None, at=at
    )


@pytest.fixture
def holed(record: Record) -> Record:
    """Three sections: one with a gap and lost articles, one without history, one whole."""
    write = record.writer.write
    write([posted(10, 20), posted(20, 9), posted(30, 5), posted(31, 1)])
    write([posted(40, 3, "e_b"), posted(50, 2, "e_c"), posted(60, 2, "e_d")])
    lost = {11: "failed", 12: "waiting", 13: "unasked", 14: "unasked"}
    for number, days in ((11, 2), (12, 2), (13, 4), (14, 2)):
        at = NOON - days * DAY
        write([Discovered(url=url(number, "e_a"), kind="article", discovered_at=at)])
        record.page(number, section="e_a", listed_at=at)
        if lost[number] == "waiting":
            record.page(number, due_at=NOON)
    write([Fetch(url=url(11, "e_a"), kind="article", fetched_at=NOON, status=500)])
    feed = "https://english.hani.co.kr/rss/english_edition"
    write([Fetch(url=feed, kind="feed", fetched_at=record.now - 2 * HOUR, status=200)])
    record.gap("e_a", 30, 20)
    record.gap("e_a", 10)
    record.gap("e_b", 40)
    record.gap("e_c", 0)
    return record


def test_a_table_by_day_and_section_the_newest_first(run: Run, holed: Record) -> None:
    found = run("coverage", *MARCH)

    assert (found.status, found.err) == (0, "")
    rows = [line.split() for line in found.out.splitlines()]
    assert rows[0] == "Day Section listed stored gone failed waiting missing lists".split()
    assert rows[1] == "2026-02-28 e_a 1 1 - - - -".split()
    assert "2026-02-27 e_a 3 - - 1 1 3".split() in rows
    assert "2026-02-24 e_a 1 1 - - - - gap".split() in rows
    assert "2026-02-27 e_d 1 1 - - - - never".split() in rows
    assert "in all 11 7 0 1 1 4".split() in rows
    days = [row[0] for row in rows if row and row[0].startswith("2026-")]
    assert days == sorted(days, reverse=True)


def test_words_say_what_is_missing_and_the_commands_that_close_it(run: Run, holed: Record) -> None:
    shown = run("coverage", *MARCH).out
    words = " ".join(shown.split())

    assert "The lists were last read" in words
    assert "2 hours ago" in words
    assert "Missing: 4 articles named and not stored." in words
    assert "1 due in the next run: scrapy crawl hani 1 could" in words
    assert "1 could not be had or read: hanicrawler problems --retry" in words
    assert "2 listed and never asked for." in words
    assert "e_a: 2026-02-20 12:00 to 2026-02-24 12:00 KST was not read (a run's bound" in words
    assert "e_b: nothing before 2026-02-26 12:00 KST was ever looked for." in words
    assert "Never read: lists of which only what other pages name is known. e_d. To" in words
    assert "To read these lists and fetch what they name: scrapy" in words
    asked = [line.strip() for line in shown.splitlines() if line.startswith("    scrapy ")]
    assert asked == [
        "scrapy crawl hani",
        "scrapy crawl hani -a sections=e_a,e_b,e_d -a since=2026-02-01 -a until=2026-03-01",
    ]
    assert run("coverage", *MARCH, "--json").json["commands"] == asked[1:]


def test_gaps_of_other_days_are_only_counted(run: Run, holed: Record) -> None:
    words = " ".join(run("coverage", "--since", "2026-02-27", "--until", "2026-03-01").out.split())

    assert "Gaps:" not in words
    assert "3 more gaps outside these days" in words


def test_where_nothing_is_missing_it_says_so_and_of_which_days(run: Run, holed: Record) -> None:
    shown = " ".join(run("coverage", *MARCH, "--section", "e_c").out.split())

    assert shown.endswith(
        "Nothing is missing of 2026-02-01 to 2026-03-01:"
        " what was listed is stored or gone, all lists were read."
    )
    assert "scrapy" not in shown


def test_of_days_after_the_last_run_nothing_is_promised(run: Run, holed: Record) -> None:
    last = (holed.now - 2 * HOUR + 9 * HOUR).date()
    until = ("--until", str(last + 9 * DAY), "--section", "e_c")

    shown = " ".join(run("coverage", "--since", "2026-02-01", *until).out.split())
    assert f"Nothing is missing of 2026-02-01 to {last}:" in shown

    holed.writer.write([posted(99, (NOON.date() - last).days - 3, "e_c")])
    shown = run("coverage", "--since", str(last + DAY), *until).out
    assert str(last + 3 * DAY) in shown
    assert "Nothing" not in shown


def test_two_weeks_up_to_today_where_nobody_says_which(run: Run, record: Record) -> None:
    today = (record.now + 9 * HOUR).date()
    found = run("coverage", "--json").json

    assert (found["since"], found["until"]) == (str(today - 13 * DAY), str(today))
    assert found["lists_read_at"] is None
    assert "No article is known of these days." in run("coverage").out


def test_only_days_with_something_missing(run: Run, holed: Record) -> None:
    days = run("coverage", *MARCH, "--missing", "--json").json["days"]

    assert all(row["missing"] or row["lists"] != "read" for row in days)
    assert {row["section"] for row in days} == {"e_a", "e_b", "e_d"}
    assert len(days) < len(run("coverage", *MARCH, "--json").json["days"])


def test_csv_is_the_same_table_with_the_days_of_which_nothing_is_known(
    run: Run, holed: Record
) -> None:
    rows = list(csv.DictReader(io.StringIO(run("coverage", *MARCH, "--csv").out)))
    days = run("coverage", *MARCH, "--json").json["days"]

    assert rows == [{name: str(value) for name, value in row.items()} for row in days]
    unknown = {"2026-02-21", "2026-02-22", "2026-02-23"}
    assert unknown <= {row["day"] for row in rows if row["listed"] == "0" and row["lists"] == "gap"}
    assert [row["day"] for row in rows] == sorted(row["day"] for row in rows)


@pytest.fixture
def named(record: Record) -> Record:
    """A day that is whole, and seven stories that were only named beside it."""
    record.writer.write([posted(1, 2, "e_c")])
    for number in range(2, 9):
        section = "e_a" if number < 5 else "e_b"
        at = NOON - DAY
        found = Discovered(url=url(number, section), kind="article", discovered_at=at)
        record.writer.write([found])
    record.gap("e_c", 0)
    record.run(HOUR)
    return record


def test_stories_that_were_only_named_are_told_apart_and_are_missing_of_no_day(
    run: Run, named: Record
) -> None:
    shown = " ".join(run("coverage", *MARCH).out.split())

    assert "7 stories are only named beside others; their dates are not known." in shown
    assert "lists back to the days they were posted fetches them (-a since=DAY)." in shown
    assert "Nothing else is known to be missing of 2026-02-01 to 2026-03-01" in shown
    assert "Missing:" not in shown
    assert "scrapy" not in shown

    found = run("coverage", *MARCH, "--json").json
    assert [row["section"] for row in found["days"]] == ["e_c"]
    assert found["commands"] == []
    assert found["named_only"] == {
        "stories": 7,
        "sections": [
            {"edition": "en", "section": "e_a", "stories": 3},
            {"edition": "en", "section": "e_b", "stories": 4},
        ],
        "command": None,
    }
    rows = list(csv.DictReader(io.StringIO(run("coverage", *MARCH, "--csv").out)))
    dayless = [(row["section"], row["listed"], row["missing"]) for row in rows if not row["day"]]
    assert dayless == [("e_a", "3", "0"), ("e_b", "4", "0")]
    assert run("coverage", *MARCH, "--csv", "--missing").out.count("\n") == 1


def test_a_handful_of_them_is_asked_for_by_address(run: Run, named: Record) -> None:
    shown = run("coverage", *MARCH, "--section", "e_a").out

    assert "3 stories are only named beside others" in shown
    (command,) = [line.strip() for line in shown.splitlines() if "scrapy" in line]
    given = dict(word.split("=", 1) for word in shlex.split(command)[4::2])
    assert [address.source_id for address in read_arguments(given).urls] == [2, 3, 4]
    asked = run("coverage", *MARCH, "--section", "e_a", "--json").json
    assert asked["named_only"]["command"] == command

    found = run("coverage", *MARCH, "--edition", "ko", "--json").json
    assert found["named_only"] == {"stories": 0, "sections": [], "command": None}


def test_months_are_the_sums_of_their_days(run: Run, holed: Record) -> None:
    months = run("coverage", *MARCH, "--by", "month", "--json").json["days"]
    days = run("coverage", *MARCH, "--json").json["days"]

    (february,) = [row for row in months if row["section"] == "e_a" and row["day"] < "2026-03"]
    of_month = [row for row in days if row["section"] == "e_a" and row["day"] < "2026-03"]
    assert february["day"] == "2026-02-01"
    assert february["lists"] == "gap"
    for name in ("listed", "stored", "failed", "waiting", "missing"):
        assert february[name] == sum(row[name] for row in of_month) > 0
    assert "\n2026-02 " in run("coverage", *MARCH, "--by", "month").out


def test_it_fits_into_80_columns_but_for_commands(run: Run, holed: Record) -> None:
    lines = run("coverage", *MARCH).out.splitlines()

    assert max(cell_len(line) for line in lines if "scrapy crawl" not in line) <= 80


def test_a_hostile_section_is_text_and_one_word_of_the_shell(run: Run, record: Record) -> None:
    evil = "x; rm -rf ~ [red]\x1b[2J"
    record.writer.write([posted(1, 1), posted(2, 5)])
    record.gap(evil, 2, 1)

    shown = run("coverage", *MARCH).out

    assert "\x1b" not in shown
    assert "[red]" in shown
    (command,) = [line for line in shown.splitlines() if "since=2026-02-2" in line]
    assert shlex.split(command)[4] == f"sections={evil}".replace("\x1b", "�")


def day(number: int, section: str | None, edition: str = "en", **counts: int) -> DayCoverage:
    names = ("listed", "fetched", "stored", "gone", "failed", "waiting", "missing")
    values = dict.fromkeys(names, 0) | counts
    return DayCoverage(
        day=date(2026, 3, number), edition=edition, section=section, lists="read", **values
    )


def gap(section: str, after: int | None, before: int | None, edition: str = "en") -> ListGap:
    first, last = (None if n is None else NOON + n * DAY for n in (after, before))
    return ListGap(
        edition=edition, section=section, newest_id=2, oldest_id=1 if after is not None else 0,
        reason="limit", noted_at=NOON, after=first, before=last,
    )  # fmt: skip


def test_what_is_missing_is_counted_by_what_closes_it() -> None:
    rows = [
        day(1, "e_a", listed=9, fetched=5, stored=3, gone=1, failed=1, waiting=2, missing=5),
        day(2, "e_a", listed=1, fetched=1, stored=1),
    ]

    assert missing(rows) == Missing(failed=1, waiting=2, unasked=2)


def coverage(days: Sequence[DayCoverage] = (), gaps: Sequence[ListGap] = ()) -> Coverage:
    return Coverage(
        since=date(2026, 3, 1), until=date(2026, 3, 9), read_at=NOON, days=tuple(days),
        gaps=tuple(gaps), elsewhere=0, named=(),
    )  # fmt: skip


def test_a_backfill_covers_all_days_with_articles_nobody_asked_for() -> None:
    rows = [
        day(9, "e_a", listed=2, fetched=1, missing=1),
        day(3, "e_a", listed=1, missing=1),
        day(3, "politics", "ko", listed=1, missing=1),
        day(3, None, listed=1, missing=1),
        day(3, "x", "zh", listed=1, missing=1),
        day(1, "e_b", listed=1, fetched=1, stored=1),
    ]

    assert commands(coverage(rows)) == [
        "scrapy crawl hani -a sections=e_a,ko:politics -a since=2026-03-03 -a until=2026-03-09"
    ]


def test_one_command_closes_what_one_walk_passes() -> None:
    rows = [day(6, "e_a", listed=1, missing=1)]
    gaps = [gap(f"e_{name}", number, 9) for number, name in enumerate("abcdefg")]

    assert commands(coverage(rows, gaps)) == [
        "scrapy crawl hani -a sections=e_a,e_b,e_c,e_d,e_e,e_f,e_g"
        " -a since=2026-03-01 -a until=2026-03-10"
    ]


@pytest.mark.parametrize(
    ("gaps", "since", "commands"),
    [
        ([], None, []),
        ([gap("x", 1, 2, "ja")], None, []),
        ([gap("e_a", None, 2)], None, ["-a sections=e_a -a until=2026-03-03"]),
        (
            [gap("e_a", None, 2), gap("e_b", None, 4)],
            date(2026, 1, 1),
            ["-a sections=e_a,e_b -a since=2026-01-01 -a until=2026-03-05"],
        ),
        ([gap("e_a", 0, None)], None, ["-a sections=e_a -a since=2026-03-01"]),
        ([gap("e_a", None, None)], None, ["-a sections=e_a -a since=1988-05-15"]),
        (
            [gap("e_a", 0, 1), gap("e_a", 3, 4), gap("e_b", 0, 2)],
            None,
            ["-a sections=e_a,e_b -a since=2026-03-01 -a until=2026-03-05"],
        ),
        (
            [gap("e_b", 2, None), gap("e_a", 1, 9)],
            None,
            ["-a sections=e_a,e_b -a since=2026-03-02"],
        ),
        (
            [gap("e_a", -400, 9), gap("e_b", 3, 9), gap("e_a", None, -500)],
            None,
            [
                "-a sections=e_a -a until=2024-10-17",
                "-a sections=e_a -a since=2025-01-25 -a until=2026-03-10",
                "-a sections=e_b -a since=2026-03-04 -a until=2026-03-10",
            ],
        ),
        (
            [gap("e_a", 0, 2), gap("e_b", 4, 9)],
            None,
            [
                "-a sections=e_a -a since=2026-03-01 -a until=2026-03-03",
                "-a sections=e_b -a since=2026-03-05 -a until=2026-03-10",
            ],
        ),
    ],
    ids=[
        "none",
        "no-lists",
        "history",
        "history-to",
        "to-now",
        "unknown",
        "together",
        "together-to-now",
        "far-apart",
        "apart",
    ],
)
def test_a_gap_is_closed_by_a_command_that_the_crawler_takes(
    gaps: list[ListGap], since: date | None, commands: list[str]
) -> None:
    made = closings(gaps, since)

    assert made == [f"scrapy crawl hani {command}" for command in commands]
    for command in made:
        words = shlex.split(command)
        given = dict(word.split("=", 1) for word in words[4::2])
        assert read_arguments(given).sections
