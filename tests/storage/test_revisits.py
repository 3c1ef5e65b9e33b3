"""When pages are looked at again: by age, and after failures."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.storage import Revisits

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DEFAULT = Revisits.parse()
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

ages = st.timedeltas(timedelta(0), timedelta(days=9000))
failures = st.integers(1, 200)
durations = st.tuples(st.integers(1, 999), st.sampled_from("smhd"))


def wait(age: timedelta, revisits: Revisits = DEFAULT) -> timedelta | None:
    """Return how long after now an article of this age is due again; None is never."""
    due = revisits.after_reading(NOW, NOW - age)
    return None if due is None else due - NOW


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), 15 * MINUTE),
        (3 * HOUR - MINUTE, 15 * MINUTE),
        (3 * HOUR, HOUR),
        (DAY - MINUTE, HOUR),
        (DAY, 3 * HOUR),
        (7 * DAY - MINUTE, 3 * HOUR),
        (7 * DAY, 3 * DAY),
        (30 * DAY - MINUTE, 3 * DAY),
        (30 * DAY, 30 * DAY),
        (365 * DAY - MINUTE, 30 * DAY),
        (365 * DAY, None),
        (7000 * DAY, None),
    ],
)
def test_an_article_is_looked_at_the_seldomer_the_older_it_is(
    age: timedelta, expected: timedelta | None
) -> None:
    assert wait(age) == expected


def test_an_article_dated_ahead_of_the_clock_is_new() -> None:
    assert wait(-5 * HOUR) == 15 * MINUTE


def test_an_empty_rule_means_never() -> None:
    assert wait(MINUTE, Revisits.parse("")) is None
    assert wait(MINUTE, Revisits.parse("  ")) is None


def test_every_unit_may_be_written() -> None:
    rule = Revisits.parse("90s:5s 2h:10m 3d:2d")

    assert [wait(age, rule) for age in (MINUTE, HOUR, DAY)] == [
        5 * MINUTE / 60,
        10 * MINUTE,
        2 * DAY,
    ]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("3h", "3h"),
        ("3h:15", "3h:15"),
        ("3h:15m,1d:1h", "3h:15m,1d:1h"),
        ("3 h:15m", "'3'"),
        ("-3h:15m", "-3h"),
        ("3h:1.5m", "1.5m"),
        ("3w:1d", "3w"),
        ("1d:1h 3h:15m", "do not rise"),
        ("3h:15m 180m:1h", "do not rise"),
    ],
)
def test_a_rule_that_cannot_be_read_is_said_in_one_line(text: str, word: str) -> None:
    with pytest.raises(ValueError, match=re.escape(word)) as caught:
        Revisits.parse(text)

    assert "\n" not in str(caught.value)


def test_failures_double_from_a_quarter_of_an_hour_to_a_day() -> None:
    rule = Revisits.parse(attempts=100)

    waits = [rule.after_failing(NOW, number, None) for number in range(1, 10)]

    assert [due - NOW for due in waits if due] == [
        15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR, DAY, DAY,
    ]  # fmt: skip


def test_a_page_that_was_never_read_is_given_up_after_its_last_attempt() -> None:
    assert DEFAULT.after_failing(NOW, 4, None) == NOW + 2 * HOUR
    assert DEFAULT.after_failing(NOW, 5, None) is None
    assert Revisits.parse(attempts=1).after_failing(NOW, 1, None) is None


def test_an_article_that_was_read_keeps_its_turn_however_often_it_fails() -> None:
    young, old = NOW - HOUR, NOW - 400 * DAY

    # The next turn would be too soon for a page that fails.
    assert DEFAULT.after_failing(NOW, 3, young) == NOW + HOUR
    # And where a turn is far off, a failure does not bring it nearer.
    assert DEFAULT.after_failing(NOW, 1, NOW - 10 * DAY) == NOW + 3 * DAY
    assert DEFAULT.after_failing(NOW, 50, young) == NOW + 15 * MINUTE
    assert DEFAULT.after_failing(NOW, 1, old) == NOW + 15 * MINUTE
    assert DEFAULT.after_failing(NOW, 5, old) is None


@given(ages, failures, st.booleans(), st.integers(1, 1000))
def test_nothing_is_ever_due_in_the_past(
    age: timedelta, failed: int, was_read: bool, attempts: int
) -> None:
    rule = Revisits.parse(attempts=attempts)
    posted = NOW - age

    due = [
        rule.after_reading(NOW, posted),
        rule.after_failing(NOW, failed, posted if was_read else None),
    ]

    assert all(moment > NOW for moment in due if moment is not None)


@given(ages, ages)
def test_the_older_of_two_articles_never_comes_sooner(one: timedelta, other: timedelta) -> None:
    younger, older = wait(min(one, other)), wait(max(one, other))

    if younger is None:
        assert older is None
    else:
        assert older is None or younger <= older


@given(failures, failures)
def test_the_more_failures_the_longer_the_wait(one: int, other: int) -> None:
    rule = Revisits.parse(attempts=1000)

    fewer, more = (rule.after_failing(NOW, n, None) for n in sorted((one, other)))

    assert fewer is not None
    assert more is not None
    assert NOW < fewer <= more <= NOW + DAY


@given(st.lists(st.tuples(durations, durations), max_size=4))
def test_a_rule_is_taken_where_its_ages_rise_and_only_there(
    steps: list[tuple[tuple[int, str], ...]],
) -> None:
    text = " ".join(":".join(f"{number}{unit}" for number, unit in step) for step in steps)
    seconds = [step[0][0] * {"s": 1, "m": 60, "h": 3600, "d": 86400}[step[0][1]] for step in steps]
    rises = all(one < other for one, other in pairwise(seconds))

    if rises:
        ages = [age.total_seconds() for age, _ in Revisits.parse(text).steps]
        assert ages == seconds
    else:
        with pytest.raises(ValueError, match="do not rise"):
            Revisits.parse(text)
