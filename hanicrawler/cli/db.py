"""``hanicrawler db``: the database's tables."""

from __future__ import annotations

import click

from hanicrawler.cli.databases import database_option, errors_in_one_line, url_of
from hanicrawler.cli.shell import shell
from hanicrawler.storage import current, describe, head, upgrade


@click.group("db")
def command() -> None:
    """The database's tables: where, which version, bring up to date.

    `scrapy crawl hani` makes and upgrades its database by itself.
    """


@command.command("path")
@database_option
def path(database: str | None) -> None:
    """Print which database is used."""
    click.echo(describe(url_of(database)))


@command.command("current")
@database_option
def current_version(database: str | None) -> None:
    """Print the version of the database's tables, and whether it is the newest."""
    url = url_of(database)
    with errors_in_one_line():
        version = current(url)
    if version is None:
        click.echo("none: no tables yet")
    else:
        click.echo(f"{version}{'' if version != head() else ' (newest)'}")


@command.command("upgrade")
@database_option
def upgrade_tables(database: str | None) -> None:
    """Make the tables, or bring them up to date; what is stored stays."""
    url = url_of(database)
    with errors_in_one_line():
        upgrade(url)
        click.echo(f"{describe(url)}: {current(url)} (newest)")


command.add_command(shell)
