"""A quick look passes over no line that the patterns know, and tells what they tell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from hanicrawler.pages import words
from hanicrawler.pages.clues import Clues
from hanicrawler.pages.document import Document
from hanicrawler.pages.header import Found, Header
from hanicrawler.pages.languages import FOREIGN, is_plainly_english
from hanicrawler.pages.metadata import Metadata
from hanicrawler.pages.parts import HEADINGS, Box, Line
from hanicrawler.pages.pictures import words_key
from hanicrawler.pages.storylists import teasers, title_in
from hanicrawler.pages.tail import url_holders
from hanicrawler.pages.titles import Titles
from tests.pages import layouts

if TYPE_CHECKING:
    from random import Random

PLAIN_DAY = (
    r"(?:[A-Z][a-z]{2,8}\.?\s?\d{1,2},?\s?\d{4}"
    r"|\d{4}[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?(?:\s?\((?:[A-Z][a-z]{2}|[월화수목금토일])\))?"
    r"|\d{1,2}\s[A-Z][a-z]{2,8}\.?\s\d{4}"
    r"|\d{4}년\s?\d{1,2}월\s?\d{1,2}일)"
)
"""Every form of a day, each written out by itself."""
STAMPS = (
    "May~Nov~Sept~a~Z~.~ ~\xa0~,~-~/~T~(~)~:~1~02~2018~٣~10:1~09:51~년~월~일~(월)~KST~Posted on"
    "~2018-01-07~Jan.7,2012~7 Jan. 2012~2012년 1월 7일~오후~AP"
).split("~")
LINES = (
    "Please~please~PLEASE~ ~direct~send~questions~comments~By~BY~original Korean article"
    "~ORIGINAL KOREAN ARTICLE~orİgınal~\u212aorean~클릭시~원문으로 이동~Related~stories~Most~viewed"
    "~articles~관련~기사~많이 본~Moon Ga-on~, ~staff reporter~문가온~기자~연합뉴스~AP~AFP~·~/~=~[~]"
    "~|~Share~comments~Copyright ~©~ⓒ~무단 전재~tel. ~The Hankyoreh~hani~Posted on"
    "~Modified~goh@hani.co.kr~글~사진~특파원~The~é~10:51"
    "~A line that is longer than the heading of a list"
).split("~")
TAGS = ("a", "div", "span", "h1", "h4", "strong", "button", "form", "input", "svg", "p", "script")
ATTRIBUTES = (
    "~class~class=''~class='title'~class='TITLE'~class='x subTitle y'~class='tit'~class='Tit'"
    "~class='head-line'~class='headline'~class='subject'~onclick~onclick='x'~data-href='x'"
    "~data-url~DATA-URL='x'~id='title'"
).split("~")


def joined(parts: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), max_size=9).map("".join)


@given(joined(STAMPS))
def test_a_day_is_found_whichever_its_form(text: str) -> None:
    stamp = re.compile(words.STAMP.pattern.replace(words.DAY.pattern, PLAIN_DAY))

    assert [m.span() for m in words.STAMP.finditer(text)] == [
        m.span() for m in stamp.finditer(text)
    ]
    assert [m.span() for m in words.DAY.finditer(text)] == [
        m.span() for m in re.finditer(PLAIN_DAY, text)
    ]
    assert bool(words.CLOCK.search(text)) == bool(re.search(r"\d:\d\d", text))


@given(joined(LINES))
def test_no_line_that_a_pattern_knows_is_passed_over(text: str) -> None:
    text = " ".join(text.split()) or "x"
    clues = Clues([Line(text, Box(0, "p", None, LexborHTMLParser("").root, 0), 0, 0)])

    assert clues.contacts or not ("lease" in text and words.CONTACT.search(text))
    assert clues.headings or not (
        words.RELATED.fullmatch(text) or words.MOST_VIEWED.fullmatch(text)
    )
    assert clues.datelines or not (len(text) <= 200 and words.CLOCK.search(text))
    assert words.names_original(text) == bool(words.ORIGINAL.search(text))
    if words.KOREAN_BYLINE.fullmatch(text):
        assert words.is_byline(text)


@given(joined(LINES), st.characters(codec="utf-8"))
def test_long_furniture_is_known_by_any_first_letter(text: str, first: str) -> None:
    for line in (f"{first}{text}", f"{first} {text}{'.' * 80}", f"{text}{first}", text * 3):
        known = any(
            pattern(line) for pattern in (words.LONG_FURNITURE.fullmatch, words.COPYRIGHT.match)
        )
        if 80 <= len(line) < 260:
            assert words.is_furniture(line) == known


@given(joined(LINES))
def test_a_landmark_is_known_by_all_patterns(text: str) -> None:
    text = " ".join(text.split())
    patterns = (words.RELATED, words.MOST_VIEWED, words.MASTHEAD, words.POSTED, words.MODIFIED)
    known = any(pattern.fullmatch(text) for pattern in (*patterns, words.CONTACT))
    byline = text[:3] in ("By ", "BY ") and words.is_byline(text)

    assert words.is_landmark(text) == (known or bool(words.ORIGINAL.search(text)) or byline)


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("abcde fghi")))
def test_what_is_plainly_english_has_few_letters_of_other_scripts(text: str) -> None:
    beyond = sum(not letter.isascii() for letter in text)
    letters = sum(letter.isascii() and letter.isalpha() for letter in text)

    assert not is_plainly_english(text) or beyond <= letters * FOREIGN


@pytest.mark.parametrize("doctype", ["", "<!doctype html>"])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES), st.sampled_from(("", "x", "</div>"))
        ),
        max_size=12,
    )
)
def test_elements_are_those_that_a_selector_finds(
    doctype: str, elements: list[tuple[str, str, str]]
) -> None:
    markup = "".join(f"<{tag} {attribute}>{text}" for tag, attribute, text in elements)
    tree = Document(f"{doctype}<body>{markup}", "https://english.hani.co.kr/").tree
    titles = (
        "h1,h2,h3,h4,h5,h6,strong,"
        "[class*=title],[class*=Title],[class*=tit],[class*=headline],[class*=subject]"
    )
    holders = "a,button,form,input,[onclick],[data-href],[data-url]"

    for node in tree.css("*"):
        found, sought = title_in(node), node.css_first(titles)
        assert (found and found.mem_id) == (sought and sought.mem_id)
        assert [inner.mem_id for inner in url_holders(node)] == list(
            dict.fromkeys(inner.mem_id for inner in node.css(holders))
        )


def teasers_by_definition(document: Document) -> set[int]:
    """What teasers() is said to return, each link looked at by itself."""
    found: set[int] = set()
    for link, _ in document.story_links:
        if link.line >= len(document.lines) or not document.lines[link.line].is_link:
            continue
        found.add(link.line)
        for box in link.box.ancestors():
            if box.end - box.start > 4 or box.tag in ("body", "main", "article"):
                break
            if box.start >= link.line - 1:
                found.update(range(box.start, box.end))
    return found


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_of_a_page_the_same_is_found_as_by_looking_at_all_of_it(random: Random) -> None:
    page = layouts.Layout(random.choice).page()
    document = Document(page, layouts.URL)
    header = Header(document, Metadata(document.tree))
    titles = ["“The key” – to it", *(line.text for line in random.sample(document.lines, 3))]
    keys = [words_key(title) for title in titles]
    candidates = {found for found, _ in header.title_candidates(Titles(titles))}

    assert teasers(document, range(0)) == teasers_by_definition(document)
    for index, line in enumerate(document.lines):
        if 8 <= len(line.text) <= 400 and words_key(line.text) in keys:
            assert Found(line.text, range(index, index + 1)) in candidates
    for box in document.boxes:
        text = " ".join(line.text for line in document.lines[box.start : box.end])
        if box.tag in HEADINGS and 0 < box.end - box.start <= 4 and words_key(text) in keys:
            assert Found(text, range(box.start, box.end)) in candidates
