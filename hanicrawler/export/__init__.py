"""Articles as files: CSV, JSON Lines, Parquet, and SQLite snapshots, with notes beside them."""

from hanicrawler.export.exporting import Exported, Order, export_to_file, export_to_stream
from hanicrawler.export.files import ExportError
from hanicrawler.export.formats import Format, format_of

__all__ = [
    "ExportError",
    "Exported",
    "Format",
    "Order",
    "export_to_file",
    "export_to_stream",
    "format_of",
]
