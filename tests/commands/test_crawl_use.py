"""How the command answers: wrong use, databases out of reach, settings, logs, the terminal."""

from __future__ import annotations

import os
import pty
import re
import select
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler import __version__
from tests.waiting import HANGS

if TYPE_CHECKING:
    from tests.commands.conftest import Crawl

pytestmark = pytest.mark.slow

ARTICLE = "https://english.hani.co.kr/arti/english_edition/e_business/1.html"
NOWHERE = "http://127.0.0.1:1"
"""A root that is never asked."""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-a", "sektions=e_business"], "sektions"),
        (["-a", "sections=e%20business"], "malformed"),
        (["-a", "since=2024-02-30"], "no day"),
        (["-a", "since=2024-07-01", "-a", "until=2024-06-01"], "is after"),
        (["-a", "urls=https://example.com/1.html"], "not on the site"),
        (["-a", f"urls={ARTICLE}", "-a", "since=2024-06-01"], "contradict"),
        (["-a", "related_depth=6"], "0 to 5"),
        (["-a", "related_depth"], "-a"),
        (["-a"], "-a"),
        (["-s", "HANICRAWLER_SITE=nonsense"], "HANICRAWLER_SITE"),
        (["-s", "HANICRAWLER_DATABASE=mysql://x/y"], "HANICRAWLER_DATABASE"),
        (["-s", "HANICRAWLER_REVISIT=often"], "HANICRAWLER_REVISIT"),
        (["-s", "HANICRAWLER_REVISIT=1d:1h 3h:15m"], "do not rise"),
        (["-s", "HANICRAWLER_SHARED=1"], "PostgreSQL only"),
        (["-s", "CONCURRENT_REQUESTS_PER_DOMAIN=0"], "CONCURRENT_REQUESTS_PER_DOMAIN"),
        (["-s", "DOWNLOAD_DELAY=soon"], "DOWNLOAD_DELAY"),
        (["-L", "LOUD"], "LOUD"),
        (["--since=2024-06-01"], "--since"),
        (["another"], "one spider"),
    ],
)
def test_wrong_use_is_one_line_and_status_2_and_writes_nothing(
    crawl: Crawl, arguments: list[str], words: str
) -> None:
    done = crawl(*arguments, HANICRAWLER_SITE=NOWHERE)

    assert done.status == 2
    assert done.stdout == ""
    assert re.fullmatch(r"scrapy crawl: [^\n]+\n", done.stderr)
    assert words in done.stderr
    assert list(crawl.folder.iterdir()) == []


def test_an_unknown_spider_is_wrong_use_too(crawl: Crawl) -> None:
    command = [sys.executable, "-m", "scrapy", "crawl", "hany"]
    done = subprocess.run(
        command,
        cwd=crawl.folder,
        env=crawl.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == "scrapy crawl: unknown spider 'hany': there is hani\n"


@pytest.mark.parametrize("url", ["nowhere/hani.db", "postgresql://u:secret@127.0.0.1:1/hani"])
def test_a_database_out_of_reach_is_one_line_and_status_1(crawl: Crawl, url: str) -> None:
    if url.startswith("postgresql"):
        pytest.importorskip("psycopg", reason="psycopg is not installed: the extra postgres")

    done = crawl(HANICRAWLER_SITE=NOWHERE, HANICRAWLER_DATABASE=url)

    assert done.status == 1
    assert re.fullmatch(r"scrapy crawl hani: [^\n]+\n", done.stderr)
    assert "secret" not in done.stderr


def test_a_newer_database_is_one_line_and_status_1(crawl: Crawl, small: Any) -> None:
    first = crawl(HANICRAWLER_SITE=small.url)
    with closing(sqlite3.connect(first.database)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    done = crawl(HANICRAWLER_SITE=small.url)

    assert done.status == 1
    assert re.fullmatch(r"scrapy crawl hani: [^\n]+\n", done.stderr)
    assert "9999" in done.stderr


def test_a_locked_database_is_one_line_and_status_1(crawl: Crawl, small: Any) -> None:
    first = crawl(HANICRAWLER_SITE=small.url)
    with closing(sqlite3.connect(first.database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        url = f"sqlite:///{first.database}?timeout=0.2"

        done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_DATABASE=url)

    assert done.status == 1
    assert re.fullmatch(r"scrapy crawl hani: [^\n]+\n", done.stderr)
    assert "lock" in done.stderr


def test_a_closed_standard_error_is_no_failure(crawl: Crawl, small: Any) -> None:
    command = 'exec "$0" -m scrapy crawl hani 2>&-'
    process = subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=crawl.folder,
        env=crawl.environment(HANICRAWLER_SITE=small.url),
        check=False,
    )

    assert process.returncode == 0


def test_the_command_line_beats_the_environment(crawl: Crawl, small: Any) -> None:
    done = crawl(
        "-s",
        "HANICRAWLER_DATABASE=chosen.db",
        "-s",
        f"HANICRAWLER_SITE={small.url}",
        HANICRAWLER_DATABASE="environment.db",
        HANICRAWLER_SITE=NOWHERE,
    )

    assert done.status == 0
    assert [path.name for path in crawl.folder.glob("*.db")] == ["chosen.db"]


def test_the_environment_beats_a_settings_file(crawl: Crawl, small: Any) -> None:
    settings = "from hanicrawler.settings import *\nHANICRAWLER_DATABASE = 'file.db'\n"
    (crawl.folder / "mine.py").write_text(settings, "utf-8")
    mine = {"SCRAPY_SETTINGS_MODULE": "mine", "PYTHONPATH": str(crawl.folder)}

    assert crawl(HANICRAWLER_SITE=small.url, **mine).status == 0
    assert (crawl.folder / "file.db").exists()
    chosen = {"HANICRAWLER_DATABASE": "environment.db", **mine}
    assert crawl(HANICRAWLER_SITE=small.url, **chosen).status == 0
    assert (crawl.folder / "environment.db").exists()


def test_settings_from_the_environment_hold_for_a_crawl_from_code(crawl: Crawl, small: Any) -> None:
    code = (
        "from scrapy.crawler import AsyncCrawlerProcess\n"
        "from scrapy.utils.project import get_project_settings\n"
        "process = AsyncCrawlerProcess(get_project_settings())\n"
        "process.crawl('hani', sections='e_national')\n"
        "process.start()\n"
    )
    environment = crawl.environment(HANICRAWLER_SITE=small.url, HANICRAWLER_DATABASE="code.db")

    subprocess.run(
        [sys.executable, "-c", code],
        cwd=crawl.folder,
        env=environment,
        check=True,
        stderr=subprocess.DEVNULL,
    )

    with closing(sqlite3.connect(crawl.folder / "code.db")) as connection:
        assert connection.execute("SELECT DISTINCT section FROM articles").fetchall() == [
            ("e_national",)
        ]


def test_the_user_agent_names_the_version_and_the_contact(crawl: Crawl, small: Any) -> None:
    crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_CONTACT="mailto:desk@example.org")

    agents = {request.headers["user-agent"] for request in small.requests}
    assert agents == {f"hanicrawler/{__version__} (+mailto:desk@example.org)"}


def test_a_proxy_is_not_asked_for_a_root_on_this_machine(crawl: Crawl, small: Any) -> None:
    done = crawl(HANICRAWLER_SITE=small.url, http_proxy=NOWHERE, https_proxy=NOWHERE)

    assert (done.status, done.stderr) == (0, "")


def test_a_proxy_is_asked_for_the_site_itself(crawl: Crawl) -> None:
    done = crawl("-s", "RETRY_TIMES=0", http_proxy=NOWHERE, https_proxy=NOWHERE)

    assert done.status == 1
    assert done.problems == {("fetch", "connection_failed")}


def test_pages_that_name_the_root_are_the_sites(crawl: Crawl, small: Any, replica: Any) -> None:
    import dataclasses

    def absolute(page: Any, _: str) -> Any:
        body = page.body.replace(b'"/arti/', f'"{small.url}/arti/'.encode())
        return dataclasses.replace(page, body=body, etag=None)

    small.fault(re.compile("."), replica.Fault("absolute", page=absolute))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr) == (0, "")
    assert len(done.ids) == 12
    urls = done.column(
        "SELECT url FROM articles UNION SELECT url FROM related_stories"
        " UNION SELECT url FROM most_viewed UNION SELECT url FROM pages"
    )
    assert [url for url in urls if "hani.co.kr/" not in url] == []


def test_the_log_goes_where_it_is_asked_for(crawl: Crawl, small: Any) -> None:
    to_file = crawl("--logfile", "crawl.log", HANICRAWLER_SITE=small.url)
    assert (to_file.status, to_file.stderr) == (0, "")
    assert "Spider closed (finished)" in (crawl.folder / "crawl.log").read_text("utf-8")

    shown = crawl("-L", "INFO", HANICRAWLER_SITE=small.url)
    assert shown.status == 0
    assert "Spider closed (finished)" in shown.stderr


def test_exported_items_are_articles_and_nothing_else(crawl: Crawl, small: Any) -> None:
    import json

    done = crawl("-o", "out.jsonl", HANICRAWLER_SITE=small.url)

    assert (done.status, done.stderr) == (0, "")
    lines = (crawl.folder / "out.jsonl").read_text("utf-8").splitlines()
    assert {json.loads(line)["source_id"] for line in lines} == done.ids
    assert len(lines) == 12


def watch(crawl: Crawl, *arguments: str, **environment: str) -> tuple[int, str]:
    """Crawl with standard error on a terminal; return the status and what it showed."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "hani", *arguments],
        cwd=crawl.folder,
        env=crawl.environment(TERM="xterm", COLUMNS="120", **environment),
        stdout=subprocess.DEVNULL,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    deadline = time.monotonic() + HANGS
    while time.monotonic() < deadline:
        if select.select([ours], [], [], 0.5)[0]:
            try:
                piece = os.read(ours, 65536)
            except OSError:
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    return process.wait(HANGS), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_on_a_terminal_it_says_what_it_does_shows_how_far_it_is_and_what_it_stored(
    crawl: Crawl, small: Any
) -> None:
    status, shown = watch(crawl, HANICRAWLER_SITE=small.url)

    assert status == 0
    assert "Reading the feed, the front page and the newest of each section" in shown
    assert "into hanicrawler.db" in shown
    assert re.search(r"found 12  fetched 12  new 12  changed 0  failed 0", shown)
    assert "12 new, 0 changed, 0 unchanged" in shown
    assert "sqlite3 hanicrawler.db" in shown
    assert "Traceback" not in shown


def test_on_a_terminal_the_log_takes_the_place_of_the_progress(crawl: Crawl, small: Any) -> None:
    status, shown = watch(crawl, "-L", "INFO", HANICRAWLER_SITE=small.url)

    assert status == 0
    assert "Spider closed (finished)" in shown
    assert "Reading the feed" not in shown


def test_it_runs_from_the_checkouts_own_configuration_too(crawl: Crawl, small: Any) -> None:
    configuration = Path(__file__).parents[2] / "scrapy.cfg"
    (crawl.folder / "scrapy.cfg").write_text(configuration.read_text("utf-8"), "utf-8")
    environment = crawl.environment(HANICRAWLER_SITE=small.url)
    del environment["SCRAPY_SETTINGS_MODULE"]

    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "hani"],
        cwd=crawl.folder,
        env=environment,
        capture_output=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, b"")
