"""A file is there when it is whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

import pytest

from hanicrawler.export.files import ExportError, UnfinishedFile

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_gets_its_name_at_the_end(tmp_path: Path) -> None:
    final = tmp_path / "out.csv"
    with UnfinishedFile(final) as file:
        with file.stream() as stream:
            stream.write(b"a,b\n")
        assert not final.exists()
        file.sync()
        file.finish()

    assert names(tmp_path) == ["out.csv"]
    assert final.read_bytes() == b"a,b\n"
    assert file.sha256.hexdigest() == hashlib.sha256(b"a,b\n").hexdigest()
    assert stat.S_IMODE(final.stat().st_mode) == 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def test_what_fails_leaves_nothing_and_the_old_file_as_it_was(tmp_path: Path) -> None:
    final = tmp_path / "out.csv"
    final.write_text("old")
    with UnfinishedFile(final) as file:
        with file.stream() as stream:
            stream.write(b"half")
        file.part.with_name(f"{file.part.name}-journal").touch()
        # Left without finish(), as an exception leaves it.

    assert names(tmp_path) == ["out.csv"]
    assert final.read_text() == "old"


def test_what_a_killed_export_left_is_begun_anew(tmp_path: Path) -> None:
    left = [".out.db.part", ".out.db.part-wal", ".out.db.part-shm", ".out.db.part-journal"]
    for name in left:
        (tmp_path / name).write_text("left over")

    with UnfinishedFile(tmp_path / "out.db") as file:
        assert names(tmp_path) == [".out.db.part"]
        assert file.size == 0
        file.finish()

    assert names(tmp_path) == ["out.db"]


def test_two_exports_do_not_write_the_same_file(tmp_path: Path) -> None:
    with UnfinishedFile(tmp_path / "out.csv") as file, file.stream() as stream:
        stream.write(b"first")
        stream.flush()
        with pytest.raises(ExportError, match="another export is writing it"):
            UnfinishedFile(tmp_path / "out.csv")
        assert file.size == 5


def test_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with UnfinishedFile(tmp_path / "link.csv") as file:
        file.finish()

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == ""


def test_a_folder_that_takes_no_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(ExportError) as caught:
        UnfinishedFile(tmp_path / "nowhere" / "out.csv")
    assert "out.csv" in str(caught.value)
    assert "\n" not in str(caught.value)
