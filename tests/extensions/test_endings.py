from datetime import UTC, datetime

import pytest

from hanicrawler.extensions.endings import refusal, words
from hanicrawler.extensions.health import findings, outcome

UNTIL = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("reason", "number", "said"),
    [
        ("budget_requests", 1200, "The budget of 1,200 requests was spent"),
        ("budget_bytes", 5_000_000, "The budget of 5,000,000 bytes was spent"),
        ("budget_seconds", 90.0, "The budget of 90 seconds was spent"),
        ("budget_requests", 1, "The budget of 1 request was spent"),
        ("budget_seconds", 0.5, "The budget of 0.5 seconds was spent"),
    ],
)
def test_a_budget_that_was_spent_is_said_and_is_no_failure(
    reason: str, number: float, said: str
) -> None:
    stats = {"finish_reason": reason, "hani/budget_spent": number}

    assert said in str(words(stats))
    assert findings(stats) == []
    assert outcome(stats, []) == "healthy"


def test_a_run_that_is_put_off_says_until_when() -> None:
    stats = {"finish_reason": "site_asks_to_wait", "hani/not_before": UNTIL}

    assert "until 2026-08-01 09:30:00 UTC" in str(words(stats))
    assert "nothing was asked of it" in str(words(stats))
    assert findings(stats) == []
    assert outcome(stats, []) == "waiting"


def test_a_run_that_is_put_off_can_be_unhealthy_for_another_reason() -> None:
    stats = {
        "finish_reason": "site_asks_to_wait",
        "hani/not_before": UNTIL,
        "hani/lists_read": 1,
        "hani/found": 9,
        "hani/parsed": 1,
        "hani/fetched": 2,
        "hani/unreadable": 1,
    }

    assert [finding.code for finding in findings(stats)] == ["unreadable_articles"]
    assert outcome(stats, findings(stats)) == "unhealthy"


def test_a_run_that_left_the_site_alone_says_what_it_answered() -> None:
    stats = {"finish_reason": "site_refuses", "hani/refusals": {"answered 403": 6}}

    (found,) = findings(stats)
    assert found.code == "site_refuses"
    assert found.words == "The site answered 403 to the last 6 requests, so it was left alone."
    assert outcome(stats, [found]) == "unhealthy"


def test_different_answers_are_counted_the_commonest_first() -> None:
    refusals = {"gave no answer in time": 4, "answered 503": 16}
    stats = {"finish_reason": "site_refuses", "hani/refusals": refusals}

    said = refusal(stats)
    assert said is not None
    assert "last 20 requests" in said.words
    assert "answered 503 to 16, gave no answer in time to 4" in said.words


def test_any_other_end_is_none_of_these() -> None:
    assert words({"finish_reason": "finished"}) is None
    assert refusal({"finish_reason": "finished"}) is None
