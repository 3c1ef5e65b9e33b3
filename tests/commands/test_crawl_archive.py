"""Whole crawls and their archive: what is in it, what points into it, what ends it."""

from __future__ import annotations

import hashlib
import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
from click.testing import CliRunner, Result
from fastwarc.warc import ArchiveIterator
from warcio.cli import main as warcio

from hanicrawler.archives import read_record
from hanicrawler.archives.files import begun_at
from hanicrawler.cli import main
from hanicrawler.items import Kept
from tests.commands.asked import publish
from tests.commands.conftest import Crawl, Done
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

ALWAYS: Final = "9999d:0s"
"""HANICRAWLER_REVISIT with which every article is looked at again in every run."""
KEPT: Final = "SELECT archive_file, archive_offset, archived_at, url, body_hash FROM pages"


def files(folder: Path) -> list[Path]:
    return sorted((folder / "archive").iterdir())


def records(*paths: Path) -> list[tuple[dict[str, str], int | None, bytes]]:
    """Return headers, HTTP status and body of all records but those that describe the file."""
    found = []
    for path in paths:
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                if (headers := dict(record.headers))["WARC-Type"] != "warcinfo":
                    status = record.http_headers.status_code
                    found.append((headers, status, record.reader.read()))
    return found


def check(*paths: Path) -> None:
    """Have warcio's own checker look at the files."""
    with pytest.raises(SystemExit) as ended:
        warcio(["check", *map(str, paths)])
    assert ended.value.code == 0


def served(site: Any, url: str) -> bytes:
    """Return what the site serves for its address *url*, errors included."""
    there = site.url + re.sub(r"^https?://[^/]+", "", url)
    try:
        with urllib.request.urlopen(there) as response:
            body: bytes = response.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    return body


def moment(stored: str) -> str:
    """Return a moment that SQLite stores as WARC writes it."""
    return datetime.fromisoformat(stored).isoformat(timespec="microseconds") + "Z"


def test_a_crawl_keeps_every_page_as_it_was_served_and_knows_where(
    crawl: Crawl, replica: Any
) -> None:
    with replica.Replica(replica.Newspaper.standard(), compress=True) as site:
        site.fault("/arti/english_edition/e_national/1.html", replica.Fault.status(500))
        gone = "https://english.hani.co.kr/arti/english_edition/e_national/99.html"
        done = crawl(HANICRAWLER_SITE=site.url)
        crawl("-a", f"urls={gone}", HANICRAWLER_SITE=site.url)
        asked = Counter(path for path in site.paths if path != "/robots.txt")
        site.heal()
        pages = {headers["WARC-Target-URI"]: served(site, headers["WARC-Target-URI"])
                 for headers, _, _ in records(*files(crawl.folder))}  # fmt: skip

    assert (done.status, done.stderr) == (0, "")
    check(*files(crawl.folder))
    found = records(*files(crawl.folder))
    kept = Counter(re.sub(r"^https?://[^/]+", "", each[0]["WARC-Target-URI"]) for each in found)
    assert kept == asked
    for headers, _, body in found:
        assert body == pages[headers["WARC-Target-URI"]]
        assert headers["WARC-Payload-Digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"
        assert headers["WARC-IP-Address"] == "127.0.0.1"
    rows = done.rows(f"{KEPT} WHERE status = 200")
    assert len(rows) > 60
    for file, offset, at, url, body_hash in rows:
        capture = read_record(crawl.folder / "archive", Kept(file=file, offset=offset), url)
        assert hashlib.sha256(capture.body).hexdigest() == body_hash
        assert f"{capture.at:%Y-%m-%d %H:%M:%S.%f}" == at
    captured = set(done.column("SELECT captured_at FROM articles"))
    assert captured <= {at for _, _, at, _, _ in rows}
    dates = {headers["WARC-Date"] for headers, _, _ in found}
    for table, column in (("most_viewed", "seen_at"), ("pages", "discovered_at"),
                          ("pages", "fetched_at"), ("problems", "seen_at")):  # fmt: skip
        moments = done.column(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL")
        assert moments
        assert {moment(each) for each in moments} <= dates | {
            # What was asked for by name, no page named.
            moment(each)
            for each in done.column(f"SELECT discovered_at FROM pages WHERE url = '{gone}'")
        }
    ((code, at, file, offset),) = done.rows(
        "SELECT code, seen_at, archive_file, archive_offset FROM problems"
    )
    capture = read_record(crawl.folder / "archive", Kept(file=file, offset=offset), gone)
    assert (code, capture.status) == ("http_404", 404)
    assert done.value(f"SELECT fetched_at FROM pages WHERE url = '{gone}'") == at


def test_a_page_that_cannot_be_read_is_in_the_archive_and_not_in_its_row(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    path = small.newspaper.stories()[0].path
    small.fault(path, replica.Fault.without("body"))

    done = crawl(HANICRAWLER_SITE=small.url)

    assert done.status == 1
    (problem,) = done.rows(
        "SELECT id, code, body, seen_at, archive_file, archive_offset, url FROM problems"
    )
    number, code, body, at, file, offset, url = problem
    assert (code, body) == ("no_body", None)
    page = done.rows(f"SELECT fetched_at, status, archived_at FROM pages WHERE url = '{url}'")
    assert page == [(at, 200, None)]
    kept = read_record(crawl.folder / "archive", Kept(file=file, offset=offset), url)
    assert kept.body == served(small, url)
    printed = hanicrawler(crawl, "problems", "--body", str(number))
    assert (printed.exit_code, printed.stdout_bytes, printed.stderr) == (0, kept.body, "")
    shown = hanicrawler(crawl, "problems", "--show", str(number)).stdout
    assert f"{file}, byte {offset}" in shown

    (crawl.folder / "archive" / file).unlink()

    gone = hanicrawler(crawl, "problems", "--body", str(number))
    assert (gone.exit_code, gone.stdout) == (1, "")
    assert len(gone.stderr.splitlines()) == 1
    assert file in gone.stderr
    shown = hanicrawler(crawl, "problems", "--show", str(number)).stdout
    assert "not there any more" in shown


def hanicrawler(crawl: Crawl, *arguments: str) -> Result:
    return CliRunner().invoke(main, [*arguments, "--database", str(crawl.database)])


def test_what_is_known_is_referred_to_unless_the_archive_has_lost_it(
    crawl: Crawl, small: Any
) -> None:
    def again(**more: str) -> list[tuple[str, int | None, str | None]]:
        before = set(files(crawl.folder))
        done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_REVISIT=ALWAYS, **more)
        assert done.status == 0
        new = [path for path in files(crawl.folder) if path not in before]
        check(*new)
        assert all(body == b"" for headers, _, body in records(*new)
                   if headers["WARC-Type"] == "revisit")  # fmt: skip
        return [
            (headers["WARC-Profile"].rpartition("/")[2] if "WARC-Profile" in headers else "whole",
             status, headers.get("WARC-Refers-To-Date"))
            for headers, status, _ in records(*new)
        ]  # fmt: skip

    first = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_REVISIT=ALWAYS)
    references = set(first.rows(KEPT))
    moments = {moment(at) for _, _, at, _, _ in references}

    unasked = again()
    assert {(what, status) for what, status, _ in unasked} == {("server-not-modified", 304)}
    assert {at for _, _, at in unasked} <= moments

    small.validators = False
    repeated = again()
    assert {(what, status) for what, status, _ in repeated} == {("identical-payload-digest", 200)}
    assert {at for _, _, at in repeated} <= moments
    assert set(first.rows(KEPT)) == references

    (crawl.folder / "archive" / next(iter(references))[0]).unlink()
    assert {what for what, _, _ in again()} == {"whole"}
    assert {row[0] for row in first.rows(KEPT) if row[0]} - {row[0] for row in references}


def test_files_are_no_larger_than_asked_for_and_the_oldest_go(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    limits = {"HANICRAWLER_ARCHIVE_FILE_MB": "0.05", "HANICRAWLER_ARCHIVE_MAX_GB": ""}
    small.fault(small.newspaper.stories()[-1].path, replica.Fault.without("body"))
    crawl(HANICRAWLER_SITE=small.url, **limits)
    before = files(crawl.folder)
    assert len(before) > 3
    assert max(path.stat().st_size for path in before) < 80_000
    check(*before)
    small.heal()
    publish(small, 3)

    limits["HANICRAWLER_ARCHIVE_MAX_GB"] = "0.0001"
    done = crawl(HANICRAWLER_SITE=small.url, **limits)

    assert done.status == 0
    (needed,) = done.column("SELECT archive_file FROM problems WHERE resolved_at IS NULL")
    after = files(crawl.folder)
    left = {path.name for path in after}
    assert needed in left
    gone = {path.name for path in before} - left
    assert gone
    assert not gone & set(done.column("SELECT archive_file FROM pages"))
    assert sum(path.stat().st_size for path in after if path.name != needed) <= 100_000
    lost = done.rows("SELECT archive_offset, archived_at FROM pages WHERE archive_file IS NULL")
    assert set(lost) == {(None, None)}


def test_nothing_points_to_a_file_that_went_while_its_answers_waited(
    crawl: Crawl, small: Any
) -> None:
    tiny = {"HANICRAWLER_ARCHIVE_FILE_MB": "0.02", "HANICRAWLER_ARCHIVE_MAX_GB": "0.00005"}

    done = crawl(HANICRAWLER_SITE=small.url, **tiny)

    there = {path.name for path in files(crawl.folder)}
    assert len(there) < 10
    for table in ("pages", "captures", "problems"):
        named = set(done.column(f"SELECT archive_file FROM {table}")) - {None}
        assert named <= there, table


def test_where_it_is_off_nothing_is_kept_and_problems_keep_their_bytes(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    small.fault(small.newspaper.stories()[0].path, replica.Fault.without("body"))

    done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_ARCHIVE="")

    assert not (crawl.folder / "archive").exists()
    assert done.value("SELECT count(*) FROM pages WHERE archive_file IS NOT NULL") == 0
    ((body, file, seen),) = done.rows("SELECT body, archive_file, seen_at FROM problems")
    assert body
    assert file is None
    fetched = "SELECT fetched_at FROM pages WHERE url = (SELECT url FROM problems)"
    assert done.value(fetched) == seen


def test_the_folder_is_made_where_it_is_asked_for(crawl: Crawl, small: Any) -> None:
    done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_ARCHIVE="kept/here")

    assert done.status == 0
    assert len(list((crawl.folder / "kept/here").iterdir())) == 1


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("HANICRAWLER_ARCHIVE=/etc/passwd", "is a file"),
        ("HANICRAWLER_ARCHIVE=/etc/passwd/below", "is a file"),
        ("HANICRAWLER_ARCHIVE_FILE_MB=", "HANICRAWLER_ARCHIVE_FILE_MB"),
        ("HANICRAWLER_ARCHIVE_FILE_MB=0", "HANICRAWLER_ARCHIVE_FILE_MB"),
        ("HANICRAWLER_ARCHIVE_MAX_GB=much", "HANICRAWLER_ARCHIVE_MAX_GB"),
        ("HANICRAWLER_ARCHIVE_MAX_GB=0", "HANICRAWLER_ARCHIVE_MAX_GB"),
        ("HANICRAWLER_ARCHIVE_MAX_DAYS=-1", "HANICRAWLER_ARCHIVE_MAX_DAYS"),
    ],
)
def test_a_wrong_value_is_one_line_and_status_2(crawl: Crawl, setting: str, words: str) -> None:
    done = crawl("-s", setting, HANICRAWLER_SITE="http://127.0.0.1:1")

    assert done.status == 2
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(crawl.folder.iterdir()) == []


def goes_on_without(done: Done, articles: int) -> None:
    """A run that could not keep its archive stores all it found, and says what is wrong."""
    assert done.status == 1
    assert len(done.stderr.splitlines()) == 1
    assert "The archive could not be written to" in done.stderr
    assert done.value("SELECT alarms FROM crawls") == "archive_failed"
    assert len(done.ids) == articles


def test_a_folder_that_cannot_be_written_to_ends_no_crawl(crawl: Crawl, small: Any) -> None:
    done = crawl(HANICRAWLER_SITE=small.url, HANICRAWLER_ARCHIVE="/proc/archive")

    goes_on_without(done, 12)
    assert "/proc/archive" in done.stderr
    assert done.value("SELECT count(*) FROM pages WHERE archive_file IS NOT NULL") == 0


def test_a_full_disk_ends_the_archive_and_not_the_crawl(
    crawl: Crawl, small: Any, replica: Any
) -> None:
    def bloat(page: Any, _: str) -> Any:
        # Nothing of it is stored, and little of it can be compressed away.
        noise = b"<!-- %s -->" % os.urandom(500_000).hex().encode()
        return replace(page, body=page.body + noise)

    small.fault(re.compile(r"/\d+\.html"), replica.Fault("bloated", page=bloat))

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, 3_000_000))

    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "hani"],
        cwd=crawl.folder,
        env=crawl.environment(HANICRAWLER_SITE=small.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=no_room,
    )
    done = crawl.end(process)

    goes_on_without(done, 12)
    (file,) = files(crawl.folder)
    check(file)
    assert 2_000_000 < file.stat().st_size < 3_000_000
    stored = done.rows(f"{KEPT} WHERE archive_file IS NOT NULL")
    assert 0 < len(stored) < done.value("SELECT count(*) FROM pages WHERE body_hash IS NOT NULL")
    for name, offset, _, url, _ in stored:
        read_record(crawl.folder / "archive", Kept(file=name, offset=offset), url)


def test_a_run_that_is_told_to_stop_closes_its_file(crawl: Crawl, replica: Any) -> None:
    with replica.Replica(replica.Newspaper.generate(200, template="english-next")) as site:
        site.fault(re.compile(r"/\d+\.html"), replica.Fault.slow(0.2))
        process = crawl.start(HANICRAWLER_SITE=site.url)
        wait_until(lambda: len(site.paths) > 40, process)
        process.send_signal(signal.SIGTERM)
        done = crawl.end(process)

    assert done.status == 1
    (file,) = files(crawl.folder)
    check(file)
    stored = done.rows("SELECT archive_offset, url FROM pages WHERE archive_file IS NOT NULL")
    assert stored
    for offset, url in stored:
        read_record(crawl.folder / "archive", Kept(file=file.name, offset=offset), url)


def test_a_run_that_is_killed_leaves_whole_records_and_the_next_writes_another_file(
    crawl: Crawl, replica: Any
) -> None:
    with replica.Replica(replica.Newspaper.generate(200, template="english-next")) as site:
        site.fault(re.compile(r"/\d+\.html"), replica.Fault.slow(0.2))
        process = crawl.start(HANICRAWLER_SITE=site.url)
        wait_until(lambda: len(site.paths) > 60, process)
        process.kill()
        crawl.end(process)
        (file,) = files(crawl.folder)
        content = file.read_bytes()
        with closing(sqlite3.connect(crawl.database)) as connection:
            stored = connection.execute(f"{KEPT} WHERE archive_file IS NOT NULL").fetchall()
        site.heal()

        assert len(records(file)) >= len(stored)
        for name, offset, _, url, _ in stored:
            assert name == file.name
            read_record(crawl.folder / "archive", Kept(file=name, offset=offset), url)
        done = crawl(HANICRAWLER_SITE=site.url)

    assert done.status == 0
    assert file.read_bytes() == content
    assert len(files(crawl.folder)) == 2
    check(files(crawl.folder)[1])


def test_what_follows_the_last_whole_record_is_passed_over(crawl: Crawl, small: Any) -> None:
    crawl(HANICRAWLER_SITE=small.url)
    (file,) = files(crawl.folder)
    whole = records(file)
    os.truncate(file, file.stat().st_size - 100)

    assert records(file)[: len(whole) - 1] == whole[:-1]


def test_crawlers_that_share_a_crawl_share_a_folder(
    crawl: Crawl, replica: Any, postgres_server: Any
) -> None:
    name = postgres_server.create()
    with replica.Replica(replica.Newspaper.generate(60, template="english-next")) as site:
        site.fault(re.compile(r"/\d+\.html"), replica.Fault.slow(0.1))
        shared = {
            "HANICRAWLER_SITE": site.url,
            "HANICRAWLER_DATABASE": postgres_server.url(name),
            "HANICRAWLER_SHARED": "1",
        }
        both = [crawl.end(process) for process in [crawl.start(**shared) for _ in range(2)]]

    assert [done.status for done in both] == [0, 0]
    found = files(crawl.folder)
    assert len(found) == 2
    assert all(begun_at(path.name) for path in found)
    check(*found)
    with psycopg.connect(postgres_server.url(name)) as connection:
        rows = connection.execute(f"{KEPT} WHERE body_hash IS NOT NULL").fetchall()
    assert {row[0] for row in rows} == {path.name for path in found}
    for file, offset, at, url, body_hash in rows:
        capture = read_record(crawl.folder / "archive", Kept(file=file, offset=offset), url)
        assert (capture.at, hashlib.sha256(capture.body).hexdigest()) == (at, body_hash)
    postgres_server.drop(name)
