"""The search page: words and filters, page by page, and no question that is an error."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.items import Byline
from tests.storage.conftest import NOON
from tests.web.conftest import Get, Got, Make, pages_of_made


def found(got: Got) -> list[str]:
    """Return the articles that a page of results leads to, in its order."""
    main = got.text.partition('aria-label="Results"')[2]
    return re.findall(r'<h2><a href="/article/(\d+)"', main)


@pytest.fixture(scope="module")
def many(empty: Callable[[], Path]) -> Iterator[Get]:
    """Asks of 45 articles, an hour apart, every third of them an editorial of another section."""

    def made(number: int) -> dict[str, Any]:
        third: dict[str, Any] = {
            "label": "Editorial",
            "section": "english_editorials",
            "section_name": "Editorials",
            "headline": f"Kilns and kilns, part {number}",
            "authors": (Byline(name="Ma Hyun-sik", language="en"),),
        }
        at = NOON - timedelta(hours=number)
        return {"published_at": at, "modified_at": at} | (third if number % 3 == 0 else {})

    with pages_of_made(empty(), *(made(number) for number in range(1, 46))) as get:
        yield get


def test_what_was_searched_for_is_marked(get: Get) -> None:
    got = get("/search?q=bathhouse")

    assert "<mark>bathhouse</mark>" in got.text
    assert len(found(got)) >= 1
    assert ("input", "bathhouse") in [
        (tag, attributes.get("value")) for tag, attributes in got.tags
    ]


def test_part_of_a_korean_word_is_found_and_marked(get: Get) -> None:
    got = get("/search?q=%EB%A7%88%EC%A7%80")

    assert "<mark>마지</mark>막" in got.text
    assert ("article", {"class": "story", "lang": "ko"}) in got.tags


def test_everything_is_listed_where_nothing_is_asked(many: Get) -> None:
    first = many("/search")
    (second_page,) = [link for link in first.links if "after=" in link]
    second = many(second_page)
    (third_page,) = [link for link in second.links if "after=" in link]
    third = many(third_page)

    pages = [found(got) for got in (first, second, third)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert [int(each) for page in pages for each in page] == list(range(1, 46))
    assert not [link for link in third.links if "after=" in link]
    assert "/search" in third.links


def test_the_next_page_keeps_words_filters_and_order(many: Get) -> None:
    got = many("/search?q=talks&section=e_northkorea&order=relevance&since=2026-01-01")
    (following,) = [link for link in got.links if "after=" in link]

    for kept in ("q=talks", "section=e_northkorea", "order=relevance", "since=2026-01-01"):
        assert kept in following
    assert len(found(many(following))) == 10


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("section=english_editorials", 15),
        ("label=editorial", 15),
        ("author=ma+hyun-sik", 15),
        ("author=Nobody", 0),
        ("edition=ko", 0),
        ("since=2026-03-01", 12 + 9 - 1),
        ("until=2026-02-28&since=2026-02-28", 20),
        ("q=kilns&section=e_northkorea", 0),
        ("q=kiln&label=Editorial&label=Photo", 15),
        ("q=-talks", 15),
    ],
)
def test_a_filter_narrows_what_is_found(many: Get, asked: str, number: int) -> None:
    got = many(f"/search?{asked}")

    assert len(found(got)) == min(number, 20)
    if not number:
        assert "Nothing in this archive answers that." in got.words


def test_a_filter_is_shown_in_words_and_can_be_taken_away(many: Get) -> None:
    got = many("/search?q=kiln&section=english_editorials&author=Ma+Hyun-sik&since=2026-02-01")

    for words, link in (
        ("Editorials", "/search?q=kiln&author=Ma+Hyun-sik&since=2026-02-01"),
        ("by Ma Hyun-sik", "/search?q=kiln&section=english_editorials&since=2026-02-01"),
        ("from February 1, 2026",
         "/search?q=kiln&section=english_editorials&author=Ma+Hyun-sik"),
    ):  # fmt: skip
        assert words in got.words
        assert link in got.links


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("q=%22", "nothing to search for"),
        ("q=%21%21%21", "nothing to search for"),
        ("q=" + "a+" * 90, "words: at most"),
        ("q=kiln&since=yesterday", "'yesterday' is no day: write YYYY-MM-DD"),
        ("q=kiln&until=0001-01-01", "is no day"),
        ("q=kiln&until=9999-12-31", "is no day"),
        ("q=kiln&since=2026-02-02&until=2026-02-01", "2026-02-02 is after 2026-02-01"),
        ("q=kiln&after=nonsense", "is no place"),
        ("q=kiln&order=relevance&after=12", "is no place"),
    ],
)
def test_an_odd_question_is_no_error_page_and_says_what_is_odd(
    get: Get, asked: str, words: str
) -> None:
    got = get(f"/search?{asked}")

    assert got.status == 200
    assert words in got.words


def test_a_text_that_is_found_with_markup_in_it_is_marked_as_text(written: Make) -> None:
    get = written({"headline": "A <b>bold</b> kiln & <i>its</i> kiln"})

    assert (
        "A &lt;b&gt;bold&lt;/b&gt; <mark>kiln</mark> &amp; &lt;i&gt;its"
        in get("/search?q=kiln").text
    )
