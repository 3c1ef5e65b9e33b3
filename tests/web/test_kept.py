"""Answers that are kept: for as long as they are dear, and for one archive."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from hanicrawler.web import kept as module
from hanicrawler.web.kept import TIMES, kept


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A clock that stands until it is told."""
    standing = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(module.time, "monotonic", lambda: standing.now)
    monkeypatch.setattr(module, "_kept", {})
    return standing


def test_an_answer_is_kept_for_many_times_as_long_as_it_took(clock: Any) -> None:
    archive: Any = SimpleNamespace(name="a.db")
    answers = iter(range(9))

    def slow() -> int:
        clock.now += 0.5
        return next(answers)

    assert kept(archive, "sections", slow) == 0
    clock.now += TIMES * 0.5 - 0.1
    assert kept(archive, "sections", slow) == 0
    clock.now += 0.2
    assert kept(archive, "sections", slow) == 1


def test_another_archive_and_another_question_have_their_own_answers(clock: Any) -> None:
    one: Any = SimpleNamespace(name="a.db")
    other: Any = SimpleNamespace(name="b.db")

    def of(answer: int) -> Any:
        def ask() -> int:
            clock.now += 1
            return answer

        return ask

    asked = [(one, "x"), (other, "x"), (one, ("y", 1)), (one, ("y", 2))]
    for number, (archive, name) in enumerate(asked):
        assert kept(archive, name, of(number)) == number
    for number, (archive, name) in enumerate(asked):
        assert kept(archive, name, of(99)) == number


def test_no_more_is_kept_than_fits(clock: Any) -> None:
    archive: Any = SimpleNamespace(name="a.db")
    for number in range(3 * module._MOST):
        kept(archive, number, lambda: None)

    assert len(module._kept) <= module._MOST
