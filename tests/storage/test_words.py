"""What a person types to search, as it is understood."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.storage import BadSearch, Term, Words, plain_letters, read_words
from hanicrawler.storage.words import MAX_WORDS


def wanted(text: str) -> list[list[str]]:
    """Return the choices of *text*, each term as its words, a beginning with a star."""
    return [
        [" ".join(term.parts) + "*" * term.prefix for term in choice]
        for choice in read_words(text).all_of
    ]


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("kaesong workers", [["kaesong"], ["workers"]]),
        ('"comfort women"', [["comfort women"]]),
        ("“comfort women” Japan", [["comfort women"], ["japan"]]),
        ("missile OR rocket launch", [["missile", "rocket"], ["launch"]]),
        ("a OR b OR c", [["a", "b", "c"]]),
        ("missile | rocket", [["missile", "rocket"]]),
        ("denuclear*", [["denuclear*"]]),
        ('"comfort wom"*', [["comfort wom*"]]),
        ("Jung E-gil", [["jung"], ["e gil"]]),
        ("café", [["cafe"]]),
        ("hani.co.kr", [["hani co kr"]]),
        ("LG전자", [["lg 전자"]]),
        ("missile or rocket", [["missile"], ["or"], ["rocket"]]),
        # What means nothing is passed over.
        ("OR summit", [["summit"]]),
        ("summit OR", [["summit"]]),
        ("( summit ) && !", [["summit"]]),
        ('summit "', [["summit"]]),
        ('"an unclosed phrase', [["an unclosed phrase"]]),
    ],
)
def test_a_search_is_understood(typed: str, understood: list[list[str]]) -> None:
    assert wanted(typed) == understood


def test_a_minus_names_what_must_not_occur() -> None:
    words = read_words('summit -tokyo -"white house" - -')

    assert [term.parts for term in words.none_of] == [("tokyo",), ("white", "house")]
    assert [term.parts for term in words.terms] == [("summit",)]


@pytest.mark.parametrize("typed", ["", "   ", '"', "- OR *", "!?", "“”", "\0"])
def test_what_holds_no_word_is_said_in_one_line(typed: str) -> None:
    with pytest.raises(BadSearch, match="nothing to search for") as caught:
        read_words(typed)
    assert "\n" not in str(caught.value)


def test_a_search_of_too_many_words_is_refused() -> None:
    read_words("word " * MAX_WORDS)
    with pytest.raises(BadSearch, match=f"at most {MAX_WORDS}"):
        read_words("word " * (MAX_WORDS + 1))


@pytest.mark.parametrize(
    ("parts", "pieces", "beginning"),
    [
        (("북한",), ("북한",), False),
        (("판문점선언",), ("판문", "문점", "점선", "선언"), False),
        # The end of a word inside a phrase is the end of it; the last one may go on.
        (("한반도", "비핵화"), ("한반", "반도", "도", "비핵", "핵화"), False),
        (("핵",), ("핵",), True),
        (("북한", "핵"), ("북한", "한", "핵"), True),
        (("lg", "전자"), ("lg", "전자"), False),
    ],
)
def test_a_korean_word_is_the_phrase_of_its_pieces(
    parts: tuple[str, ...], pieces: tuple[str, ...], beginning: bool
) -> None:
    assert (Term(parts).pieces, Term(parts).is_beginning) == (pieces, beginning)


@given(st.text())
def test_whatever_is_typed_is_understood_or_refused(typed: str) -> None:
    words = Words()
    with suppress(BadSearch):
        words = read_words(typed)
    for term in (*words.terms, *words.none_of):
        assert term.parts
        assert all(piece.isalnum() or "\u3040" <= piece[0] <= "\ud7a3" for piece in term.pieces)


@given(st.text())
def test_plain_letters_keep_their_places(text: str) -> None:
    assert len(plain_letters(text)) == len(text)
