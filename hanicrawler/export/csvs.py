"""Articles as CSV: exact, or made for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import IO, TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hanicrawler.export.fields import Field
    from hanicrawler.storage.streams import ArticleRecord

    Cell = Callable[[ArticleRecord], object]

LONGEST_CELL: Final = 32_767
"""Characters: what a cell of Excel holds."""
MOST_ROWS: Final = 1_048_576
"""What a sheet of Excel holds, the heading included."""

_LIST: Final = json.JSONEncoder(ensure_ascii=False)
_OBJECT: Final = json.JSONEncoder(sort_keys=True)
_FORMULA: Final = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
"""How a cell begins that a spreadsheet may run (OWASP, CSV injection), or one so guarded."""


def guard(text: str) -> str:
    """Return *text* with an apostrophe before what a spreadsheet would take for a formula.

    :func:`unguard` gives the very text back, whatever it is: apostrophes that stand before such
    a character already get one more.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def unguard(text: str) -> str:
    """Return what was given to :func:`guard`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


class CsvWriter:
    """Writes articles as rows below a heading, in UTF-8.

    Exact: lines end in LF, times are ISO 8601 with microseconds, an empty cell is NULL.  For a
    spreadsheet (*excel*): a byte order mark, lines that end in CRLF, times to the second in a
    form that is taken for a time, and formulas made harmless by :func:`guard`.
    """

    def __init__(self, stream: IO[bytes], chosen: Sequence[Field], *, excel: bool = False) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\r\n" if excel else "\n")
        self._cells = [_cell(field, excel=excel) for field in chosen]
        self._excel = excel
        self.long_cells = 0
        """Cells that are longer than Excel holds; counted for a spreadsheet only."""
        if excel:
            self._text.write("\ufeff")
        self._writer.writerow([field.name for field in chosen])

    def write(self, record: ArticleRecord) -> None:
        """Write a row."""
        row = [cell(record) for cell in self._cells]
        if self._excel:
            self.long_cells += sum(isinstance(c, str) and len(c) > LONGEST_CELL for c in row)
        self._writer.writerow(row)

    def close(self) -> None:
        """Write what is left; the stream stays open."""
        self._text.flush()
        self._text.detach()


def json_text(value: Mapping[str, Any]) -> str:
    """Return a JSON object as the database holds it: its keys sorted, in ASCII."""
    return _OBJECT.encode(dict(value))


def _cell(field: Field, *, excel: bool) -> Cell:
    value = field.value
    if field.kind == "list":
        return lambda record: _LIST.encode(field.items(record))
    if field.kind == "json":
        return lambda record: json_text(value(record))
    if field.kind == "time":
        return _seconds(value) if excel else _iso(value)
    if field.kind == "boolean":
        words = {True: "true", False: "false", None: None}
        return lambda record: words[value(record)]
    if field.kind == "text" and excel:
        return lambda record: None if (text := value(record)) is None else guard(text)
    return value


def _seconds(value: Callable[[ArticleRecord], Any]) -> Cell:
    def cell(record: ArticleRecord) -> str | None:
        moment = value(record)
        return None if moment is None else f"{moment:%Y-%m-%d %H:%M:%S}"

    return cell


def _iso(value: Callable[[ArticleRecord], Any]) -> Cell:
    def cell(record: ArticleRecord) -> str | None:
        moment = value(record)
        return None if moment is None else f"{moment.isoformat(timespec='microseconds')[:-6]}Z"

    return cell
