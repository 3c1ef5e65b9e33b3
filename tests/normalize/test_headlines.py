"""Labels in headlines."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.normalize.headlines import read_label


@pytest.mark.parametrize(
    ("headline", "label"),
    [
        ("[Photo] Winter comes to Seoul", "Photo"),
        ("[News analysis] What the summit left open", "News analysis"),
        ("[Correspondent’s column] A view from afar", "Correspondent’s column"),
        ("[Correspondent's column] A view from afar", "Correspondent's column"),
        ("[Interview] “I will stay”", "Interview"),
        ("[Editorial] Time to act", "Editorial"),
        ("[ Photo ]\xa0Winter", "Photo"),
        ("[Photo]Winter", "Photo"),
        ("[사설] 지금 할 일", "사설"),
        ("[ESC] 주말 나들이", "ESC"),
        ("[단독] 새 소식", "단독"),
        ("[단독][인터뷰] 새 소식", "단독"),
        ("주말의 이야기 [똑똑! 한국사회]", "똑똑! 한국사회"),
        ("지난주의 일 [뉴스룸에서]", "뉴스룸에서"),
        ("오래된 질문 [ESC]", "ESC"),
        ("[Photo]", "Photo"),
    ],
)
def test_a_label_stands_in_brackets_at_an_end(headline: str, label: str) -> None:
    assert read_label(headline) == label


@pytest.mark.parametrize(
    "headline",
    [
        "",
        "Two leaders “develop[ed] rapport” in Pyongyang",
        "“[He] will come,” says minister",
        "[He] will come, says minister",
        "[S]he came",
        "A word [sic] in English",
        "A headline that ends so [sic]",
        "[2018] in review",
        "[] empty",
        "[develop[ed]] rapport",
        "[This is a sentence far too long to be anybody's label] and so on",
        "가운데 [단독] 있는 말",
    ],
)
def test_other_brackets_are_no_label(headline: str) -> None:
    assert read_label(headline) is None


@pytest.mark.parametrize(("printed", "label"), [("Photo", "Photo"), (" [사설]\n", "사설")])
def test_a_label_printed_apart_wins(printed: str, label: str) -> None:
    assert read_label("[Editorial] Time to act", printed) == label


def test_an_empty_label_leaves_the_headlines_own() -> None:
    assert read_label("[Editorial] Time to act", " ") == "Editorial"


@given(st.text() | st.text("[]【】 aB가!"), st.none() | st.text())
@settings(deadline=None)
def test_a_label_has_a_letter_and_no_bracket(headline: str, printed: str | None) -> None:
    label = read_label(headline, printed)

    assert label is None or (label == label.strip() and any(c.isalpha() for c in label))
