"""docs/accuracy.md says what a scoring of today's parser says, and the scoring is fair."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks import documents
from benchmarks.accuracy import verdicts
from benchmarks.accuracy.__main__ import tables
from benchmarks.accuracy.scoring import Verdict, judge, shared_words

TRUTH: dict[str, Any] = {
    "headline": "A headline",
    "posted": "2018-11-09T08:22:00+00:00",
    "modified": None,
    "deck": None,
    "body": "One.\nTwo.\n\nThree.",
    "authors": ["Lee Je-hun"],
    "roles": ["senior staff writer"],
    "captions": [None],
    "credits": [],
    "original": None,
    "related": [],
}


@pytest.mark.slow
def test_the_document_is_what_a_scoring_gives_now() -> None:
    written = documents.between("accuracy.md", "accuracy")

    assert written == tables(verdicts.load()), "run python -m benchmarks.accuracy --write"


def test_the_truth_itself_is_right_in_every_field() -> None:
    judged = judge(TRUTH, TRUTH)

    assert judged.verdicts == {}
    assert judged.likeness == 1


@pytest.mark.parametrize(
    ("field", "given", "verdict"),
    [
        ("headline", " A \n headline ", "right"),
        ("headline", "A headline : Home", "wrong"),
        ("headline", "", "missing"),
        ("posted", "2018-11-09T17:22:00+09:00", "right"),
        ("posted", "2018-11-09T17:22:00", "wrong"),
        ("posted", "2018-11-09", "wrong"),
        ("posted", "yesterday", "wrong"),
        ("posted", None, "missing"),
        ("modified", "2018-11-09T17:22:00+09:00", "wrong"),
        ("deck", "A description", "wrong"),
        ("deck", "", "right"),
        ("body", "One. Two. Three.", "right"),
        ("body", "One. Two.", "wrong"),
        ("authors", ["By Lee Je-hun"], "right"),
        ("authors", ["Lee Je-hun", "The Hankyoreh"], "wrong"),
        ("authors", [], "missing"),
        ("captions", [], "right"),
        ("related", ["https://example.org/"], "wrong"),
    ],
)
def test_a_field_is_right_only_where_it_equals_the_truth(
    field: str, given: object, verdict: Verdict
) -> None:
    assert judge(TRUTH, {**TRUTH, field: given}).verdict(field) == verdict


def test_a_moment_without_its_zone_is_right_where_the_zone_is_forgiven() -> None:
    judged = judge(TRUTH, {**TRUTH, "posted": "2018-11-09T17:22:00"})

    assert judged.verdict("posted") == "wrong"
    assert judged.verdict("posted.minute") == judged.verdict("posted.day") == "right"
    assert judge(TRUTH, {**TRUTH, "posted": "2018-11-09"}).verdict("posted.day") == "right"


def test_what_a_tool_does_not_offer_fails_or_cannot_try_is_told_apart() -> None:
    without = {name: value for name, value in TRUTH.items() if name != "roles"}

    assert judge(TRUTH, without).verdicts == {"roles": "not offered"}
    assert judge(TRUTH, {"error": "no"}).verdict("deck") == "missing"
    assert judge(TRUTH, {"untried": "no data"}).verdict("deck") == "untried"


def test_words_are_shared_as_often_as_they_stand_in_both() -> None:
    assert shared_words("a b b", "a b b") == 1
    assert shared_words("a b", "b c") == 0.5
    assert shared_words("a", None) == 0
