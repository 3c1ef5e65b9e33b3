"""Which database a text names."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from hanicrawler.storage import DatabaseError, database_url, describe, without_passwords


@pytest.mark.parametrize(
    ("text", "file"),
    [
        (None, "hanicrawler.db"),
        ("", "hanicrawler.db"),
        ("  ", "hanicrawler.db"),
        ("data/hani.db", "data/hani.db"),
        ("/srv/hani.db", "/srv/hani.db"),
        ("sqlite:///data/hani.db", "data/hani.db"),
        ("sqlite:////srv/hani.db", "/srv/hani.db"),
        ("~/hani.db", str(Path.home() / "hani.db")),
        ("100% sure?.db", "100% sure?.db"),
    ],
)
def test_a_path_is_a_sqlite_file(text: str | None, file: str) -> None:
    url = database_url(text)

    assert (url.drivername, url.database) == ("sqlite", file)
    assert describe(url) == file


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_name_of_postgresql_means_psycopg_3(scheme: str) -> None:
    url = database_url(f"{scheme}://hani:geheim@db.example:5433/news?sslpassword=geheim")

    assert url.drivername == "postgresql+psycopg"
    assert url.password == "geheim"
    shown = describe(url)
    assert shown.startswith("postgresql://hani:***@db.example:5433/news?")
    assert "geheim" not in shown


@pytest.mark.parametrize(
    "text",
    [
        "sqlite://",
        "sqlite:///:memory:",
        ":memory:",
        "file:hani.db?mode=rw",
        "sqlite:///file:hani.db?uri=true",
        "mysql://hani:geheim@db.example/news",
        "postgresql+asyncpg://hani:geheim@db.example/news",
        "sqlite+aiosqlite:///hani.db",
        "postgresql://hani:geheim@db.example:port/news",
        "://geheim@",
        "mongodb://db.example/?password=geheim\nand more",
    ],
)
def test_anything_else_is_refused_in_one_line_without_the_password(text: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        database_url(text)

    message = str(caught.value)
    assert "\n" not in message
    assert "geheim" not in message
    assert ":" in message


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(DatabaseError, match=r"pip install 'hanicrawler\[postgres\]'"):
        database_url("postgresql://db.example/news")


@pytest.mark.parametrize(
    ("text", "plain", "pgpass"),
    [
        ("postgres:///news", "postgresql:///news", None),
        (
            "postgresql://hani:geh%3Aeim@db:5433/news?sslmode=require",
            "postgresql://hani@db:5433/news?sslmode=require",
            "db:5433:news:hani:PASSWORD",
        ),
        ("postgresql://hani:x@/news", "postgresql://hani@/news", "localhost:*:news:hani:PASSWORD"),
        ("postgresql://db/news?password=x", "postgresql://db/news", "db:*:news:*:PASSWORD"),
        ("postgresql://a%3Ab:x@db/n", "postgresql://a%3Ab@db/n", "db:*:n:a\\:b:PASSWORD"),
        ("/srv/hani.db", "/srv/hani.db", None),
        ("hani.db", str(Path("hani.db").absolute()), None),
        ("sqlite:////srv/hani.db?timeout=60", "sqlite:////srv/hani.db?timeout=60", None),
    ],
)
def test_a_url_is_given_without_its_password_and_a_place_for_it(
    text: str, plain: str, pgpass: str | None
) -> None:
    assert without_passwords(database_url(text)) == (plain, pgpass)
    assert without_passwords(database_url(plain)) == (plain, None)
