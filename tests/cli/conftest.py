"""The command in this process, and a database to ask."""

from __future__ import annotations

import json
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from hanicrawler.cli import main
from hanicrawler.storage import (
    Writer,
    database_url,
    finish_crawl,
    open_database,
    start_crawl,
)
from hanicrawler.storage.run_models import CrawlRow, GapRow, PageRow

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Ran:
    """A command that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("cli") / "hani.db"
    open_database(database_url(str(file))).dispose()
    return file


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """A SQLite file with its tables and nothing in them."""
    copy = tmp_path / "hani.db"
    shutil.copy(migrated, copy)
    return copy


@pytest.fixture
def run(file: Path) -> Run:
    """Run ``hanicrawler`` on the file: ``run("status", "--json", COLUMNS="60")``."""

    def of(*arguments: str, **environment: str | None) -> Ran:
        chosen = {"HANICRAWLER_DATABASE": str(file), "HANICRAWLER_SITE": None, "COLUMNS": "80"}
        result = CliRunner().invoke(main, arguments, env={**chosen, **environment})
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return of


class Record:
    """Writes into the database what crawls would have."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine
        self.writer = Writer(engine, None)
        self.now = datetime.now(UTC)

    def run(self, ago: timedelta, outcome: str | None = "healthy", **more: Any) -> int:
        """Record a run that ended *ago*, after a minute; one without an outcome has no end."""
        end = self.now - ago
        run = start_crawl(
            self.engine,
            spider="hani",
            arguments=more.pop("arguments", {}),
            started_at=end - MINUTE,
        )
        changes = {name: more.pop(name) for name in ("alarms", "not_before") if name in more}
        if outcome:
            finish_crawl(
                self.engine,
                run,
                finished_at=end,
                outcome=outcome,
                reason=more.pop("reason", None),
                counts=more.pop("counts", {"found": 1, "seconds": 60.0}),
                coverage=more.pop("coverage", {}),
            )
        self.change(CrawlRow, run, **changes)
        return run

    def at_work(self, host: str | None = None) -> None:
        """Let this process hold the lock of a run, or a process of another machine."""
        said = {"pid": os.getpid(), "host": host or socket.gethostname(), "since": "now"}
        Path(f"{self.engine.url.database}.lock").write_text(json.dumps(said))

    def change(self, model: Any, row: int, **values: Any) -> None:
        if values:
            with self.engine.begin() as connection:
                connection.execute(sa.update(model).where(model.id == row).values(**values))

    def gap(self, section: str, newest: int, oldest: int = 0, **more: Any) -> None:
        values = {"edition": "en", "reason": "limit" if oldest else "history", **more}
        with self.engine.begin() as connection:
            connection.execute(
                sa.insert(GapRow).values(
                    section=section,
                    newest_id=newest,
                    oldest_id=oldest,
                    noted_at=self.now,
                    **values,
                )
            )

    def page(self, source_id: int, **values: Any) -> None:
        with self.engine.begin() as connection:
            connection.execute(
                sa.update(PageRow).where(PageRow.source_id == source_id).values(**values)
            )


@pytest.fixture
def record(file: Path) -> Iterator[Record]:
    engine = open_database(database_url(str(file)))
    yield Record(engine)
    engine.dispose()
