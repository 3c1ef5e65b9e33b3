"""Lists by the page: their options, and the command that prints the next page."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from hanicrawler.cli.options import GIVEN
from hanicrawler.cli.screen import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console
    from rich.table import Table

    Command = TypeVar("Command", bound=Callable[..., Any])

SHOWN: Final = 20
"""Rows of a page where nobody says how many."""
MOST: Final = 1000


def page_options(command: Command) -> Command:
    """Give *command* the options ``--limit`` and ``--after``."""
    after = click.option(
        "--after", metavar="PLACE", help="Go on behind the last page: what it ended with."
    )
    return limit_option(after(command))


def limit_option(command: Command) -> Command:
    """Give *command* the option ``--limit``."""
    return click.option(
        "--limit",
        type=click.IntRange(1, MOST),
        default=SHOWN,
        metavar="N",
        help=f"How many at most; {SHOWN}.",
    )(command)


def again(ctx: click.Context, after: str) -> str:
    """Return the command of *ctx*, as it was given, for the page that begins at *after*."""
    given: list[str] = list(ctx.meta.get(GIVEN, ()))
    kept: list[str] = []
    while given:
        word = given.pop(0)
        if word == "--after":
            given = given[1:]
        elif not word.startswith("--after="):
            kept.append(word)
    # An option behind "--" would be a name.
    kept = ["--after", after, *kept]
    return shlex.join(["hanicrawler", *ctx.command_path.split()[1:], *kept])


def say_more(out: Console, ctx: click.Context, following: str | None) -> None:
    """Print the command for the next page, where there is one."""
    from rich.text import Text

    if following is not None:
        out.print()
        out.print(Text("More:"))
        out.print(Text(f"    {plain(again(ctx, following))}", style="cyan"), soft_wrap=True)


def bare_table(*, header: bool = True) -> Table:
    """Return a table without lines, as all of ours are."""
    from rich.table import Table

    return Table(
        box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim", show_header=header
    )
