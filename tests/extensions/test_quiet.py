"""Silence is judged by the silence at the same hour of the same weekday, weeks before."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from hanicrawler.extensions.finding import Finding
from hanicrawler.extensions.quiet import moments, quiet
from hanicrawler.normalize.dates import KST

SUNDAY = datetime(2026, 3, 8, 15, 0, tzinfo=KST)
HOUR = timedelta(hours=1)


def judge(
    silence: timedelta, *before: timedelta | None, factor: float = 2.0, hours: float = 24.0
) -> Finding | None:
    """Judge *silence* now by the longest of one, two ... weeks ago; None for no article."""
    now = SUNDAY.astimezone(UTC)
    newest: list[datetime | None] = [now - silence]
    for week in range(1, 9):
        longest = before[week - 1] if week <= len(before) else None
        # The last of the moments around the hour has the longest silence.
        last = now - timedelta(weeks=week) + 6 * HOUR
        newest += [None if longest is None else last - max(longest, 12 * HOUR)] * 2
        newest.append(None if longest is None else last - longest)
    return quiet(now, newest, factor, hours)


def test_a_silence_of_twice_the_usual_and_a_day_longer_is_an_alarm() -> None:
    found = judge(50 * HOUR, *[20 * HOUR] * 8)

    assert found is not None
    assert found.code == "quiet_too_long"
    assert found.words == (
        "Nothing new has come for 2 days: the newest article is of 2026-03-06 13:00 KST."
        " On a Sunday around 15:00 KST it was at most 20 hours in the last 8 weeks."
    )


def test_a_silence_as_long_as_ever_on_this_weekday_is_no_alarm() -> None:
    assert judge(40 * HOUR, *[21 * HOUR] * 8) is None


def test_the_longest_of_the_weeks_before_counts() -> None:
    assert judge(50 * HOUR, *[2 * HOUR] * 7, 30 * HOUR) is None


def test_one_day_without_an_article_is_no_alarm_however_busy_the_hour_is_else() -> None:
    assert judge(13 * HOUR + 23 * HOUR, *[13 * HOUR] * 8) is None
    assert judge(13 * HOUR + 25 * HOUR, *[13 * HOUR] * 8) is not None


def test_the_thresholds_are_settings() -> None:
    assert judge(30 * HOUR, *[12 * HOUR] * 8) is None
    assert judge(30 * HOUR, *[12 * HOUR] * 8, hours=12) is not None
    assert judge(30 * HOUR, *[12 * HOUR] * 8, hours=12, factor=3) is None


def test_less_than_four_weeks_of_articles_say_nothing_yet() -> None:
    assert judge(99 * HOUR, *[HOUR] * 3) is None
    assert judge(99 * HOUR, *[HOUR] * 4) is not None


def test_a_week_whose_articles_are_not_in_the_record_is_no_measure() -> None:
    year = timedelta(days=365)

    assert judge(99 * HOUR, *[HOUR] * 4, *[year] * 4) is not None
    assert judge(99 * HOUR, *[HOUR] * 3, *[year] * 5) is None


def test_an_empty_record_is_no_alarm() -> None:
    assert quiet(SUNDAY, [None] * 25, 2.0, 24.0) is None
    assert quiet(SUNDAY, [], 2.0, 24.0) is None


def test_the_same_hour_in_korea_is_seven_days_earlier_all_year() -> None:
    of_day = [moment.astimezone(KST) for moment in moments(SUNDAY.astimezone(UTC))]

    assert len(of_day) == 25
    assert {(local.weekday(), local.hour) for local in of_day} == {(6, 9), (6, 15), (6, 21)}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_a_year_of_a_newspaper_with_its_weekends_raises_no_alarm(seed: int) -> None:
    random = Random(seed)
    published: list[datetime] = []
    first = datetime(2026, 1, 5, tzinfo=KST)
    for day in range(365):
        # Eight on a working day between nine and nine; of five Sundays one has none.
        weekday = max(0, day % 7 - 4)
        numbers = ((6, 7, 8, 9, 10), (1, 2, 2, 3, 3), (0, 1, 1, 2, 2))[weekday]
        for _ in range(random.choice(numbers)):
            published.append(first + timedelta(days=day, minutes=random.randint(540, 1260)))
    published.sort()

    def newest(moment: datetime) -> datetime | None:
        number = bisect_right(published, moment)
        return published[number - 1] if number else None

    for hours in range(60 * 24, 365 * 24):
        now = first + timedelta(hours=hours)
        found = quiet(now, [newest(moment) for moment in moments(now)], 2.0, 24.0)
        assert found is None, (now, found)
