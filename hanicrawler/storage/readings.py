"""How far archives have been read, as a batch says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hanicrawler.storage.run_models import ReadingRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import upsert

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.items import ReadTo

READINGS: Final = table_of(ReadingRow)


class Readings:
    """How far the files of a batch have been read by the run *crawl_id*, written at once."""

    def __init__(self, connection: sa.Connection, crawl_id: int | None) -> None:
        self._connection = connection
        self._crawl_id = crawl_id
        self._read: dict[str, ReadTo] = {}

    def read(self, entry: ReadTo) -> None:
        """Take up how far a file has been read."""
        self._read[entry.file] = entry

    def write(self) -> None:
        """Write it; a run without a row has nowhere to."""
        if self._crawl_id is None:
            return
        rows = [
            {
                "crawl_id": self._crawl_id,
                "file": entry.file,
                "read_to": entry.offset,
                "at_end": entry.at_end,
            }
            for entry in self._read.values()
        ]
        upsert(self._connection, READINGS, rows, ("crawl_id", "file"))
