from datetime import UTC, datetime, timedelta

from hanicrawler.extensions.clock import clock

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_a_run_of_before_in_the_future_is_an_alarm_that_names_both_times() -> None:
    found = clock(NOW, NOW + timedelta(days=1))

    assert found is not None
    assert found.code == "clock_moved_back"
    assert "2026-03-02 12:00 UTC" in found.words
    assert "2026-03-01 12:00 UTC" in found.words


def test_runs_of_the_past_are_none() -> None:
    assert clock(NOW, NOW) is None
    assert clock(NOW, None) is None


def test_a_clock_that_was_corrected_by_a_minute_is_none() -> None:
    assert clock(NOW, NOW + timedelta(minutes=1)) is None
