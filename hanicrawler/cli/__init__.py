"""The hanicrawler command: what is asked of the database, and what shows the crawler at work.

Each command is a module of its own and imported when it is called for, so that
``hanicrawler --help`` does not wait for libraries it does not need.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from hanicrawler import __version__

COMMANDS: Final = {
    "coverage": "What is missing, by day and section, and how to close it.",
    "db": "The database's tables: where, which version, bring up to date.",
    "demo": "Crawl an invented newspaper on this machine and show what was stored.",
    "problems": "What could not be used, why, and trying it again.",
    "question": "The questions of docs/querying.md: list them, answer one.",
    "status": "How the crawler is doing; --check for monitors.",
    "schedule": "Print what cron or systemd needs to run the crawl of this installation.",
}
"""Name of each command, which is its module's too, and its line in the help."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"hanicrawler.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hanicrawler")
def main() -> None:
    """Read the record of The Hankyoreh that `scrapy crawl hani` keeps."""
