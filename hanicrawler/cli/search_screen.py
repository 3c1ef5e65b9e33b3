"""What ``hanicrawler search`` prints for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hanicrawler.cli.listing import say_more
from hanicrawler.cli.screen import console, indented, kst, plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from hanicrawler.ask import Found, Hit, Mark


def show(ctx: click.Context, found: Found) -> None:
    """Print what was found, each article in a few lines, and how to go on."""
    out = console()
    if not found.hits:
        out.print(Text("Nothing found."))
        return
    for number, hit in enumerate(found.hits):
        if number:
            out.print()
        out.print(_headline(hit))
        indented(out, _line(hit))
        if hit.snippet:
            indented(out, _marked(hit.snippet, hit_style="bold yellow"))
    if found.ranked is not None:
        out.print()
        out.print(Text(f"Of more, the newest {found.ranked:,} were ranked.", style="dim"))
    say_more(out, ctx, found.next)


def _headline(hit: Hit) -> Text:
    text = Text(f"{hit.id}  ", style="dim")
    text.append_text(_marked(hit.headline_marks, style="bold", hit_style="bold yellow"))
    return text


def _line(hit: Hit) -> Text:
    named = [hit.section_name or hit.section, hit.label, hit.authors]
    facts = [f"{kst(hit.published_at)} KST", *[plain(each) for each in named if each]]
    if hit.edition != "en":
        facts.insert(1, hit.edition)
    return Text("  ".join(facts), style="dim")


def _marked(marks: Iterable[Mark], *, hit_style: str, style: str = "") -> Text:
    text = Text()
    for mark in marks:
        text.append(plain(mark.text), style=hit_style if mark.hit else style)
    return text
