"""Questions are measured on a record that answers them."""

from __future__ import annotations

import pytest

from benchmarks.asking import searching
from benchmarks.asking.__main__ import asked, costs, table_of
from benchmarks.asking.filling import fill
from hanicrawler.storage import ask, database_url, open_read_only, questions, totals


@pytest.mark.slow
def test_a_filled_record_answers_every_question(database: str) -> None:
    fill(database, 1_500)

    engine = open_read_only(database_url(database))
    try:
        held = totals(engine)
        answered = {each.name for each in questions() if ask(engine, each.name).rows}
    finally:
        engine.dispose()
    assert sum(held.articles.values()) == 1_500
    assert held.articles["ko"] == 149
    assert held.revisions > 1_500
    # Of one author or section so small a record may have nothing in the time asked about.
    assert answered >= {"around-a-story", "day-by-day", "gone", "how-complete", "most-viewed"}
    found = {"SQLite": costs(database, 2)}
    assert table_of("question", found).count("\n") == len(asked()) + 1
    assert all(len(rounds) == 2 for rounds in found["SQLite"].values())
    searched = searching.costs(database)
    assert len(searched) >= 10
    assert all(times for times in searched.values())
