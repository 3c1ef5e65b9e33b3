"""The archive behind the pages: asked in threads, so that one slow question holds up no other."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

from hanicrawler.ask import Archive, open_archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Answer = TypeVar("Answer")

_THREADS: Final = 4


class Reader:
    """Asks the archive in *file*; each thread opens it for itself."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._opened: list[Archive] = []
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="archive")

    async def ask(self, question: Callable[[Archive], Answer]) -> Answer:
        """Return what *question* gives of the archive; raises what that raises."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: question(self._archive()))

    def close(self) -> None:
        """Wait for what is being asked, and close the archive."""
        self._threads.shutdown(cancel_futures=True)
        for archive in self._opened:
            archive.close()

    def _archive(self) -> Archive:
        archive: Archive | None = getattr(self._mine, "archive", None)
        if archive is None:
            archive = self._mine.archive = open_archive(self._file)
            self._opened.append(archive)
        return archive
