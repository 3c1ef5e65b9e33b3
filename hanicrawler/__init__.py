"""A faithful, versioned, queryable record of The Hankyoreh."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hanicrawler.ask import Archive, open_archive

__version__ = "0.1.0"

__all__ = ["Archive", "__version__", "open_archive"]


def __getattr__(name: str) -> object:
    # Imported when asked for: a crawl has no use for it, and a command's help none for a database.
    if name in ("Archive", "open_archive"):
        from hanicrawler import ask

        return getattr(ask, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
