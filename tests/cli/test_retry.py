"""Trying problems again: from the kept bytes as a crawl would have, else by crawling."""

from __future__ import annotations

import sqlite3
import sys
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.cli import retry as module
from hanicrawler.items import Fetch, Problem
from hanicrawler.storage import RunLock, database_url
from tests.cli.conftest import HOUR, MINUTE
from tests.commands.conftest import Crawl
from tests.storage.conftest import article_url, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

PAGE = (Path(__file__).parents[1] / "pages/cases/english-next-plain/page.html").read_bytes()
URL = article_url(1)


def problem(record: Record, code: str = "no_body", body: bytes | None = PAGE, **more: Any) -> None:
    values: dict[str, Any] = {
        "url": URL, "stage": "parse", "error": f"{URL}: e", "seen_at": record.now - HOUR, **more,
    }  # fmt: skip
    record.writer.write([Problem(code=code, body=body, **values)])


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def test_a_kept_page_that_can_be_read_now_is_stored_as_of_then(
    run: Run, record: Record, file: Path
) -> None:
    problem(record)

    found = run("problems", "--retry", "--no-fetch")

    assert (found.status, found.err) == (0, "")
    assert found.out == "no_body (parse): 1 resolved, 0 remain\n"
    ((headline, seen, captured, hash_),) = rows(
        file, "SELECT headline, first_seen_at, captured_at, content_hash FROM articles"
    )
    assert headline
    assert len(hash_) == 64
    then = f"{record.now - HOUR:%Y-%m-%d %H:%M:%S.%f}"
    assert (seen, captured) == (then, then)
    assert rows(file, "SELECT resolved_at FROM problems") == [(then,)]


def test_a_page_that_still_cannot_be_read_remains_and_says_why(
    run: Run, record: Record, file: Path
) -> None:
    problem(record, "no_date", b"<html><body><h1>Nothing</h1></body></html>")
    problem(record, url=article_url(2))

    found = run("problems", "--retry", "--no-fetch")

    assert found.status == 1
    assert "no_body (parse): 1 resolved, 0 remain" in found.out
    assert "no_date (parse): 0 resolved, 1 remain" in found.out
    assert "not_an_article: the page is no article" in found.out
    assert "without --no-fetch those are fetched" in " ".join(found.out.split())
    assert rows(file, "SELECT code FROM problems WHERE resolved_at IS NULL") == [("no_date",)]


def test_only_the_chosen_ones_are_tried(run: Run, record: Record, file: Path) -> None:
    problem(record)
    problem(record, "no_date", url=article_url(2))

    found = run("problems", "--retry", "--no-fetch", "--code", "no_body", "--json")

    assert found.status == 0
    assert found.json == {
        "codes": [{"stage": "parse", "code": "no_body", "resolved": 1, "remaining": 0}],
        "remaining": [],
        "crawl_status": None,
    }
    assert rows(file, "SELECT count(*) FROM articles") == [(1,)]


def test_an_article_with_a_later_capture_gets_an_earlier_revision_and_its_problem_is_over(
    run: Run, record: Record, file: Path
) -> None:
    record.writer.write([make(1, at=record.now, headline="As it is now")])
    problem(record)

    assert run("problems", "--retry", "--no-fetch").status == 0
    assert rows(file, "SELECT headline, revision FROM articles") == [("As it is now", 2)]
    assert rows(file, "SELECT count(*) FROM problems WHERE resolved_at IS NULL") == [(0,)]


def test_of_several_captures_the_newest_is_the_article_and_the_others_its_past(
    run: Run, record: Record, file: Path
) -> None:
    headline = "An older headline"
    old = PAGE.replace(_headline(file, run, record).encode(), headline.encode())
    assert old != PAGE
    problem(record, seen_at=record.now - HOUR, url=article_url(2))
    problem(record, "no_date", old, seen_at=record.now - 2 * HOUR, url=article_url(2))

    assert run("problems", "--retry", "--no-fetch").status == 0
    numbers = rows(
        file,
        "SELECT number, revisions.headline FROM revisions JOIN articles"
        " ON articles.id = article_id WHERE source_id = 2 ORDER BY number",
    )
    assert [number for number, _ in numbers] == [1, 2]
    assert numbers[0][1] == headline


def _headline(file: Path, run: Run, record: Record) -> str:
    problem(record)
    assert run("problems", "--retry", "--no-fetch").status == 0
    return str(rows(file, "SELECT headline FROM articles")[0][0])


def test_an_article_that_is_gone_since_is_stored_as_gone(
    run: Run, record: Record, file: Path
) -> None:
    problem(record)
    record.writer.write([Fetch(url=URL, kind="article", fetched_at=record.now, status=410)])

    assert run("problems", "--retry", "--no-fetch").status == 0
    gone = f"{record.now:%Y-%m-%d %H:%M:%S.%f}"
    assert rows(file, "SELECT gone_at FROM articles") == [(gone,)]


def test_a_problem_that_the_article_still_has_stays_open_and_the_others_do_not(
    run: Run, record: Record, file: Path
) -> None:
    bad = PAGE.replace(b"2024", b"1924").replace(b"2023", b"1923").replace(b"2025", b"1925")
    problem(record, "normaliser_failed", bad, stage="normalise")

    assert run("problems", "--retry", "--no-fetch").status == 0
    left = rows(file, "SELECT stage, code FROM problems WHERE resolved_at IS NULL")
    assert set(left) <= {("normalise", "impossible_date"), ("normalise", "unreadable_date")}
    assert left


def test_links_of_a_root_are_the_sites(run: Run, record: Record, file: Path) -> None:
    root = b"http://127.0.0.1:8000"
    body = PAGE.replace(b'href="/arti/', b'href="' + root + b"/arti/")
    assert root in body
    links = "SELECT url, edition FROM related_stories ORDER BY position"
    problem(record, body=PAGE)
    assert run("problems", "--retry", "--no-fetch").status == 0
    expected = rows(file, links)
    assert expected

    problem(record, body=body, seen_at=record.now)
    found = run("problems", "--retry", "--no-fetch", HANICRAWLER_SITE=root.decode())

    assert found.status == 0
    assert rows(file, links) == expected


def test_a_site_that_is_no_root_is_wrong_use(run: Run, record: Record) -> None:
    problem(record)

    found = run("problems", "--retry", HANICRAWLER_SITE="nowhere")

    assert (found.status, found.out) == (2, "")
    assert len(found.err.splitlines()) == 1


@pytest.mark.slow
def test_a_page_that_ends_its_reader_is_tried_where_it_does_no_harm(
    run: Run, record: Record, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem(record, "parser_crashed")
    trial = module._TRIAL
    monkeypatch.setattr(module, "_TRIAL", "import os; os.abort()")

    found = run("problems", "--retry", "--no-fetch")
    assert found.status == 1
    assert "still ends the process that reads it" in found.out

    monkeypatch.setattr(module, "_TRIAL", trial)
    assert run("problems", "--retry", "--no-fetch").status == 0


def test_feeds_and_lists_are_left_to_the_next_run(run: Run, record: Record) -> None:
    problem(record, "no_stories", stage="discover", url="https://english.hani.co.kr/")

    found = run("problems", "--retry")

    assert found.status == 1
    assert "the next run does that" in " ".join(found.out.split())


@pytest.mark.parametrize("status", [2, 75])
def test_the_status_of_a_crawl_that_cannot_go_on_is_passed_on(
    run: Run, record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, status: int
) -> None:
    problem(record, "http_500", None, stage="fetch")
    problem(record, url=article_url(2))
    script = tmp_path / "crawl"
    script.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\nexit {status}\n')
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))

    found = run("problems", "--retry")

    assert found.status == status
    assert "no_body (parse): 1 resolved" in found.out
    assert (tmp_path / "asked").read_text() == f"-m scrapy crawl hani -a urls={URL}\n"


def test_very_many_articles_are_asked_for_in_parts(
    run: Run, record: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for number in range(1, 6):
        problem(record, "http_500", None, stage="fetch", url=article_url(number))
    script = tmp_path / "crawl"
    script.write_text(f'#!/bin/sh\necho "$6" >> {tmp_path}/asked\nexit 1\n')
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script))
    monkeypatch.setattr(module, "MOST_BYTES", 2 * len(URL) + 1)

    assert run("problems", "--retry").status == 1
    asked = [line.count("https://") for line in (tmp_path / "asked").read_text().splitlines()]
    assert asked == [2, 2, 1]


@pytest.fixture
def replica() -> Any:
    from hanicrawler.cli.demo import load_replica

    return load_replica()


@pytest.mark.slow
def test_what_a_retry_stores_is_what_a_crawl_stores(
    run: Run, record: Record, file: Path, tmp_path: Path, replica: Any
) -> None:
    folder = tmp_path / "crawled"
    folder.mkdir()
    paper = replica.Newspaper.standard()
    stories = paper.stories()
    with replica.Replica(paper) as site:
        site_url = site.url
        crawled = Crawl(folder)(HANICRAWLER_SITE=site_url)
        assert crawled.status == 0
        kept = {}
        for story in stories:
            path = story.url.partition("hani.co.kr")[2]
            with urllib.request.urlopen(site_url + path) as answer:
                kept[story.url] = answer.read()
    for url, body in kept.items():
        problem(record, "parser_failed", body, url=url, seen_at=record.now - MINUTE)

    found = run("problems", "--retry", "--no-fetch", HANICRAWLER_SITE=site_url)

    assert found.status == 0, found.out
    columns = (
        "edition, source_id, url, section, section_name, label, headline, deck, body, byline,"
        " published_at, modified_at, contact, original_url, original_source_id, content_hash,"
        " template, layers"
    )
    for query in (
        f"SELECT {columns} FROM articles ORDER BY edition, source_id",
        "SELECT articles.source_id, position, related_stories.edition, related_stories.source_id,"
        " related_stories.url, related_stories.headline FROM related_stories"
        " JOIN articles ON articles.id = article_id ORDER BY 1, 2",
        "SELECT articles.source_id, bylines.position, name, role, place, email FROM bylines"
        " JOIN articles ON articles.id = article_id JOIN authors ON authors.id = author_id"
        " ORDER BY 1, 2",
        "SELECT articles.source_id, position, images.url, caption, credit FROM images"
        " JOIN articles ON articles.id = article_id ORDER BY 1, 2",
    ):
        assert rows(file, query) == crawled.rows(query)
    assert len(crawled.ids) == len(stories)


@pytest.mark.slow
def test_an_article_that_was_stored_with_a_problem_is_read_anew_though_it_is_unchanged(
    run: Run, record: Record, tmp_path: Path, replica: Any
) -> None:
    crawl = Crawl(tmp_path / "run")
    crawl.folder.mkdir()
    with replica.Replica(replica.Newspaper.generate(3, template="english-next")) as site:
        done = crawl(HANICRAWLER_SITE=site.url)
        url = done.value("SELECT url FROM articles LIMIT 1")
        # As an older parser left it: a byline it could not read.
        with closing(sqlite3.connect(crawl.database)) as connection, connection:
            connection.execute(
                "INSERT INTO problems (url, stage, code, error, seen_at)"
                " VALUES (?, 'normalise', 'unread_byline', 'e', '2024-01-01 00:00:00.000000')",
                (url,),
            )
        environment = {"HANICRAWLER_SITE": site.url, "HANICRAWLER_DATABASE": str(crawl.database)}
        found = run("problems", "--retry", **environment)

    assert (found.status, found.out) == (0, "unread_byline (normalise): 1 resolved, 0 remain\n")
    assert done.value("SELECT max(revision) FROM articles") == 1


@pytest.mark.slow
def test_a_run_at_work_keeps_a_retry_out_with_its_line(
    run: Run, record: Record, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    problem(record, "http_500", None, stage="fetch")
    lock = RunLock.take(database_url(str(file)))
    try:
        found = run("problems", "--retry", "--json")
    finally:
        lock.release()

    assert found.status == 75
    assert found.json["crawl_status"] == 75
    said = capfd.readouterr().err
    assert "another run is at work" in said
    assert len(said.splitlines()) == 1


@pytest.mark.slow
def test_a_real_run_with_faults_is_mended_by_a_retry(
    tmp_path: Path, run: Run, replica: Any
) -> None:
    crawl = Crawl(tmp_path / "run")
    crawl.folder.mkdir()
    with replica.Replica(replica.Newspaper.generate(12, template="english-next")) as site:
        lost, unread = site.newspaper.stories()[:2]
        site.fault(lost.path, replica.Fault.status(500))
        site.fault(unread.path, replica.Fault.without("date"))
        done = crawl("-s", "RETRY_TIMES=0", HANICRAWLER_SITE=site.url)
        assert done.status == 1
        assert done.problems == {("fetch", "http_500"), ("parse", "no_date")}
        environment = {"HANICRAWLER_SITE": site.url, "HANICRAWLER_DATABASE": str(crawl.database)}

        again = run("problems", "--retry", **environment)
        assert again.status == 1
        assert "http_500 (fetch): 0 resolved, 1 remain" in again.out
        assert "no_date (parse): 0 resolved, 1 remain" in again.out

        site.heal()
        healed = run("problems", "--retry", **environment)

    assert (healed.status, done.value("SELECT count(*) FROM articles")) == (0, 12)
    assert "http_500 (fetch): 1 resolved, 0 remain" in healed.out
    assert done.rows("SELECT id FROM problems WHERE resolved_at IS NULL") == []
