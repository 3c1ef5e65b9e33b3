"""``scrapy crawl`` that checks before it starts and ends with a status cron can trust."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.spiderloader import get_spider_loader

from hanicrawler.commands import metrics, pings, words
from hanicrawler.commands.ended import COULD_NOT_START, Ended
from hanicrawler.extensions import archive, health, limits
from hanicrawler.extensions.environment import Environment
from hanicrawler.extensions.limits import SettingError
from hanicrawler.extensions.record import RunRecord
from hanicrawler.normalize.dates import KST
from hanicrawler.site import Root
from hanicrawler.spiders.arguments import ArgumentError, Arguments, read_arguments
from hanicrawler.spiders.hani import HaniSpider
from hanicrawler.storage import (
    DatabaseError,
    Revisits,
    RunLocked,
    database_url,
    describe,
    last_healthy,
    open_read_only,
)

if TYPE_CHECKING:
    import argparse

    from scrapy.crawler import Crawler
    from scrapy.settings import Settings

HEALTHY, UNHEALTHY, WRONG_USE = 0, 1, 2
ANOTHER_RUN = 75
"""EX_TEMPFAIL of sysexits.h: try again later."""


class Command(CrawlCommand):
    """Runs a spider: 0 healthy, 1 unhealthy, 2 wrong use, 75 another run is at work.

    Each but the first comes with its reason.  Wrong use and another run are found before
    anything is written or fetched.
    """

    def long_desc(self) -> str:
        return (
            "Fetch articles of The Hankyoreh into the database. Arguments (-a NAME=VALUE): "
            "sections=a,b (only these; Korean ones as politics/assembly or ko:politics); "
            "since=YYYY-MM-DD, until=YYYY-MM-DD (back through the lists, days in Korea); "
            "urls=URL,URL (just these); related_depth=0..5 (how far to follow related stories); "
            "originals=1 (the Korean originals too)."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        # argparse would print the usage before its one line.
        setattr(parser, "error", refuse)  # noqa: B010 (mypy minds the assignment)

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        # Scrapy minds it only once the run has begun.
        signal.signal(signal.SIGTERM, _stop_before_the_start)
        super().process_options(args, opts)
        settings = self._settings
        try:
            Environment.update_pre_crawler_settings(settings)
        except ValueError as error:
            refuse(f"HANICRAWLER_SITE: {error}")
        try:
            limits.check(settings)
            _check_revisits(settings)
            pings.check(settings)
            metrics.check(settings)
        except SettingError as error:
            refuse(str(error))
        self._check_spider(args)
        if args[0] == HaniSpider.name:
            site = settings.get("HANICRAWLER_SITE")
            try:
                self._arguments = read_arguments(opts.spargs, Root.parse(site) if site else None)
            except ArgumentError as error:
                refuse(str(error))
        try:
            url = database_url(settings.get("HANICRAWLER_DATABASE"))
        except DatabaseError as error:
            refuse(f"HANICRAWLER_DATABASE: {error}")
        self._database = describe(url)
        try:
            archive.check(settings)
        except SettingError as error:
            refuse(str(error))
        if settings.getbool("HANICRAWLER_SHARED") and url.get_backend_name() == "sqlite":
            refuse(
                "HANICRAWLER_SHARED: several crawlers share a crawl on PostgreSQL only,"
                f" and HANICRAWLER_DATABASE is the SQLite file {self._database}"
            )
        self._set_up_output()

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        assert self.crawler_process is not None
        crawler = self._create_crawler(args[0])
        if self._is_watched and args[0] == HaniSpider.name:
            say(self._plan())
        running = self.crawler_process.crawl(crawler, **opts.spargs)
        # A page makes thousands of objects and hardly a cycle: looking for cycles after every
        # 700 of them, over all that Scrapy holds, takes a seventh of a crawl's time.
        gc.freeze()
        gc.set_threshold(5_000, 20, 10)
        self.crawler_process.start()
        error = _start_error(running)
        if reason := _start_failure(error, failed=self.crawler_process.bootstrap_failed):
            words_of_it = f"scrapy crawl {args[0]}: {' '.join(reason.split())}"
            say(words_of_it)
            self.exitcode = ANOTHER_RUN if isinstance(error, RunLocked) else UNHEALTHY
            ended = Ended(words=words_of_it, alarms=(COULD_NOT_START,))
        else:
            ended = self._report(crawler)
        if self.exitcode in (HEALTHY, UNHEALTHY):
            self._tell(ended)

    @property
    def _settings(self) -> Settings:
        assert self.settings is not None
        return self.settings

    def _check_spider(self, args: list[str]) -> None:
        names = sorted(get_spider_loader(self._settings).list())
        if not args:
            refuse(f"name the spider: scrapy crawl {names[0]}")
        if unknown := [word for word in args if word.startswith("-")]:
            refuse(f"unknown option {unknown[0]}: see scrapy crawl --help")
        if len(args) > 1:
            refuse(f"one spider at a time, not {' '.join(args)}")
        if args[0] not in names:
            refuse(f"unknown spider {args[0]!r}: there is {', '.join(names)}")

    def _set_up_output(self) -> None:
        """Show the log, or the progress, or nothing."""
        settings = self._settings
        level = str(settings.get("LOG_LEVEL"))
        number = logging.getLevelNamesMapping().get(level.upper())
        if number is None and not level.isdigit():
            refuse(f"{level} is no log level: DEBUG, INFO, WARNING, ERROR or CRITICAL")
        log_file = settings.get("LOG_FILE")
        if log_file:
            try:
                Path(log_file).open("a").close()
            except OSError as error:
                refuse(f"log file {log_file}: {error.strerror}")
        project = SETTINGS_PRIORITIES["project"]
        asked = any(
            (settings.getpriority(name) or 0) > project for name in ("LOG_LEVEL", "LOG_ENABLED")
        )
        shows_log = bool(asked and settings.getbool("LOG_ENABLED") and not log_file)
        if not shows_log and not log_file:
            settings.set("LOG_ENABLED", False, priority=project + 1)
        # Records that no handler would show are not even made: there are several for a page.
        logging.disable((number or int(level)) - 1 if shows_log or log_file else logging.CRITICAL)
        self._is_watched = sys.stderr is not None and sys.stderr.isatty() and not shows_log
        settings.set("HANICRAWLER_PROGRESS", self._is_watched, priority=project + 1)

    def _plan(self) -> str:
        settings = self._settings
        arguments: Arguments = self._arguments
        return words.plan(
            arguments,
            site=settings.get("HANICRAWLER_SITE"),
            database=self._database,
            delay=settings.getfloat("DOWNLOAD_DELAY"),
            today=datetime.now(KST).date(),
        )

    def _report(self, crawler: Crawler) -> Ended:
        """Say how the run went, and set the exit status by it."""
        stats = crawler.stats.get_stats()
        record = _record_of(crawler)
        found = record.found if record else None
        if found is None:
            # It was ended before it could begin, or by something that kept its record from it.
            found = health.findings(stats, health.Thresholds.of(self._settings))
        summary = words.summary(stats, self._database)
        if self._is_watched:
            say(summary)
        if found:
            complaint = words.complaint(found, stats, self._database)
            say(complaint)
            self.exitcode = UNHEALTHY
        return Ended(
            words=complaint if found else summary,
            alarms=tuple(finding.code for finding in found),
            counts=record.counts if record else {},
        )

    def _tell(self, ended: Ended) -> None:
        """Tell those outside how the run ended; what fails in that changes no status."""
        now = datetime.now(UTC)
        failures = (
            metrics.write(
                self._settings,
                ended,
                status=self.exitcode,
                at=now,
                healthy_at=now.timestamp() if ended.is_healthy else self._last_healthy(),
            ),
            pings.tell(self._settings, ended),
        )
        for failure in failures:
            if failure is not None:
                say(f"scrapy crawl hani: {failure}")

    def _last_healthy(self) -> float | None:
        """Return when a healthy run last ended, by the metrics' file or else by the database."""
        settings = self._settings
        if not settings.get(metrics.SETTING):
            return None
        if (moment := metrics.last_healthy(settings)) is not None:
            return moment
        try:
            engine = open_read_only(database_url(settings.get("HANICRAWLER_DATABASE")))
            try:
                ended = last_healthy(engine)
            finally:
                engine.dispose()
        except DatabaseError:
            return None
        return ended.timestamp() if ended else None


def _check_revisits(settings: Settings) -> None:
    """Raise SettingError where HANICRAWLER_REVISIT is no rule."""
    try:
        Revisits.parse(settings.get("HANICRAWLER_REVISIT") or "")
    except ValueError as error:
        raise SettingError(f"HANICRAWLER_REVISIT: {error}") from error


def _stop_before_the_start(_number: int, _frame: object) -> NoReturn:
    say("scrapy crawl: told to stop before it could begin; nothing was fetched: run it again")
    sys.exit(UNHEALTHY)


def refuse(reason: str) -> NoReturn:
    """End with the status of wrong use and its reason in one line; nothing was written yet."""
    say(f"scrapy crawl: {' '.join(reason.split())}")
    sys.exit(WRONG_USE)


def say(text: str) -> None:
    """Print *text* to a person: standard output is for data."""
    # A scheduler may have closed it.
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")


def _start_error(running: object) -> BaseException | None:
    if isinstance(running, asyncio.Task) and running.done() and not running.cancelled():
        return running.exception()
    return None


def _start_failure(error: BaseException | None, *, failed: bool) -> str | None:
    """Return why a run could not start, None where it could."""
    if isinstance(error, DatabaseError):
        return str(error)
    if error is not None:
        return f"could not start: {type(error).__name__}: {error}"
    return "could not start" if failed else None


def _record_of(crawler: Crawler) -> RunRecord | None:
    """Return the run's record; None where the run did not come to keep one."""
    try:
        return crawler.get_extension(RunRecord)
    except RuntimeError:
        return None
