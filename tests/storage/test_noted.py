"""Problems as work to do: found, taken out with their bytes, resolved by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Fetch, Problem
from hanicrawler.storage import (
    Choice,
    Writer,
    count_problems,
    find_problems,
    kept_page,
    noted_problem,
    open_ids,
    resolve_problems,
)
from hanicrawler.storage.run_models import ProblemRow
from tests.storage.conftest import NOON, article_url

HOUR = timedelta(hours=1)


def problem(number: int, code: str = "no_body", stage: Any = "parse", **more: Any) -> Problem:
    values: dict[str, Any] = {"seen_at": NOON + number * HOUR, "error": f"e{number}", **more}
    return Problem(url=article_url(number), stage=stage, code=code, **values)


@pytest.fixture
def noted(engine: sa.Engine, writer: Writer, article: Any) -> dict[str, int]:
    """Error of each noted problem to its id."""
    writer.write(
        [
            problem(1, body=b"<p>one"),
            problem(2),
            problem(3, "http_500", "fetch"),
            problem(4, "http_404", "fetch"),
        ]
    )
    writer.write([article(4, at=NOON + 9 * HOUR)])
    found = find_problems(engine, Choice(resolved=True))
    return {one.error: one.id for one in found}


def test_open_problems_come_newest_first_without_their_bytes(
    engine: sa.Engine, noted: dict[str, int]
) -> None:
    found = find_problems(engine, Choice())

    assert [one.error for one in found] == ["e3", "e2", "e1"]
    assert [one.size is not None for one in found] == [False, False, True]
    assert find_problems(engine, Choice(resolved=True))[0].error == "e4"


@pytest.mark.parametrize(
    ("choice", "errors"),
    [
        (Choice(code="no_body"), {"e1", "e2"}),
        (Choice(stage="fetch"), {"e3"}),
        (Choice(stage="fetch", resolved=True), {"e3", "e4"}),
        (Choice(url=article_url(2)), {"e2"}),
        (Choice(url=article_url(2).replace("https", "http") + "?a=1"), {"e2"}),
        (Choice(url="https://elsewhere.example/"), set()),
        (Choice(code="no_body", stage="fetch"), set()),
    ],
    ids=["code", "stage", "resolved", "url", "alias", "other-url", "both"],
)
def test_problems_can_be_chosen(
    engine: sa.Engine, noted: dict[str, int], choice: Choice, errors: set[str]
) -> None:
    assert {one.error for one in find_problems(engine, choice)} == errors
    assert sum(count_problems(engine, choice).values()) == len(errors)


def test_of_each_kind_some_are_enough(engine: sa.Engine, noted: dict[str, int]) -> None:
    assert [one.error for one in find_problems(engine, Choice(), each=1)] == ["e3", "e2"]


def test_one_problem_can_be_asked_for(engine: sa.Engine, noted: dict[str, int]) -> None:
    found = noted_problem(engine, noted["e4"])

    assert found is not None
    assert (found.url, found.resolved_at) == (article_url(4), NOON + 9 * HOUR)
    assert noted_problem(engine, 10**6) is None


def test_the_bytes_come_back_as_the_capture_they_were(
    engine: sa.Engine, noted: dict[str, int]
) -> None:
    one, two = (noted_problem(engine, noted[error]) for error in ("e1", "e2"))
    assert one
    assert two

    kept = kept_page(engine, one)

    assert kept is not None
    assert (kept.body, kept.fetched_at, kept.gone) == (b"<p>one", NOON + HOUR, None)
    assert kept_page(engine, two) is None


@pytest.mark.parametrize(
    ("seconds", "status", "is_same", "is_gone"),
    [
        (0.001, 200, True, False),
        (3600, 200, False, False),
        (-5, 200, False, False),
        (3600, 410, False, True),
        (-5, 404, False, False),
        (0.001, None, False, False),
    ],
)
def test_the_pages_last_fetch_may_be_the_one_or_a_later_one_that_says_it_is_gone(
    engine: sa.Engine,
    writer: Writer,
    noted: dict[str, int],
    seconds: float,
    status: int | None,
    is_same: bool,
    is_gone: bool,
) -> None:
    at = NOON + HOUR + timedelta(seconds=seconds)
    writer.write([Fetch(url=article_url(1), kind="article", fetched_at=at, status=status)])
    one = noted_problem(engine, noted["e1"])
    assert one

    kept = kept_page(engine, one)

    assert kept
    assert kept.fetched_at == (at if is_same else NOON + HOUR)
    assert (kept.gone is not None and kept.gone.fetched_at == at) == is_gone


def test_damaged_bytes_are_no_page(engine: sa.Engine, noted: dict[str, int]) -> None:
    one = noted_problem(engine, noted["e1"])
    assert one
    with engine.begin() as connection:
        connection.execute(
            sa.update(ProblemRow).where(ProblemRow.id == one.id).values(body=b"no zlib")
        )

    with pytest.raises(ValueError, match=f"problem {one.id} are damaged"):
        kept_page(engine, one)


def test_a_problem_is_resolved_by_hand_once(
    engine: sa.Engine, noted: dict[str, int], rows: Any
) -> None:
    before = {row["id"]: row["resolved_at"] for row in rows("problems")}
    ids = [noted["e1"], noted["e3"], noted["e4"]]

    assert open_ids(engine, noted.values()) == {noted["e1"], noted["e2"], noted["e3"]}
    assert resolve_problems(engine, ids) == 2
    assert resolve_problems(engine, ids) == 0

    after = {row["id"]: row["resolved_at"] for row in rows("problems")}
    assert open_ids(engine, noted.values()) == {noted["e2"]}
    assert after[noted["e4"]] == before[noted["e4"]]
    assert after[noted["e1"]] > NOON
