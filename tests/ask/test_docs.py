"""The lines of Python in docs/reading.md run as they stand there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from hanicrawler.storage import Writer, database_url, open_database
from tests.storage.conftest import make

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).parents[2] / "docs" / "reading.md"


def test_the_lines_of_python_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_database(database_url(str(tmp_path / "hanicrawler.db")))
    Writer(engine, None).write([make(1145326)])
    engine.dispose()
    monkeypatch.chdir(tmp_path)

    lines = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    for each in lines:
        exec(each, {})

    assert len(lines) >= 1
    assert capsys.readouterr().out.splitlines() == [
        "Talks resume, part 1145326 ['Kim Na-ra', 'Yonhap News']",
        "1 2026-03-01 12:00:00+00:00 False []",
        "3 stories, 2 links",
    ]
