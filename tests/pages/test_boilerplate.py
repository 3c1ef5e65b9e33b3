"""What pages have in common is cut out of the next one, which gives what it gives whole."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.pages import PageError, article, read_article
from hanicrawler.pages.boilerplate import KNOWN
from tests.pages.test_focus import FILLER, PIECES, STORY
from tests.replica import Newspaper
from tests.replica.templates import render

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hanicrawler.items import ScrapedArticle

TEMPLATES = ("english-2018", "english-next", "korean-2015", "korean-next")
UNKNOWN = ("unseen-a", "unseen-b", "unseen-c", "english-2006")
TAGS = (
    *("<b>", "<i>", "<font>", "<nobr>", '<a href="/x">', "</a>", "</b>", "<p>", "<h1>", "<button>"),
    *("<form>", "</form>", "<table>", "<table><tr>", "<table><tr><td>", "</table>", "<caption>"),
    *("<select>", "<option>", "<svg>", "<math>", "<template>", "</template>", "<noscript>"),
    *("<!--", "-->", "<script>", "<style>", "<title>", "<textarea>", "<iframe>", "<plaintext>"),
    *("<frameset>", "<body>", "<head>", "</head>", "</body>", "</html>", "</div>", "</main>"),
    *("</div></div>", "<div hidden>", "<header>", "</header>", "<footer>", "<li>", "<dialog>"),
    *("<hani-cut>", "</hani-cut>", '<div hani-cut="1">', '<nav hani-cut="2"><hani-cut></nav>'),
)


@cache
def pages(template: str) -> list[tuple[str, str]]:
    """Return pages of one build of *template*: URL and page."""
    paper = (
        Newspaper.standard() if template[:2] == "ko" else Newspaper.generate(80, template=template)
    )
    found = [
        (story.url, render(story, paper))
        for story in sorted(paper, key=lambda story: story.source_id)
        if story.template == template
    ]
    look = found[0][1].partition("<footer")[2][:60]
    return [(url, page) for url, page in found if look in page][:8]


@pytest.fixture(autouse=True)
def nothing_known() -> Iterator[None]:
    KNOWN.forget()
    yield
    KNOWN.forget()


def given_by(page: str, url: str) -> ScrapedArticle | str:
    try:
        return read_article(page.encode("utf-8", "replace"), url)
    except PageError as error:
        return str(error)


def learn(template: str) -> None:
    KNOWN.forget()
    for url, page in pages(template)[:3]:
        read_article(page.encode(), url)


def check(template: str, page: str, url: str) -> None:
    KNOWN.forget()
    whole = given_by(page, url)
    learn(template)

    assert given_by(page, url) == whole


def check_all(run: list[tuple[str, str]]) -> None:
    """Read the pages one after the other, and each by itself."""
    read = [given_by(page, url) for url, page in run]
    for (url, page), one in zip(run, read, strict=True):
        KNOWN.forget()
        assert one == given_by(page, url)


def below(extra: str, template: str = "english-next") -> list[tuple[str, str]]:
    """Return pages with *extra* below their articles."""
    return [(url, page.replace("<footer", f"{extra}<footer", 1)) for url, page in pages(template)]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of what was parsed of the pages that are read, in bytes."""
    sizes: list[int] = []

    class Spy(article.Document):
        def __init__(self, markup: str | bytes, *others: object) -> None:
            sizes.append(len(markup))
            super().__init__(markup, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(article, "Document", Spy)
    return sizes


@pytest.mark.parametrize("template", TEMPLATES)
def test_of_the_pages_that_follow_a_third_is_parsed(template: str, parsed: list[int]) -> None:
    learn(template)
    for url, page in pages(template)[3:]:
        parsed.clear()
        read = read_article(page.encode(), url)
        sizes = parsed.copy()

        assert read.paragraphs
        assert len(sizes) == 1
        assert sizes[0] < len(page.encode()) / 3


def test_of_pages_that_no_template_knows_menus_and_scripts_are_not_parsed(
    parsed: list[int],
) -> None:
    learn("unseen-a")
    for url, page in pages("unseen-a")[3:]:
        parsed.clear()
        read = read_article(page.encode(), url)

        assert read.template == "unknown"
        assert len(parsed) == 1
        assert parsed[0] < len(page.encode()) * 2 / 3


@pytest.mark.parametrize("template", [*TEMPLATES, *UNKNOWN])
def test_every_page_gives_what_it_gives_whole(template: str) -> None:
    for url, page in pages(template):
        check(template, page, url)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_stands_anywhere_on_a_page_it_gives_the_same(data: st.DataObject) -> None:
    template = data.draw(st.sampled_from((*TEMPLATES, *UNKNOWN)))
    url, page = data.draw(st.sampled_from(pages(template)))
    start = page.lower().index("<body") if data.draw(st.booleans()) else 0
    for _ in range(data.draw(st.integers(1, 3))):
        at = page.find("<", data.draw(st.integers(start, len(page) - 1)))
        piece = "".join(data.draw(st.lists(st.sampled_from((*TAGS, *PIECES)), max_size=3)))
        page = f"{page[:at]}{piece}{page[at:]}"
    check(template, page, url)


@pytest.mark.parametrize("seed", range(40))
def test_the_same_with_a_whole_part_moved_or_gone(seed: int) -> None:
    draw = random.Random(seed)
    template = draw.choice((*TEMPLATES, *UNKNOWN))
    url, page = draw.choice(pages(template))
    start = page.find("<", draw.randrange(page.lower().index("<body"), len(page) - 1))
    end = page.find("<", min(start + draw.choice((60, 400, 3000)), len(page) - 1))
    part, page = page[start:end], page[:start] + page[end:]
    at = page.find("<", draw.randrange(page.lower().index("<body"), len(page) - 1))
    check(template, page, url)
    check(template, f"{page[:at]}{part}{page[at:]}", url)


def test_a_heading_in_the_menu_that_the_headline_begins_with_is_not_lost(
    parsed: list[int],
) -> None:
    url, page = pages("english-next")[4]
    word = page.partition('og:title" content="')[2].split()[0]
    changed = [
        (address, each.replace(">National<", f">{word}<", 1))
        for address, each in (*pages("english-next")[:3], (url, page))
    ]
    for each in changed[:3]:
        read_article(each[1].encode(), each[0])
    parsed.clear()
    cut = given_by(changed[3][1], url)
    KNOWN.forget()

    assert len(parsed) == 2  # cut, and then whole
    assert cut == given_by(changed[3][1], url)


def test_what_differs_on_every_page_does_not_keep_the_rest_from_being_cut(
    parsed: list[int],
) -> None:
    for number, (url, page) in enumerate(pages("english-next")[:6]):
        changed = page.replace("<header ", f'<header data-page="{number}" ', 1)
        parsed.clear()
        read_article(changed.encode(), url)

    assert parsed[0] < len(changed) / 2


def test_a_page_of_another_look_is_learnt_anew(parsed: list[int]) -> None:
    learn("english-next")
    changed = [(url, page.replace("_wrap__", "_wrap__New")) for url, page in pages("english-next")]
    for url, page in changed:
        parsed.clear()
        read_article(page.encode(), url)

    assert parsed[0] < len(page) / 3


def test_a_page_that_is_no_utf_8_is_read_whole(parsed: list[int]) -> None:
    learn("english-next")
    url, page = pages("english-next")[4]
    whole = page.encode()
    parsed.clear()

    assert read_article(whole.replace(b"</body>", b"\xff</body>"), url) == read_article(whole, url)
    assert parsed[0] > len(whole) / 2


@pytest.mark.parametrize(
    ("before", "part"),
    [
        ("<b>", "<footer"),
        ('<a href="/x">', "<footer"),
        ("<p><i></p>", "<header"),
        ("<div><form></div>", "<header"),
        ("<section>", "<header"),
        ("<select>", "<header"),
        ("<!--", "<header"),
        ("<textarea>", "<header"),
    ],
)
def test_what_is_left_open_above_a_part_has_the_page_parsed_whole(
    before: str, part: str, parsed: list[int]
) -> None:
    learn("english-next")
    url, page = pages("english-next")[5]
    changed = page.replace(part, f"{before}{part}", 1)
    parsed.clear()
    given = given_by(changed, url)

    assert parsed[-1] == len(changed.encode())
    KNOWN.forget()
    assert given == given_by(changed, url)


def test_a_part_in_another_place_has_the_page_parsed_whole(parsed: list[int]) -> None:
    learn("english-next")
    url, page = pages("english-next")[5]
    start, end = page.index("<header"), page.index("</header>") + len("</header>")
    changed = page[:start] + page[end:]
    changed = changed.replace("<article", f'<div class="Other">{page[start:end]}</div><article', 1)
    parsed.clear()
    given_by(changed, url)

    assert parsed[-1] == len(changed.encode())


@pytest.mark.parametrize(
    "extra",
    [
        f"<section><h3>Related stories</h3><ul>{STORY * 9}</ul></section>",
        f"<section aria-label='Related stories'>{FILLER}{STORY}</section>",
        f"<div title='original korean article'>{FILLER}<a href='/arti/area/7.html'>x</a></div>",
        f"<div><div aria-label='Please direct questions to x'></div>{FILLER}</div>",
    ],
)
def test_what_is_sought_below_an_article_is_found_on_every_page(extra: str) -> None:
    check_all(below(extra))


@pytest.mark.parametrize("inside", ['<a href="/x">', "<b>", "<form>", "<table><tr><td>", "<svg>"])
def test_a_part_that_leaves_an_element_open_changes_no_page(inside: str) -> None:
    check_all(
        [
            (url, page.replace("</header>", f"{inside}</header>", 1))
            for url, page in pages("english-next")
        ]
    )


@pytest.mark.parametrize(
    "data",
    [
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "x"}</script>',
        "<svg><TITLE>A drawing</TITLE></svg>",
        '<meta property="og:title" content="x">',
        '<base href="/other/">',
        '<div class="headline-data">x</div>',
    ],
)
def test_what_a_page_says_of_itself_is_not_cut(data: str) -> None:
    run = below(f"<section>{FILLER}{data}</section>")
    for url, page in run[:4]:
        read_article(page.encode(), url)
    cut = KNOWN.cut(run[4][1].encode())

    assert cut is not None
    assert data.encode() in cut.data


def test_a_headline_inside_what_is_passed_over_is_seen(parsed: list[int]) -> None:
    url, page = pages("english-next")[5]
    headline = page.partition('og:title" content="')[2].partition('"')[0]
    run = [
        (
            address,
            each.replace(
                "<main", f"<section n={n}><div>{FILLER}<p>{headline}</p></div></section><main", 1
            ),
        )
        for n, (address, each) in enumerate(pages("english-next")[:6])
    ]
    check_all(run)
    for address, each in run[:4]:
        read_article(each.encode(), address)
    parsed.clear()
    given_by(run[5][1], url)

    assert parsed[-1] == len(run[5][1].encode())


@pytest.mark.parametrize(
    ("old", "new"), [("<header", "Some words<header"), ("<!DOCTYPE html>", "")]
)
def test_a_page_that_begins_otherwise_is_parsed_whole(
    old: str, new: str, parsed: list[int]
) -> None:
    learn("english-next")
    url, page = pages("english-next")[5]
    changed = page.replace(old, new, 1)
    parsed.clear()
    given_by(changed, url)

    assert parsed[-1] == len(changed.encode())


def test_a_footer_that_is_a_menu_but_for_what_was_cut_stays_one(parsed: list[int]) -> None:
    learn("unseen-a")
    url, page = pages("unseen-a")[5]
    page = page.replace("Please direct", "Nobody may direct")
    start = page.index("</ul>", page.index("<footer")) + len("</ul>")
    changed = f"{page[:start]}Please direct questions to nobody{page[page.index('</footer>') :]}"
    parsed.clear()
    given = given_by(changed, url)

    assert len(parsed) == 2
    assert "to nobody" not in str(given)
    KNOWN.forget()
    assert given == given_by(changed, url)


def test_a_page_that_could_not_be_read_without_its_parts_teaches_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    learn("english-next")
    url, page = pages("english-next")[5]
    monkeypatch.setattr(KNOWN, "learn", lambda *_: pytest.fail("learnt again"))

    read_article(page.replace("<footer", "<b><footer", 1).encode(), url)
