"""Articles as Parquet: typed columns, lists inside."""

from __future__ import annotations

from importlib import import_module
from operator import attrgetter
from typing import IO, TYPE_CHECKING, Any, Final

from hanicrawler.export.csvs import json_text
from hanicrawler.export.files import ExportError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.export.fields import Field
    from hanicrawler.storage.described import DescribedColumn
    from hanicrawler.storage.streams import ArticleRecord

ROWS: Final = 10_000
"""Of a row group, and of what is in memory, where the texts are not long."""
CHARACTERS: Final = 32_000_000
"""Of bodies in a row group, at most; the last may go over."""


class ParquetWriter:
    """Writes articles in row groups, compressed with zstd.

    Times are microseconds in UTC, days dates, lists lists of structs; each column carries its
    meaning as metadata.  Raises ExportError where pyarrow is not installed.
    """

    def __init__(self, stream: IO[bytes], chosen: Sequence[Field]) -> None:
        self._fields = list(chosen)
        pa, parquet = _pyarrow()
        self._pa = pa
        self._schema = pa.schema([_arrow_field(pa, field) for field in chosen])
        self._writer = parquet.ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[ArticleRecord] = []
        self._characters = 0

    def write(self, record: ArticleRecord) -> None:
        """Take a row; write a row group where enough have come together."""
        self._rows.append(record)
        self._characters += len(record.body)
        if len(self._rows) >= ROWS or self._characters >= CHARACTERS:
            self._flush()

    def close(self) -> None:
        """Write what is left and the footer; the stream stays open."""
        if self._rows:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        arrays = [
            self._array(field, column.type)
            for field, column in zip(self._fields, self._schema, strict=True)
        ]
        self._rows.clear()
        self._characters = 0
        batch = self._pa.record_batch(arrays, schema=self._schema)
        del arrays
        self._writer.write_batch(batch, row_group_size=batch.num_rows)

    def _array(self, field: Field, kind: Any) -> Any:
        values = [field.value(record) for record in self._rows]
        if field.kind == "json":
            values = [json_text(value) for value in values]
        if field.kind != "list":
            return self._pa.array(values, kind)
        offsets = [0]
        for items in values:
            offsets.append(offsets[-1] + len(items))
        columns = [
            self._pa.array([getter(item) for items in values for item in items], part.type)
            for getter, part in zip(
                [attrgetter(part.name) for part in field.parts], kind.value_type, strict=True
            )
        ]
        items = self._pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
        return self._pa.ListArray.from_arrays(offsets, items, type=kind)


def column_types(chosen: Sequence[Field]) -> dict[str, str]:
    """Return the name of each field's Arrow type.  Raises ExportError without pyarrow."""
    pa, _ = _pyarrow()
    return {field.name: str(_arrow_field(pa, field).type) for field in chosen}


def _pyarrow() -> tuple[Any, Any]:
    try:
        pyarrow = import_module("pyarrow")
        parquet = import_module("pyarrow.parquet")
    except ImportError as error:
        raise ExportError(
            "Parquet needs pyarrow, which is not installed: pip install 'hanicrawler[export]'"
        ) from error
    return pyarrow, parquet


def _arrow_field(pa: Any, field: Field) -> Any:
    kinds = {
        "integer": pa.int64(),
        "text": pa.string(),
        "json": pa.string(),
        "boolean": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
        "day": pa.date32(),
    }
    kind = _list(pa, field.parts) if field.kind == "list" else kinds[field.kind]
    meaning = {"description": field.meaning}
    return pa.field(field.name, kind, nullable=field.nullable, metadata=meaning)


def _list(pa: Any, parts: Sequence[DescribedColumn]) -> Any:
    kinds = {"integer": pa.int64(), "text": pa.string()}
    return pa.list_(pa.struct([pa.field(part.name, kinds[part.kind]) for part in parts]))
