"""The units that ``hanicrawler schedule --systemd`` prints: systemd takes them, and they run."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.cli.timetables import read_timetable
from tests.cli.scheduling import STRANGE, program, rows, schedule
from tests.replica import Newspaper, Replica
from tests.waiting import HANGS


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A folder whose name wants quoting everywhere."""
    folder = tmp_path / STRANGE
    folder.mkdir()
    return folder


@pytest.fixture
def site() -> Iterator[Any]:
    """The invented site with a dozen articles."""
    with Replica(Newspaper.generate(12, template="english-next")) as site:
        yield site


def options(unit: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", unit, re.MULTILINE)


def words(value: str) -> list[str]:
    """Return the words of *value* as systemd.syntax(7) says: quotes, then ``%%``."""
    return [word.replace("%%", "%") for word in shlex.split(value)]


def test_systemd_accepts_the_units(strange: Path, tmp_path: Path) -> None:
    analyze = program("systemd-analyze", "systemd")
    units = tmp_path / "units"
    units.mkdir()
    schedule(strange, "--systemd", "--folder", str(units))

    done = subprocess.run(
        [analyze, "verify", units / "hanicrawler.timer", units / "hanicrawler.service"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("every", "1m 5m 30m 1h 2h 6h 1d".split())
def test_the_timers_times_are_as_far_apart_as_was_said(every: str) -> None:
    analyze = program("systemd-analyze", "systemd")
    timetable = read_timetable(every, "here")

    done = subprocess.run(
        [analyze, "calendar", "--iterations=3", timetable.calendar],
        env={"TZ": "UTC", "LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    stated = re.findall(r"(?:Next elapse|Iter. #\d|Iteration #\d): \w+ (\S+ \S+)", done.stdout)
    times = [datetime.fromisoformat(time) for time in stated]
    apart = {second - first for first, second in pairwise(times)}
    assert len(times) == 3
    assert apart == {timedelta(minutes=timetable.minutes)}


@pytest.mark.slow
def test_the_service_crawls_as_systemd_would_start_it(strange: Path, site: Any) -> None:
    unit = schedule(
        strange, "--systemd", HANICRAWLER_SITE=site.url, HANICRAWLER_CONTACT='a\\b "c" 100%'
    ).unit(".service")
    (command,) = options(unit, "ExecStart")
    (folder,) = options(unit, "WorkingDirectory")
    environment = dict(words(value)[0].split("=", 1) for value in options(unit, "Environment"))
    program_path, *arguments = words(command)

    done = subprocess.run(
        [program_path, *(word.replace("$$", "$") for word in arguments)],
        cwd=folder.replace("%%", "%"),
        env={"PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert environment["HANICRAWLER_CONTACT"] == 'a\\b "c" 100%'
    assert rows(strange / "hanicrawler.db", "SELECT outcome, new FROM crawls") == [("healthy", 12)]
    assert (strange / "hanicrawler.log").stat().st_size


def test_another_run_at_work_is_no_failure_of_the_service(tmp_path: Path) -> None:
    unit = schedule(tmp_path, "--systemd").unit(".service")

    assert options(unit, "SuccessExitStatus") == ["75"]
    assert options(unit, "Type") == ["oneshot"]


def test_the_service_may_write_where_the_run_writes(tmp_path: Path) -> None:
    (tmp_path / "metrics").mkdir()

    unit = schedule(tmp_path, "--systemd", HANICRAWLER_METRICS="metrics/hani.prom").unit(".service")

    assert options(unit, "ProtectSystem") == ["strict"]
    assert options(unit, "ReadWritePaths") == [str(tmp_path), str(tmp_path / "metrics")]


def test_the_service_may_write_into_an_archive_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    to_come = schedule(tmp_path, "--systemd", HANICRAWLER_ARCHIVE="disk/pages").unit(".service")
    (tmp_path / "disk" / "pages").mkdir()
    there = schedule(tmp_path, "--systemd", HANICRAWLER_ARCHIVE="disk/pages").unit(".service")

    assert options(to_come, "ReadWritePaths") == [str(tmp_path), str(tmp_path / "disk")]
    assert options(there, "ReadWritePaths") == [str(tmp_path), str(tmp_path / "disk" / "pages")]


def test_a_run_with_a_budget_is_given_ten_minutes_more(tmp_path: Path) -> None:
    unit = schedule(tmp_path, "--systemd", HANICRAWLER_MAX_SECONDS="1200").unit(".service")

    assert options(unit, "TimeoutStartSec") == ["1800s"]


def test_each_database_has_units_of_its_own(tmp_path: Path) -> None:
    units = tmp_path / "units"
    units.mkdir()

    for database in ("hanicrawler.db", "the news.db"):
        schedule(tmp_path, "--systemd", "--folder", str(units), "--database", database)

    assert {path.name for path in units.iterdir()} == {
        "hanicrawler.service",
        "hanicrawler.timer",
        "hanicrawler-the_news.service",
        "hanicrawler-the_news.timer",
    }


def test_a_unit_that_somebody_changed_is_left_alone(tmp_path: Path) -> None:
    arguments = ("--systemd", "--folder", str(tmp_path))
    assert schedule(tmp_path, *arguments).status == 0
    assert schedule(tmp_path, *arguments).status == 0
    service = tmp_path / "hanicrawler.service"
    changed = service.read_text("utf-8") + "Nice=19\n"
    service.write_text(changed, "utf-8")

    printed = schedule(tmp_path, *arguments)

    assert printed.status == 2
    assert "hanicrawler.service is there and says something else" in printed.stderr
    assert service.read_text("utf-8") == changed
