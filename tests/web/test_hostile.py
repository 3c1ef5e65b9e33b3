"""What strangers wrote stays text on every page, and leads nowhere it should not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.items import Byline, Image, StoryLink
from hanicrawler.web.wording import in_order, printable, web_link
from tests.storage.conftest import NOON, article_url
from tests.web.conftest import Get, Got, pages_of_made

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\" onmouseover='alert(3)' {{ 7*7 }}"
LINK = "javascript:alert(document.domain)//https://x"
OVERRIDE = "\u202eyllis\u202c \u2067tfel\u2069"


def hostile() -> dict[str, Any]:
    """Return an article whose every word is out for mischief."""
    return {
        "section_name": EVIL,
        "label": EVIL,
        "headline": f"{OVERRIDE} {EVIL}",
        "deck": EVIL,
        "body": f"{EVIL}\n\n{OVERRIDE}\n\n]]></p></main></body>",
        "byline": EVIL,
        "authors": (Byline(name=EVIL[:190], language="en", role=EVIL, place=EVIL, email=EVIL),),
        "published_text": EVIL,
        "contact": EVIL,
        "images": (Image(url=LINK, caption=EVIL, credit=EVIL),),
        "related": (
            StoryLink(url=LINK, headline=EVIL),
            StoryLink(url="data:text/html,<script>alert(4)</script>", headline=""),
            StoryLink(url=article_url(2), headline=EVIL, edition="en", source_id=2),
        ),
        "original_url": LINK,
        "original_source_id": 77,
    }


@pytest.fixture(scope="module")
def evil(empty: Callable[[], Path]) -> Iterator[Get]:
    """Asks for the pages of two such articles, one of them changed in silence."""
    later = {"source_id": 1, "at": NOON.replace(hour=13)}
    changed = later | {"headline": f"{EVIL} again", "body": f"{EVIL} and {EVIL}"}
    with pages_of_made(
        empty(), hostile(), hostile() | {"source_id": 2}, hostile() | changed
    ) as get:
        yield get


HOSTILE = ("%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "%00", "%FF%FE%E2%80%AE", "9" * 400,
           "../../etc/passwd", "'%20OR%201=1--", "javascript:alert(1)")  # fmt: skip

PATHS = (
    "/",
    "/article/1",
    "/article/1?version=1",
    "/article/1/history",
    "/search",
    "/search?q=alert",
    "/authors",
    "/edits",
    "/dates",
    "/translations",
    "/trends",
    "/hanicrawler/articles",
    "/hanicrawler/articles/1",
    "/hanicrawler/article_list?_facet=label&_facet=authors",
    "/hanicrawler/related_stories",
    "/hanicrawler/images",
    "/hanicrawler/authors",
)


def check(got: Got) -> None:
    """Assert that the page has no element, attribute or link that a text brought along."""
    assert "<script>alert" not in got.text
    assert "<img" not in got.text
    for tag, attributes in got.tags:
        assert not {"onerror", "onmouseover"} & set(attributes), (tag, attributes)
        for name in ("href", "src", "action"):
            assert re.match(r"/|https?://|#|\?|$", attributes.get(name) or ""), (tag, attributes)
        if tag == "a" and re.match("https?://(?!127.0.0.1/)", attributes.get("href") or ""):
            assert attributes.get("rel") == "noopener noreferrer", attributes
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", got.text)


@pytest.mark.parametrize("path", PATHS)
def test_hostile_words_stay_text(evil: Get, path: str) -> None:
    got = evil(path)

    assert got.status == 200
    check(got)
    if path.startswith(("/article", "/authors", "/edits")) or path == "/":
        assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in got.words
        assert "{{ 7*7 }}" in got.words


@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}",
        "/search?author={}&section={}&label={}&edition={}&since={}&until={}&order={}",
        "/search?q=kiln&after={}",
        "/author?name={}",
        "/authors?name={}",
        "/authors?order={}",
        "/article/{}",
        "/article/1?version={}",
        "/article/1/{}",
        "/dates?in={}",
        "/edits?kind={}&after={}",
        "/translations?after={}&original={}",
        "/trends?back={}",
        "/?edition={}",
        "/{}",
        "/hanicrawler/{}",
        "/hanicrawler?sql={}",
        "/hanicrawler/articles?_where={}",
        "/hanicrawler/articles?_words={}",
        "/hanicrawler/who-covers?section={}",
    ],
)
def test_a_hostile_question_is_a_page_all_the_same(get: Get, path: str) -> None:
    for word in HOSTILE:
        got = get(path.replace("{}", word))

        assert got.status in (200, 302, 400, 404), word
        check(got)


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://english.hani.co.kr/a?b=c#d", "https://english.hani.co.kr/a?b=c#d"),
        ("http://127.0.0.1/", "http://127.0.0.1/"),
        ("HTTPS://x.example/", "HTTPS://x.example/"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        (" javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example/", None),
        ("https://", None),
        ("https:///path", None),
        ("http://[::1", None),
        ("ftp://x.example/", None),
        ("https://x.example/ y", None),
        ("", None),
        (None, None),
        ("https://x.example/" + "a" * 2000, None),
    ],
)
def test_only_an_address_on_the_web_is_a_link(url: str | None, link: str | None) -> None:
    assert web_link(url) == link


def test_what_would_turn_letters_around_is_shown_as_a_sign_of_its_own() -> None:
    assert in_order("a\u202eb\u2069c\u200fd") == "a\ufffdb\ufffdc\ufffdd"
    assert in_order("북한이 “quoted”") == "북한이 “quoted”"
    assert in_order(7) == 7


def test_nothing_that_a_terminal_would_obey_is_logged() -> None:
    assert printable("one\n\x1b[31mtwo\x07") == "one\n\ufffd[31mtwo\ufffd"
