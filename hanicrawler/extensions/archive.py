"""The run's archive: opened, kept within its budget, closed; and given up where it must be."""

from __future__ import annotations

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from scrapy import signals

from hanicrawler import __version__
from hanicrawler.archives import archive_folder
from hanicrawler.archives.budget import ArchiveBudget, remove
from hanicrawler.archives.writing import ArchiveWriter, Before, record_of
from hanicrawler.extensions.limits import SettingError, number
from hanicrawler.extensions.record import RunRecord
from hanicrawler.storage import (
    DatabaseError,
    database_file,
    database_url,
    forget_archived,
    needed_files,
)

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

    from hanicrawler.archives.writing import Answer
    from hanicrawler.items import Kept
    from hanicrawler.storage import KnownPage

logger = logging.getLogger(__name__)

SETTING: Final = "HANICRAWLER_ARCHIVE"
ERROR: Final = "hani/archive_error"
"""Stat: why the run went on without its archive, in one line."""
_MB: Final = 10**6
_GB: Final = 10**9
_SHARE: Final = 8
"""How many files a full archive has at least, so that its budget is not one file's affair."""


class Archive:
    """Keeps a run's responses, as long as its folder can be written to.

    A run does not end because its archive cannot be written: it goes on without, and is
    unhealthy.
    """

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        self._crawler = crawler
        self._folder = folder_of(settings)
        self._budget = budget_of(settings)
        self._writer: ArchiveWriter | None = None
        self._thread = ThreadPoolExecutor(1, "hanicrawler-archive")
        self._removed: list[str] = []
        self._sizes: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        archive = cls(crawler)
        crawler.signals.connect(archive.spider_opened, signals.spider_opened)
        crawler.signals.connect(archive.spider_closed, signals.spider_closed)
        return archive

    @classmethod
    def of(cls, crawler: Crawler) -> Self:
        """Return the crawler's own; raises RuntimeError where EXTENSIONS does not name it."""
        archive = crawler.get_extension(cls)
        if archive is None:
            raise RuntimeError(f"the middlewares need the extension {cls.__name__}")
        return archive

    @property
    def is_on(self) -> bool:
        """Whether responses are kept: the setting is not empty, and nothing went wrong yet."""
        return self._writer is not None

    def before(self, known: KnownPage) -> Before | None:
        """Return the response that *known* remembers, where the archive's folder has it."""
        name, at = known.archive_file, known.archived_at
        if name is None or at is None or not known.body_hash:
            return None
        # A file that a power cut has left shorter does not have it either.
        if self._size(name) <= (known.archive_offset or 0):
            return None
        return Before(at=at, body_hash=known.body_hash)

    async def keep(self, answer: Answer, before: Before | None) -> Kept | None:
        """Keep *answer*; return where, None where it cannot be kept.

        Compressing takes longer than all else, and lets the interpreter do other things: so it
        is done in a thread of its own, which also writes, makes room and waits for the disk.
        """
        writer = self._writer
        if writer is None:
            return None
        record = record_of(answer, before)
        try:
            loop = asyncio.get_running_loop()
            kept = await loop.run_in_executor(self._thread, writer.keep, record)
        except OSError as error:
            self._give_up(error)
            return None
        self._crawler.stats.inc_value("hani/archived")
        return kept

    def spider_opened(self, spider: Spider) -> None:
        if self._folder is None:
            return
        record = self._crawler.get_extension(RunRecord)
        if record is None:
            raise RuntimeError("the archive needs the extension RunRecord, which numbers the run")
        self._writer = ArchiveWriter(
            self._folder,
            crawl_id=record.crawl_id,
            info=_info(self._crawler, spider, record.crawl_id),
            most_bytes=self._file_bytes(),
            begins=self._make_room,
        )

    def spider_closed(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            try:
                # Nothing is under way any more, and the run is judged next.
                self._thread.submit(writer.close).result()
            except OSError as error:
                self._note(error)
        self._thread.shutdown()
        self._forget_what_came_late()

    def _forget_what_came_late(self) -> None:
        """Let nothing point to a file that went while answers in it waited to be stored."""
        record = self._crawler.get_extension(RunRecord)
        if record is None or not self._removed:
            return
        try:
            forget_archived(record.engine, self._removed)
        except DatabaseError as error:
            logger.warning("The database may name files that are gone: %s", error)

    def _size(self, name: str) -> int:
        """Return the size of the folder's file *name*, 0 for none; each is looked for once."""
        if name not in self._sizes:
            size = 0
            if self._folder is not None and name == Path(name).name:
                with suppress(OSError):
                    size = (self._folder / name).stat().st_size
            self._sizes[name] = size
        return self._sizes[name]

    def _file_bytes(self) -> int:
        most = int((number(self._crawler.settings, f"{SETTING}_FILE_MB") or 0) * _MB)
        whole = self._budget.most_bytes
        return most if whole is None else min(most, whole // _SHARE)

    def _make_room(self) -> None:
        """Remove what is beyond the budget once another file is full.  Raises OSError."""
        record = self._crawler.get_extension(RunRecord)
        budget = self._budget
        if record is None or self._folder is None:
            return
        if budget.most_bytes is None and budget.most_days is None:
            return
        now, room = datetime.now(UTC), self._file_bytes()
        if not budget.surplus(self._folder, now, room=room):
            return
        try:
            needed = needed_files(record.engine)
            names = budget.surplus(self._folder, now, needed=needed, room=room)
            if not names:
                return
            # First the database: what points to a file is never to outlive it.
            forget_archived(record.engine, names)
        except DatabaseError as error:
            logger.warning("The archive is larger than it may be: %s", error)
            return
        remove(self._folder, names)
        self._removed += names
        self._sizes.clear()
        self._crawler.stats.inc_value("hani/archive_files_removed", len(names))

    def _give_up(self, error: OSError) -> None:
        """Keep nothing any more; what has been handed over is still tried."""
        self._note(error)
        writer, self._writer = self._writer, None
        if writer is not None:
            self._thread.submit(_close, writer)

    def _note(self, error: OSError) -> None:
        if self._crawler.stats.get_value(ERROR) is not None:
            return
        words = f"{error.filename or self._folder}: {error.strerror or error}"
        logger.error("The archive could not be written to: %s", words)
        self._crawler.stats.set_value(ERROR, words)


def _close(writer: ArchiveWriter) -> None:
    try:
        writer.close()
    except OSError as error:
        logger.warning("The archive's file could not be closed: %s", error)


def folder_of(settings: BaseSettings) -> Path | None:
    """Return the archive's folder; None where none is to be kept.  Raises DatabaseError."""
    url = database_url(settings.get("HANICRAWLER_DATABASE"))
    return archive_folder(settings.get(SETTING), database_file(url))


def budget_of(settings: BaseSettings) -> ArchiveBudget:
    """Return what the archive may take.  Raises SettingError."""
    gigabytes = number(settings, f"{SETTING}_MAX_GB")
    return ArchiveBudget(
        most_bytes=None if gigabytes is None else int(gigabytes * _GB),
        most_days=number(settings, f"{SETTING}_MAX_DAYS"),
    )


def check(settings: BaseSettings) -> None:
    """Raise SettingError where the archive's folder can be none; DatabaseError."""
    folder = folder_of(settings)
    if folder is None:
        return
    for part in (folder, *folder.absolute().parents):
        if part.exists():
            if not part.is_dir():
                raise SettingError(f"{SETTING}: {part} is a file, and no folder")
            return


def _info(crawler: Crawler, spider: Spider, crawl_id: int) -> dict[str, str]:
    """Return what the archive's files say of the run."""
    settings = crawler.settings
    given: dict[str, str] = dict(getattr(spider, "given", {}))
    agent = settings.get("USER_AGENT") or ""
    return {
        "software": f"hanicrawler/{__version__}",
        "isPartOf": f"crawl {crawl_id}",
        "arguments": " ".join(f"{name}={value}" for name, value in given.items()) or "none",
        "robots": "obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        "hostname": socket.gethostname(),
        "operator": settings.get("HANICRAWLER_CONTACT") or "",
        "http-header-user-agent": agent,
    }
