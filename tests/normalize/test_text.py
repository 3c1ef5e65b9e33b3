"""Printed text mended."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.normalize.text import (
    STABLE,
    clean_line,
    mend,
    mend_line,
    mend_paragraphs,
    squeezed,
)

ODD = st.text(
    st.sampled_from(
        "aB é가각\u1100\u1161\u0301\n\r\t\x00\x0b\x1f\x7f\x85\x92\xa0\xad\u061c\u1680\u2003\u2009"
        "\u200b\u200c\u200d\u200e\u2028\u202e\u2060\u2800\u3000\u3164\ufeff\ufe0f👩👧🏽\u0915\u094d“”’–—…"
    )
)


@pytest.mark.parametrize(
    ("printed", "mended"),
    [
        ("Kim\xa0Bo-hyeop", "Kim Bo-hyeop"),
        ("a\u2009b\u3000c\u202fd", "a b c d"),
        ("a  \t b", "a b"),
        ("  a ", "a"),
        ("a\u200bb\u00adc\ufeffd\u2060e", "abcde"),
        ("\u200ea\u200f\u202ab\u202c\u2066c\u2069", "abc"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("a \n b", "a\nb"),
        ("a\n\n \n\nb\n", "a\n\nb"),
        ("\u3164\u3164a\u3164b", "a b"),
        ("e\u0301", "é"),
        ("\u1112\u1161\u11ab", "한"),
        ("한\ud800겨레", "한겨레"),
        ("", ""),
        ("\u200b\xa0\n", ""),
    ],
)
def test_what_a_reader_does_not_see_is_mended(printed: str, mended: str) -> None:
    assert mend(printed) == mended


@pytest.mark.parametrize(
    "printed",
    [
        "“It’s here,” – which – they said… — ‘no’",
        "ＦＵＬＬ ﬁ ½ ① ㈜ ㎞",
        'don\'t "quote" `this` -- ...',
        "👩‍👧 family, 🏳️‍🌈 flag, 👍🏽",
        "한겨레·경향 「책」 『신문』",
        "नमस्ते क्‍ष",
        "首尔 ソウル",
        "one\ntwo",
    ],
)
def test_what_the_newspaper_printed_stays(printed: str) -> None:
    assert mend(printed) == printed


def test_a_joiner_that_joins_nothing_goes() -> None:
    assert mend("staff\u200d reporter\u200c") == "staff reporter"


def test_one_line_fields_lose_their_line_breaks() -> None:
    assert mend_line(" Two Koreas \r\n agree\n\nto talk ") == "Two Koreas agree to talk"


def test_empty_paragraphs_go_and_a_blank_line_parts_one_in_two() -> None:
    paragraphs = ("First.\xa0", "\xa0", "", "Second\nline.\n\nThird.", "\u200b")

    assert mend_paragraphs(paragraphs) == ("First.", "Second\nline.", "Third.")


@given(ODD | st.text())
@settings(deadline=None)
def test_mending_twice_changes_nothing(text: str) -> None:
    once = mend(text)

    assert mend(once) == once
    assert mend_line(mend_line(text)) == mend_line(text)


@given(ODD | st.text())
@settings(deadline=None)
def test_mended_text_is_normal_trimmed_and_free_of_controls(text: str) -> None:
    mended = mend(text)

    assert unicodedata.is_normalized("NFC", mended)
    assert "  " not in mended
    assert "\n\n\n" not in mended
    assert all(line == line.strip() for line in mended.split("\n"))
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in mended if c != "\n")
    assert not any(unicodedata.category(c) == "Zs" and c != " " for c in mended)


@given(st.text(st.characters(categories=("L", "N", "P"), exclude_characters="\u3164\uffa0\u115f")))
@settings(deadline=None)
def test_no_letter_digit_or_mark_is_ever_lost(text: str) -> None:
    assert mend(text) == unicodedata.normalize("NFC", text)


@given(ODD)
@settings(deadline=None)
def test_one_line_has_no_line_break(text: str) -> None:
    assert "\n" not in mend_line(text)
    assert mend_line(text).split() == mend(text).split()


@given(
    st.lists(st.text(alphabet=st.sampled_from("ab  \n\n“é정中\xa0\u0301\u11a8\u200b\u3164\t\x85")))
)
def test_paragraphs_passed_over_as_clean_are_their_mended_selves(paragraphs: list[str]) -> None:
    line = clean_line(paragraphs)
    mended = mend_paragraphs(paragraphs)

    assert line is None or (mended == tuple(paragraphs) and line == squeezed("\n\n".join(mended)))
    if mended:
        assert clean_line(mended) in (None, squeezed("\n\n".join(mended)))


def test_clean_paragraphs_are_known_for_such() -> None:
    assert clean_line(["“One” – é.", "가각 中."]) == "“One” – é. 가각 中.".encode()
    assert clean_line([]) is clean_line([""]) is clean_line(["a", "", "b"]) is None


@given(ODD | st.text())
@settings(deadline=None)
def test_clean_text_is_mended_like_text_that_is_not(text: str) -> None:
    assert mend(text) == mend(f"{text}\n")


def test_what_is_passed_over_as_clean_is_the_same_beside_any_neighbour() -> None:
    stable = [chr(code) for code in range(0x11000) if STABLE.fullmatch(chr(code))]
    pairs = (unicodedata.decomposition(chr(code)).split() for code in range(0x11000))
    joining = {chr(int(pair[1], 16)) for pair in pairs if len(pair) == 2 and "<" not in pair[0]}

    assert len(stable) > 30_000
    for letter in stable:
        # The line feed, so that it is not passed over.
        assert mend(f"a{letter}a\n") == f"a{letter}a"
        assert not unicodedata.combining(letter)
        assert letter not in joining
