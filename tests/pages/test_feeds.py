"""Feeds, ours and what servers send instead of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from hanicrawler.pages import PageError, read_feed

URL = "https://english.hani.co.kr/rss/english_edition"
REAL = Path(__file__).parents[2].parent / "shared" / "real" / "rss_2024.xml"


def feed(*links: str) -> bytes:
    items = "".join(
        f"<item><title><![CDATA[Story {n} & more]]></title><link>{link}</link></item>"
        for n, link in enumerate(links)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_a_feed_gives_its_stories_in_order() -> None:
    page = read_feed(
        feed(
            "https://www.hani.co.kr/arti/english_edition/e_national/1273074.html",
            "https://www.hani.co.kr/arti/english_edition/e_business/1273001.html?_fr=rss",
        ),
        URL,
    )

    assert [(s.edition, s.source_id, s.headline) for s in page.stories] == [
        ("en", 1273074, "Story 0 & more"),
        ("en", 1273001, "Story 1 & more"),
    ]


def test_a_story_named_twice_under_two_addresses_is_one() -> None:
    page = read_feed(
        feed(
            "https://www.hani.co.kr/arti/english_edition/e_national/1273074.html",
            "http://english.hani.co.kr/arti/english_edition/e_korea/1273074.html#cb",
        ),
        URL,
    )

    assert len(page.stories) == 1


def test_root_relative_links_are_of_the_feeds_own_host() -> None:
    page = read_feed(feed("/arti/politics/1234.html"), "https://japan.hani.co.kr/rss/")

    assert [(s.edition, s.source_id) for s in page.stories] == [("ja", 1234)]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!doctype html><html><body><p>Sorry</body></html>", "not_a_feed"),
        (b"<html><body><p>Sorry</p></body></html>", "not_a_feed"),
        (feed("/arti/english_edition/a/1.html")[:-30], "not_a_feed"),
        (b"", "not_a_feed"),
        (b"<rss><channel></channel></rss>", "no_stories"),
        (
            b'<!DOCTYPE r [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
            b"<rss><item><link>&b;</link></item></rss>",
            "not_a_feed",
        ),
    ],
)
def test_what_is_no_feed_is_refused(body: bytes, code: str) -> None:
    with pytest.raises(PageError) as caught:
        read_feed(body, URL)

    assert caught.value.code == code


@pytest.mark.skipif(not REAL.exists(), reason="the real feed is not beside this checkout")
def test_the_real_feed_of_2024_names_thirty_korean_articles_and_none_english() -> None:
    page = read_feed(REAL.read_bytes(), "https://english.hani.co.kr/rss")

    assert len(page.stories) == 30
    assert {story.edition for story in page.stories} == {"ko"}
    assert page.stories[0].source_id == 1140704
