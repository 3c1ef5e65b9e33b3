"""What stands beside an export: what its columns mean, and how it was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from hanicrawler import __version__
from hanicrawler.export.newsarticle import property_of
from hanicrawler.export.parquet import column_types
from hanicrawler.storage import head
from hanicrawler.storage.described import described, described_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hanicrawler.export.fields import Field
    from hanicrawler.export.formats import Format
    from hanicrawler.storage.filters import Filters

_TIME: Final = "time in UTC, ISO 8601 with microseconds"
_TYPES: Final = {
    "csv": {"time": _TIME, "json": "JSON object", "day": "day", "list": "JSON array of objects"},
    "excel": {"time": "time in UTC, to the second", "day": "day", "list": "JSON array of objects"},
    "jsonl": {"time": _TIME, "json": "object", "day": "day"},
    "sqlite": {"time": "text: time in UTC, 2024-06-01 09:30:00.000000", "json": "text: JSON"},
}
_OBJECTS: Final = {
    "authors": "array of Person or Organization",
    "bylines": "array of Person or Organization",
    "images": "array of ImageObject",
    "related_stories": "array of NewsArticle or CreativeWork",
    "original_url": "NewsArticle",
    "original_source_id": "NewsArticle",
    "source_id": "text: edition and number, en:1218660",
}


def dictionary(
    name: str, format: Format, chosen: Sequence[Field], *, excel: bool, every_version: bool
) -> str:
    """Return what the columns of the exported file *name* mean, as Markdown.

    The meanings are the comments of the database's own columns.
    """
    lines = [f"# What is in {name}", ""]
    if format == "sqlite":
        lines += _tables()
        return "\n".join(lines)
    row = "A row is a version of an article." if every_version else "A row is an article."
    lines += [row, ""]
    if format == "jsonl":
        lines += _properties(chosen)
    else:
        lines += _columns(format, chosen, excel=excel)
    if every_version:
        lines += [
            "",
            "What no version has of its own (section, label, pictures, related stories ...) is as"
            " last seen.",
        ]
    if excel:
        lines += [
            "",
            "An apostrophe stands before texts that a spreadsheet would take for a formula: those"
            " that begin with = + - @, a tab or a line end, after any apostrophes of their own."
            " Take one apostrophe away from such a text to have it as printed.",
        ]
    return "\n".join([*lines, ""])


def manifest(
    *,
    file: str,
    format: Format,
    made_at: datetime,
    database: str,
    filters: Filters,
    words: str | None,
    columns: Sequence[str],
    every_version: bool,
    excel: bool,
    rows: int | Mapping[str, int],
    size: int,
    sha256: str,
) -> str:
    """Return how an export was made, as a JSON document.

    *made_at* (aware, UTC) is when its view of the database was taken.
    """
    document = {
        "file": file,
        "format": format,
        "made_at": f"{made_at:%Y-%m-%dT%H:%M:%SZ}",
        "hanicrawler": __version__,
        "database": database,
        "schema": head(),
        "filters": _filters(filters, words),
        "columns": list(columns),
        "every_version": every_version,
        "excel": excel,
        "rows": rows,
        "bytes": size,
        "sha256": sha256,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _filters(filters: Filters, words: str | None) -> dict[str, Any]:
    given: dict[str, Any] = {"words": words} if words else {}
    for name in filters.__dataclass_fields__:
        value = getattr(filters, name)
        if value:
            given[name] = list(value) if isinstance(value, tuple) else str(value)
    return given


def _columns(format: Format, chosen: Sequence[Field], *, excel: bool) -> Iterator[str]:
    words: Mapping[str, str]
    if format == "parquet":
        words = column_types(chosen)
        named = {field.name: words[field.name] for field in chosen}
    else:
        words = _TYPES["excel" if excel else "csv"]
        named = {field.name: words.get(field.kind, field.kind) for field in chosen}
    yield from _table(
        ("column", "type", "NULL", "meaning"),
        ((f"`{f.name}`", named[f.name], "yes" if f.nullable else "no", f.meaning) for f in chosen),
    )
    yield from _parts(chosen)


def _parts(chosen: Sequence[Field]) -> Iterator[str]:
    for field in chosen:
        if field.parts:
            yield from ("", f"An item of `{field.name}`:", "")
            rows = ((f"`{part.name}`", part.kind, part.meaning) for part in field.parts)
            yield from _table(("part", "type", "meaning"), rows)


def _properties(chosen: Sequence[Field]) -> Iterator[str]:
    words = _TYPES["jsonl"]
    yield from _table(
        ("property", "type", "field", "meaning"),
        (
            (
                f"`{property_of(f.name)}`",
                _OBJECTS.get(f.name) or words.get(f.kind, f.kind),
                f"`{f.name}`",
                f.meaning,
            )
            for f in chosen
        ),
    )
    yield from ("", "A property that an article does not have is left out.")
    yield from _parts(chosen)


def _tables() -> Iterator[str]:
    words = _TYPES["sqlite"]
    for table, comment in described_tables():
        yield from (f"## `{table}`", "", f"{comment}.", "")
        yield from _table(
            ("column", "type", "NULL", "meaning"),
            (
                (
                    f"`{c.name}`",
                    words.get(c.kind, c.kind),
                    "yes" if c.nullable else "no",
                    c.meaning,
                )
                for c in described(table).values()
            ),
        )
        yield ""


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield _row(heading)
    yield _row(["---"] * len(heading))
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '&#124;') for cell in cells)} |"
