"""docs/querying.md shows the questions as their files have them, and its Python runs."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from click.testing import CliRunner

from benchmarks import documents
from hanicrawler.cli import main
from hanicrawler.storage import questions
from tests import querying_page
from tests.waiting import HANGS

if TYPE_CHECKING:
    from hanicrawler.storage import Question

PAGE = (documents.DOCS / querying_page.PAGE).read_text("utf-8")
BLOCKS = re.findall(r"^### (\w+)\n.*?^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
FROM_PYTHON = re.search(
    r"^## From Python\n.*?^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL
)
SHOWN = {
    "pandas": "2024-06",
    "polars": "shape: (10, 3)",
    "DuckDB": "e_northkorea",
    "Parquet": "e_northkorea",
}
"""What each prints of the invented newspaper."""


def run(code: str, folder: Path) -> str:
    kept = {n: value for n, value in os.environ.items() if not n.startswith("HANICRAWLER_")}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=folder,
        env={**kept, "POLARS_FMT_MAX_ROWS": "50"},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_the_page_shows_the_questions_as_they_are() -> None:
    shown = documents.between(querying_page.PAGE, querying_page.MARKER)

    assert shown == querying_page.text(), "run python -m tests.querying_page"


def test_every_question_is_said_in_the_same_few_words_everywhere() -> None:
    for each in questions():
        assert each.title.endswith("?")
        assert each.description.endswith(".")
        assert each.command.startswith("hanicrawler ")
        assert all(len(line) <= 100 for line in each.sql.splitlines())


def test_there_is_code_for_each_library() -> None:
    assert set(dict(BLOCKS)) == set(SHOWN)


@pytest.mark.slow
@pytest.mark.parametrize("question", questions(), ids=lambda question: question.name)
def test_the_command_beside_a_question_answers_it(question: Question, crawled_file: Path) -> None:
    words = shlex.split(question.command)[1:]

    done = CliRunner().invoke(main, words, env={"HANICRAWLER_DATABASE": str(crawled_file)})

    assert (done.exit_code, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) > 1


@pytest.fixture(scope="module")
def folder(crawled_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with the database, and with the articles as a file."""
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(crawled_file, folder / "hanicrawler.db")
    done = CliRunner().invoke(
        main,
        ["export", str(folder / "articles.parquet")],
        env={"HANICRAWLER_DATABASE": str(crawled_file)},
    )
    assert done.exit_code == 0, done.stderr
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("library", SHOWN)
def test_a_notebooks_lines_run(library: str, folder: Path) -> None:
    assert SHOWN[library] in run(dict(BLOCKS)[library], folder)


@pytest.mark.slow
def test_the_sql_about_words_runs_on_both(crawled_file: Path, crawled_on_server: str) -> None:
    (query,) = re.findall(r"^## Words\n.*?^```sql\n(.*?);\n```", PAGE, re.MULTILINE | re.DOTALL)

    with closing(sqlite3.connect(crawled_file)) as file:
        found = [headline for _, headline in file.execute(query)]
    with psycopg.connect(crawled_on_server) as server:
        assert [headline for _, headline in server.execute(query.encode())] == found
    assert len(found) == 3


@pytest.mark.slow
def test_the_lines_from_python_run(crawled_file: Path) -> None:
    assert FROM_PYTHON
    printed = run(FROM_PYTHON[1], crawled_file.parent)

    assert "lighthouse" in printed
    assert "1 20" in printed  # the first version and when it was seen
    assert "who-covers {'section': 'e_northkorea'" in printed
    assert re.search(r"^\d+ \w+ [\w-]+ ", printed, re.MULTILINE)
