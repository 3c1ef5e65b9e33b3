"""How often a run starts, in cron's words and in systemd's."""

from __future__ import annotations

import pytest

from hanicrawler.cli.timetables import Timetable, read_timetable


@pytest.mark.parametrize(
    ("minutes", "first", "crontab", "calendar", "words"),
    [
        (1, 0, "* * * * *", "*-*-* *:*:00", "every minute"),
        (5, 3, "3-59/5 * * * *", "*-*-* *:03/5:00", "every 5 minutes"),
        (30, 12, "12,42 * * * *", "*-*-* *:12,42:00", "every 30 minutes"),
        (60, 7, "7 * * * *", "*-*-* *:07:00", "every hour"),
        (120, 67, "7 1-23/2 * * *", "*-*-* 01/2:07:00", "every 2 hours"),
        (360, 125, "5 2,8,14,20 * * *", "*-*-* 02,08,14,20:05:00", "every 6 hours"),
        (1440, 245, "5 4 * * *", "*-*-* 04:05:00", "every day"),
    ],
)
def test_both_say_the_same_times(
    minutes: int, first: int, crontab: str, calendar: str, words: str
) -> None:
    timetable = Timetable(minutes, first)

    assert timetable.crontab == crontab
    assert timetable.calendar == calendar
    assert str(timetable) == words


@pytest.mark.parametrize(
    ("text", "minutes"), [("30m", 30), ("60m", 60), ("1h", 60), ("6h", 360), ("1d", 1440)]
)
def test_an_interval_is_a_number_and_a_unit(text: str, minutes: int) -> None:
    assert read_timetable(text, "here").minutes == minutes


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("7m", "does not divide an hour, so cron cannot say it: take 6m"),
        ("45m", "take 30m"),
        ("90m", "take 1h"),
        ("5h", "does not divide a day into whole hours, so cron cannot say it: take 4h"),
        ("2d", "longer than a day"),
        ("0m", "write 30m, 1h, 6h or 1d"),
        ("30", "write 30m, 1h, 6h or 1d"),
        ("half an hour", "write 30m, 1h, 6h or 1d"),
    ],
)
def test_what_cron_cannot_say_is_refused_with_what_it_can(text: str, advice: str) -> None:
    with pytest.raises(ValueError, match=advice):
        read_timetable(text, "here")


def test_installations_do_not_all_start_at_the_full_hour() -> None:
    firsts = {read_timetable("30m", f"host:/srv/{name}/hani.db").first for name in range(100)}

    assert len(firsts) > 15
    assert max(firsts) < 30


def test_the_same_place_starts_at_the_same_minute() -> None:
    assert read_timetable("1h", "host:/srv/hani.db") == read_timetable("1h", "host:/srv/hani.db")
