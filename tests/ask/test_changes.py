"""What changed between two texts: nothing is lost, and a person can read it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.ask import Piece, changes

WORDS = ("the", "talks", "북한이", "金正恩", "1,000", "E-gil", ".", ",", " ", "\n\n", "“", "\u00a0")
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=40).map("".join))


def joined(pieces: tuple[Piece, ...], *kinds: str) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def marked(before: str, after: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in changes(before, after))


@given(TEXTS, TEXTS)
def test_the_pieces_give_both_texts_back(before: str, after: str) -> None:
    pieces = changes(before, after)

    assert joined(pieces, "same", "removed") == before
    assert joined(pieces, "same", "added") == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(TEXTS)
def test_a_text_that_stayed_has_no_change(text: str) -> None:
    assert {piece.kind for piece in changes(text, text)} <= {"same"}


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("Talks resume.", "Talks stall.", "Talks [-resume-]{+stall+}."),
        ("It cost 1,000 won.", "It cost 1,200 won.", "It cost [-1,000-]{+1,200+} won."),
        ("by Jung E-gil", "by Jung E-gi", "by Jung [-E-gil-]{+E-gi+}"),
        ("Seoul’s plan", "Seoul plan", "[-Seoul’s-]{+Seoul+} plan"),
        ("북한이 쐈다", "북한은 또 쐈다", "[-북한이-]{+북한은 또+} 쐈다"),
        ("金正恩訪問中国", "金正恩訪問俄国", "金正恩訪問[-中-]{+俄+}国"),
        ("one two three", "four five three", "[-one two-]{+four five+} three"),
        ("", "All new", "{+All new+}"),
        ("A\n\nB\n\nC", "A\n\nC", "A\n\n[-B\n\n-]C"),
    ],
)
def test_whole_words_change(before: str, after: str, shown: str) -> None:
    assert marked(before, after) == shown


def test_a_comma_between_two_new_words_is_no_island() -> None:
    assert marked("red, green", "blue, black") == "[-red, green-]{+blue, black+}"


def test_one_word_of_a_long_body_is_all_that_changes() -> None:
    paragraphs = [f"Paragraph {n} says that the talks of day {n} went on." for n in range(2000)]
    before = "\n\n".join(paragraphs)

    begun = time.process_time()
    pieces = changes(before, before.replace("day 777 ", "day seven "))

    assert time.process_time() - begun < 1
    assert [piece.text for piece in pieces if piece.kind != "same"] == ["777", "seven"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ab cd " * 20_000, "cd ab " * 20_000),
        ("ab cd " * 300, "cd ab " * 299),
        ("\n\n".join("ab " * n for n in range(300)), "\n\n".join("ba " * n for n in range(300))),
        ("\n" * 50_000, " " * 50_000),
    ],
    ids=["long", "short", "paragraphs", "blank"],
)
def test_a_text_made_to_be_slow_is_not(before: str, after: str) -> None:
    begun = time.process_time()
    pieces = changes(before, after)

    assert time.process_time() - begun < 3
    assert joined(pieces, "same", "added") == after
