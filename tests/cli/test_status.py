"""The screen and the document of ``hanicrawler status``."""

from __future__ import annotations

import fcntl
import os
import re
import struct
import subprocess
import sys
import termios
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from hanicrawler.items import Discovered, Problem
from hanicrawler.storage import begin_reading, finish_crawl
from tests.cli.conftest import HOUR, MINUTE
from tests.storage.conftest import article_url, make
from tests.waiting import HANGS

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

DOCUMENTED = Path(__file__).parents[2] / "docs" / "watching.md"
HOSTILE = "[red]x[/red] :smile: \x1b[31m\x9b31m\x07 ‮evil 판문점"
COMMAND = [sys.executable, "-c", "from hanicrawler.cli import main; main()"]


@pytest.fixture
def full(record: Record) -> Record:
    """A record of some weeks: all that the screen can show is in it."""
    coverage = {
        ("t", "headline", "template"): 9,
        ("t", "headline", "landmark"): 1,
        ("t", "byline", "landmark"): 6,
        ("t", "byline", "absent"): 4,
    }
    counts = {
        "found": 1234, "fetched": 1199, "not_modified": 12345, "new": 1100, "changed": 77,
        "gone": 3, "failed": 19, "seconds": 12345.6, "problems": 2,
    }  # fmt: skip
    record.run(30 * HOUR, None)
    record.run(3 * HOUR, counts=counts, coverage=coverage)
    record.run(
        2 * HOUR, "unhealthy", alarms="drift too_many_problems",
        reason="The headline was found half as often as of late. " * 3,
        arguments={"sections": "e_national,e_business", "since": "2024-06-01"},
    )  # fmt: skip
    record.run(HOUR, "waiting", not_before=record.now + HOUR)
    record.run(MINUTE, None)
    record.at_work()
    at = record.now - HOUR
    record.writer.write(
        [make(1, at=record.now, published_at=at, modified_at=None, headline=HOSTILE)]
    )
    problems = [("parse", "no_body"), ("parse", "made_up"), ("fetch", "http_503")]
    record.writer.write(
        [
            Problem(url=article_url(9), stage=stage, code=code, error="e", seen_at=at)  # type: ignore[arg-type]
            for stage, code in problems
        ]
    )
    record.writer.write([Discovered(url=article_url(8), kind="article", discovered_at=at)])
    record.page(8, due_at=record.now + timedelta(minutes=20))
    record.gap("e_northkorea", 1)
    record.gap("e_national", 9, 5)
    return record


def test_a_person_sees_how_the_crawler_is_doing(run: Run, full: Record) -> None:
    shown = " ".join(run("status").out.split())

    for words in (
        "WARNING last healthy run ended 3 hours ago",
        "healthy 1234 1199 12345 1100 77 3 19 12,346",
        "asked: sections=e_national,e_business since=2024-06-01",
        "drift too_many_problems: The headline was found half as often as of late.",
        "the site asked to be left alone until",
        "running",
        "begun 2 minutes ago",
        "it was killed, or lost the database",
        "Last healthy run",
        "Articles 1 en",
        "0 pages now; next",
        "1 between what was read; older articles never looked for in 1 section",
        "Fields found in the last run that read articles",
        "Open problems: 3",
        "1 no_body The page has no text that could be found.",
        "1 http_503 The site's server failed.",
        "1 made_up Another hanicrawler, newer or older, noted this.",
    ):
        assert words in shown
    assert shown.index("byline - 60.0% - 40.0% 10") < shown.index("headline 90.0% 10.0% - - 10")


def test_times_are_koreas(run: Run, record: Record) -> None:
    record.run(HOUR)
    started = record.now - HOUR - MINUTE + timedelta(hours=9)

    assert f"\n{started:%Y-%m-%d %H:%M} healthy" in run("status").out


def test_a_run_that_nobody_here_can_see_may_be_at_work_or_killed(run: Run, record: Record) -> None:
    record.run(MINUTE, None)
    assert " killed " in run("status").out
    record.at_work(host="elsewhere.example")

    shown = " ".join(run("status").out.split())
    assert "unfinished" in shown
    assert "at work, or killed; the next run tells" in shown


def test_many_urls_are_only_counted(run: Run, record: Record) -> None:
    record.run(MINUTE, arguments={"urls": ",".join(map(article_url, range(1, 40)))})

    assert "asked: urls=(39 articles)" in run("status").out


def test_as_many_runs_as_asked_for(run: Run, full: Record) -> None:
    assert len(run("status", "--json", "--runs", "2").json["runs"]) == 2
    assert "Last runs" not in run("status", "--runs", "0").out
    assert len(run("status", "--json", "--runs", "99").json["runs"]) == 5


def test_an_empty_database_has_a_screen(run: Run) -> None:
    found = run("status")

    assert (found.status, found.err) == (0, "")
    assert "CRITICAL  no run yet" in found.out
    assert "Open problems: 0" in found.out


def test_stored_text_is_shown_as_text(run: Run, full: Record) -> None:
    shown = run("status").out

    assert "[red]x[/red] :smile: �[31m�31m� �evil 판문점" in " ".join(shown.split())
    assert not set("\x1b\x9b\x07‮") & set(shown)


def test_everything_fits_into_80_columns(run: Run, full: Record) -> None:
    lines = run("status").out.splitlines()

    # But for the database's name, which is copied.
    assert max(cell_len(line) for line in lines if ".db" not in line) <= 80


def test_a_narrow_screen_loses_nothing(run: Run, full: Record) -> None:
    found = run("status", COLUMNS="36")

    assert (found.status, found.err) == (0, "")
    assert "no_body" in found.out
    assert "12345" in found.out


def test_a_program_gets_one_json_document(run: Run, full: Record) -> None:
    found = run("status", "--json")

    assert (found.status, found.err) == (0, "")
    assert not set("\x9b‮") & set(found.out)
    status = found.json
    assert status["state"] == "warning"
    assert status["freshness"]["newest_article"]["headline"] == HOSTILE
    assert status["totals"] == {
        "articles": {"en": 1}, "revisions": 1, "authors": 2, "open_problems": 3,
    }  # fmt: skip
    runs = status["runs"]
    assert [one["state"] for one in runs] == [
        "running", "waiting", "unhealthy", "healthy", "killed",
    ]  # fmt: skip
    assert runs[2]["alarms"] == ["drift", "too_many_problems"]
    assert runs[2]["arguments"] == {"sections": "e_national,e_business", "since": "2024-06-01"}
    assert (runs[3]["found"], runs[3]["seconds"]) == (1234, 12345.6)
    assert status["coverage"]["fields"][0] == {
        "field": "byline", "articles": 10,
        "template": 0.0, "landmark": 0.6, "metadata": 0.0, "absent": 0.4,
    }  # fmt: skip
    assert status["due"]["now"] == 0
    assert {one["code"] for one in status["problems"]} == {"no_body", "made_up", "http_503"}
    assert [one["section"] for one in status["gaps"]] == ["e_national", "e_northkorea"]
    for moment in (status["now"], status["due"]["next_at"], runs[0]["started_at"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moment)


def test_every_key_of_the_document_is_documented(run: Run, full: Record) -> None:
    names = set(re.findall(r"`(\w+)`", DOCUMENTED.read_text("utf-8")))

    assert keys(run("status", "--json").json) - {"en", "sections", "since"} <= names
    assert keys(run("coverage", "--json").json) <= names
    assert keys(run("problems", "--json").json) <= names


def keys(value: Any) -> set[str]:
    """Return the keys at every depth of a document."""
    if isinstance(value, dict):
        return set(value) | {key for one in value.values() for key in keys(one)}
    if isinstance(value, list):
        return {key for one in value for key in keys(one)}
    return set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "--runs", "-1"),
        ("status", "--runs", "many"),
        ("status", "--warning", "1y"),
        ("status", "--warning", "7h"),
        ("status", "--what"),
        ("coverage", "--since", "yesterday"),
        ("coverage", "--since", "2024-02-30"),
        ("coverage", "--until", "0001-01-01"),
        ("coverage", "--until", "9999-12-31"),
        ("coverage", "--since", "2024-02-02", "--until", "2024-02-01"),
        ("coverage", "--section", "../etc"),
        ("coverage", "--edition", "fr"),
        ("coverage", "--by", "year"),
        ("coverage", "--json", "--csv"),
        ("problems", "--show", "x"),
        ("problems", "--show", "99"),
        ("problems", "--body", "99999999999999999999"),
        ("problems", "--id", "0"),
        ("problems", "--stage", "sleep"),
        ("problems", "--limit", "-1"),
        ("problems", "--retry", "--resolve"),
        ("problems", "--retry", "--all"),
        ("problems", "--no-fetch"),
        ("problems", "--resolve"),
        ("status", "--database", "mysql://x/y"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line(run: Run, record: Record, arguments: tuple[str, ...]) -> None:
    found = run(*arguments)

    assert (found.status, found.out) == (2, "")
    assert len(found.err.splitlines()) == 1


@pytest.mark.slow
def test_a_terminal_of_80_columns_gets_colours_and_no_longer_line(full: Record, file: Path) -> None:
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    kept = {
        name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")
    }
    with subprocess.Popen(
        [*COMMAND, "status", "--database", file.name],
        cwd=file.parent, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**kept, "TERM": "xterm-256color"},
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(ours)

    assert process.returncode == 0
    text = shown.decode()
    assert "\x1b[" in text
    plain = re.sub(r"\x1b\[[\d;]*m", "", text)
    assert "\x1b" not in plain
    assert max(cell_len(line) for line in plain.splitlines()) <= 80


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [("status",), ("status", "--json"), ("coverage",), ("coverage", "--csv"), ("problems",)],
    ids=" ".join,
)
def test_a_reader_who_has_left_is_no_error(
    full: Record, file: Path, arguments: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(
        [*COMMAND, *arguments, "--database", str(file)], stdout=writing, stderr=subprocess.PIPE
    )
    os.close(writing)
    _, err = process.communicate(timeout=HANGS)

    assert err == b""


@pytest.mark.slow
def test_any_charset_will_do(full: Record, file: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "HANICRAWLER_DATABASE": str(file)}

    for arguments in (["status"], ["status", "--json"], ["problems"], ["coverage", "--csv"]):
        done = subprocess.run(
            [*COMMAND, *arguments], env=environment, capture_output=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, b"")
        if "--json" in arguments:
            assert "판문점" in done.stdout.decode("utf-8")


def test_reparses_and_imports_hide_no_crawl_and_judge_nothing(run: Run, record: Record) -> None:
    record.run(HOUR)
    for number in range(25):
        reading = begin_reading(
            record.engine, spider="import", arguments={"files": str(number)}, started_at=record.now
        )
        finish_crawl(
            record.engine,
            reading,
            finished_at=record.now,
            outcome="failed",
            reason="whatever",
            counts={},
            coverage={},
        )

    assert run("status", "--check").status == 0
    shown = run("status", "--json", "--runs", "2").json
    assert [one["spider"] for one in shown["runs"]] == ["import", "import"]
    assert shown["state"] == "ok"
    assert "import of files=24" in run("status", "--runs", "1").out
