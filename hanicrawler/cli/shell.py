"""``hanicrawler db shell``: SQL by hand, in the database's own shell, which cannot change it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.cli.databases import WrongUse, database_option, errors_in_one_line, url_of
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.storage.shells import password_of, readable_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

INSTALL: Final = {
    "sqlite3": "apt-get install sqlite3, or brew install sqlite",
    "psql": "apt-get install postgresql-client, or brew install libpq",
}


@click.command("shell", cls=OneLineCommand)
@database_option
@click.option("-c", "--command", "sql", metavar="SQL", help="Run this and end.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[-- ARGUMENT...]")
def shell(database: str | None, sql: str | None, arguments: tuple[str, ...]) -> None:
    """Open sqlite3 or psql on the database, for reading only.

    \b
    hanicrawler db shell
    hanicrawler db shell -c "SELECT count(*) FROM articles"
    hanicrawler db shell < question.sql > answer.csv
    hanicrawler db shell -- -json                    an option of sqlite3's own

    Tables with headings on a terminal, CSV with a heading where the output is piped. Ends with
    the shell's own status, which is not 0 where the SQL is wrong. docs/schema.md says what the
    tables hold.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    if sql is not None and not sql.strip():
        raise WrongUse("-c has no SQL")
    url = url_of(database)
    program = "sqlite3" if url.get_backend_name() == "sqlite" else "psql"
    with errors_in_one_line():
        name = readable_name(url)
    path = shutil.which(program)
    if path is None:
        raise click.ClickException(f"{program} is not installed: {INSTALL[program]}")
    made = _sqlite3 if program == "sqlite3" else _psql
    _become(path, [program, *made(name, sql, arguments)], _environment(url))


def _sqlite3(name: str, sql: str | None, arguments: Sequence[str]) -> list[str]:
    chosen = ["-readonly", "-header", "-cmd", ".timeout 30000"]
    if sys.stdout.isatty():
        chosen += ["-box"]
    else:
        # As psql writes it: SQLite's own way ends lines as DOS does.
        chosen += ["-csv", "-newline", "\n"]
    if sql is not None or not sys.stdin.isatty():
        chosen += ["-batch", "-bail", "-init", os.devnull]
    # What begins with a dash, such as a comment, would be taken for an option.
    return [*chosen, *arguments, name, *([] if sql is None else [f" {sql}"])]


def _psql(name: str, sql: str | None, arguments: Sequence[str]) -> list[str]:
    chosen = [] if sys.stdout.isatty() else ["--csv"]
    if sql is not None or not sys.stdin.isatty():
        chosen += ["--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    if sql is not None:
        chosen += [f"--command={sql}"]
    return [f"--dbname={name}", *chosen, *arguments]


def _environment(url: sa.URL) -> dict[str, str]:
    """Return the environment of the shell: a password stands in it, where nobody else reads it."""
    password = password_of(url)
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}


def _become(path: str, arguments: list[str], environment: dict[str, str]) -> None:
    """Run the program in this process's place: its signals and its status are its own."""
    sys.stdout.flush()
    # Python ignores it, and a program that it starts would, too.
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    os.execve(path, arguments, environment)  # noqa: S606 (no shell is what is wanted)
