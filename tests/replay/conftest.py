"""Archives of the invented newspaper, and databases to read them into."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.archives import sources
from hanicrawler.replay.runs import Hearer, Order, Summary, replay
from hanicrawler.storage import database_url, open_database
from hanicrawler.storage.schema import Base
from tests.replay.warcs import pages, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COUNT = 24
"""Articles in the archive."""
OURS = {"id", "crawl_id", "article_id", "author_id"}
"""Columns that say in which order rows were made, or by which run."""


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two WARC files of a dozen articles each; only to be read."""
    folder = tmp_path_factory.mktemp("archive")
    answers = pages(COUNT)
    write(folder / "a.warc.gz", answers[: COUNT // 2])
    write(folder / "b.warc.gz", answers[COUNT // 2 :])
    return folder


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "hani.db"
    open_database(database_url(str(file))).dispose()
    return file


class Reads:
    """Reads archives into a database, in this process unless it is told otherwise."""

    def __init__(self, url: sa.URL) -> None:
        self.url = url

    def __call__(self, *paths: Path, hearer: Hearer | None = None, **more: Any) -> Summary:
        order: dict[str, Any] = {
            "name": "import",
            "sources": sources([str(path) for path in paths], None),
            "files": [str(path) for path in paths],
            "database": self.url,
            "processes": 0,
        }
        return replay(Order(**(order | more)), hearer)

    @contextmanager
    def connected(self) -> Iterator[sa.Connection]:
        engine = open_database(self.url)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    def rows(self, table: str, *without: str) -> list[dict[str, Any]]:
        """Return the rows of *table* in the order of their text."""
        with self.connected() as connection:
            found = connection.execute(sa.select(Base.metadata.tables[table]))
            rows = [dict(row._mapping) for row in found]
        return sorted(
            ({name: row[name] for name in row if name not in without} for row in rows), key=repr
        )

    def contents(self) -> dict[str, Any]:
        """Return all tables but those that tell of the runs, without ids of ours."""
        tables = set(Base.metadata.tables) - {"crawls", "readings", "search_index", "search_due"}
        return {table: self.rows(table, *OURS) for table in sorted(tables)}


@pytest.fixture(params=["sqlite", "postgresql"])
def reads(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reads]:
    """Reads archives into a database with its tables and nothing in them."""
    if request.param == "sqlite":
        file = tmp_path / "hani.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield Reads(database_url(str(file)))
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create(request.getfixturevalue("migrated_template"))
    yield Reads(database_url(server.url(name)))
    server.drop(name)


@pytest.fixture(scope="session")
def migrated_template(postgres_server: Any) -> str:
    name: str = postgres_server.create()
    open_database(database_url(postgres_server.url(name))).dispose()
    return name


@pytest.fixture
def on_file(tmp_path: Path, migrated_file: Path) -> Reads:
    """Reads archives into a SQLite file, where the database does not matter."""
    file = tmp_path / "hani.db"
    shutil.copy(migrated_file, file)
    return Reads(database_url(str(file)))
