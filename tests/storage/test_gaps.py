"""What was not read of a section's lists: what walks find, make smaller and close."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.items import ListWalk
from hanicrawler.storage import Frontier, Writer, start_crawl

if TYPE_CHECKING:
    import sqlalchemy as sa

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
HISTORY = (0, 900, "history")
"""As a plain run leaves it that read the first list page of a new section down to 900."""


def walk(down_to: int, known_to: int = 0, state: Any = "done", **changes: Any) -> ListWalk:
    values: dict[str, Any] = {"edition": "en", "section": "e_national", "at": AT}
    return ListWalk(**(values | changes), down_to=down_to, known_to=known_to, state=state)


@pytest.fixture
def gaps(engine: sa.Engine) -> Any:
    """Gives the gaps of a section: oldest and newest id, reason."""

    def of(section: str = "e_national") -> set[tuple[int, int, str]]:
        return {
            (gap.oldest_id, gap.newest_id, gap.reason)
            for gap in Frontier(engine).gaps()
            if gap.section == section
        }

    return of


def test_a_new_sections_first_page_leaves_its_history_unread(writer: Writer, gaps: Any) -> None:
    writer.write([walk(900)])

    assert gaps() == {HISTORY}


def test_a_walk_that_reached_what_was_known_leaves_no_gap(writer: Writer, gaps: Any) -> None:
    writer.write([walk(900)])

    writer.write([walk(1300, 1000, "reading"), walk(1100, 1000, "reading"), walk(990, 1000)])

    assert gaps() == {HISTORY}


@pytest.mark.parametrize("state", ["reading", "limit", "failed"])
def test_a_walk_that_did_not_reach_it_leaves_a_gap_with_its_reason(
    writer: Writer, gaps: Any, rows: Any, engine: sa.Engine, state: str
) -> None:
    writer.write([walk(900)])
    crawl_id = start_crawl(engine, spider="hani", arguments={}, started_at=AT)

    Writer(engine, crawl_id).write([walk(1300, 1000, state, at=AT + timedelta(hours=1))])

    assert gaps() == {HISTORY, (1000, 1300, state)}
    (row,) = [row for row in rows("gaps") if row["oldest_id"]]
    assert (row["noted_at"], row["crawl_id"]) == (AT + timedelta(hours=1), crawl_id)


def test_a_walk_that_goes_on_makes_its_gap_smaller(writer: Writer, gaps: Any) -> None:
    for down_to, state in ((1300, "reading"), (1200, "reading"), (1100, "limit")):
        writer.write([walk(down_to, 1000, state)])

    assert gaps() == {(1000, 1100, "limit")}


def test_a_walk_to_the_mark_closes_what_an_ended_run_left_above_it(
    writer: Writer, gaps: Any
) -> None:
    writer.write([walk(800, 700, "limit"), walk(1300, 1000, "reading")])

    writer.write([walk(1000, 1000)])

    assert gaps() == {(700, 800, "limit")}


def test_gaps_of_one_section_are_closed_by_no_other(writer: Writer, gaps: Any) -> None:
    elsewhere = {"section": "e_business"}
    writer.write([walk(1300, 1000, "limit"), walk(2300, 2000, "limit", **elsewhere)])

    writer.write([walk(0, **elsewhere)])

    assert gaps() == {(1000, 1300, "limit")}
    assert gaps("e_business") == {(0, 0, "history")}


def test_the_same_walk_written_twice_changes_nothing(writer: Writer, gaps: Any) -> None:
    entries = [walk(900), walk(1300, 1000, "limit")]
    writer.write(entries)
    before = gaps()

    writer.write(entries)

    assert gaps() == before


class TestABackfill:
    """A walk through a period: from the first page down, whatever is known."""

    @pytest.fixture(autouse=True)
    def _known(self, writer: Writer) -> None:
        writer.write([walk(900), walk(1300, 1000, "limit"), walk(1900, 1600, "failed")])

    def test_closes_what_it_has_read_past(self, writer: Writer, gaps: Any) -> None:
        writer.write([walk(950)])

        assert gaps() == {HISTORY}

    def test_makes_smaller_what_it_has_read_half(self, writer: Writer, gaps: Any) -> None:
        later = AT + timedelta(days=1)
        writer.write([walk(1200, at=later)])

        assert gaps() == {HISTORY, (1000, 1200, "limit")}

    def test_leaves_what_lies_below_it(self, writer: Writer, gaps: Any) -> None:
        writer.write([walk(1400)])

        assert gaps() == {HISTORY, (1000, 1300, "limit")}

    def test_moves_the_lowest_end_down(self, writer: Writer, gaps: Any) -> None:
        writer.write([walk(400)])

        assert gaps() == {(0, 400, "history")}

    def test_to_the_end_of_the_lists_leaves_nothing_unread(self, writer: Writer, gaps: Any) -> None:
        writer.write([walk(0)])

        assert gaps() == {(0, 0, "history")}
        writer.write([walk(1700)])
        assert gaps() == {(0, 0, "history")}
