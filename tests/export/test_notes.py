"""What stands beside an export."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from hanicrawler import __version__
from hanicrawler.export import ExportError, Order, export_to_file, format_of
from hanicrawler.export.coverage import table
from hanicrawler.export.fields import NAMES, OF_VERSIONS
from hanicrawler.storage import head, read_coverage
from hanicrawler.storage.described import described
from hanicrawler.storage.filters import Filters
from hanicrawler.storage.schema import Base

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa

    from hanicrawler import Archive

ENDS = ("dictionary.md", "coverage.csv", "manifest.json")


def export(archive: Archive, file: Path, order: Order | None = None, **more: bool) -> Path:
    export_to_file(archive, file, format_of(file), order or Order(), **more)
    return file


def beside(file: Path, end: str) -> str:
    return file.with_name(f"{file.name}.{end}").read_text("utf-8")


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl.gz", "out.parquet", "out.db"])
def test_the_manifest_says_how_it_was_made(archive: Archive, tmp_path: Path, name: str) -> None:
    filters = Filters(sections=("e_northkorea",), since=date(2026, 1, 1))
    file = export(archive, tmp_path / name, Order(filters=filters))

    found = json.loads(beside(file, "manifest.json"))

    assert found["file"] == name
    assert found["database"] == archive.name
    assert (found["hanicrawler"], found["schema"]) == (__version__, head())
    assert found["filters"] == {"sections": ["e_northkorea"], "since": "2026-01-01"}
    assert found["bytes"] == file.stat().st_size
    assert found["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    rows = found["rows"]
    assert (rows["articles"] if name == "out.db" else rows) == 3
    made = datetime.fromisoformat(found["made_at"])
    assert abs((datetime.now(UTC) - made).total_seconds()) < 60


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "out.parquet"])
def test_the_dictionary_has_each_column_and_what_the_models_say_of_it(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    file = export(archive, tmp_path / name, Order(every_version=True))

    shown = beside(file, "dictionary.md").split("An item of")[0]

    rows = [line.split(" | ") for line in shown.splitlines() if line.startswith("| `")]
    assert len(rows) == len(NAMES)
    names = [re.sub(r"\W", "", row[2 if name == "out.jsonl" else 0]) for row in rows]
    assert names == list(NAMES)
    meanings = {column.name: column.meaning for column in described("articles").values()}
    meanings |= {name: described("revisions")[name].meaning for name in OF_VERSIONS}
    for field, row in zip(names, rows, strict=True):
        if field in meanings:
            assert row[-1].removesuffix(" |") == meanings[field]


def test_the_dictionary_of_a_snapshot_has_every_table(archive: Archive, tmp_path: Path) -> None:
    shown = beside(export(archive, tmp_path / "out.db"), "dictionary.md")

    assert set(re.findall(r"^## `(\w+)`", shown, re.MULTILINE)) == set(Base.metadata.tables)
    columns = sum(len(table.c) for table in Base.metadata.tables.values())
    assert len(re.findall(r"^\| `\w+` \|", shown, re.MULTILINE)) == columns


def test_no_meaning_sends_a_reader_to_another_table_for_the_same_column() -> None:
    for name in (*Base.metadata.tables, "article_list"):
        for column in described(name).values():
            assert column.meaning
            assert column.meaning != f"As in {column.table}"
    assert described("revisions")["content_hash"].meaning.startswith("sha256")
    assert described("article_list")["label"].meaning.startswith("Photo")


def test_the_coverage_is_that_of_what_is_exported(
    archive: Archive, engine: sa.Engine, tmp_path: Path
) -> None:
    for name in ("out.csv", "out.db"):
        file = export(archive, tmp_path / name)
        known = read_coverage(engine)
        assert beside(file, "coverage.csv") == table(known.days, known.named)
        assert len(beside(file, "coverage.csv").splitlines()) > 1


def test_an_export_can_stand_alone(archive: Archive, tmp_path: Path) -> None:
    file = export(archive, tmp_path / "out.csv", alone=True)

    assert not [end for end in ENDS if file.with_name(f"{file.name}.{end}").exists()]


def test_a_file_that_exists_is_replaced_only_when_told_to(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    with pytest.raises(ExportError, match="exists already"):
        export(archive, file)
    assert file.read_text() == "mine"
    assert not [end for end in ENDS if file.with_name(f"{file.name}.{end}").exists()]

    export(archive, file, replace=True)
    assert file.read_text("utf-8").startswith("id,")


def test_the_archive_itself_is_never_replaced(archive: Archive, tmp_path: Path) -> None:
    if archive.file is None:
        return
    link = tmp_path / "link.db"
    link.symlink_to(archive.file)
    for file in (archive.file, link):
        with pytest.raises(ExportError, match="the database itself"):
            export(archive, file, replace=True)
    assert archive.file.read_bytes().startswith(b"SQLite format 3")
