"""Charts: where columns and lines stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from hanicrawler.web import charts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def column(*parts: int) -> charts.Column:
    return charts.Column(label="2024", words="2024", link="/dates?in=2024", parts=parts)


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (3, 1), (4, 1), (5, 2), (9, 5), (21, 10), (950, 500)]
)  # fmt: skip
def test_lines_stand_at_round_numbers(most: int, step: int) -> None:
    assert charts.step(most) == step


def test_a_columns_parts_stand_on_each_other_and_its_height_is_its_number() -> None:
    wide, narrow = charts.columns([column(2, 0, 6), column(4)])

    for drawing in (wide, narrow):
        first, second = drawing.columns
        bottom, top = first.bars
        assert [bar.kind for bar in first.bars] == [0, 2]
        assert bottom.y + bottom.height == pytest.approx(drawing.floor)
        assert top.y + top.height == pytest.approx(bottom.y, abs=0.02)
        assert top.height == pytest.approx(3 * bottom.height, abs=0.02)
        assert second.bars[0].height == pytest.approx(2 * bottom.height, abs=0.02)
        assert first.x + first.width == pytest.approx(second.x)
        assert second.x + second.width <= drawing.width + 0.01
        assert drawing.lines[0].y == drawing.floor
        assert [line.words for line in drawing.lines] == ["0", "2", "4", "6", "8"]


def test_labels_are_left_out_where_there_is_no_room() -> None:
    wide, narrow = charts.columns([column(1)] * 31)

    assert sum(bool(each.label) for each in narrow.columns) < 9
    assert sum(bool(each.label) for each in wide.columns) > 9


def test_a_chart_of_nothing_is_a_chart() -> None:
    assert charts.columns([]).wide.columns == ()
    assert charts.columns([column()]).wide.columns[0].bars == ()


def test_the_greatest_have_colours_of_their_own_and_the_others_share_one() -> None:
    kinds = charts.ranked_kinds({f"s{number}": number for number in range(20)})

    assert kinds["s19"] == 0
    assert kinds["s13"] == 6
    assert {kinds[f"s{number}"] for number in range(13)} == {7}


def test_a_line_goes_from_place_to_place_in_time() -> None:
    hour = timedelta(hours=1)
    end = NOON + 4 * hour
    drawn = charts.lines(
        [[[(NOON, 2), (NOON + hour, 2), (NOON + hour, 1), (end, 1)]], []], NOON, end, 3
    )

    (way,) = drawn.ways
    assert way.path.count("L") == 3
    assert way.path.startswith(f"M{drawn.left} {drawn.grid[1].y}")
    assert (way.end_y, way.place) == (drawn.grid[0].y, 1)
    assert len(drawn.grid) == 3


def test_no_line_is_drawn_where_a_story_had_no_place() -> None:
    hour = timedelta(hours=1)
    end = NOON + 4 * hour

    drawn = charts.lines(
        [[[(NOON, 2), (NOON + hour, 2)], [(NOON + 3 * hour, 1), (end, 1)]]], NOON, end, 2
    )

    (way,) = drawn.ways
    assert [run.count("L") for run in way.path.split("M")[1:]] == [1, 1]
    assert (way.end_y, way.place) == (drawn.grid[0].y, 1)


def test_the_last_day_of_a_month() -> None:
    assert charts.last_day_of_month(date(2024, 2, 1)) == date(2024, 2, 29)
