from datetime import UTC, date, datetime

import pytest

from hanicrawler.commands.words import complaint, look, plan, summary
from hanicrawler.extensions.health import Finding
from hanicrawler.spiders.arguments import read_arguments

TODAY = date(2026, 8, 1)


def plan_of(*, site: str | None = None, delay: float = 1.0, **given: str) -> str:
    return plan(read_arguments(given), site=site, database="hani.db", delay=delay, today=TODAY)


def test_a_plain_run_says_what_it_reads_and_into_which_database_and_how_politely() -> None:
    words = plan_of()

    assert "the feed, the front page and the newest of each section" in words
    assert "into hani.db" in words
    assert "1 s between requests" in words
    assert "minutes the first time" in words


def test_a_run_through_another_root_names_it() -> None:
    words = plan_of(site="http://127.0.0.1:8000", delay=0)

    assert "through http://127.0.0.1:8000" in words
    assert "No delay" in words


def test_a_walk_back_says_how_far() -> None:
    assert "back to 2026-07-01" in plan_of(since="2026-07-01")
    assert "the sections e_a, e_b back from" in plan_of(sections="e_a,e_b", until="2026-01-01")
    assert "takes hours" in plan_of(until="2026-01-01")


def test_the_summary_says_why_a_run_ended_early() -> None:
    spent = {"finish_reason": "budget_requests", "hani/budget_spent": 50}
    until = datetime(2026, 8, 1, 9, 30, tzinfo=UTC)
    put_off = {"finish_reason": "site_asks_to_wait", "hani/not_before": until}

    assert summary(spent, "hani.db").startswith("The budget of 50 requests was spent;")
    assert "left alone until 2026-08-01 09:30:00 UTC" in summary(put_off, "hani.db")
    assert summary({"finish_reason": "finished"}, "hani.db").startswith("Stored in hani.db")


def test_the_summary_says_what_was_stored_and_how_to_look_at_it() -> None:
    words = summary({"hani/new": 3, "hani/unchanged": 4, "hani/updated": 1}, "hani.db")

    assert "3 new, 0 changed, 5 unchanged" in words
    assert "sqlite3 hani.db" in words


@pytest.mark.parametrize(
    ("database", "query", "command"),
    [
        (
            "my papers/hani.db",
            "sqlite3 'my papers/hani.db' \"SELECT",
            "hanicrawler problems --database 'my papers/hani.db'",
        ),
        (
            "postgresql://desk@host/hani",
            'psql postgresql://desk@host/hani -c "SELECT',
            "hanicrawler problems --database postgresql://desk@host/hani",
        ),
    ],
)
def test_what_it_says_to_type_can_be_typed(database: str, query: str, command: str) -> None:
    found = [Finding("x", "It broke.", "Mend it.")]

    assert query in look(database)
    assert command in complaint(found, {"hani/problem/timeout": 1}, database)


def test_a_complaint_is_one_paragraph_with_advice_and_how_to_look_at_it() -> None:
    words = complaint(
        [Finding("x", "It broke.", "Mend it."), Finding("y", "It fell.", "Is it there?")],
        {"hani/problem/timeout": 1, "hani/problem/http_500": 12},
        "hani.db",
    )

    assert words == (
        "scrapy crawl hani: It broke. Mend it. It fell. Is it there?"
        " Problems: 12 http_500, 1 timeout."
        " Look at it: hanicrawler problems --database hani.db;"
        " hanicrawler status --database hani.db"
    )


def test_a_complaint_without_problems_names_none() -> None:
    assert "Problems" not in complaint([Finding("x", "It broke.", "Mend it.")], {}, "hani.db")
