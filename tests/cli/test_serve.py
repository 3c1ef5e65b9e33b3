"""``hanicrawler serve``: an address on this machine, until Ctrl-C."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import webbrowser
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.storage import Writer, database_url, open_database
from hanicrawler.web import server
from tests.cli.conftest import Record, Run
from tests.storage.conftest import make
from tests.web.serving import served

EXTRA = "Error: the pages need more packages: pip install 'hanicrawler[web]'\n"


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Lets the server end as soon as it could answer; collects what the browser is to open."""
    opened: list[str] = []
    monkeypatch.setattr(server, "serve", lambda _app, _listening, ready: ready())
    monkeypatch.setattr(webbrowser, "open", opened.append)
    return opened


def test_without_the_extra_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanicrawler.cli.serve.find_spec", lambda _name: None)

    ran = run("serve")

    assert (ran.status, ran.out, ran.err) == (1, "", EXTRA)


def test_the_address_is_printed_and_opened_where_one_asks_for_it(
    run: Run, at_once: list[str]
) -> None:
    quiet = run("serve", "--port", "0")
    shown = run("serve", "--port", "0", "--open")

    assert quiet.status == shown.status == 0
    assert quiet.out.startswith("http://127.0.0.1:")
    assert at_once == [shown.out.strip()]


def test_without_a_port_the_next_free_one_is_taken(
    run: Run, at_once: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(server.listen(0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(server, "FIRST_PORT", port)

        ran = run("serve")

    assert ran.status == 0
    assert port < int(ran.out.strip().strip("/").rpartition(":")[2]) < port + server.PORTS


def test_a_port_that_is_taken_is_said_in_one_line(run: Run, at_once: list[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]

        ran = run("serve", "--port", str(port))

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == (
        f"Error: port {port} is taken: name another, or --port 0 for any that is free\n"
    )


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_what_is_no_port_is_wrong_use(run: Run, port: str) -> None:
    ran = run("serve", "--port", port)

    assert (ran.status, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("kind", ["missing", "empty", "older", "newer", "nonsense"])
def test_a_database_that_cannot_be_shown_is_said_in_one_line(
    run: Run, file: Path, tmp_path: Path, kind: str, at_once: list[str]
) -> None:
    other = tmp_path / "other.db"
    if kind == "empty":
        other.touch()
    elif kind == "nonsense":
        other.write_text("this is no database, and long enough to be looked at" * 100)
    elif kind != "missing":
        shutil.copy(file, other)
        engine = sa.create_engine(f"sqlite:///{other}")
        with engine.begin() as connection:
            number = {"older": "0001", "newer": "9999"}[kind]
            connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{number}'"))
        engine.dispose()

    ran = run("serve", "--port", "0", "--database", str(other))

    assert (ran.status, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1
    assert str(other) in ran.err


@pytest.mark.slow
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_it_ends_in_order_and_leaves_nothing(file: Path, tmp_path: Path, by: Any) -> None:
    with served(str(file), temporary=tmp_path / "none") as site:
        assert "The Hankyoreh, archived" in site.text()

        status, out, err = site.end(by)

    assert (status, out, err) == (0, "", "Ctrl-C ends it.\n")
    assert not (tmp_path / "none").exists()


@pytest.mark.slow
def test_what_a_crawl_stores_meanwhile_appears(record: Record, file: Path) -> None:
    with served(str(file)) as site:
        assert "No article is stored yet." in site.text()
        record.writer.write([make(1)])

        assert "Talks resume, part 1" in site.text()
        assert "Talks resume, part 1" in site.text("/hanicrawler/articles.json")
        record.writer.write([make(2)])  # nobody who reads holds a writer up
        assert "Talks resume, part 2" in site.text("/article/2")
        assert site.end()[0] == 0


@pytest.mark.slow
def test_from_postgresql_a_copy_is_shown_and_taken_away_at_the_end(
    postgres_server: Any, tmp_path: Path
) -> None:
    name = postgres_server.create()
    url = postgres_server.url(name)
    engine = open_database(database_url(url))
    Writer(engine, None).write([make(1)])
    engine.dispose()
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    try:
        with served(url, temporary=temporary) as site:
            assert "Talks resume, part 1" in site.text("/article/1")
            assert json.loads(site.text("/hanicrawler/articles.json"))["rows"][0][1] == "en"
            assert len(list(temporary.iterdir())) == 1

            assert site.end()[0] == 0

        assert list(temporary.iterdir()) == []
    finally:
        postgres_server.drop(name)
