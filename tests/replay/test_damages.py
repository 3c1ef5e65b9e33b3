"""What is damaged is told in words, and a moment to come is none."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.archives import sources
from hanicrawler.replay.damages import TOLD
from hanicrawler.replay.runs import Hearer, Order, Summary, replay
from hanicrawler.storage import database_url
from tests.replay.warcs import NOON, Answer, pages, write

WRITTEN = datetime(2025, 5, 1, 12, tzinfo=UTC)


class Words(Hearer):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def warn(self, words: str) -> None:
        self.told.append(words)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "made.db"


def read(database: Path, *files: Path, hearer: Hearer | None = None, **more: Any) -> Summary:
    """Import *files* in this process."""
    order = Order(
        name="import",
        sources=sources([str(file) for file in files], None),
        files=[str(file) for file in files],
        database=database_url(str(database)),
        processes=0,
        **more,
    )
    return replay(order, hearer)


def rows(database: Path, question: str) -> list[Any]:
    engine = sa.create_engine(f"sqlite:///{database}")
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(question))]
    finally:
        engine.dispose()


def cut(file: Path) -> Path:
    """Take the end away from *file*."""
    file.write_bytes(file.read_bytes()[:-200])
    return file


def test_a_page_of_a_moment_to_come_does_not_become_the_newest(
    database: Path, tmp_path: Path
) -> None:
    first = pages(1)[0]
    to_come = Answer(url=first.url, body=first.body, at=datetime(2999, 1, 1, tzinfo=UTC))

    done = read(database, write(tmp_path / "a.warc.gz", [to_come, first]))

    assert (done.progress.counts["new"], done.progress.counts["damaged"]) == (1, 1)
    ((captured,),) = rows(database, "SELECT captured_at FROM articles")
    assert captured.startswith(f"{first.at:%Y-%m-%d %H:%M:%S}")
    ((code, seen),) = rows(database, "SELECT code, seen_at FROM problems WHERE stage = 'fetch'")
    assert code == "no_date"
    assert seen < f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}"


def test_a_clock_an_hour_ahead_is_believed(database: Path, tmp_path: Path) -> None:
    first = pages(1)[0]
    ahead = datetime.now(UTC) + timedelta(hours=1)

    done = read(
        database,
        write(tmp_path / "a.warc.gz", [Answer(url=first.url, body=first.body, at=ahead)]),
    )

    assert (done.progress.counts["new"], done.progress.counts["damaged"]) == (1, 0)


def test_undated_damage_read_again_is_as_it_was(database: Path, tmp_path: Path) -> None:
    file = write(tmp_path / "a.warc.gz", pages(2))
    file.write_bytes(file.read_bytes() + b"no record")
    os.utime(file, (WRITTEN.timestamp(), WRITTEN.timestamp()))
    question = "SELECT url, code, error, seen_at, resolved_at FROM problems WHERE stage = 'fetch'"

    read(database, file)
    before = rows(database, question)
    read(database, file, anew=True)

    assert len(before) == 1
    assert before[0][3].startswith("2025-05-01 12:00:00")
    assert rows(database, question) == before


def test_each_damage_is_told_with_file_and_place(database: Path, tmp_path: Path) -> None:
    hearer = Words()
    file = cut(write(tmp_path / "a.warc.gz", pages(2)))

    read(database, file, hearer=hearer)

    (words,) = hearer.told
    assert words.startswith("cut_off: ")
    assert str(file) in words


def test_a_file_of_nothing_but_damage_is_told_of_and_makes_no_database(
    database: Path, tmp_path: Path
) -> None:
    hearer = Words()
    file = tmp_path / "a.warc.gz"
    file.write_bytes(b"\x1f\x8b\x08" + bytes(range(256)) * 4)

    done = read(database, file, hearer=hearer)

    assert done.outcome == "nothing"
    assert [str(file) in words for words in hearer.told] == [True]
    assert not database.exists()


def test_of_many_damages_the_first_are_told_and_the_others_counted(
    database: Path, tmp_path: Path
) -> None:
    hearer = Words()
    first, *others = pages(TOLD + 4)
    undated = [Answer(url=page.url, body=page.body, at=NOON.replace(year=1971)) for page in others]

    read(database, write(tmp_path / "a.warc.gz", [first, *undated]), hearer=hearer)

    assert len(hearer.told) == TOLD + 1
    assert hearer.told[-1] == "and 3 more of the kind: hanicrawler problems --stage fetch --all"


def test_a_standard_input_that_is_closed_is_told_of(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", None)

    done = read(database, Path("-"))

    assert done.failures == ["-: standard input: it is closed"]
