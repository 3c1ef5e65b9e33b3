"""Where the words of a search are marked in a text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.ask.marks import Mark, marked, snippet
from hanicrawler.storage import read_words


def hits(marks: tuple[Mark, ...]) -> list[str]:
    return [mark.text for mark in marks if mark.hit]


@pytest.mark.parametrize(
    ("typed", "text", "found"),
    [
        ("sanction", "Sanctions, and sanctioned: sanctuary", ["Sanctions", "sanctioned"]),
        ('"comfort women"', "Comfort women; comfort, women. Comforting women", ["Comfort women"] * 0
         + ["Comfort women", "comfort, women", "Comforting women"]),
        ("e-gil", "by Jung E-gil, senior staff writer. Egil", ["E-gil"]),
        ("cafe", "The Café and the cafés", ["Café", "cafés"]),
        ("hyper*", "hypersonic, hyper, hype", ["hypersonic", "hyper"]),
        ("북한", "북한이 간다. 탈북한 사람", ["북한", "북한"]),
        ("문점선", "판문점선언", ["문점선"]),
        ("LG전자", "LG전자와 LG 전자", ["LG전자", "LG 전자"]),
        ("korea", "SouthKorea koreas", ["koreas"]),
        ("women", "", []),
    ],
)  # fmt: skip
def test_words_are_marked_in_all_their_forms(typed: str, text: str, found: list[str]) -> None:
    assert hits(marked(text, read_words(typed).terms)) == found


def test_what_must_not_occur_is_not_marked() -> None:
    assert hits(marked("Tokyo and Seoul", read_words("seoul -tokyo").terms)) == ["Seoul"]


def test_a_snippet_is_taken_where_most_of_the_words_stand() -> None:
    text = "Seoul speaks. " + "Nothing here. " * 60 + "In Seoul a summit failed. " + "More. " * 60

    shown = snippet([text], read_words("summit seoul").terms)

    assert set(hits(shown)) == {"Seoul", "summit"}
    assert shown[0].text.startswith("… ")
    assert shown[-1].text.endswith(" …")
    assert len("".join(mark.text for mark in shown)) < 300


def test_a_snippet_is_of_the_first_text_that_has_all_the_words() -> None:
    texts = ["A summit", "Seoul hosts the summit", "Seoul summit"]

    shown = snippet(texts, read_words("summit seoul").terms)

    assert "".join(mark.text for mark in shown) == "Seoul hosts the summit"


def test_without_a_word_in_it_a_snippet_is_how_the_text_begins() -> None:
    assert snippet(["", "One\n\ntwo"], ()) == (Mark("One two", False),)
    assert snippet([""], read_words("seoul").terms) == ()


@given(st.text(), st.sampled_from(["a", "ab*", '"a b"', "한국", "가 b"]))
def test_marks_together_are_the_text(text: str, typed: str) -> None:
    together = "".join(mark.text for mark in marked(text, read_words(typed).terms))

    assert together == unicodedata.normalize("NFC", text)
