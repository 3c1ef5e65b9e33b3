"""What each format gives back is what the database holds."""

from __future__ import annotations

import csv
import gzip
import json
from datetime import UTC, date, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from hanicrawler.export import Order, csvs, export_to_file, format_of
from hanicrawler.export.csvs import guard, unguard
from hanicrawler.export.fields import NAMES, OF_VERSIONS
from tests.export.conftest import HOSTILE

if TYPE_CHECKING:
    from pathlib import Path

    from hanicrawler import Archive
    from tests.storage.conftest import Rows

OWNED = {
    "bylines": ("name", "language", "role", "place", "email"),
    "images": ("url", "caption", "credit"),
    "related_stories": ("edition", "source_id", "url", "headline"),
}
COLUMNS = [name for name in NAMES if name not in OF_VERSIONS]


def exported(archive: Archive, file: Path, **order: Any) -> Path:
    export_to_file(archive, file, format_of(file), Order(**order))
    return file


def stored(rows: Rows) -> list[dict[str, Any]]:
    """Return the articles as their tables and the view ``article_list`` have them."""
    people = {author["id"]: author for author in rows("authors")}
    listed = {one["id"]: one for one in rows("article_list", "id", "day", "authors")}
    owned = {
        "bylines": [people[one["author_id"]] | one for one in rows("bylines")],
        "images": rows("images"),
        "related_stories": rows("related_stories"),
    }
    found = []
    for one in rows("articles"):
        one |= listed[one["id"]]
        one["day"] = date.fromisoformat(one["day"])
        for name, parts in OWNED.items():
            of_article = [item for item in owned[name] if item["article_id"] == one["id"]]
            one[name] = [
                {part: item[part] for part in parts}
                for item in sorted(of_article, key=lambda item: item["position"])
            ]
        found.append({name: one[name] for name in COLUMNS})
    return found


def as_text(row: dict[str, Any]) -> dict[str, str]:
    """Return a row as the cells of an exact CSV."""

    def cell(value: Any) -> str:
        match value:
            case None:
                return ""
            case datetime():
                return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
            case list():
                return json.dumps(value, ensure_ascii=False)
            case dict():
                return json.dumps(value, sort_keys=True)
        return str(value)

    return {name: cell(value) for name, value in row.items()}


def rows_of_csv(file: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    text = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return list(csv.DictReader(StringIO(text.decode(encoding), newline="")))


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_csv_gives_back_what_is_stored(
    archive: Archive, rows: Rows, tmp_path: Path, name: str
) -> None:
    file = exported(archive, tmp_path / name)

    assert rows_of_csv(file) == [as_text(row) for row in stored(rows)]
    assert HOSTILE in {row["headline"] for row in rows_of_csv(file)}


def test_parquet_gives_back_what_is_stored(archive: Archive, rows: Rows, tmp_path: Path) -> None:
    file = exported(archive, tmp_path / "out.parquet")

    table = pq.read_table(file)
    wanted = stored(rows)
    for row in wanted:
        row["layers"] = json.dumps(row["layers"], sort_keys=True)
    assert table.to_pylist() == wanted
    assert str(table.schema.field("published_at").type) == "timestamp[us, tz=UTC]"
    assert str(table.schema.field("day").type) == "date32[day]"
    assert table.schema.field("deck").metadata[b"description"].startswith(b"The lines below")


def test_json_lines_give_back_what_is_stored(archive: Archive, rows: Rows, tmp_path: Path) -> None:
    for name in ("out.jsonl", "out.jsonl.gz"):
        file = exported(archive, tmp_path / name)
        data = gzip.decompress(file.read_bytes()) if name.endswith(".gz") else file.read_bytes()
        lines = data.decode().splitlines()  # not only \n ends a line for Python

        found = [json.loads(line) for line in lines]
        assert [one["hani:id"] for one in found] == [row["id"] for row in stored(rows)]
        for one, row in zip(found, stored(rows), strict=True):
            assert (one["headline"], one["articleBody"]) == (row["headline"], row["body"])
            assert one.get("alternativeHeadline") == row["deck"]
            assert datetime.fromisoformat(one["datePublished"]) == row["published_at"]
            assert one["identifier"] == f"{row['edition']}:{row['source_id']}"
            assert one["hani:layers"] == row["layers"]
            assert one["hani:content_hash"] == row["content_hash"]
            assert one["version"] == row["revision"]


def test_every_version_is_a_row(archive: Archive, rows: Rows, tmp_path: Path) -> None:
    versions = {(one["article_id"], one["number"]): one for one in rows("revisions")}
    assert len(versions) == 4

    table = pq.read_table(exported(archive, tmp_path / "out.parquet", every_version=True))
    of_csv = rows_of_csv(exported(archive, tmp_path / "out.csv", every_version=True))

    assert len(table) == len(of_csv) == 4
    for found, cells in zip(table.to_pylist(), of_csv, strict=True):
        version = versions[found["id"], found["revision"]]
        for name in ("headline", "deck", "body", "byline", "seen_at", "silent", "modified_at"):
            assert found[name] == version[name]
        assert cells["silent"] == str(version["silent"]).lower()
        assert datetime.fromisoformat(cells["seen_at"]) == version["seen_at"]


def test_columns_are_those_asked_for_in_their_order(archive: Archive, tmp_path: Path) -> None:
    columns = ("headline", "id", "authors")

    of_csv = rows_of_csv(exported(archive, tmp_path / "out.csv", columns=columns))
    table = pq.read_table(exported(archive, tmp_path / "out.parquet", columns=columns))
    lines = exported(archive, tmp_path / "out.jsonl", columns=columns).read_text("utf-8")

    assert tuple(of_csv[0]) == tuple(table.column_names) == columns
    assert list(json.loads(lines.splitlines()[1])) == [
        "@context", "@type", "headline", "hani:id", "publisher",
    ]  # fmt: skip


def test_a_spreadsheet_gets_a_mark_and_no_formula(
    archive: Archive, rows: Rows, tmp_path: Path
) -> None:
    file = exported(archive, tmp_path / "out.csv", excel=True)

    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\r\n")
    found, wanted = rows_of_csv(file, "utf-8-sig"), stored(rows)
    for cells in found:
        assert not [text for text in cells.values() if text[:1] in "=+-@\t\r\n" and text]
    for cells, row in zip(found, wanted, strict=True):
        for name in ("headline", "deck", "section_name", "label", "byline", "contact", "body"):
            assert unguard(cells[name]) == (row[name] or "")
    assert found[0]["published_at"] == "2026-02-27 12:00:00"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("'Peace'", "'Peace'"),
        ("\tx", "'\tx"),
        ("＝1", "'＝1"),
        ("", ""),
        ("1-2", "1-2"),
    ],
)
def test_a_guarded_cell_can_be_had_as_it_was(text: str, cell: str) -> None:
    assert guard(text) == cell
    assert unguard(cell) == text


def test_cells_longer_than_a_spreadsheet_holds_are_told(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = format_of(tmp_path / "out.csv")
    fits = export_to_file(archive, tmp_path / "1.csv", form, Order(excel=True))
    assert fits.warnings == ()

    monkeypatch.setattr(csvs, "LONGEST_CELL", len(HOSTILE) - 1)
    told = export_to_file(archive, tmp_path / "2.csv", form, Order(excel=True)).warnings
    assert len(told) == 1
    assert "cells are longer than" in told[0]


def test_duckdb_pandas_and_polars_read_what_is_stored(
    archive: Archive, rows: Rows, tmp_path: Path
) -> None:
    wanted = stored(rows)
    headlines = [row["headline"] for row in wanted]
    moments = [row["published_at"] for row in wanted]
    parquet = exported(archive, tmp_path / "out.parquet")
    of_csv = exported(archive, tmp_path / "out.csv")
    lines = exported(archive, tmp_path / "out.jsonl")

    names = "SELECT headline, length(bylines), bylines[1].name FROM read_parquet(?) ORDER BY id"
    found = duckdb.execute(names, [str(parquet)]).fetchall()
    assert found == [
        (HOSTILE, 3, "Kim Na-ra"),
        (headlines[1], 0, None),
        (*found[2][:2], "Kim Na-ra"),
    ]
    read = duckdb.execute("SELECT headline FROM read_csv(?) ORDER BY id", [str(of_csv)]).fetchall()
    assert [row[0] for row in read] == headlines
    read = duckdb.execute("SELECT headline FROM read_json(?)", [str(lines)]).fetchall()
    assert [row[0] for row in read] == headlines

    frame = pd.read_csv(of_csv, parse_dates=["published_at", "first_seen_at"])
    assert list(frame["headline"]) == headlines
    assert list(frame["published_at"]) == moments
    assert list(pd.read_parquet(parquet)["published_at"]) == moments
    assert list(pd.read_json(lines, lines=True)["headline"]) == headlines

    assert pl.read_parquet(parquet)["published_at"].to_list() == moments
    assert pl.read_csv(of_csv)["headline"].to_list() == headlines
    assert pl.read_ndjson(lines)["headline"].to_list() == headlines


def test_the_same_rows_give_the_same_bytes(archive: Archive, tmp_path: Path) -> None:
    for name in ("out.csv", "out.csv.gz", "out.jsonl", "out.parquet"):
        first = exported(archive, tmp_path / f"1{name}").read_bytes()
        assert exported(archive, tmp_path / f"2{name}").read_bytes() == first
