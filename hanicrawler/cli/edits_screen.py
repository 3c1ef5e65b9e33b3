"""The edits of ``hanicrawler edits``, each with the words around what changed."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Final

from rich.text import Text

from hanicrawler.ask import Piece, changes
from hanicrawler.cli.closing import section_name
from hanicrawler.cli.diff_screen import Skipped, changed_words, in_paragraphs
from hanicrawler.cli.listing import say_more
from hanicrawler.cli.screen import console, kst, many, plain, span, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    import click
    from rich.console import Console

    from hanicrawler.ask import Change, Edit, Page

WIDTH: Final = 100
AROUND: Final = 6
"""Words shown before and after what changed."""
CHANGED: Final = 40
"""Words shown of what went or came in one piece."""
PASSAGES: Final = 3
"""Paragraphs shown of a field."""
CUT: Final = "…"

_WORD: Final = re.compile(r"\S+")


def show(ctx: click.Context, page: Page[Edit]) -> None:
    """Print edits, and how to go on."""
    out = console()
    out.width = min(out.width, WIDTH)
    if not page.rows:
        out.print(Text("No such edit was seen."))
        return
    for number, edit in enumerate(page.rows):
        if number:
            out.print()
        _edit(out, edit)
    say_more(out, ctx, page.next)


def short(pieces: Sequence[Piece]) -> list[Piece]:
    """Return *pieces* of a paragraph with what is far from any change cut out."""
    found: list[Piece] = []
    last = len(pieces) - 1
    for number, piece in enumerate(pieces):
        if piece.kind != "same":
            found.append(Piece(piece.kind, _middle_cut(piece.text, CHANGED // 2, CHANGED // 2)))
        else:
            head, tail = AROUND if number else 0, AROUND if number < last else 0
            found.append(Piece("same", _middle_cut(piece.text, head, tail)))
    return found


def _middle_cut(text: str, head: int, tail: int) -> str:
    """Return *text* with no more than its first *head* and its last *tail* words."""
    words = list(_WORD.finditer(text))
    if len(words) <= head + tail + 1:
        return text
    before = f"{text[: words[head - 1].end()]} " if head else ""
    after = f" {text[words[-tail].start() :]}" if tail else ""
    return f"{before}{CUT}{after}"


def _edit(out: Console, edit: Edit) -> None:
    section = section_name(edit.edition, edit.section or "-")
    line = Text(f"{kst(edit.seen_at)}  ", style="dim")
    line.append("silent" if edit.silent else "told", style="yellow" if edit.silent else "dim")
    line.append(f"  {plain(section)}  ", style="dim")
    out.print(line.append(f"article {edit.article_id}", style="dim"), soft_wrap=True)
    wrapped(out, edit.headline, style="bold")
    wrapped(out, _when(edit), lead="  ", style="dim")
    for change in edit.changes:
        _change(out, change, edit.article_id)


def _when(edit: Edit) -> str:
    """Say how long after publication the edit was seen, and what the site said."""
    late = edit.after
    if late is None:
        words = "Of an article without a date"
    elif late.total_seconds() < 0:
        words = "Seen before its date of publication"
    else:
        words = f"Seen {span(late.total_seconds())} after publication"
    told = f", changed {kst(edit.modified_at)} KST by the site" if edit.modified_at else ""
    return f"{words}{'' if edit.silent else told}: version {edit.number}."


def _change(out: Console, change: Change, article_id: int) -> None:
    out.print(Text(f"  {change.field}", style="dim"))
    found = changes(change.before or "", change.after or "")
    passages = [part for part in in_paragraphs(found) if not isinstance(part, Skipped)]
    for passage in islice(passages, PASSAGES):
        for line in changed_words(out, short(passage)).wrap(out, max(out.width - 4, 20)):
            line.rstrip()
            out.print(Text("    ").append_text(line), soft_wrap=True)
    if rest := len(passages) - PASSAGES if len(passages) > PASSAGES else 0:
        words = f"    and {many(rest, 'more paragraph')}: hanicrawler history {article_id}"
        out.print(Text(words, style="dim"))
