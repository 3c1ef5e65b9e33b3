"""What an archive may take: the oldest files go first."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hanicrawler.archives.files import is_being_written, own_files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveBudget:
    """How much an archive may hold; None is no bound."""

    most_bytes: int | None = None
    most_days: float | None = None

    def surplus(
        self, folder: Path, now: datetime, *, needed: Collection[str] = (), room: int = 0
    ) -> list[str]:
        """Return which files of *folder* are to be removed at *now* (aware), the oldest first.

        So many that *room* bytes more would be within the budget.  Files that are *needed* stay,
        and so do those that somebody is writing.  Raises OSError.
        """
        files = sorted(own_files(folder))
        held = sum(size for _, _, size in files)
        surplus: list[str] = []
        for begun, path, size in files:
            is_old = self.most_days is not None and now - begun > timedelta(days=self.most_days)
            is_much = self.most_bytes is not None and held + room > self.most_bytes
            if not is_old and not is_much:
                # Those that follow are younger.
                break
            if path.name in needed or _is_taken(path):
                continue
            surplus.append(path.name)
            held -= size
        return surplus


def remove(folder: Path, names: Iterable[str]) -> None:
    """Remove the files *names* of *folder*; what is gone already is gone.  Raises OSError."""
    for name in names:
        with suppress(FileNotFoundError):
            (folder / name).unlink()


def _is_taken(path: Path) -> bool:
    try:
        return is_being_written(path)
    except FileNotFoundError:
        return True
