"""The file for Prometheus: its numbers, and the last healthy run that outlives a bad one."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from scrapy.settings import Settings

from hanicrawler.commands.ended import Ended
from hanicrawler.commands.metrics import COUNTS, check, last_healthy, write
from hanicrawler.extensions.limits import SettingError

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = Ended(words="", counts={"found": 40, "new": 3, "bytes": 2**40, "seconds": 1.5})
BAD = Ended(words="", alarms=("drift", "too_many_problems"), counts={"found": 40})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "hani.prom"


def read(file: Path) -> dict[str, float]:
    """Return what the file says, a label's value after its metric's name."""
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value
        for family in text_string_to_metric_families(file.read_text("utf-8"))
        for sample in family.samples
    }


def named(file: Path) -> Settings:
    return Settings({"HANICRAWLER_METRICS": str(file)})


def test_a_healthy_run_in_numbers(file: Path) -> None:
    assert write(named(file), GOOD, status=0, at=AT, healthy_at=AT.timestamp()) is None

    found = read(file)
    run = "hanicrawler_last_run_"
    assert found[f"{run}timestamp_seconds"] == AT.timestamp()
    assert found[f"{run}duration_seconds"] == 1.5
    assert found[f"{run}healthy"] == 1
    assert found[f"{run}exit_status"] == 0
    assert found[f"{run}found"] == 40
    assert found[f"{run}bytes"] == 2**40
    assert found[f"{run}failed"] == 0
    assert {f"{run}{name}" for name in COUNTS} <= set(found)
    assert found["hanicrawler_last_healthy_run_timestamp_seconds"] == AT.timestamp()
    assert not any(name.startswith("hanicrawler_alarm") for name in found)


def test_an_unhealthy_run_has_its_alarms_and_keeps_when_the_last_healthy_one_was(
    file: Path,
) -> None:
    write(named(file), GOOD, status=0, at=AT, healthy_at=AT.timestamp())
    healthy_at = last_healthy(named(file))
    write(named(file), BAD, status=1, at=AT, healthy_at=healthy_at)

    found = read(file)
    assert found["hanicrawler_alarm drift"] == 1
    assert found["hanicrawler_alarm too_many_problems"] == 1
    assert found["hanicrawler_last_run_healthy"] == 0
    assert found["hanicrawler_last_run_exit_status"] == 1
    assert found["hanicrawler_last_healthy_run_timestamp_seconds"] == AT.timestamp()


def test_where_there_was_no_healthy_run_none_is_named(file: Path) -> None:
    write(named(file), BAD, status=1, at=AT, healthy_at=None)

    assert "hanicrawler_last_healthy_run_timestamp_seconds" not in read(file)
    assert last_healthy(named(file)) is None


@pytest.mark.parametrize(
    "text", [b"", b"\xff\xfe", b"hanicrawler_last_healthy_run_timestamp_seconds x\n"]
)
def test_a_file_that_says_nothing_is_no_error(file: Path, text: bytes) -> None:
    file.write_bytes(text)

    assert last_healthy(named(file)) is None


def test_nothing_is_written_where_no_file_is_named() -> None:
    check(Settings())
    assert write(Settings(), GOOD, status=0, at=AT, healthy_at=None) is None


def test_nothing_but_the_file_is_left_in_its_folder(file: Path) -> None:
    write(named(file), GOOD, status=0, at=AT, healthy_at=None)

    assert [path.name for path in file.parent.iterdir()] == ["hani.prom"]


def test_a_file_that_cannot_be_written_is_one_line(file: Path) -> None:
    file.mkdir()

    line = write(named(file), GOOD, status=0, at=AT, healthy_at=None)

    assert line is not None
    assert line.startswith(f"HANICRAWLER_METRICS: {file} could not be written: ")


def test_a_file_that_cannot_be_meant_is_refused(file: Path) -> None:
    for path, words in (
        (file.with_suffix(".txt"), "must end in .prom"),
        (file.parent / "missing" / "hani.prom", "no folder"),
    ):
        with pytest.raises(SettingError, match=rf"HANICRAWLER_METRICS: .*{words}"):
            check(named(path))
    file.mkdir()
    with pytest.raises(SettingError, match="is a folder"):
        check(named(file))


@pytest.mark.skipif(os.getuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_to_is_refused(file: Path) -> None:
    file.parent.chmod(0o500)
    try:
        with pytest.raises(SettingError, match="not allowed to write"):
            check(named(file))
    finally:
        file.parent.chmod(0o700)
