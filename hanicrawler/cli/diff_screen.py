"""A change of a text, word by word: in colour, or in marks where there is none."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.text import Text

from hanicrawler.ask import Piece
from hanicrawler.cli.screen import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

STYLES: Final = {"same": "", "removed": "red strike", "added": "green underline"}
MARKS: Final = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
"""Those of ``git diff --word-diff`` and of wdiff, for a pipe and for a terminal without colour."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Paragraphs that are as they were, and not shown."""

    number: int


def in_paragraphs(pieces: Iterable[Piece]) -> Iterator[list[Piece] | Skipped]:
    """Give the paragraphs in which something changed, and how many stand between them."""
    paragraphs: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n\n")
        paragraphs[-1].append(Piece(piece.kind, first))
        for each in others:
            paragraphs.append([Piece(piece.kind, each)])
    filled = ([piece for piece in each if piece.text] for each in paragraphs)
    for same, run in groupby(filter(None, filled), _is_same):
        found = list(run)
        if same:
            yield Skipped(len(found))
        else:
            yield from found


def _is_same(paragraph: Iterable[Piece]) -> bool:
    return all(piece.kind == "same" for piece in paragraph)


def changed_words(out: Console, pieces: Iterable[Piece]) -> Text:
    """Return *pieces* as one text for *out*."""
    coloured = out.is_terminal and not out.no_color
    text = Text()
    for piece in pieces:
        before, after = ("", "") if coloured else MARKS[piece.kind]
        style = STYLES[piece.kind]
        if coloured and style and piece.text.isspace():
            style += " reverse"  # a space that came or went is seen
        text.append(f"{before}{plain(piece.text)}{after}", style)
    return text


def print_change(out: Console, pieces: Iterable[Piece], by: int = 4) -> None:
    """Print what changed in *pieces* on *out*, *by* columns from the left."""
    for part in in_paragraphs(pieces):
        if isinstance(part, Skipped):
            words = "1 paragraph" if part.number == 1 else f"{part.number} paragraphs"
            out.print(Text(f"{' ' * by}... {words} as before", style="dim"))
            continue
        for line in changed_words(out, part).wrap(out, max(out.width - by, 20)):
            line.rstrip()
            out.print(Text(" " * by).append_text(line), soft_wrap=True)
