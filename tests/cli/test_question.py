"""``hanicrawler question``: the questions, and what was answered."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from hanicrawler.storage import questions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_without_a_name_every_question_is_listed(run: Run) -> None:
    listed = run("question", COLUMNS="120")

    assert listed.status == 0
    for each in questions():
        assert f"{each.name} " in listed.out
        assert each.title in listed.out
    described = run("question", "--json").json
    assert [each["name"] for each in described] == [each.name for each in questions()]
    assert {"title", "description", "command", "browser", "parameters", "sql"} < set(described[0])


def test_the_sql_can_be_had_without_a_database(run: Run, tmp_path: Path) -> None:
    shown = run(
        "question", "labels", "--sql", "--set", "since=2020-01-01",
        HANICRAWLER_DATABASE=str(tmp_path / "none.db"),
    )  # fmt: skip

    assert shown.status == 0
    assert "datetime('2020-01-01', '-9 hours')" in shown.out
    assert "datetime('2024-06-30', '+15 hours')" in shown.out
    assert shown.out.endswith(";\n")


def test_an_empty_answer_says_so(run: Run) -> None:
    shown = run("question", "gone")

    assert (shown.status, shown.err) == (0, "")
    assert "Nothing is stored that answers it" in shown.out
    assert run("question", "gone", "--json").json["rows"] == []
    assert (
        run("question", "gone", "--csv").out
        == "gone_at,published_at,section,headline,authors,url\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["who-knows"], "no question 'who-knows': there are "),
        (["gone", "--set", "ago"], "--set 'ago': write name=value"),
        (["gone", "--set", "ago=soon"], "ago='soon' is not a time before now"),
        (["gone", "--set", "since=2024-06-01"], "gone has no parameter 'since'; it has ago"),
        (["gone", "--json", "--csv"], "--json and --csv do not go together"),
        (["--csv"], "name a question"),
        (["gone", "--sql", "--set", "nothing=1"], "gone has no parameter 'nothing'"),
    ],
)
def test_wrong_use_is_one_line(run: Run, arguments: list[str], said: str) -> None:
    done = run("question", *arguments)

    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1


def test_a_database_that_is_not_there_is_one_line(run: Run, tmp_path: Path) -> None:
    done = run("question", "gone", HANICRAWLER_DATABASE=str(tmp_path / "none.db"))

    assert (done.status, len(done.err.splitlines())) == (1, 1)
    assert "no such file" in done.err


@pytest.mark.slow
class TestARecord:
    @pytest.fixture
    def file(self, crawled_file: Path) -> Path:
        return crawled_file

    @pytest.mark.parametrize("name", [each.name for each in questions()])
    def test_every_question_is_answered_for_a_person_and_for_a_program(
        self, run: Run, name: str
    ) -> None:
        shown = run("question", name, COLUMNS="200")
        document = run("question", name, "--json").json
        table = list(csv.DictReader(io.StringIO(run("question", name, "--csv").out)))

        assert (shown.status, shown.err) == (0, "")
        assert len(document["rows"]) == len(table) > 0
        assert list(document["rows"][0]) == list(table[0])
        assert len(shown.out.splitlines()) >= 3 + len(table)

    def test_times_are_korean_for_a_person_and_utc_for_a_program(self, run: Run) -> None:
        utc = run("question", "captions-naming", "--json").json["rows"][0]["published_at"]

        assert utc == "2024-06-23T10:51:00Z"
        assert "published_at,caption" in run("question", "captions-naming", "--csv").out
        assert "2024-06-23 19:51" in run("question", "captions-naming", COLUMNS="200").out

    def test_an_article_is_called_what_other_commands_call_it(self, run: Run) -> None:
        (row,) = run("question", "gone", "--json").json["rows"]
        number = row["url"].rpartition("/")[2].removesuffix(".html")

        shown = run("question", "gone")

        assert f" en:{number}" in shown.out
        assert f"hanicrawler show en:{number} shows" in shown.out
        assert run("show", f"en:{number}").status == 0

    def test_another_value_gives_another_answer(self, run: Run) -> None:
        usual = run("question", "who-covers", "--json").json
        other = run("question", "who-covers", "--set", "section=e_national", "--json").json

        assert usual["parameters"]["section"] == "e_northkorea"
        assert other["parameters"]["section"] == "e_national"
        assert usual["rows"] != other["rows"] != []
