"""What people ask of the record, from Python: the reading that the command uses too."""

from hanicrawler.ask.archive import Archive, open_archive

__all__ = ["Archive", "open_archive"]
