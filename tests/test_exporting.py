"""docs/exporting.md says what an export has in it, and its examples run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from hanicrawler.cli import main
from hanicrawler.export.fields import NAMES, OF_VERSIONS, fields
from hanicrawler.export.newsarticle import property_of
from hanicrawler.export.parquet import column_types
from hanicrawler.storage import Writer, database_url, open_database
from tests.storage.conftest import make

DOCS = (Path(__file__).parents[1] / "docs" / "exporting.md").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where ``hanicrawler.db`` lies, and what the commands of the page made of it."""
    folder = tmp_path_factory.mktemp("exporting")
    engine = open_database(database_url(str(folder / "hanicrawler.db")))
    Writer(engine, None).write([make(number) for number in range(1, 6)])
    engine.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.delenv("HANICRAWLER_DATABASE", raising=False)
        for line in commands():
            result = CliRunner().invoke(main, shlex.split(line)[1:])
            assert (result.exit_code, result.stderr) == (0, ""), line
    return folder


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def test_the_commands_make_their_files(folder: Path) -> None:
    outs = [shlex.split(line)[2] for line in commands()]

    assert len(outs) >= 8
    for out in set(outs) - {"-"}:
        assert (folder / out).stat().st_size > 0
        assert (folder / f"{out}.dictionary.md").exists()


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", DOCS, re.DOTALL))
def test_the_lines_of_python_run(
    folder: Path, code: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    known: dict[str, object] = {}

    exec(compile(code, "docs/exporting.md", "exec"), known)

    if "archive" in known:
        assert capsys.readouterr().out.count("\n") == 5
    else:
        assert len(known) > 2 or "duckdb" in known


def test_the_page_shows_the_columns_as_they_are() -> None:
    chosen = fields(every_version=True)
    types = column_types(chosen)
    shown = re.findall(
        r"^\| `(\w+)` \| ([^|]+) \| `([\w:]+)` \| (yes|no) \| (.+) \|$", DOCS, re.MULTILINE
    )

    assert [row[0] for row in shown] == list(NAMES)
    for field, row in zip(chosen, shown, strict=True):
        assert row[1] == ("list of structs" if field.parts else types[field.name])
        assert row[2] == property_of(field.name)
        assert row[3:] == ("yes" if field.nullable else "no", field.meaning)
    assert all(f"`{name}`" in DOCS for name in OF_VERSIONS)


def test_the_page_shows_what_lists_have() -> None:
    shown = re.findall(r"^\| `(\w+)` \| `(\w+)` \| (.+) \|$", DOCS, re.MULTILINE)

    assert shown == [
        (field.name, part.name, part.meaning) for field in fields() for part in field.parts
    ]


def test_every_option_stands_on_the_page() -> None:
    context = CliRunner().invoke(main, ["export", "--help"]).output
    for option in set(re.findall(r"--[a-z]+", context)) - {"--database", "--help"}:
        assert option in DOCS
