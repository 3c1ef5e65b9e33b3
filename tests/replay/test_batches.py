"""How much is written at a time, and for whom a reader waits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from hanicrawler.archives import sources
from hanicrawler.replay import tasks
from hanicrawler.replay.tasks import Progress, Task, Watcher, read_source
from tests.replay.conftest import COUNT, Reads

if TYPE_CHECKING:
    from pathlib import Path

LATER = datetime(2030, 1, 1, tzinfo=UTC)


class Alone(Watcher):
    """Remembers how many captures each batch had."""

    free = True

    def __init__(self) -> None:
        self.batches: list[int] = []

    def wrote(self, more: Progress) -> None:
        self.batches.append(more.counts["captures"])

    def is_free(self) -> bool:
        return self.free


class Beside(Alone):
    """Finds another one writing whenever it looks."""

    free = False


@pytest.fixture
def task(on_file: Reads, archive: Path) -> Task:
    """The first file of the archive, with half of its articles."""
    (source,) = sources([str(archive / "a.warc.gz")], None)
    return Task(source=source, database=str(on_file.url), now=LATER)


def test_a_reader_goes_on_while_another_writes_and_waits_in_the_end(
    task: Task, on_file: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SIZE", 3)
    alone, beside = Alone(), Beside()
    read_source(task, alone)
    stored = on_file.contents()
    assert len(stored["articles"]) == COUNT // 2
    read_source(task, beside)

    assert alone.batches[:4] == [3, 3, 3, 3]
    assert beside.batches[:2] == [6, 6]
    assert on_file.contents() == stored
