from datetime import UTC, datetime, timedelta

import pytest

from hanicrawler.extensions.health import OUTCOMES, History, Thresholds, findings, outcome
from hanicrawler.extensions.quiet import moments

GOOD = {
    "finish_reason": "finished",
    "hani/found": 40,
    "hani/fetched": 40,
    "hani/parsed": 40,
    "hani/lists_read": 9,
}


def codes(**stats: object) -> list[str]:
    return [finding.code for finding in findings({**GOOD, **stats})]


def test_a_run_that_read_all_it_found_is_healthy() -> None:
    assert findings(GOOD) == []
    assert outcome(GOOD, []) == "healthy"


@pytest.mark.parametrize(
    "reason",
    [
        "closespider_itemcount",
        "closespider_pagecount",
        "closespider_timeout",
        "budget_requests",
        "budget_bytes",
        "budget_seconds",
    ],
)
def test_a_limit_the_user_set_is_no_failure(reason: str) -> None:
    assert codes(finish_reason=reason) == []


@pytest.mark.parametrize("reason", ["closespider_errorcount", "start_error", "cancelled", None])
def test_any_other_early_end_is_one(reason: str | None) -> None:
    assert codes(finish_reason=reason) == ["ended_early"]


def test_a_run_that_was_told_to_stop_says_so() -> None:
    stats = {**GOOD, "finish_reason": "shutdown"}

    found = findings(stats)
    assert [finding.code for finding in found] == ["ended_early"]
    assert "told to stop" in found[0].words
    assert outcome(stats, found) == "interrupted"


def test_a_run_that_was_stopped_before_it_began_says_so() -> None:
    (found,) = findings({})

    assert "told to stop before it could begin" in found.words


def test_a_run_that_could_read_no_list_is_unhealthy() -> None:
    stats = {"finish_reason": "finished", "hani/lists_failed": 2}

    assert [finding.code for finding in findings(stats)] == ["no_list_read"]
    assert outcome(stats, findings(stats)) == "unhealthy"


def test_one_unreadable_list_is_a_finding_of_its_own() -> None:
    assert codes(**{"hani/lists_failed": 1}) == ["list_unreadable"]


def test_a_feed_or_front_that_is_gone_counts_only_where_nothing_else_was_read() -> None:
    assert codes(**{"hani/lists_missing": 1}) == []

    stats = {"finish_reason": "finished", "hani/lists_missing": 2}
    assert [finding.code for finding in findings(stats)] == ["no_list_read"]


def test_lists_without_any_article_are_suspicious() -> None:
    stats = {"finish_reason": "finished", "hani/lists_read": 3}

    assert [finding.code for finding in findings(stats)] == ["nothing_found"]


def test_articles_found_and_none_read_is_unhealthy_whatever_the_cause() -> None:
    for cause in ("hani/failed", "hani/gone"):
        stats = {"finish_reason": "finished", "hani/lists_read": 1, "hani/found": 3, cause: 3}

        assert [finding.code for finding in findings(stats)] == ["nothing_parsed"]


def test_one_article_out_of_reach_and_gone_ones_looked_at_again_are_no_alarm() -> None:
    read = {"finish_reason": "finished", "hani/lists_read": 1, "hani/found": 1}

    assert findings({**read, "hani/failed": 1}) == []
    assert findings({**read, "hani/gone": 9, "hani/lost_again": 9}) == []
    codes = [finding.code for finding in findings({**read, "hani/gone": 9, "hani/lost_again": 6})]
    assert codes == ["nothing_parsed"]


def test_one_article_that_lacks_what_every_article_has_is_enough() -> None:
    assert codes(**{"hani/unreadable": 1}) == ["unreadable_articles"]


def test_a_few_failed_fetches_are_normal_and_many_are_not() -> None:
    assert codes(**{"hani/failed": 4}) == []
    assert codes(**{"hani/failed": 5}) == ["fetches_failed"]
    assert codes(**{"hani/gone": 30}) == []


def test_an_article_that_was_asked_for_by_name_must_come() -> None:
    assert codes(**{"hani/asked_lost": 1, "hani/gone": 1}) == ["asked_lost"]


def test_a_section_the_site_does_not_have_is_named() -> None:
    found = findings({**GOOD, "hani/sections_missing": ["e_foo"]})

    assert [finding.code for finding in found] == ["section_missing"]
    assert "e_foo" in str(found[0])


def test_a_database_that_cannot_be_written_to_is_the_one_thing_to_say() -> None:
    stats = {
        **GOOD,
        "finish_reason": "writer_failed",
        "hani/writer_error": "hani.db: disk full",
        "hani/unreadable": 3,
    }

    found = findings(stats)
    assert [finding.code for finding in found] == ["writer_failed"]
    assert "hani.db: disk full" in found[0].words
    assert outcome(stats, found) == "writer_failed"


def test_errors_of_our_own_are_findings() -> None:
    assert codes(**{"spider_exceptions/count": 1}) == ["spider_exceptions"]
    assert codes(**{"hani/item_errors": 1}) == ["spider_exceptions"]
    assert codes(**{"hani/refused": 1}) == ["articles_refused"]


def test_every_finding_says_what_to_do() -> None:
    for finding in findings({**GOOD, "hani/lists_failed": 1, "hani/unreadable": 2}):
        assert finding.words.endswith(".")
        assert finding.advice.endswith((".", "?"))


def test_the_bounds_of_failed_fetches_are_settings() -> None:
    stats = {**GOOD, "hani/failed": 5}

    assert findings(stats, Thresholds(failed_pages=6)) == []
    assert findings(stats, Thresholds(failed_share=0.5)) == []
    assert findings(stats, Thresholds(failed_share=None)) == []
    (found,) = findings({**GOOD, "hani/failed": 1}, Thresholds(failed_pages=1, failed_share=0))
    assert found.code == "fetches_failed"


def test_more_problems_than_the_setting_allows_are_too_many() -> None:
    assert codes(**{"hani/problems": 25}) == []
    assert codes(**{"hani/problems": 26}) == ["too_many_problems"]
    assert findings({**GOOD, "hani/problems": 26}, Thresholds(max_problems=None)) == []


def test_a_run_that_the_site_asked_to_wait_is_waiting_and_no_failure() -> None:
    stats = {"finish_reason": "site_asks_to_wait", "hani/lists_failed": 1, "hani/failed": 9}

    assert findings(stats) == []
    assert outcome(stats, []) == "waiting"
    assert outcome(stats, []) in OUTCOMES


def test_a_record_that_could_not_be_written_is_said() -> None:
    (found,) = findings({**GOOD, "hani/record_error": "hani.db: locked by another process"})

    assert found.code == "record_failed"
    assert "hani.db: locked by another process" in found.words


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SILENT = [
    moment - (timedelta(days=5) if number == 0 else timedelta(hours=1))
    for number, moment in enumerate(moments(NOW))
]
FADED = History(
    now=NOW,
    coverage={("english-next", "byline", "absent"): 9},
    earlier=[{("english-next", "byline", "landmark"): 90}],
    published=SILENT,
    latest=NOW + timedelta(hours=1),
)


def test_what_only_the_past_tells_is_found_in_it() -> None:
    found = findings(GOOD, history=FADED)

    assert [finding.code for finding in found] == ["drift", "clock_moved_back", "quiet_too_long"]
    for finding in found:
        assert finding.words.endswith(".")
        assert finding.advice.endswith((".", "?"))


def test_each_rule_that_looks_back_can_be_switched_off() -> None:
    off = Thresholds(drift=None, quiet_hours=None)

    assert [each.code for each in findings(GOOD, off, FADED)] == ["clock_moved_back"]


def test_a_run_that_read_no_list_or_was_ended_cannot_say_that_it_is_quiet() -> None:
    unread = {"finish_reason": "finished", "hani/lists_failed": 2}
    for stats in (unread, {**GOOD, "finish_reason": "budget_requests"}):
        found = findings(stats, history=FADED)

        assert "quiet_too_long" not in [finding.code for finding in found]
