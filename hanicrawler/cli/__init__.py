"""The hanicrawler command: what is asked of the database, and what shows the crawler at work.

Each command is a module of its own and imported when it is called for, so that
``hanicrawler --help`` does not wait for libraries it does not need.
"""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Any, Final

import click
from click.shell_completion import CompletionItem, add_completion_class

from hanicrawler import __version__
from hanicrawler.cli.completing import Bash
from hanicrawler.cli.endings import quiet_endings

COMMANDS: Final = {
    "authors": "Who signs articles; or one author: what, where, as what, with whom.",
    "completion": "Print what bash, zsh or fish needs to complete commands and names.",
    "coverage": "What is missing, by day and section, and how to close it.",
    "db": "The database's tables: where, which version, bring up to date.",
    "demo": "Crawl an invented newspaper on this machine and show what was stored.",
    "edits": "What the newspaper changed after publication, silent edits first.",
    "export": "Articles as CSV, JSON Lines or Parquet, or a snapshot of the database.",
    "fixture": "Make a test case for the parser out of an archived page.",
    "history": "The versions of an article, and what changed, word by word.",
    "import": "Store the site's pages that other people's archives keep.",
    "problems": "What could not be used, why, and trying it again.",
    "related": "The stories around an article: a tree, or a graph for other programs.",
    "reparse": "Read the archived pages again, by today's parser.",
    "serve": "Open the archive as pages to read in a browser, on this machine only.",
    "search": "Articles by their words.",
    "show": "An article, to be read.",
    "question": "The questions of docs/querying.md: list them, answer one.",
    "status": "How the crawler is doing; --check for monitors.",
    "schedule": "Print what cron or systemd needs to run the crawl of this installation.",
    "translations": "English articles beside their Korean originals.",
    "trends": "What is viewed most and how it moved; articles by day and section.",
}
"""Name of each command, which is its module's too, and its line in the help.

A name that Python keeps for itself has an underscore behind it there.
"""


add_completion_class(Bash)


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called for, and end quietly."""

    def make_context(self, *args: Any, **extra: Any) -> click.Context:
        with quiet_endings():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with quiet_endings():
            return super().invoke(ctx)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[Any]]:
        # The group's own way imports every command to learn what it is about.
        names = [name for name in self.list_commands(ctx) if name.startswith(incomplete)]
        found = [CompletionItem(name, help=COMMANDS[name]) for name in names]
        return found + click.Command.shell_complete(self, ctx, incomplete)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"hanicrawler.cli.{module}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hanicrawler")
def main() -> None:
    """Read the record of The Hankyoreh that `scrapy crawl hani` keeps."""
