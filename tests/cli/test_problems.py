"""Problems in words: listed, shown whole, handed out, marked as done."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from hanicrawler.cli.retry import way
from hanicrawler.items import Problem
from hanicrawler.storage import NotedProblem
from tests.cli.conftest import HOUR
from tests.storage.conftest import article_url, make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Ran, Record, Run

RAW = b"\xff\xfe\0<html>\x1b[31m\r\n" * 40


@pytest.fixture
def noted(record: Record) -> dict[str, int]:
    """Error of each problem to its id."""

    def problem(number: int, stage: Any, code: str, **more: Any) -> Problem:
        url = more.pop("url", article_url(number))
        seen_at = record.now - (20 - number) * HOUR
        error = f"{url}: e{number}"
        return Problem(url=url, stage=stage, code=code, error=error, seen_at=seen_at, **more)

    record.writer.write(
        [
            problem(1, "parse", "no_body", body=RAW),
            problem(2, "parse", "no_body"),
            problem(3, "fetch", "http_404"),
            problem(4, "discover", "no_stories", url="https://english.hani.co.kr/"),
            problem(5, "normalise", "unread_byline"),
            problem(6, "parse", "no_date"),
        ]
    )
    record.writer.write([make(6, at=record.now)])
    with record.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT error, id FROM problems")
        return {row[0].rsplit(" ", 1)[1]: row[1] for row in rows}


def test_open_problems_are_listed_by_code_the_newest_first_with_reason_and_advice(
    run: Run, noted: dict[str, int]
) -> None:
    found = run("problems")
    shown = found.out

    assert (found.status, found.err) == (0, "")
    heads = [line for line in shown.splitlines() if " of stage " in line]
    assert heads == [
        "unread_byline  1 problem of stage normalise",
        "no_stories  1 problem of stage discover",
        "http_404  1 problem of stage fetch",
        "no_body  2 problems of stage parse",
    ]
    assert "The page has no text that could be found." in shown
    assert "--body ID has its bytes" in " ".join(shown.split())
    assert shown.index(f"{article_url(2)}\n         e2") < shown.index(article_url(1))
    assert "no_date" not in shown


@pytest.mark.parametrize(
    ("arguments", "errors"),
    [
        (["--code", "no_body"], {"e1", "e2"}),
        (["--stage", "fetch"], {"e3"}),
        (["--url", article_url(5)], {"e5"}),
        (["--all"], {"e1", "e2", "e3", "e4", "e5", "e6"}),
        (["--limit", "1"], {"e2", "e3", "e4", "e5"}),
        (["--limit", "0", "--code", "no_body"], {"e1", "e2"}),
        (["--code", "nothing"], set()),
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_problems_can_be_chosen(
    run: Run, noted: dict[str, int], arguments: list[str], errors: set[str]
) -> None:
    shown = run("problems", "--json", *arguments).json

    assert {one["error"].rsplit(" ", 1)[1] for one in shown["problems"]} == errors
    listed = run("problems", *arguments).out
    for error, number in noted.items():
        assert (f"  {number:>5}  2" in listed) == (error in errors)


def test_how_many_there_are_is_said_where_not_all_are_shown(
    run: Run, noted: dict[str, int]
) -> None:
    assert "... and 1 more (--limit 0)" in run("problems", "--limit", "1").out
    codes = run("problems", "--limit", "1", "--json").json["codes"]
    assert codes[0] == {"stage": "parse", "code": "no_body", "count": 2}


def test_one_is_shown_whole(run: Run, noted: dict[str, int]) -> None:
    lines = dict(
        line.split(maxsplit=1)
        for line in run("problems", "--show", str(noted["e1"])).out.splitlines()
    )

    assert lines["URL"] == article_url(1)
    assert lines["Error"] == "e1"
    assert lines["Code"] == "no_body (stage parse)"
    assert lines["Page"].startswith("kept")
    assert lines["--retry"] == "from the bytes that were kept"
    assert run("problems", "--show", str(noted["e6"]), "--json").json["resolved_at"]


def test_the_bytes_come_out_as_they_came(run: Run, noted: dict[str, int], tmp_path: Path) -> None:
    from click.testing import CliRunner

    from hanicrawler.cli import main

    database = {"HANICRAWLER_DATABASE": str(tmp_path / "hani.db")}
    result = CliRunner().invoke(main, ["problems", "--body", str(noted["e1"])], env=database)

    assert (result.exit_code, result.stdout_bytes) == (0, RAW)
    none = run("problems", "--body", str(noted["e2"]))
    assert (none.status, none.out) == (1, "")
    assert none.err == f"Error: no bytes are kept with problem {noted['e2']}\n"


def test_what_others_wrote_is_shown_as_text(run: Run, record: Record) -> None:
    url = "https://english.hani.co.kr/[red]\x1b]0;evil\x07\x9b2J‮"
    record.writer.write(
        [
            Problem(
                url=url,
                stage="fetch",
                code="x[bold]\x1b[1m",
                error=f"{url}: \x1b[31m [b]red",
                seen_at=record.now,
            )
        ]
    )

    def safe(shown: Ran) -> str:
        assert shown.status == 0
        assert not set("\x1b\x07\x9b‮") & set(shown.out)
        return shown.out

    assert "/[red]�]0;evil��2J�\n" in safe(run("problems"))
    assert "�[31m [b]red" in safe(run("problems"))
    assert "x[bold]�[1m" in safe(run("status"))
    safe(run("problems", "--show", "1"))
    assert run("problems", "--json").json["problems"][0]["url"] == url
    safe(run("problems", "--json"))


def test_it_fits_into_80_columns_but_for_urls(run: Run, noted: dict[str, int]) -> None:
    lines = run("problems").out.splitlines()

    assert max(cell_len(line) for line in lines if "https://" not in line) <= 80


def test_without_problems_there_is_one_line(run: Run) -> None:
    assert run("problems").out == "No open problems.\n"
    assert run("problems", "--all").out == "No problems.\n"
    assert run("problems", "--json").json == {"codes": [], "problems": []}
    retried = run("problems", "--retry")
    assert (retried.status, retried.out) == (0, "No open problems to try again.\n")


def test_problems_are_marked_as_done_by_hand(run: Run, noted: dict[str, int]) -> None:
    assert run("problems", "--resolve", "--code", "http_404").out == "1 marked as done.\n"
    found = run("problems", "--resolve", "--id", str(noted["e1"]), "--id", "99", "--json")
    assert found.json == {"resolved": 1, "ids": [noted["e1"]]}

    left = run("problems", "--json").json["problems"]
    assert {one["id"] for one in left} == {noted["e2"], noted["e4"], noted["e5"]}
    assert run("problems", "--resolve", "--code", "http_404").out == "0 marked as done.\n"


def a_problem(stage: str, code: str, url: str = article_url(1), size: int | None = 9) -> Any:
    from datetime import UTC, datetime

    at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=1)
    return NotedProblem(
        id=1, crawl_id=None, url=url, stage=stage, code=code, error="e", seen_at=at,
        resolved_at=None, size=size,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (a_problem("parse", "no_body"), "read"),
        (a_problem("normalise", "normaliser_failed"), "read"),
        (a_problem("parse", "no_body", size=None), "fetch"),
        (a_problem("normalise", "unread_byline", size=None), "fetch"),
        (a_problem("parse", "not_html"), "fetch"),
        (a_problem("fetch", "http_500", size=None), "fetch"),
        (a_problem("store", "refused", size=None), "fetch"),
        (a_problem("discover", "no_stories", "https://english.hani.co.kr/"), "run"),
        (a_problem("parse", "spider_failed", "https://english.hani.co.kr/"), "run"),
    ],
)
def test_each_problem_has_its_way_to_be_tried_again(problem: Any, expected: str) -> None:
    assert way(problem) == expected
