"""How the suite is run, and its databases: a PostgreSQL of its own, and fresh, empty ones."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from random import SystemRandom
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

from hanicrawler.storage import database_url
from tests import postgres
from tests.crawled import copy, crawl_twice

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import PostgresServer

# How long an example takes says how busy the machine is.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
# Hundreds of processes are started, and each would compile the package anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Who is started in the background is deaf to Ctrl-C, and so is whatever he starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Share the whole suite out between processes; what was named runs in this one."""
    if config.args_source != config.ArgsSource.TESTPATHS:
        return 0
    # Each has a stretch of neighbours, which share their fixtures; who is done takes from others.
    config.option.dist = "worksteal"
    # What stands in a set has one order in all of them, another in the next run.
    os.environ.setdefault("PYTHONHASHSEED", str(SystemRandom().getrandbits(32)))
    # One more than can compute: crawls wait for their site, and cron for its minute.
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what asks a real server, which has to be started first."""
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "postgresql" in parameters or "postgres_server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


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
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return crawl_twice(tmp_path_factory.mktemp("crawled"))
    # The first of the processes that share the suite makes it for all of them.
    folder = tmp_path_factory.getbasetemp().parent / "crawled"
    with FileLock(folder.with_suffix(".lock")):
        if not folder.exists():
            made = crawl_twice(tmp_path_factory.mktemp("crawled"))
            made.parent.rename(folder)
    return folder / "hanicrawler.db"


@pytest.fixture(scope="session")
def crawled_on_server(postgres_server: PostgresServer, crawled_file: Path) -> str:
    """The URL of a PostgreSQL database with the same rows; only to be read."""
    url = postgres_server.url(postgres_server.create())
    copy(crawled_file, database_url(url))
    return url
