"""How another program opens the database for reading: SQLite's and PostgreSQL's own shells."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from hanicrawler.storage.engine import reading
from hanicrawler.storage.migrate import open_read_only
from hanicrawler.storage.onlookers import unchanged
from hanicrawler.storage.urls import SECRETS

if TYPE_CHECKING:
    import sqlalchemy as sa

_READ_ONLY: Final = "-c default_transaction_read_only=on"


def readable_name(url: sa.URL) -> str:
    """Return the name under which ``sqlite3`` or ``psql`` opens *url* and cannot change it.

    SQLite: a URI with ``mode=ro``.  PostgreSQL: a connection string in libpq's words, without
    the password (see :func:`password_of`).  Raises DatabaseError as a reader's opening does.
    """
    engine = open_read_only(url)
    try:
        if url.get_backend_name() != "sqlite":
            return _connection_string(url)
        file = Path(url.database or "").absolute().as_uri()
        with reading(engine) as connection:
            # Who may not take part in the locking reads the file as one that does not change.
            alone = "&immutable=1" if unchanged(connection) else ""
        return f"{file}?mode=ro{alone}"
    finally:
        engine.dispose()


def password_of(url: sa.URL) -> str | None:
    """Return the password that *url* has in it, None where it has none."""
    password = url.password or url.query.get("password")
    return password if isinstance(password, str) else None


def _connection_string(url: sa.URL) -> str:
    settings: dict[str, str] = {}
    for name, stated in (("host", url.host), ("port", url.port), ("user", url.username)):
        if stated is not None:
            settings[name] = str(stated)
    settings["dbname"] = url.database or ""
    for name, value in url.query.items():
        if name not in SECRETS:
            settings[name] = value if isinstance(value, str) else ",".join(map(str, value))
    settings["options"] = f"{settings.get('options', '')} {_READ_ONLY}".strip()
    return " ".join(f"{name}={_quoted(value)}" for name, value in settings.items())


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
