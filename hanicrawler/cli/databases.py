"""Which database a command is about, and its errors in one line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import click

from hanicrawler.archives import archive_folder
from hanicrawler.cli.screen import plain
from hanicrawler.storage import DatabaseError, database_file, database_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import Any

    import sqlalchemy as sa

    from hanicrawler.ask import Archive

    Command = TypeVar("Command", bound=Callable[..., Any])


class WrongUse(click.ClickException):
    """Raised for what the user has to write otherwise; shown in one line."""

    exit_code = 2


def database_option(command: Command) -> Command:
    """Give *command* the option ``--database``, which the environment may set."""
    return click.option(
        "--database",
        envvar="HANICRAWLER_DATABASE",
        metavar="URL",
        help="Database URL or SQLite file; HANICRAWLER_DATABASE, or hanicrawler.db here.",
    )(command)


def url_of(text: str | None) -> sa.URL:
    """Return the database *text* names; ends the command where it names none."""
    try:
        return database_url(text)
    except DatabaseError as error:
        raise WrongUse(str(error)) from error


def archive_of(url: sa.URL) -> Path | None:
    """Return the folder of the archive that belongs to the database *url*.

    The default one where HANICRAWLER_ARCHIVE is empty: nothing new is kept then, and what was
    kept before is still there.
    """
    return archive_folder(os.environ.get("HANICRAWLER_ARCHIVE") or None, database_file(url))


@contextmanager
def asked_archive(database: str | None) -> Iterator[Archive]:
    """Give the archive in *database* for a command that asks it.

    Ends the command in one line: with status 1 where the database cannot be used, or an article
    or an author is not in it, with status 2 where what was given names no database or no article,
    or no place in a list.
    """
    from hanicrawler.ask import (
        AmbiguousAuthor,
        BadName,
        BadPlace,
        BadSearch,
        UnknownArticle,
        UnknownAuthor,
        UnknownVersion,
        open_archive,
    )

    url_of(database)
    try:
        with errors_in_one_line(), open_archive(database) as archive:
            yield archive
    except (UnknownArticle, UnknownVersion, UnknownAuthor, AmbiguousAuthor) as error:
        # It may name authors, in words of the site.
        raise click.ClickException(plain(str(error))) from error
    except (BadName, BadPlace, BadSearch) as error:
        raise WrongUse(plain(str(error))) from error


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """End the command with status 1 and one line where the database cannot be used."""
    try:
        yield
    except DatabaseError as error:
        raise click.ClickException(str(error)) from error
