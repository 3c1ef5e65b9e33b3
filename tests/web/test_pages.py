"""The pages of the invented newspaper: what a reader finds, and where it leads."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.items import StoryLink
from tests.storage.conftest import NOON
from tests.web.conftest import Get, Make


@pytest.fixture(scope="module")
def rows(crawled_file: Path) -> Any:
    """Asks the database itself, to compare with."""

    def of(query: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(crawled_file)) as connection:
            return connection.execute(query, values).fetchall()

    return of


def test_the_front_page_has_the_newest_article_first_and_the_others_by_day(
    get: Get, rows: Any
) -> None:
    got = get("/")

    newest = rows(
        "SELECT id, headline, day FROM article_list WHERE edition = 'en'"
        " ORDER BY published_at DESC LIMIT 25"
    )
    led = [link for link in got.links if re.fullmatch(r"/article/\d+", link)]
    assert led[:25] == [f"/article/{number}" for number, _, _ in newest]
    assert all(headline in got.words for _, headline, _ in newest)
    second = newest[1][2]
    assert f"/search?since={second}&until={second}" in got.links
    assert f"{date.fromisoformat(second):%A, %B} {int(second[-2:])}, {second[:4]}" in got.words


def test_the_front_page_has_what_is_most_viewed_what_was_edited_and_how_much_there_is(
    get: Get, rows: Any
) -> None:
    got = get("/")

    (edited,) = rows("SELECT article_id FROM edits WHERE silent ORDER BY seen_at DESC LIMIT 1")[0]
    assert f"/article/{edited}/history" in got.links
    assert "silently" in got.words
    (first,) = rows(
        "SELECT article_id FROM ranking_history WHERE edition = 'en' AND position = 1"
        " ORDER BY seen_at DESC LIMIT 1"
    )[0]
    assert f"/article/{first}" in got.links
    for edition, number in rows("SELECT edition, count(*) FROM articles GROUP BY edition"):
        name = {"en": "English", "ko": "Korean"}[edition]
        assert f"Articles, {name} {number}" in got.words
    assert "/search?section=e_northkorea" in got.links
    assert "of the newspaper’s lists were never read" in got.words
    assert "Last brought up to date" in got.words


def test_the_front_page_of_another_edition_is_in_its_language(get: Get) -> None:
    got = get("/?edition=ko")

    assert ("article", {"class": "lead", "lang": "ko"}) in got.tags
    assert get("/?edition=xx").status == 200


def test_an_empty_archive_says_what_to_do(written: Make) -> None:
    get = written()

    assert "No article is stored yet. scrapy crawl hani fetches what is new." in get("/").words
    for path in ("/authors", "/edits", "/dates", "/trends", "/translations", "/hanicrawler"):
        assert get(path).status == 200


def test_an_article_reads_like_one(written: Make) -> None:
    get = written({"label": "Editorial", "original_url": "https://www.hani.co.kr/arti/x/5.html"})
    got = get("/article/1")

    for words in (
        "Talks resume, part 1",
        "Both sides speak of progress",
        "The first paragraph.",
        "The second “paragraph”, 판문점.",
        "Kim Na-ra, staff reporter",
        "Published February 27, 2026, 21:00 KST (2026-02-27 12:00 UTC)",
        "Changed February 28, 2026, 21:00 KST (2026-02-28 12:00 UTC)",
        "A hall (Yonhap)",
        "Earlier talks",
        "not in this archive; on english.hani.co.kr",
        "North Korea Editorial",
    ):
        assert words in got.words
    assert "/author?name=Kim+Na-ra&language=en" in got.links
    assert "https://img.example/1.jpg" in got.links
    assert "https://english.hani.co.kr/arti/english_edition/e_northkorea/1.html" in got.links
    assert "https://www.hani.co.kr/arti/x/5.html" in got.links
    assert [tag for tag, _ in got.tags].count("p") > 4


def test_a_picture_is_never_loaded(get: Get, rows: Any) -> None:
    (number,) = rows("SELECT article_id FROM images LIMIT 1")[0]
    got = get(f"/article/{number}")

    assert not [tag for tag, _ in got.tags if tag in ("img", "picture", "iframe", "video")]
    assert "img-src 'self'" in got.headers["content-security-policy"]


def test_of_thousands_of_related_stories_the_first_are_listed(written: Make) -> None:
    links = tuple(StoryLink(url=f"https://x.example/{n}", headline=f"No. {n}") for n in range(1000))
    got = written({"related": links})("/article/1")

    assert "No. 39" in got.words
    assert "No. 40" not in got.words
    assert "and 960 more" in got.words
    assert "/hanicrawler/related_stories?article_id=1" in got.links


def test_a_related_story_is_followed_inside_the_archive_and_back(get: Get, rows: Any) -> None:
    article, story = rows(
        "SELECT article_id, related_id FROM story_graph WHERE related_id IS NOT NULL"
    )[0]

    assert f"/article/{story}" in get(f"/article/{article}").links
    assert f"/article/{article}" in get(f"/article/{story}").links


def test_an_article_is_found_by_the_sites_number_and_by_its_address(get: Get, rows: Any) -> None:
    number, source_id, url, headline = rows(
        "SELECT id, source_id, url, headline FROM articles WHERE edition = 'en' LIMIT 1"
    )[0]

    for which in (number, f"en:{source_id}", url.replace("/", "%2F")):
        assert headline in get(f"/article/{which}").words


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/article/999999", "no article 999999"),
        ("/article/en:1", "no article en:1"),
        ("/article/nonsense", "names no article"),
        ("/article/1?version=99", "has no version 99"),
        ("/article/1?version=x", "no number of a version"),
        ("/author?name=Nobody", "no author 'Nobody'"),
        ("/dates?in=2024-13", "neither a year nor a month"),
        ("/edits?after=x", "is no place in this list"),
        ("/nothing", "There is no such page"),
    ],
)
def test_what_is_not_there_is_said_with_status_404(get: Get, path: str, words: str) -> None:
    got = get(path)

    assert got.status == 404
    assert words in got.words
    assert "/" in got.links


def test_the_versions_show_what_changed_word_by_word(written: Make) -> None:
    body = "The first paragraph.\n\n" + "Nothing here changes at all. " * 80
    get = written(
        {"body": body, "headline": "Talks resume"},
        {"source_id": 1, "body": body.replace("first", "opening"), "headline": "Talks fail",
         "at": NOON.replace(hour=13)},
    )  # fmt: skip
    got = get("/article/1/history")

    assert "<del>resume</del><ins>fail</ins>" in got.text
    assert "<del>first</del><ins>opening</ins>" in got.text
    assert "words unchanged]" in got.words
    assert "changed silently" in got.words
    assert got.words.index("Version 2") < got.words.index("Version 1")
    assert "2 versions were seen. See what changed" in get("/article/1").words.replace("  ", " ")
    old = get("/article/1?version=1").words
    assert "Talks resume" in old
    assert "This is version 1 of 2." in old


def test_an_article_that_went_away_says_so(get: Get, rows: Any) -> None:
    (number,) = rows("SELECT id FROM articles WHERE gone_at IS NOT NULL")[0]

    assert "Gone from the newspaper’s site since" in get(f"/article/{number}").words


def test_the_authors_with_the_most_articles_stand_first(get: Get, rows: Any) -> None:
    name, number = rows(
        "SELECT name, count(*) FROM bylines JOIN authors ON authors.id = author_id"
        " GROUP BY author_id ORDER BY 2 DESC, name LIMIT 1"
    )[0]
    got = get("/authors")

    assert re.search(r"By name (.{2,40}?) \d+ article", got.words)[1] == name
    assert f"{name} {number} articles" in got.words


def test_an_authors_page_has_their_articles_posts_and_cosigners(get: Get, rows: Any) -> None:
    article, name, other = rows(
        "SELECT one.article_id, a.name, b.name FROM bylines AS one JOIN bylines AS two"
        " ON two.article_id = one.article_id AND two.position = one.position + 1"
        " JOIN authors AS a ON a.id = one.author_id JOIN authors AS b ON b.id = two.author_id"
        " WHERE a.language = 'en' LIMIT 1"
    )[0]
    got = get(f"/author?name={name.replace(' ', '+')}")

    assert f"/article/{article}" in got.links
    assert f"/author?name={other.replace(' ', '+')}&language=en" in got.links
    assert "As what, and where" in got.words


def test_edits_are_listed_silent_ones_first_with_their_words(get: Get) -> None:
    got = get("/edits")

    assert "<ins>, ministry says</ins>" in got.text
    assert "<ins>Corrected.</ins>" in got.text
    assert "No edit of this kind was seen yet." in get("/edits?kind=told").words


def test_the_ranking_says_what_is_new_in_it_and_what_has_left(get: Get) -> None:
    got = get("/trends")

    assert "new in the ranking since" in got.words
    assert "No longer in it" in got.words
    assert [tag for tag, _ in got.tags].count("path") >= 5
    assert ("svg", "img") in [(tag, found.get("role")) for tag, found in got.tags]


def test_translations_stand_side_by_side(get: Get, rows: Any) -> None:
    english, korean, headline = rows(
        "SELECT english_id, korean_id, korean_headline FROM translations"
        " WHERE korean_id IS NOT NULL ORDER BY english_published_at DESC LIMIT 1"
    )[0]
    got = get("/translations?original=stored")

    assert {f"/article/{english}", f"/article/{korean}"} <= set(got.links)
    assert headline in got.words
    assert "The original is not stored" in get("/translations?original=missing").words


def test_a_chart_leads_from_the_years_to_a_month_to_a_days_articles(get: Get, rows: Any) -> None:
    years, year, month = get("/dates"), get("/dates?in=2024"), get("/dates?in=2024-06")

    (number,) = rows("SELECT count(*) FROM article_list WHERE day LIKE '2024-06%'")[0]
    assert "/dates?in=2024" in years.links
    assert "/dates?in=2024-06" in year.links
    assert f"Jun 2024: {number} articles" in year.text
    assert "/search?since=2024-06-30&until=2024-06-30" in month.links
    (number,) = rows("SELECT count(*) FROM article_list WHERE day = '2024-06-30'")[0]
    assert f"June 30, 2024: {number} article" in month.text
    assert "The figures" in year.words


def test_every_page_can_be_found_through_by_a_screen_reader_and_by_keyboard(get: Get) -> None:
    for path in ("/", "/article/1", "/dates", "/authors", "/edits", "/trends", "/hanicrawler"):
        got = get(path)
        tags = [tag for tag, _ in got.tags]
        for landmark in ("header", "nav", "main", "footer"):
            assert landmark in tags, (path, landmark)
        assert tags.count("h1") == 1, path
        assert next(found for tag, found in got.tags if tag == "html")["lang"] == "en"
        assert next(found for tag, found in got.tags if tag == "a")["href"] == "#main"
        labelled = {found.get("for") for tag, found in got.tags if tag == "label"}
        for tag, found in got.tags:
            if tag in ("input", "select", "textarea") and found.get("type") != "submit":
                named = found.get("id") in labelled or "aria-label" in found
                assert named or path.startswith("/hanicrawler"), (path, found)


def test_the_page_one_is_on_is_marked_in_the_menu(get: Get) -> None:
    def marked(path: str) -> list[str | None]:
        return [found["href"] for tag, found in get(path).tags
                if tag == "a" and found.get("aria-current") == "page"]  # fmt: skip

    assert marked("/authors") == ["/authors"]
    assert marked("/hanicrawler/articles") == ["/hanicrawler"]
    assert marked("/article/1") == []
