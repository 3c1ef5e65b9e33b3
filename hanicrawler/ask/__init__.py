"""What people ask of the record, from Python: the reading that the command uses too."""

from hanicrawler.ask.archive import Archive, open_archive
from hanicrawler.ask.marks import Mark
from hanicrawler.ask.search import Found, Hit
from hanicrawler.storage import BadSearch, DatabaseError, Filters

__all__ = [
    "Archive",
    "BadSearch",
    "DatabaseError",
    "Filters",
    "Found",
    "Hit",
    "Mark",
    "open_archive",
]
