"""What an archive may take."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from hanicrawler.archives.budget import ArchiveBudget, remove
from hanicrawler.archives.files import file_name
from hanicrawler.archives.writing import ArchiveWriter

NOW = datetime(2026, 11, 25, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Five files of 100 bytes, the oldest first: one a day, the last of today."""
    names = [file_name(NOW - (4 - number) * DAY, number, 1) for number in range(5)]
    for name in reversed(names):
        (tmp_path / name).write_bytes(b"x" * 100)
    return names


def test_what_is_within_the_budget_stays(tmp_path: Path, files: list[str]) -> None:
    assert ArchiveBudget().surplus(tmp_path, NOW) == []
    assert ArchiveBudget(most_bytes=500, most_days=4).surplus(tmp_path, NOW) == []


def test_the_oldest_files_go_first(tmp_path: Path, files: list[str]) -> None:
    assert ArchiveBudget(most_bytes=250).surplus(tmp_path, NOW) == files[:3]


def test_room_for_what_comes_is_part_of_the_budget(tmp_path: Path, files: list[str]) -> None:
    assert ArchiveBudget(most_bytes=500).surplus(tmp_path, NOW, room=150) == files[:2]


def test_files_that_are_too_old_go(tmp_path: Path, files: list[str]) -> None:
    assert ArchiveBudget(most_days=1.5).surplus(tmp_path, NOW) == files[:3]


def test_a_needed_file_is_spared_and_the_next_one_goes_in_its_place(
    tmp_path: Path, files: list[str]
) -> None:
    budget = ArchiveBudget(most_bytes=300)

    assert budget.surplus(tmp_path, NOW, needed={files[0]}) == files[1:3]


def test_a_file_that_is_being_written_is_spared(tmp_path: Path, files: list[str]) -> None:
    writer = ArchiveWriter(tmp_path, crawl_id=1, info={}, most_bytes=10**9)
    kept = writer.keep(b"record")

    assert ArchiveBudget(most_days=0).surplus(tmp_path, NOW + 900 * DAY) == files
    writer.close()
    assert ArchiveBudget(most_days=0).surplus(tmp_path, NOW + 900 * DAY) == [*files, kept.file]


def test_what_somebody_else_put_there_is_neither_counted_nor_removed(
    tmp_path: Path, files: list[str]
) -> None:
    (tmp_path / "CC-NEWS-20180101000000-00001.warc.gz").write_bytes(b"x" * 10_000)
    (tmp_path / file_name(NOW - 900 * DAY, 1, 1)).symlink_to(tmp_path / files[0])

    assert ArchiveBudget(most_bytes=400).surplus(tmp_path, NOW) == files[:1]


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert ArchiveBudget(most_bytes=1).surplus(tmp_path / "none", NOW) == []


def test_what_is_gone_already_is_no_failure(tmp_path: Path, files: list[str]) -> None:
    remove(tmp_path, [*files[:2], "never-was.warc.gz"])

    assert sorted(path.name for path in tmp_path.iterdir()) == files[2:]
