"""What a shell offers when a name is half typed: sections, labels and authors of the database."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from click.shell_completion import BashComplete

if TYPE_CHECKING:
    from collections.abc import Callable

    import click
    from click.shell_completion import CompletionItem

    from hanicrawler.ask import Archive


class Bash(BashComplete):
    """Completes words with spaces in them, which click's own leaves to fall apart."""

    def format_completion(self, item: CompletionItem[Any]) -> str:
        if item.type == "plain":
            item.value = quoted_for_bash(str(item.value), _word_so_far())
        return super().format_completion(item)


def quoted_for_bash(value: str, begun: str) -> str:
    """Return *value* as bash has to insert it for a word that *begun* so, perhaps in quotes."""
    if begun.startswith('"'):
        return re.sub(r'([\\"$`])', r"\\\1", value)
    if begun.startswith("'"):
        return value.replace("'", "'\\''")
    return re.sub(r"([^\w@%+:,./-])", r"\\\1", value)


def _word_so_far() -> str:
    """Return the word that is being completed, as it was typed."""
    words = os.environ.get("COMP_WORDS", "").split("\n")
    number = int(os.environ.get("COMP_CWORD", "0"))
    return words[number] if number < len(words) else ""


def sections(ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Return the sections that begin so."""
    return _beginning(ctx, begun, lambda archive: archive.sections())


def labels(ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Return the labels that begin so, in any case."""
    return _beginning(ctx, begun, lambda archive: archive.labels())


def authors(ctx: click.Context, _param: click.Parameter, begun: str) -> list[str]:
    """Return the authors that begin so, in any case."""
    return _beginning(ctx, begun, lambda archive: archive.author_names(begun))


def _beginning(
    ctx: click.Context, begun: str, ask: Callable[[Archive], tuple[str, ...]]
) -> list[str]:
    from hanicrawler.ask import open_archive
    from hanicrawler.storage import DatabaseError

    try:
        with open_archive(ctx.params.get("database")) as archive:
            names = ask(archive)
    except DatabaseError:
        return []  # a shell that is asked for names has nowhere to show an error
    # A line's end in a name would be the end of it; none of ours has one.
    return [name for name in names if name.lower().startswith(begun.lower()) and name.isprintable()]
