"""What of this shell and this installation a scheduler has to be told.

cron and systemd start a command with an empty environment, in another folder, as another
shell: whatever made ``scrapy crawl hani`` work when it was typed has to be said again.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from hanicrawler.cli.databases import WrongUse
from hanicrawler.storage import without_passwords

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import sqlalchemy as sa

DATABASE: Final = "HANICRAWLER_DATABASE"
SETTINGS_MODULE: Final = "SCRAPY_SETTINGS_MODULE"
PATHS: Final = frozenset(
    {"HANICRAWLER_ARCHIVE", "HANICRAWLER_METRICS", "PGPASSFILE", "PGSERVICEFILE"}
)
"""Variables that name a file or a folder, and mean another one in another folder."""
PROXIES: Final = frozenset({"http_proxy", "https_proxy", "no_proxy"})
LIBPQ: Final = frozenset(
    "PGAPPNAME PGCHANNELBINDING PGCONNECT_TIMEOUT PGDATABASE PGGSSENCMODE PGHOST PGHOSTADDR"
    " PGKRBSRVNAME PGOPTIONS PGPASSFILE PGPASSWORD PGPORT PGREQUIREAUTH PGSERVICE PGSERVICEFILE"
    " PGSSLCERT PGSSLKEY PGSSLMODE PGSSLNEGOTIATION PGSSLROOTCERT PGTARGETSESSIONATTRS"
    " PGUSER".split()
)
"""What PostgreSQL's library reads where the URL does not say."""
SECRETS: Final = frozenset({"PGPASSWORD"})


@dataclass(frozen=True, kw_only=True)
class Installation:
    """Where a crawl runs, and as what."""

    name: str
    """Of log, lock and units: the database file's name without its ending."""
    folder: Path
    """The working folder: a SQLite file's, for PostgreSQL the one of this shell."""
    program: tuple[str, ...]
    """``scrapy`` of this environment by its whole path, or Python and how to find it."""
    variables: Mapping[str, str]
    """The environment, passwords left out and files by their whole path."""
    file: Path | None
    """The SQLite file; None for PostgreSQL."""
    warnings: tuple[str, ...]
    """What the user has to do beside, a sentence each."""

    @property
    def database(self) -> str:
        """The database, without a password."""
        return self.variables[DATABASE]

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def written(self) -> list[Path]:
        """The folders a run writes to.  SQLite needs its file's folder, not only the file."""
        written = {self.folder}
        if metrics := self.variables.get("HANICRAWLER_METRICS"):
            written.add(Path(metrics).parent)
        if archive := self.variables.get("HANICRAWLER_ARCHIVE"):
            # The first run makes it, in a folder that is there.
            kept = Path(archive)
            written.add(kept if kept.is_dir() else kept.parent)
        return sorted(written)


def read_installation(url: sa.URL, environment: Mapping[str, str]) -> Installation:
    """Return what a scheduler has to be told to crawl into *url* as a shell here would.

    Raises WrongUse where a SQLite file's folder does not exist, and for what fits in no line.
    """
    file = Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None
    folder = file.parent if file else Path.cwd()
    try:
        found = folder.is_dir()
    except OSError as error:
        raise WrongUse(f"{folder}: {error.strerror}") from error
    if not found:
        raise WrongUse(f"{file}: no folder {folder}: make it with mkdir -p")
    kept, secret = _variables(environment, postgres=file is None)
    database, line = without_passwords(url)
    variables = {
        SETTINGS_MODULE: "hanicrawler.settings",
        **{name: value for name, value in kept.items() if name not in secret},
        DATABASE: database,
    }
    program = _program()
    for text in (str(folder), *program, *variables, *variables.values()):
        _check_text(text)
    return Installation(
        name=file.stem if file else "hanicrawler",
        folder=folder,
        program=program,
        variables=variables,
        file=file,
        warnings=tuple(_password_warnings(line, secret)),
    )


def unwritable(installation: Installation) -> list[str]:
    """Return a sentence for each file that this user could not write."""
    files = [installation.log, *([installation.file] if installation.file else [])]
    return [
        f"{path} cannot be written by this user; the one who runs the crawl must be able to."
        for path in [*installation.written, *(file for file in files if file.exists())]
        if not os.access(path, os.W_OK)
    ]


def _program() -> tuple[str, ...]:
    # Not resolved: an environment's Python is a link, and its folder is what matters.
    script = Path(sys.executable).parent / "scrapy"
    if os.access(script, os.X_OK):
        return (str(script),)
    return (sys.executable, "-m", "scrapy")


def _variables(
    environment: Mapping[str, str], *, postgres: bool
) -> tuple[dict[str, str], frozenset[str]]:
    """Return what to carry over, and the names of what holds a password."""
    kept = {}
    for name, value in sorted(environment.items()):
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or name == DATABASE:
            continue
        if not _matters(name, postgres=postgres):
            continue
        kept[name] = _whole(name, value)
    secret = {name for name in kept if name in SECRETS or _has_password(kept[name])}
    return kept, frozenset(secret)


def _matters(name: str, *, postgres: bool) -> bool:
    return (
        name.startswith("HANICRAWLER_")
        or name in (SETTINGS_MODULE, "PYTHONPATH")
        or name.lower() in PROXIES
        or (postgres and name in LIBPQ)
    )


def _whole(name: str, value: str) -> str:
    if name == "PYTHONPATH":
        return os.pathsep.join(str(Path(part).absolute()) for part in value.split(os.pathsep))
    return str(Path(value).absolute()) if name in PATHS and value else value


def _has_password(value: str) -> bool:
    try:
        return "://" in value and bool(urlsplit(value).password)
    except ValueError:
        return False


def _check_text(text: str) -> None:
    """Refuse what neither a crontab nor a unit can hold in one line."""
    if re.search("[\x00-\x1f\x7f\ud800-\udfff]", text):
        raise WrongUse(f"{text!r} has a character that no crontab or unit can hold in a line")


def _password_warnings(pgpass: str | None, secret: frozenset[str]) -> Iterator[str]:
    names = sorted(secret - SECRETS)
    if pgpass or secret & SECRETS:
        line = f" the line {pgpass}" if pgpass else " a line host:port:database:user:password"
        yield (
            "The database's password is left out: other users could read it in the list of"
            " processes and in units. Put it into ~/.pgpass of the user who runs the crawl:"
            f"{line} (chmod 600 ~/.pgpass)."
        )
    if names:
        yield (
            f"{', '.join(names)} is left out, because it holds a password: set it in a crontab"
            " line of its own above the job, or in a file of mode 600 that the service names as"
            " EnvironmentFile=."
        )
