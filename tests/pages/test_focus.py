"""A page that a template knows gives the same whether it is read whole or only in part."""

from __future__ import annotations

import random
import re
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.pages import PageError, read_article
from hanicrawler.pages.document import Document
from hanicrawler.pages.templates import TemplateReader, choose
from tests.replica import Newspaper
from tests.replica.templates import render

if TYPE_CHECKING:
    from hanicrawler.items import ScrapedArticle

TEMPLATES = ("english-2018", "english-next", "korean-2015", "korean-next")
STORY = '<a href="/arti/english_edition/e_national/1090001.html">A story of another day</a>'
FILLER = "".join(f"<p>Nobody in town {n} had seen a gull for years.</p>" for n in range(9))
PIECES = [
    *("<div>", "</div>", "<p>", "</p>", "<ul>", "</ul>", "<li>", "<section>", "</section>", "<br>"),
    *("<span>", "</span>", "<b>", "</b>", "<h3>", "</h3>", "<nav>", "</nav>", "<footer>"),
    *("<article>", "</article>", "<figure>", "</figure>", "<button>", "<script>x</script>"),
    *("<div hidden>", "<!-- x -->", "\u200b", "&nbsp;", " ", "<img src=/imgdb/a.jpg alt='x y z'>"),
    *("Posted on", "Modified on : 2019-03-03 11:11 KST", "2019-03-02 10:11 KST", "10", ":30"),
    *("Related stories", "Re", "lated stories", "The", " most read", "Most viewed articles"),
    *("Please direct questions to x", "Plea", "se direct questions to x", "관련", "기사"),
    *("original Korean article", "o", "riginal Korean article", "By Moon Ga-on, staff reporter"),
    "<a title='original korean article' href='https://www.hani.co.kr/arti/area/7.html'>x</a>",
    "<div aria-label='Please direct questions to x'></div>",
    f"<section aria-label='Related stories'>{FILLER}{STORY}</section>",
    f"<ol aria-label='Most viewed articles'>{STORY}</ol>",
    "<div title='By Moon Ga-on, staff reporter'></div>",
    STORY,
    FILLER,
    f"<div>{FILLER}</div>",
    f"<div>{STORY}{FILLER}</div>",
    f"<div><h3>Picks</h3>{FILLER}{STORY}</div>",
]


@cache
def pages(template: str) -> list[tuple[str, str, str]]:
    """Return the shortest pages of *template* in the newspaper: URL, page, headline."""
    paper = Newspaper.standard()
    stories = [story for story in paper if story.template == template]
    stories.sort(key=lambda story: sum(map(len, story.paragraphs)))
    return [(story.url, render(story, paper), story.headline) for story in stories[:4]]


def given_by(page: str, url: str) -> ScrapedArticle | str:
    try:
        return read_article(page.encode("utf-8", "replace"), url)
    except PageError as error:
        return str(error)


def check(page: str, url: str) -> None:
    in_part = given_by(page, url)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TemplateReader, "narrow", lambda _: False)
        whole = given_by(page, url)

    assert in_part == whole


def lines(page: str, url: str, *, narrow: bool) -> list[str]:
    document = Document(page, url)
    template = choose(document, "ko" if "www" in url else "en")
    assert template is not None
    if narrow:
        assert TemplateReader(template, document).narrow()
    return [line.text for line in document.lines]


@pytest.mark.parametrize("template", TEMPLATES)
def test_most_of_a_page_is_passed_over(template: str) -> None:
    for url, page, headline in pages(template):
        read, whole = lines(page, url, narrow=True), lines(page, url, narrow=False)

        assert headline in read
        assert len(whole) - len(read) >= 30
        check(page, url)


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_whatever_stands_anywhere_on_a_page_it_gives_the_same(data: st.DataObject) -> None:
    url, page, headline = data.draw(
        st.sampled_from([page for template in TEMPLATES for page in pages(template)])
    )
    words = headline.split()
    begun = len(words) // 2
    pieces = [*PIECES, headline, words[0], " ".join(words[:begun]), " ".join(words[begun:])]
    for _ in range(data.draw(st.integers(1, 3))):
        at = page.find("<", data.draw(st.integers(page.index("<body"), len(page) - 1)))
        piece = "".join(data.draw(st.lists(st.sampled_from(pieces), min_size=1, max_size=5)))
        page = f"{page[:at]}{piece}{page[at:]}"
    check(page, url)


@pytest.mark.parametrize("seed", range(60))
def test_the_same_with_a_whole_part_moved_or_gone(seed: int) -> None:
    draw = random.Random(seed)
    url, page, _ = draw.choice(pages(draw.choice(TEMPLATES)))
    start = page.find("<", draw.randrange(page.index("<body"), len(page) - 1))
    end = page.find("<", min(start + draw.choice((60, 400, 3000)), len(page) - 1))
    part, page = page[start:end], page[:start] + page[end:]
    at = page.find("<", draw.randrange(page.index("<body"), len(page) - 1))
    check(page, url)
    check(f"{page[:at]}{part}{page[at:]}", url)


@cache
def signed() -> tuple[str, str, str]:
    """Return a page of today's template that prints all there is: URL, page, headline."""
    paper = Newspaper.generate(60, template="english-next")
    story = next(s for s in paper if s.byline and s.contact and s.original and paper.related(s))
    return story.url, render(story, paper), story.headline


def around(before: str, after: str = "") -> tuple[str, str]:
    """Return a page of today's template with *before* above its article and *after* below it."""
    url, page, _ = signed()
    page = page.replace("Related stories", "Other stories")
    page = page.replace("<article", f"{before}<article", 1)
    return page.replace("</article>", f"</article>{after}", 1), url


@pytest.fixture
def read_whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs of pages that were read whole after all."""
    read: list[str] = []
    real = Document.read_whole

    def spy(document: Document) -> None:
        read.append(document.url)
        real(document)

    monkeypatch.setattr(Document, "read_whole", spy)
    return read


def test_a_page_of_a_known_template_is_not_read_twice(read_whole: list[str]) -> None:
    for template in TEMPLATES:
        for url, page, _ in pages(template):
            check(page, url)

    assert read_whole == []


def test_a_headline_begun_above_a_box_that_is_passed_over_is_looked_for_in_it(
    read_whole: list[str],
) -> None:
    words = signed()[2].split()
    begun, rest = " ".join(words[:2]), " ".join(words[2:])
    page, url = around(f"<div>{begun}</div><div>{FILLER}{rest}</div>{'<p>Gulls!</p>' * 5}")
    check(page, url)

    assert read_whole == [url]


def test_a_list_named_by_a_label_is_the_first_so_named_though_it_is_passed_over() -> None:
    many = f"<section aria-label='Related stories'><div>{FILLER}{STORY}</div></section>"
    few = f"<section aria-label='Related stories'>{STORY.replace('90001', '90002')}</section>"
    page, url = around(f"{many}{'<p>Gulls!</p>' * 5}", few)
    # The button in words, not in a label: or else every label is looked for.
    page = re.sub(r' aria-label="(button[^"]*)"><span></span>', r">\1", page)
    check(page, url)

    article = read_article(page.encode(), url)
    assert [story.source_id for story in article.related] == [1090001]


def test_a_label_and_a_date_on_both_sides_of_a_box_that_is_passed_over_are_no_date() -> None:
    box = f"<div>{FILLER}</div>"

    check(*around(f"<p>Modified on</p>{box}<p>2019-03-02 10:11 KST</p>"))


def test_what_follows_a_box_of_teasers_is_looked_at_by_itself() -> None:
    teasers = f"<div><h3>Picks</h3>{FILLER}</div>"
    contact = "<p>Please direct questions or comments to [english@hani.co.kr]</p>"
    told = f"<div><div>{FILLER}</div>{contact}{STORY}{FILLER * 4}</div>"
    related = f"<p>Related stories</p><ul><li>{STORY}</li></ul>"
    page, url = around("", f"<div>{related}{teasers}{told}</div>")
    page = page.replace("Please direct", "Nobody did", 1)
    check(page, url)

    article = read_article(page.encode(), url)
    assert article.contact == "Please direct questions or comments to [english@hani.co.kr]"
