"""A capture gives what a crawl that got the same answer would have given."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from hanicrawler import settings
from hanicrawler.archives import Damage
from hanicrawler.items import Article, Discovered, Fetch, Kept, Problem, Ranking, ReadPage
from hanicrawler.pages import read_article
from hanicrawler.pages.mapping import Mapping
from hanicrawler.replay import reading
from hanicrawler.replay.reading import crashed, damaged, entries_of, wanted
from hanicrawler.site import FEED_URL, FRONT_URL, Root, article_address
from hanicrawler.spiders.failures import read_failure
from tests.replay.warcs import NOON, Answer, page
from tests.replica import Newspaper
from tests.replica.lists import feed, front, next_list, section_front

PAPER = Newspaper.standard()
STORY = next(story for story in PAPER if story.edition == "en")
URL = page(STORY, PAPER).url
SECTION = "https://english.hani.co.kr/arti/english_edition/e_northkorea"


def through_the_pipelines(read: ReadPage) -> Article:
    """Return what the steps of a crawl make of a page."""
    item: object = read
    for path, _ in sorted(settings.ITEM_PIPELINES.items(), key=lambda step: step[1]):
        module, _, name = path.rpartition(".")
        if name != "Store":
            item = getattr(import_module(module), name)().process_item(item)
    assert isinstance(item, Article)
    return item


def test_a_page_becomes_what_the_pipelines_of_a_crawl_make_of_it(
    subtests: pytest.Subtests,
) -> None:
    for story in PAPER:
        if story.edition not in ("en", "ko"):
            continue
        with subtests.test(f"{story.template} {story.source_id}"):
            capture = page(story, PAPER).capture()
            address = article_address(capture.url)
            assert address is not None
            scraped = read_article(capture.body, capture.url, charset="utf-8")
            fetch = Fetch(
                url=address.url,
                kind="article",
                fetched_at=capture.at,
                status=200,
                body_hash=hashlib.sha256(capture.body).hexdigest(),
                kept=capture.kept,
            )
            read = ReadPage(scraped=scraped, fetch=fetch, address=address, body=capture.body)

            assert entries_of(capture)[-1] == through_the_pipelines(read)


def test_the_english_links_of_a_page_are_found_and_not_planned() -> None:
    capture = page(STORY, PAPER).capture()
    *links, article = entries_of(capture)

    assert isinstance(article, Article)
    named = {link.url for link in (*article.related, *article.most_viewed) if link.edition == "en"}
    assert named
    assert {link.url for link in links if isinstance(link, Discovered)} == named
    assert all(
        isinstance(link, Discovered) and (link.due_at, link.discovered_at) == (None, capture.at)
        for link in links
    )


@pytest.mark.parametrize("status", [404, 410, 403, 500, 503, 301, 302])
def test_an_answer_without_a_page_has_the_code_and_words_that_a_crawl_gives_it(
    status: int,
) -> None:
    fetch, problem = entries_of(Answer(url=URL, status=status, body=b"gone").capture())
    response = HtmlResponse(URL, status=status)
    live = read_failure(Failure(HttpError(response)), Request(URL))

    assert fetch == Fetch(url=URL, kind="article", fetched_at=NOON, status=status)
    assert isinstance(problem, Problem)
    assert (problem.stage, problem.code) == ("fetch", live.code)
    assert problem.error == f"{URL}: {live.reason}"


def test_a_redirect_to_the_articles_other_address_says_nothing() -> None:
    other = "/arti/english_edition/e_national/" + URL.rpartition("/")[2]
    moved = Answer(url=URL, status=301, headers={"Location": other})

    assert entries_of(moved.capture()) == []


def test_a_redirect_elsewhere_is_a_lost_page() -> None:
    lost = Answer(url=URL, status=302, headers={"Location": FRONT_URL})
    response = HtmlResponse(URL, status=302, headers=lost.headers)
    live = read_failure(Failure(HttpError(response)), Request(URL))
    fetch, problem = entries_of(lost.capture())

    assert isinstance(fetch, Fetch)
    assert isinstance(problem, Problem)
    assert (fetch.status, problem.code) == (302, "redirected")
    assert problem.error == f"{URL}: {live.reason}"


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", "text/html", "empty"),
        (b"%PDF-1.4", "application/pdf", "not_html"),
        (b"<html><body><p>Nothing to see</p></body></html>", "text/html", "not_an_article"),
    ],
)
def test_an_unreadable_page_is_a_problem_that_says_where_it_is_kept(
    body: bytes, content_type: str, code: str
) -> None:
    capture = Answer(url=URL, body=body, headers={"Content-Type": content_type}).capture()
    fetch, problem = entries_of(capture)

    assert isinstance(fetch, Fetch)
    assert (fetch.status, fetch.body_hash, fetch.fetched_at) == (200, None, NOON)
    assert isinstance(problem, Problem)
    assert (problem.stage, problem.code, problem.seen_at) == ("parse", code, NOON)
    assert (problem.body, problem.kept) == (None, capture.kept)


def test_a_parser_that_fails_is_a_problem_and_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RecursionError("too\ndeep")

    monkeypatch.setattr(reading.pages, "read_article", fail)
    _, problem = entries_of(page(STORY, PAPER).capture())

    assert isinstance(problem, Problem)
    assert problem.code == "parser_failed"
    assert problem.error == f"{URL}: RecursionError: too deep"


def test_a_normaliser_that_fails_leaves_the_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise ValueError("no year")

    before = entries_of(page(STORY, PAPER).capture())
    monkeypatch.setattr(reading, "normalise", fail)
    *links, fetch, problem = entries_of(page(STORY, PAPER).capture())

    assert links == before[:-1]
    assert isinstance(fetch, Fetch)
    assert fetch.body_hash is None
    assert isinstance(problem, Problem)
    assert (problem.stage, problem.code) == ("normalise", "normaliser_failed")


def test_a_capture_without_its_bytes_says_which_it_brought_again() -> None:
    earlier = NOON - timedelta(days=1)
    revisit = Answer(url=URL).capture(
        is_revisit=True, revisit_of=earlier, body_hash="ab" * 32, etag='"e"', last_modified="then"
    )
    unchanged = Answer(url=URL, status=304).capture(revisit_of=earlier)

    (fetch,) = entries_of(revisit)
    assert isinstance(fetch, Fetch)
    assert (fetch.status, fetch.body_hash, fetch.revisit_of) == (200, "ab" * 32, earlier)
    assert (fetch.etag, fetch.last_modified) == ('"e"', "then")
    (fetch,) = entries_of(unchanged)
    assert isinstance(fetch, Fetch)
    assert (fetch.status, fetch.body_hash, fetch.revisit_of) == (304, None, earlier)


@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_error_that_an_archive_has_seen_before_is_no_sign_of_life(status: int) -> None:
    again = Answer(url=URL, status=status).capture(is_revisit=True, revisit_of=NOON)

    fetch, problem = entries_of(again)

    assert isinstance(fetch, Fetch)
    assert (fetch.status, fetch.says_same) == (status, False)
    assert isinstance(problem, Problem)


def test_lists_name_articles_and_fronts_their_ranking_too() -> None:
    def read(url: str, text: str) -> list[Any]:
        return entries_of(Answer(url=url, body=text.encode()).capture())

    of_front = read(FRONT_URL, front(PAPER, "en"))
    assert [type(entry) for entry in of_front].count(Ranking) == 1
    assert sum(isinstance(entry, Discovered) for entry in of_front) >= 10
    assert not any(isinstance(entry, Fetch) for entry in of_front)

    stories = PAPER.stories("en", "e_northkorea")
    of_section = read(SECTION, section_front(PAPER, "en", "e_northkorea", stories))
    assert any(isinstance(entry, Ranking) for entry in of_section)

    of_list = read(f"{SECTION}?page=1", next_list(PAPER, "en", "e_northkorea", stories, 1))
    assert {type(entry) for entry in of_list} == {Discovered}
    of_feed = read(FEED_URL, feed(PAPER, "en"))
    assert {type(entry) for entry in of_feed} == {Discovered}


def test_the_date_that_a_list_prints_beside_a_story_is_kept() -> None:
    items = "".join(
        f'<li><h4><a href="{SECTION}/{number}.html">Story {number}</a></h4>'
        f'<span class="date">2026-02-2{number} 21:00</span></li>'
        for number in range(1, 6)
    )
    body = f"<html><body><h2>North Korea</h2><ul>{items}</ul></body></html>".encode()
    listed = entries_of(Answer(url=f"{SECTION}?page=1", body=body).capture())

    assert [entry.listed_at for entry in listed if isinstance(entry, Discovered)] == [
        datetime(2026, 2, day, 12, tzinfo=UTC) for day in range(21, 26)
    ]


def test_a_front_that_cannot_be_read_is_a_problem_and_an_empty_list_is_none() -> None:
    empty = b"<html><body><p>Nothing here</p></body></html>"
    (problem,) = entries_of(Answer(url=FRONT_URL, body=empty).capture())

    assert isinstance(problem, Problem)
    assert (problem.stage, problem.code) == ("discover", "no_stories")
    assert entries_of(Answer(url=f"{SECTION}?page=9", body=empty).capture()) == []
    assert entries_of(Answer(url=FRONT_URL, status=503).capture()) == []


def test_a_page_of_another_root_is_read_in_the_sites_own_addresses() -> None:
    newest = next(story for story in PAPER if story.template == "english-next")
    capture = page(newest, PAPER).capture()
    root = Root.parse("http://127.0.0.1:8123")
    printed = capture.body.replace(b"https://english.hani.co.kr", root.url.encode())
    assert printed != capture.body
    elsewhere = replace(capture, body=printed)

    article, same = entries_of(capture)[-1], entries_of(elsewhere, Mapping(root))[-1]
    assert isinstance(article, Article)
    assert isinstance(same, Article)
    assert same == replace(article, fetch=same.fetch)


@pytest.mark.parametrize(
    ("url", "is_wanted"),
    [
        (URL, True),
        (URL.replace("https", "HTTP").replace("hani", "HANI"), True),
        ("http://www.hani.co.kr/arti/politics/assembly/1120000.html", True),
        ("http://japan.hani.co.kr/arti/politics/30000.html", False),
        (FRONT_URL, True),
        ("http://english.hani.co.kr", True),
        ("http://www.hani.co.kr/", False),
        (FEED_URL, True),
        (f"{SECTION}/list3.html", True),
        ("http://www.hani.co.kr/arti/politics", False),
        ("https://english.hani.co.kr/style.css", False),
        ("https://example.org/english.hani.co.kr/arti/english_edition/e_national/1.html", False),
        ("https://example.org/", False),
    ],
)
def test_what_is_wanted_of_an_archive(url: str, is_wanted: bool) -> None:
    assert wanted(url) is is_wanted


def test_another_edition_is_read_where_it_is_asked_for() -> None:
    url = "http://japan.hani.co.kr/arti/politics/30000.html"

    assert wanted(url, {"ja"})
    assert not wanted(URL, {"ja"})
    assert not wanted(FRONT_URL, {"ja"})
    assert entries_of(page(STORY, PAPER).capture(), editions={"ja"}) == []


def test_a_page_that_ends_its_process_is_a_problem_in_the_crawlers_words() -> None:
    fetch, problem = crashed(page(STORY, PAPER).capture())

    assert isinstance(fetch, Fetch)
    assert fetch.body_hash is None
    assert isinstance(problem, Problem)
    assert problem.code == "parser_crashed"
    assert problem.error == f"{URL}: the page ends the process that reads it"


def test_damage_is_a_problem_of_the_page_or_else_of_the_file() -> None:
    kept = Kept(file="a.warc.gz", offset=77)
    damage = Damage(kept=kept, code="cut_off", reason="the record ends early")

    of_file = damaged(damage, NOON)
    of_page = damaged(replace(damage, url=URL, at=NOON - timedelta(days=1)), NOON)

    assert (of_file.url, of_file.stage, of_file.code) == ("file:a.warc.gz", "fetch", "cut_off")
    assert "at byte 77 of a.warc.gz" in of_file.error
    assert (of_file.seen_at, of_file.kept) == (NOON, kept)
    assert (of_page.url, of_page.seen_at) == (URL, NOON - timedelta(days=1))
