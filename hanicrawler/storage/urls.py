"""Which database a text names, and how to name it to a person."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import url2pathname

import sqlalchemy as sa

from hanicrawler.storage.errors import DatabaseError

DEFAULT_DATABASE: Final = "hanicrawler.db"
"""A SQLite file in the working folder."""

_POSTGRES: Final = frozenset({"postgres", "postgresql", "postgresql+psycopg"})
_SQLITE: Final = frozenset({"sqlite", "sqlite+pysqlite"})
SECRETS: Final = frozenset({"password", "sslpassword"})


def database_url(text: str | None) -> sa.URL:
    """Return the database *text* names.

    None and the empty text name DEFAULT_DATABASE; a text without ``://`` is the path of a
    SQLite file.  Raises DatabaseError for anything but a SQLite file or a PostgreSQL database,
    and where the driver for PostgreSQL is not installed.
    """
    stated = (text or "").strip() or DEFAULT_DATABASE
    if "://" not in stated:
        return _sqlite_file(stated, {})
    scheme = stated.partition("://")[0].lower()
    try:
        url = sa.make_url(stated)
    except (sa.exc.ArgumentError, ValueError):
        raise DatabaseError(
            f"{_masked(stated)}: not a database URL: write sqlite:///file.db"
            " or postgresql://user@host/name"
        ) from None
    if scheme in _SQLITE:
        return _sqlite_file(url.database or "", dict(url.query))
    if scheme not in _POSTGRES:
        raise DatabaseError(
            f"{_masked(stated)}: {scheme} is no database for hanicrawler:"
            " name a SQLite file or postgresql://user@host/name"
        )
    if importlib.util.find_spec("psycopg") is None:
        raise DatabaseError(
            f"{_masked(stated)}: the driver for PostgreSQL is not installed:"
            " pip install 'hanicrawler[postgres]'"
        )
    return url.set(drivername="postgresql+psycopg")


def describe(url: sa.URL) -> str:
    """Return *url* for a person: a SQLite file's path, or a URL with its passwords masked."""
    if url.get_backend_name() == "sqlite":
        file = url.database or ""
        return url2pathname(urlsplit(file).path) if file.startswith("file:") else file
    query = {key: "***" if key in SECRETS else value for key, value in url.query.items()}
    plain = url.set(drivername="postgresql", query=query)
    return plain.render_as_string(hide_password=True)


def database_file(url: sa.URL) -> str | None:
    """Return the path of the SQLite file *url* names; None for any other database."""
    return describe(url) or None if url.get_backend_name() == "sqlite" else None


def without_passwords(url: sa.URL) -> tuple[str, str | None]:
    """Return *url* as HANICRAWLER_DATABASE takes it in any folder, and what was left out of it.

    A SQLite file is named by its whole path.  What was left out is a line for ``~/.pgpass``
    with the word PASSWORD in place of the password, None where there was none.
    """
    if url.get_backend_name() == "sqlite":
        file = str(Path(url.database or "").absolute())
        return (url.set(database=file).render_as_string() if url.query else file), None
    query = {key: value for key, value in url.query.items() if key not in SECRETS}
    plain = sa.URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, query
    ).render_as_string()
    if url.password is None and len(query) == len(url.query):
        return plain, None
    fields = (url.host or "localhost", url.port or "*", url.database or "*", url.username or "*")
    escaped = [re.sub(r"([:\\])", r"\\\1", str(field)) for field in fields]
    return plain, ":".join([*escaped, "PASSWORD"])


def _sqlite_file(path: str, query: dict[str, str | tuple[str, ...]]) -> sa.URL:
    if path in ("", ":memory:") or path.startswith("file:") or "uri" in query:
        raise DatabaseError(
            f"{path or 'sqlite://'}: a crawl needs a file, one in memory ends with the process:"
            " name a file such as data/hani.db"
        )
    try:
        file = Path(path).expanduser()
    except RuntimeError:
        raise DatabaseError(f"{path}: no such home folder: write the whole path") from None
    return sa.URL.create("sqlite", database=str(file), query=query)


def _masked(text: str) -> str:
    """Return *text*, perhaps a broken URL, in one line and without what may be a password."""
    one_line = " ".join(text.split())
    return re.sub(r"(?i)((?:ssl)?password=)[^&]*", r"\1***", re.sub(r"//.*@", "//***@", one_line))
