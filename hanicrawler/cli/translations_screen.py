"""The table of ``hanicrawler translations``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from hanicrawler.cli.listing import bare_table, say_more
from hanicrawler.cli.screen import console, kst, many, plain
from hanicrawler.cli.translations import fetching

if TYPE_CHECKING:
    from collections.abc import Mapping

    import click

    from hanicrawler.ask import Page, Translation

NOTHING: Final[Mapping[bool | None, str]] = {
    None: "No such English article names a Korean original.",
    True: "No such English article names an original that is not stored.",
    False: "No such English article has its Korean original stored.",
}


def show(ctx: click.Context, page: Page[Translation], *, missing: bool | None) -> None:
    """Print English articles, each with its original below it, and how to go on."""
    out = console()
    if not page.rows:
        out.print(Text(NOTHING[missing]))
        return
    table = bare_table()
    table.add_column("ID", justify="right", no_wrap=True)
    table.add_column("Posted (KST)", no_wrap=True)
    table.add_column("Headline", overflow="fold", ratio=1)
    for row in page.rows:
        table.add_row(str(row.id), kst(row.published_at), Text(plain(row.headline), style="bold"))
        table.add_row(*_original(row))
    out.print(table)
    say_more(out, ctx, page.next)
    if command := fetching(page.rows):
        number = sum(not row.is_stored for row in page.rows)
        out.print()
        out.print(Text(f"To fetch {many(number, 'original')} of these that are not stored:"))
        out.print(Text(f"    {plain(command)}", style="cyan"), soft_wrap=True)


def _original(row: Translation) -> tuple[Text, Text, Text]:
    if row.original_id is None:
        words = Text(f"not stored: ko:{row.original_source_id}", style="yellow")
        return Text("-", style="dim"), Text("-", style="dim"), words
    headline = Text(plain(row.original_headline or ""))
    if row.days is not None:
        headline.append(f"  {_days(row.days)}", style="dim")
    return Text(str(row.original_id)), Text(kst(row.original_published_at)), headline


def _days(days: int) -> str:
    if days == 0:
        return "(the same day)"
    return f"({many(abs(days), 'day')} {'before' if days > 0 else 'after'})"
