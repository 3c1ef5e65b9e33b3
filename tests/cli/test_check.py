"""Is all well?  Each state of a monitor, and its line."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.cli.check import STATUS, Verdict, bare_line, judge, line
from hanicrawler.items import Problem
from hanicrawler.storage import Run
from hanicrawler.storage.run_models import COUNTS
from tests.cli.conftest import HOUR, MINUTE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Record
    from tests.cli.conftest import Run as RunCommand

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PLUGIN = re.compile(
    r"HANICRAWLER (OK|WARNING|CRITICAL|UNKNOWN) - [^|]+?( \| age=(\d+s|U);\d+;\d+( \w+=\d+)+)?\n"
)


def a_run(outcome: str | None, **more: Any) -> Run:
    values: dict[str, Any] = {
        "id": 1,
        "spider": "hani",
        "arguments": {},
        "started_at": NOW - HOUR,
        "finished_at": None,
        "outcome": outcome,
        "reason": None,
        "alarms": (),
        "counts": dict.fromkeys(COUNTS),
        "not_before": None,
        "shared": False,
        "workers": 0,
        "is_newest": True,
        "at_work": True,
        **more,
    }
    return Run(**values)


def verdict(*runs: Run, age: timedelta | None = MINUTE) -> Verdict:
    return judge(runs, None if age is None else NOW - age, NOW, 2 * HOUR, 6 * HOUR)


def test_a_healthy_run_of_late_is_well() -> None:
    found = verdict(a_run("healthy"))

    assert (found.state, found.words) == ("ok", "last healthy run ended 60 seconds ago")


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(hours=2), "ok"),
        (timedelta(hours=2, seconds=1), "warning"),
        (timedelta(hours=6), "warning"),
        (timedelta(hours=6, seconds=1), "critical"),
        (timedelta(hours=-1), "ok"),
    ],
)
def test_the_age_of_the_last_healthy_run_decides(age: timedelta, state: str) -> None:
    assert verdict(a_run("healthy"), age=age).state == state


@pytest.mark.parametrize("outcome", ["unhealthy", "writer_failed", "interrupted", "killed"])
def test_a_last_run_that_is_not_healthy_is_a_warning_with_its_alarms(outcome: str) -> None:
    found = verdict(a_run(outcome, alarms=("drift",)), a_run("healthy"))

    assert found.state == "warning"
    assert found.words.endswith(f"KST): {outcome.replace('_', ' ')} (drift)")


def test_an_old_fault_is_over() -> None:
    assert verdict(a_run("healthy"), a_run("unhealthy")).state == "ok"


def test_a_run_at_work_says_nothing_and_the_one_before_does() -> None:
    assert verdict(a_run(None), a_run("healthy")).state == "ok"
    assert verdict(a_run(None), a_run("unhealthy")).state == "warning"
    assert verdict(a_run(None, at_work=None), a_run("healthy")).state == "ok"


def test_a_run_that_was_killed_is_a_warning_before_another_has_found_out() -> None:
    found = verdict(a_run(None, at_work=False), a_run("healthy"))

    assert (found.state, found.words.rpartition(": ")[2]) == ("warning", "killed")


def test_a_run_that_waits_as_the_site_asked_is_no_fault() -> None:
    found = verdict(a_run("waiting", not_before=NOW), a_run("unhealthy"))

    assert found.state == "ok"
    assert "asked to be left alone until 2026-03-01 21:00 KST" in found.words


@pytest.mark.parametrize(
    ("age", "state"),
    [(HOUR, "ok"), (3 * HOUR, "warning"), (7 * HOUR, "warning"), (None, "warning")],
    ids=str,
)
def test_while_the_site_asks_to_be_left_alone_nothing_is_critical_and_it_is_said(
    age: timedelta | None, state: str
) -> None:
    found = verdict(a_run("waiting", not_before=NOW + HOUR), age=age)

    assert found.state == state
    assert found.words.endswith("; the site asks to be left alone until 2026-03-01 22:00 KST")


def test_a_run_that_failed_while_the_site_asks_to_be_left_alone_is_named_too() -> None:
    runs = (a_run("killed"), a_run("waiting", not_before=NOW + HOUR))
    found = verdict(*runs, age=9 * HOUR)

    assert found.state == "warning"
    assert "KST): killed; the site asks to be left alone until" in found.words


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(days=2)], ids=["past", "wrong-clock"])
def test_a_wish_that_is_over_or_that_no_site_has_excuses_nothing(ahead: timedelta) -> None:
    found = verdict(a_run("waiting", not_before=NOW + ahead), age=9 * HOUR)

    assert found.state == "critical"
    assert "the site asked to be left alone until" in found.words


def test_what_a_person_asked_for_says_nothing_of_the_scheduled_runs() -> None:
    by_hand = a_run("unhealthy", arguments={"urls": "https://x.example/"})

    assert verdict(by_hand, a_run("healthy")).state == "ok"
    assert verdict(by_hand, a_run("unhealthy")).state == "warning"
    assert verdict(a_run("unhealthy", arguments={"sections": "e_a"})).state == "warning"


def test_waiting_for_longer_than_what_is_critical_is_critical() -> None:
    assert verdict(a_run("waiting"), age=7 * HOUR).state == "critical"


def test_without_a_healthy_run_it_is_critical() -> None:
    assert verdict(age=None) == Verdict("critical", "no run yet")
    assert verdict(a_run("unhealthy"), age=None).state == "critical"


def test_the_line_has_its_figures_behind_a_bar() -> None:
    shown = line(Verdict("ok", "all | well\x1b", 720.4), 2 * HOUR, 6 * HOUR, {"problems": 3})

    assert shown == "HANICRAWLER OK - all / well� | age=720s;7200;21600 problems=3"
    assert bare_line("unknown", "a\n|b") == "HANICRAWLER UNKNOWN - a /b"


def test_a_monitor_sees_each_state(run: RunCommand, record: Record) -> None:
    def check(*more: str) -> tuple[int, str]:
        found = run("status", "--check", *more)
        assert found.err == ""
        assert PLUGIN.fullmatch(found.out), found.out
        return found.status, found.out

    status, shown = check()
    assert (status, shown.split(" | ")[0]) == (2, "HANICRAWLER CRITICAL - no run yet")
    assert "age=U;7200;21600" in shown

    record.run(12 * MINUTE)
    status, shown = check()
    assert (status, shown.split()[1]) == (0, "OK")
    assert re.search(r"\| age=7[12]\ds;7200;21600 problems=0 gaps=0 due=0\n", shown)

    assert check("--warning", "10m")[0] == 1
    assert check("--warning", "1m", "--critical", "600")[0] == 2
    assert "s;5400;21600 " in check("--warning", "1h30m")[1]

    record.run(MINUTE, "unhealthy", alarms="drift")
    status, shown = check()
    assert (status, ": unhealthy (drift)" in shown) == (1, True)

    record.run(MINUTE, "waiting", not_before=record.now + HOUR)
    assert check()[0] == 0
    status, shown = check("--warning", "1m", "--critical", "2m")
    assert (status, "the site asks to be left alone until" in shown) == (1, True)


def test_a_monitor_sees_problems_gaps_and_what_is_due(run: RunCommand, record: Record) -> None:
    record.run(MINUTE)
    record.gap("e_a", 9)
    url = "https://english.hani.co.kr/"
    record.writer.write(
        [Problem(url=url, stage="fetch", code=c, error="e", seen_at=NOW) for c in ("a", "b")]
    )

    assert run("status", "--check").out.rstrip().endswith("problems=2 gaps=1 due=0")


@pytest.mark.parametrize("kind", ["missing", "empty", "old", "new", "broken"])
def test_a_database_that_cannot_be_read_is_critical_and_for_a_person_one_line(
    run: RunCommand, record: Record, file: Path, tmp_path: Path, kind: str
) -> None:
    record.engine.dispose()
    other = tmp_path / "other.db"
    if kind in ("old", "new"):
        version = {"old": "0001", "new": "9999"}[kind]
        with record.engine.begin() as connection:
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{version}'")
        other = file
    elif kind != "missing":
        other.write_bytes(b"no database" * 100 if kind == "broken" else b"")

    checked = run("status", "--check", "--database", str(other))
    assert (checked.status, checked.err) == (2, "")
    assert checked.out.startswith(f"HANICRAWLER CRITICAL - {other}: ")
    assert PLUGIN.fullmatch(checked.out)

    for command in ("status", "coverage", "problems"):
        shown = run(command, "--database", str(other))
        assert (shown.status, shown.out) == (1, "")
        assert len(shown.err.splitlines()) == 1


def test_a_server_out_of_reach_is_critical(run: RunCommand) -> None:
    found = run("status", "--check", "--database", "postgresql://nobody@127.0.0.1:1/x")

    assert (found.status, found.err) == (2, "")
    assert PLUGIN.fullmatch(found.out)


@pytest.mark.parametrize(
    "arguments",
    [
        ("--warning", "soon"),
        ("--warning", "-1h"),
        ("--warning", "9h"),
        ("--critical", "99999999999999d"),
        ("--runs", "x"),
        ("--nonsense",),
        ("--json",),
        ("extra",),
        ("--database", "mysql://x/y"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_unknown(run: RunCommand, arguments: tuple[str, ...]) -> None:
    found = run("status", *arguments, "--check")

    assert (found.status, found.err) == (STATUS["unknown"], "")
    assert found.out.startswith("HANICRAWLER UNKNOWN - ")
    assert PLUGIN.fullmatch(found.out)
