"""The box that holds the running text, and words compared."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hanicrawler.pages.document import Document
from hanicrawler.pages.parts import Box
from hanicrawler.pages.pictures import same_words, words_key
from hanicrawler.pages.prose import body_box

URL = "https://english.hani.co.kr/arti/english_edition/e_national/900001.html"
QUOTES = str.maketrans(
    {**dict.fromkeys("’‘´`", "'"), **dict.fromkeys("“”", '"'), "–": "-", "—": "-"}
)
TREES = st.recursive(
    st.integers(0, 9).map(lambda size: "x" * size),
    lambda inner: st.lists(inner, max_size=4).map(lambda parts: f"<div>{'<br>'.join(parts)}</div>"),
    max_leaves=20,
)


def innermost(document: Document, running: list[int]) -> Box | None:
    """Return the last box that holds 80 % of the lines *running*, and more than one line."""
    total = sum(len(document.lines[index].text) for index in running)
    heavy = [
        box
        for box in document.boxes
        if total
        and sum(len(document.lines[index].text) for index in running if box.holds(index))
        >= total * 0.8
    ]
    box = heavy[-1] if heavy else None
    while box is not None and box.parent is not None and box.end - box.start == 1:
        box = box.parent
    return box


@given(TREES, st.sets(st.integers(0, 30)))
def test_the_body_is_the_innermost_box_with_nearly_all_text(tree: str, chosen: set[int]) -> None:
    document = Document(f"<body>{tree}</body>", URL)
    running = [index for index in sorted(chosen) if index < len(document.lines)]

    assert body_box(document, running) is innermost(document, running)


@given(st.text(st.sampled_from("aBß ’‘“”´`–—İK\u3000\xa0")))
def test_words_are_compared_without_case_quotes_and_spacing(text: str) -> None:
    assert words_key(text) == " ".join(text.translate(QUOTES).casefold().split())


@given(st.text(st.sampled_from("aA’' ")), st.text(st.sampled_from("aA’' ")))
def test_the_same_words_have_the_same_key(one: str, other: str) -> None:
    has_words = bool(one.strip() or other.strip())

    assert not has_words or same_words(one, other) == (words_key(one) == words_key(other))
