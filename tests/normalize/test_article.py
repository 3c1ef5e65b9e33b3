"""The whole chain: an article page's words to an article."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.items import Article, Byline, Fetch, Image, ScrapedArticle, StoryLink
from hanicrawler.normalize.article import (
    begin,
    content_hash,
    normalise,
    with_authors,
    with_dates,
    with_images,
    with_label,
    with_links,
)
from hanicrawler.site import ArticleAddress

ADDRESS = ArticleAddress("en", "e_northkorea", 1146001)
URL = "https://english.hani.co.kr/arti/english_edition/e_northkorea/1146001.html"
PICTURE = "https://flexible.img.hani.co.kr/flexible/normal"
FETCH = Fetch(
    url=URL, kind="article", fetched_at=datetime(2024, 6, 22, 0, 0, tzinfo=UTC), status=200
)
SCRAPED = ScrapedArticle(
    url="http://english.hani.co.kr/arti/english_edition/e_northkorea/1146001.html?_fr=mt1",
    template="english-2018",
    headline="[News analysis]\xa0 A bridge\u200b between two cities",
    posted_text="2024-06-21 16:56 KST",
    modified_text="2024-06-21 17:10 KST",
    deck=" What the bridge\nmeans ",
    paragraphs=("The bridge\xa0opened.", "\xa0", "People came – “all of them.”"),
    byline_text="By Lee Seung-jun, staff reporter; Jang Na-rye,, staff reporter",
    contact="Please direct questions or comments to [english@hani.co.kr]",
    original_url="https://m.hani.co.kr/arti/politics/defense/1145999.html?_fr=x",
    section_name=" North  Korea",
    images=(
        Image(url=f"{PICTURE}/300/180/imgdb/original/2024/0621/a.jpg", caption=" "),
        Image(
            url=f"{PICTURE}/640/427/imgdb/original/2024/0621/a.jpg",
            caption="The bridge.\xa0(KCNA/Yonhap)",
        ),
    ),
    related=(
        StoryLink(url="https://www.hani.co.kr/arti/english_edition/e_national/1.html", headline=""),
        StoryLink(url=f"{URL}#cb", headline="Itself"),
        StoryLink(
            url="http://english.hani.co.kr/arti/english_edition/e_business/1.html?_fr=mt2",
            headline=" First\xa0story ",
        ),
        StoryLink(url="https://elsewhere.example/a?b=1", headline="Elsewhere"),
    ),
    most_viewed=(
        StoryLink(url=URL, headline="Itself"),
        StoryLink(url="https://www.hani.co.kr/arti/politics/2.html", headline="둘"),
        StoryLink(url="https://m.hani.co.kr/arti/politics/2.html", headline="둘"),
    ),
    layers={"headline": "template"},
)


def test_a_page_becomes_an_article() -> None:
    article = normalise(SCRAPED, FETCH, address=ADDRESS)

    assert article == Article(
        edition="en",
        source_id=1146001,
        url=URL,
        section="e_northkorea",
        section_name="North Korea",
        label="News analysis",
        headline="[News analysis] A bridge between two cities",
        deck="What the bridge\nmeans",
        body="The bridge opened.\n\nPeople came – “all of them.”",
        byline="By Lee Seung-jun, staff reporter; Jang Na-rye,, staff reporter",
        authors=(
            Byline(name="Lee Seung-jun", language="en", role="staff reporter"),
            Byline(name="Jang Na-rye", language="en", role="staff reporter"),
        ),
        published_at=datetime(2024, 6, 21, 7, 56, tzinfo=UTC),
        modified_at=datetime(2024, 6, 21, 8, 10, tzinfo=UTC),
        published_text="2024-06-21 16:56 KST",
        modified_text="2024-06-21 17:10 KST",
        contact="Please direct questions or comments to [english@hani.co.kr]",
        original_url="https://www.hani.co.kr/arti/politics/defense/1145999.html",
        original_source_id=1145999,
        images=(
            Image(
                url=f"{PICTURE}/640/427/imgdb/original/2024/0621/a.jpg",
                caption="The bridge. (KCNA/Yonhap)",
                credit="KCNA/Yonhap",
            ),
        ),
        related=(
            StoryLink(
                url="https://english.hani.co.kr/arti/english_edition/e_national/1.html",
                headline="First story",
                edition="en",
                source_id=1,
            ),
            StoryLink(url="https://elsewhere.example/a?b=1", headline="Elsewhere"),
        ),
        most_viewed=(
            StoryLink(url=URL, headline="Itself", edition="en", source_id=1146001),
            StoryLink(
                url="https://www.hani.co.kr/arti/politics/2.html",
                headline="둘",
                edition="ko",
                source_id=2,
            ),
        ),
        template="english-2018",
        layers={"headline": "template"},
        content_hash=article.content_hash,
        fetch=FETCH,
    )


def test_a_page_with_nothing_but_its_words_is_an_article_without_problems() -> None:
    bare = ScrapedArticle(
        url=URL, template="unknown", headline="[Photo] Snow", paragraphs=("Snow. (photo pool)",)
    )

    article = normalise(bare, FETCH, address=ADDRESS)

    assert article.problems == ()
    assert (article.label, article.byline, article.authors) == ("Photo", None, ())
    assert (article.published_at, article.images, article.related) == (None, (), ())


def test_steps_run_in_any_order_after_the_first() -> None:
    article = begin(SCRAPED, FETCH, ADDRESS)
    for step in (with_links, with_images, with_authors, with_dates, with_label):
        article = step(article)

    assert article == normalise(SCRAPED, FETCH, address=ADDRESS)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"posted_text": "June"}, "unreadable_date"),
        ({"posted_text": "2034-06-21 16:56 KST"}, "impossible_date"),
        ({"modified_text": "2024-06-20 16:56 KST"}, "impossible_date"),
        ({"byline_text": "By then, the two sides had agreed."}, "unread_byline"),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_its_words_stay(
    change: dict[str, str], code: str
) -> None:
    article = normalise(replace(SCRAPED, **change), FETCH, address=ADDRESS)

    (problem,) = article.problems
    assert (problem.code, problem.stage, problem.url) == (code, "normalise", URL)
    assert problem.seen_at == FETCH.fetched_at
    assert "\n" not in problem.error
    (words,) = change.values()
    assert words in (article.published_text, article.modified_text, article.byline)


def test_an_unread_byline_has_no_authors() -> None:
    scraped = replace(SCRAPED, byline_text="By then, the two sides had agreed.")

    assert normalise(scraped, FETCH, address=ADDRESS).authors == ()


def test_the_reporter_box_fills_what_the_byline_leaves_out() -> None:
    scraped = replace(
        SCRAPED,
        byline_text="최원형, 고경주 goh@hani.co.kr",
        reporter_text="고경주 기자, 최원형 선임기자",
    )

    article = normalise(scraped, FETCH, address=ADDRESS)

    assert article.byline == "최원형, 고경주 goh@hani.co.kr"
    assert article.authors == (
        Byline(name="최원형", language="ko", role="선임기자"),
        Byline(name="고경주", language="ko", role="기자", email="goh@hani.co.kr"),
    )


def test_the_reporter_box_stands_where_there_is_no_byline() -> None:
    scraped = replace(SCRAPED, byline_text=None, reporter_text="최원형, 고경주 기자")

    article = normalise(scraped, FETCH, address=ADDRESS)

    assert article.byline == "최원형, 고경주 기자"
    assert [author.name for author in article.authors] == ["최원형", "고경주"]
    assert article.problems == ()


def test_the_reporter_box_stands_for_a_byline_that_cannot_be_read() -> None:
    scraped = replace(SCRAPED, byline_text="1면에서 이어짐", reporter_text="최원형 기자")

    article = normalise(scraped, FETCH, address=ADDRESS)

    assert article.authors == (Byline(name="최원형", language="ko", role="기자"),)
    assert [problem.code for problem in article.problems] == ["unread_byline"]


def test_a_box_that_cannot_be_read_beside_a_byline_that_can_is_no_problem() -> None:
    article = normalise(replace(SCRAPED, reporter_text="구독"), FETCH, address=ADDRESS)

    assert len(article.authors) == 2
    assert article.problems == ()


def test_a_label_printed_apart_wins() -> None:
    article = normalise(replace(SCRAPED, label_text=" [Column] "), FETCH, address=ADDRESS)

    assert article.label == "Column"


@pytest.mark.parametrize(
    ("url", "original_id"),
    [
        ("https://www.hani.co.kr/arti/politics/7.html", 7),
        ("https://www.hani.co.kr/", None),
        (URL, None),
        ("https://english.hani.co.kr/arti/english_edition/e_national/7.html", None),
        (None, None),
    ],
)
def test_the_original_is_a_korean_article(url: str | None, original_id: int | None) -> None:
    article = normalise(replace(SCRAPED, original_url=url), FETCH, address=ADDRESS)

    assert article.original_source_id == original_id


@pytest.mark.parametrize("change", [{"headline": "\u200b "}, {"paragraphs": ("\xa0", "")}])
def test_an_article_without_headline_or_body_is_an_error(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"1146001\.html: (headline|body) is empty"):
        normalise(replace(SCRAPED, **change), FETCH, address=ADDRESS)  # type: ignore[arg-type]


def test_every_field_of_an_article_is_set_by_the_chain() -> None:
    article = normalise(SCRAPED, FETCH, address=ADDRESS)

    empty = {field.name for field in fields(article) if not getattr(article, field.name)}
    assert empty == {"problems"}


def test_the_hash_is_known() -> None:
    # printf '4:Head0:9:Body text0:' | sha256sum
    assert (
        content_hash("Head", None, "Body\n\ntext", "")
        == "8016b25acc2fb3e3b2766b33881ed8519735996f849b12e3a9ef6d4911dfb43c"
    )


def test_white_space_does_not_count_and_every_mark_does() -> None:
    known = content_hash("A b", "deck", "One.\n\nTwo.", "By Kim")

    assert content_hash(" A\xa0 b", "deck ", "One. Two.", "By\nKim") == known
    assert content_hash("A b", "deck", "One\n\nTwo.", "By Kim") != known
    assert content_hash("A b", "deck", "One.\n\nTwo.", "By Kim.") != known
    assert content_hash("A “b”", "deck", "x", None) != content_hash('A "b"', "deck", "x", None)


@given(st.lists(st.text(), min_size=4, max_size=4), st.lists(st.text(), min_size=4, max_size=4))
@settings(deadline=None)
def test_equal_hashes_mean_equal_words(one: list[str], other: list[str]) -> None:
    same = [text.split() for text in one] == [text.split() for text in other]

    assert (content_hash(*one) == content_hash(*other)) == same


def test_no_text_passes_from_one_field_to_the_next_unseen() -> None:
    assert content_hash("ab", "c", "d", None) != content_hash("a", "bc", "d", None)
    assert content_hash("a", "b", "c", None) != content_hash("a", None, "b c", None)
    assert content_hash("a1:b", None, "c", None) != content_hash("a", "b", "c", None)
