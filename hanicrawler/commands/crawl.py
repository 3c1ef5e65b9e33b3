"""``scrapy crawl`` that checks before it starts and ends with a status cron can trust."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from scrapy.commands.crawl import Command as CrawlCommand
from scrapy.settings import SETTINGS_PRIORITIES
from scrapy.spiderloader import get_spider_loader

from hanicrawler.commands import words
from hanicrawler.extensions import health
from hanicrawler.extensions.environment import Environment
from hanicrawler.normalize.dates import KST
from hanicrawler.site import Root
from hanicrawler.spiders.arguments import ArgumentError, Arguments, read_arguments
from hanicrawler.spiders.hani import HaniSpider
from hanicrawler.storage import DatabaseError, RunLocked, database_url, describe

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
        super().process_options(args, opts)
        settings = self._settings
        try:
            Environment.update_pre_crawler_settings(settings)
        except ValueError as error:
            refuse(f"HANICRAWLER_SITE: {error}")
        self._check_spider(args)
        if args[0] == HaniSpider.name:
            site = settings.get("HANICRAWLER_SITE")
            try:
                self._arguments = read_arguments(opts.spargs, Root.parse(site) if site else None)
            except ArgumentError as error:
                refuse(str(error))
        try:
            self._database = describe(database_url(settings.get("HANICRAWLER_DATABASE")))
        except DatabaseError as error:
            refuse(f"HANICRAWLER_DATABASE: {error}")
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
        if isinstance(running, asyncio.Task) and (error := _start_error(running)):
            known = isinstance(error, DatabaseError)
            reason = str(error) if known else f"could not start: {type(error).__name__}: {error}"
            say(f"scrapy crawl {args[0]}: {' '.join(reason.split())}")
            self.exitcode = ANOTHER_RUN if isinstance(error, RunLocked) else UNHEALTHY
        elif self.crawler_process.bootstrap_failed:
            say(f"scrapy crawl {args[0]}: could not start")
            self.exitcode = UNHEALTHY
        else:
            self._report(crawler)

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

    def _report(self, crawler: Crawler) -> None:
        stats = crawler.stats.get_stats()
        # Who leaves a shared crawl before the last judges what it did itself, not the crawl.
        has_left = stats.get("hani/left") and stats.get("finish_reason") in health.ASKED_FOR
        found = [] if has_left else health.findings(stats)
        if self._is_watched:
            say(words.summary(stats, self._database))
        if found:
            say(words.complaint(found, stats, self._database))
            self.exitcode = UNHEALTHY


def refuse(reason: str) -> NoReturn:
    """End with the status of wrong use and its reason in one line; nothing was written yet."""
    say(f"scrapy crawl: {' '.join(reason.split())}")
    sys.exit(WRONG_USE)


def say(text: str) -> None:
    """Print *text* to a person: standard output is for data."""
    # A scheduler may have closed it.
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")


def _start_error(running: asyncio.Task[None]) -> BaseException | None:
    if not running.done() or running.cancelled():
        return None
    return running.exception()
