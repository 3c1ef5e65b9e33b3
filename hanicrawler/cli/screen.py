"""What commands share that print for a person or for a program.

Stored text was written by others: for a person it is shown as text, never as markup or as
orders to the terminal.  For a program it is JSON or CSV, complete and untouched.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from contextlib import contextmanager
from datetime import date, datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.normalize.dates import KST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console
    from rich.text import Text

_REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"
UNSEEN: Final = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
"""Characters that JSON leaves as they are and that a terminal may obey or hide."""


def console() -> Console:
    """Return where to print for a person: as wide as the terminal, plain where it is none."""
    # Imported late: the help does not need it.
    from rich.console import Console

    class Quiet(Console):
        """Leaves it to the command how it ends when nobody reads on."""

        def on_broken_pipe(self) -> None:
            raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    if isinstance(sys.stdout, TextIOWrapper):
        # A curly quote that the terminal's charset lacks is no reason to fail.
        sys.stdout.reconfigure(errors="replace")
    return Quiet(markup=False, highlight=False, emoji=False)


def indented(out: Console, words: str | Text, by: int = 2) -> None:
    """Print *words*, *by* columns from the left, in as many lines as they need.

    A Text is printed as it is: what others wrote has been made plain.
    """
    from rich.text import Text

    text = Text(plain(words)) if isinstance(words, str) else words
    for line in text.wrap(out, max(out.width - by, 20)):
        line.rstrip()
        out.print(Text(" " * by).append_text(line), soft_wrap=True)


def wrapped(out: Console, words: str, *, lead: str = "", style: str = "") -> None:
    """Print *words* as text in *style*, in as many lines as they need; their own lines stay.

    They stand in a column to the right of *lead*, which is ours.
    """
    from rich.text import Text

    room = max(out.width - len(lead), 20)
    for line in words.splitlines() or [""]:
        for part in Text(plain(line), style=style).wrap(out, room):
            part.rstrip()
            out.print(Text(lead).append_text(part), soft_wrap=True)
            lead = " " * len(lead)


@contextmanager
def paged(out: Console) -> Iterator[None]:
    """Show what is printed on *out* in a pager where it is longer than the terminal.

    The pager is ``$PAGER``, or less; elsewhere than on a terminal there is none.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        yield
        return
    with out.capture() as captured:
        yield
    text = captured.get()
    if text.count("\n") < out.height:
        click.echo(text, nl=False, color=True)
    else:
        click.echo_via_pager(text, color=True)


def plain(text: str) -> str:
    """Return *text* in one line, with nothing in it that a terminal would obey.

    What is neither printed nor a space becomes U+FFFD.
    """
    return "".join(
        each if each.isprintable() else " " if each.isspace() else _REPLACEMENT for each in text
    )


def print_json(value: object) -> None:
    """Print *value* as one JSON document in UTF-8, whatever the terminal's charset."""
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_plain_value)
    text = UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    click.echo(f"{text}\n".encode(), nl=False)


def iso(moment: datetime | None) -> str | None:
    """Return a moment (aware, UTC) as ISO 8601, to the second: ``2024-06-01T09:30:00Z``."""
    return None if moment is None else f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def kst(moment: datetime | None) -> str:
    """Return a moment (aware) as a Korean clock shows it, ``-`` for None."""
    return "-" if moment is None else f"{moment.astimezone(KST):%Y-%m-%d %H:%M}"


def ago(moment: datetime | None, now: datetime) -> str:
    """Return how long before *now* a moment was: ``12 minutes ago``; ``never`` for None."""
    if moment is None:
        return "never"
    seconds = (now - moment).total_seconds()
    return f"{span(seconds)} ago" if seconds >= 0 else f"in {span(-seconds)}"


def span(seconds: float) -> str:
    """Return a duration in one unit, as people say it: ``12 minutes``."""
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        # Two of a unit at least: 90 minutes say more than 2 hours.
        if seconds >= 2 * size:
            return many(round(seconds / size), unit)
    return many(round(seconds), "second")


def many(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _plain_value(value: object) -> object:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in JSON")
