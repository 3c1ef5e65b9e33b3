"""The versions of an article on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from hanicrawler.ask.versions import TEXTS
from hanicrawler.cli.diff_screen import print_change
from hanicrawler.cli.screen import console, kst, many, paged, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from hanicrawler.ask import FullArticle, Version

WIDTH: Final = 80


def show(article: FullArticle, versions: Sequence[Version]) -> None:
    """Print the *versions* of *article*, the oldest first, each with what changed in it."""
    out = console()
    out.width = min(out.width, WIDTH)
    with paged(out):
        wrapped(out, article.headline, style="bold")
        wrapped(out, article.url, style="cyan")
        for version in versions:
            out.print()
            _version(out, version)
        if len(versions) == 1:
            out.print()
            seen = f"{kst(article.last_seen_at)} KST"
            wrapped(out, f"It was not changed until it was last seen, {seen}.")


def _version(out: Console, version: Version) -> None:
    mark = "  silent edit" if version.silent else ""
    stated = f", changed {kst(version.modified_at)} KST" if version.modified_at else ""
    line = Text(f"Version {version.number}", style="bold")
    line.append(f"  seen {kst(version.seen_at)} KST{stated}", style="not bold")
    line.append(mark, style="yellow")
    out.print(line, soft_wrap=True)
    if version.number == 1:
        paragraphs = version.body.count("\n\n") + 1
        words = f"{many(len(version.body.split()), 'word')} in {many(paragraphs, 'paragraph')}"
        wrapped(out, words, lead="  ", style="dim")
    for name in TEXTS:
        if pieces := version.changes.get(name):
            out.print(Text(f"  {name}", style="dim"))
            print_change(out, pieces)
