"""Options that several commands have, and their mistakes in one line."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.cli.databases import WrongUse

if TYPE_CHECKING:
    from collections.abc import Iterable

GIVEN: Final = "hanicrawler.given"
"""Where the words a command was given are kept, in the ``meta`` of its context."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DURATION: Final = re.compile(r"(?:\d{1,9}[smhdw])+|\d{1,9}", re.ASCII)
_PART: Final = re.compile(r"(\d+)([smhdw]?)", re.ASCII)
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class OneLineCommand(click.Command):
    """A command whose wrong use is one line and status 2, without the usage before it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # For a list that says how to go on: by the same command.
        ctx.meta[GIVEN] = tuple(args)
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise WrongUse(" ".join(error.format_message().split())) from error


def duration(ctx: click.Context, param: click.Parameter, value: str) -> timedelta:
    """Read a duration such as ``2h``, ``90m``, ``1d`` or ``1h30m``; a bare number is seconds."""
    text = value.strip().lower()
    try:
        if not _DURATION.fullmatch(text):
            raise ValueError
        return timedelta(seconds=sum(int(n) * _SECONDS[unit] for n, unit in _PART.findall(text)))
    except (ValueError, OverflowError):
        words = f"{value!r} is no duration: write 90m, 2h or 1d"
        raise click.BadParameter(words, ctx, param) from None


def day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read a day of the Korean calendar, ``2024-06-30``."""
    if value is None:
        return None
    try:
        if not _DAY.fullmatch(value.strip()):
            raise ValueError
        read = date.fromisoformat(value.strip())
        # Its midnight in Seoul and the next one must be moments of the calendar too.
        for days in (-1, 2):
            read + timedelta(days=days)
    except (ValueError, OverflowError):
        words = f"{value!r} is no day: write YYYY-MM-DD, 2024-06-30"
        raise click.BadParameter(words, ctx, param) from None
    return read


def only_one(chosen: Iterable[tuple[str, object]]) -> None:
    """Raise WrongUse where more than one of some options that exclude each other is given."""
    given = [name for name, value in chosen if value]
    if len(given) > 1:
        raise WrongUse(f"{given[0]} and {given[1]} do not go together")
