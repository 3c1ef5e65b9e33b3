"""Databases for tests: a PostgreSQL of their own, and fresh, empty databases on both kinds."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from hanicrawler.storage import database_url
from tests import postgres
from tests.crawled import copy, crawl_twice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import PostgresServer


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with postgres_of_its_own() as server:
        yield server


@contextmanager
def postgres_of_its_own(*, durable: bool = False) -> Iterator[PostgresServer]:
    """Give a running server; the test is skipped where there are no programs of PostgreSQL."""
    found = postgres.programs()
    if found is None:
        reason = "no programs of PostgreSQL here (apt-get install postgresql)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with postgres.serving(found, durable=durable) as server:
        yield server


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The URL of a SQLite file that does not exist yet."""
    return f"sqlite:///{tmp_path / 'hani.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, empty database: once a SQLite file, once a PostgreSQL database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = server.create()
    try:
        yield server.url(name)
    finally:
        server.drop(name)


@pytest.fixture(scope="session")
def crawled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with the invented newspaper as two crawls found it; only to be read."""
    return crawl_twice(tmp_path_factory.mktemp("crawled"))


@pytest.fixture(scope="session")
def crawled_on_server(postgres_server: PostgresServer, crawled_file: Path) -> str:
    """The URL of a PostgreSQL database with the same rows; only to be read."""
    url = postgres_server.url(postgres_server.create())
    copy(crawled_file, database_url(url))
    return url
