"""``hanicrawler search``: articles by their words."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.cli.databases import WrongUse, asked_archive, database_option
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.listing import page_options
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import plain, print_json

if TYPE_CHECKING:
    from hanicrawler.ask import Filters, Hit, Mark
    from hanicrawler.storage import Order

_SIGNS: Final = re.compile(r"[\"“”*|]|(?:^|\s)-|\bOR\b")
"""What makes an argument with blanks in it a search of its own, and no phrase."""


@click.command(
    "search",
    cls=OneLineCommand,
    # So that -word is a word that must not occur.
    context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]},
)
@database_option
@click.argument("words", nargs=-1, type=click.UNPROCESSED, metavar="WORDS...")
@click.option(
    "--order",
    type=click.Choice(["newest", "relevance"]),
    default="newest",
    help="Newest first, the default, or by relevance.",
)
@filter_options
@page_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    database: str | None,
    words: tuple[str, ...],
    order: Order,
    filters: Filters,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """Find articles by words in headline, deck, body, captions and authors.

    \b
    hanicrawler search kaesong workers                  both, in any of their forms
    hanicrawler search "comfort women"                  side by side
    hanicrawler search missile OR rocket -japan         one of two, and not the third
    hanicrawler search denuclear* --order relevance     words that begin so
    hanicrawler search 북한                             any part of a Korean word
    hanicrawler search summit --section e_northkorea --since 2018-01-01 --until 2018-12-31
    hanicrawler search --author "Jung E-gil" --label Photo

    Without words, all that the filters let through.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    if words == ("-h",):
        click.echo(ctx.get_help())
        return
    _refuse_options(words)
    query = " ".join(map(phrase, words))
    if not query and not filters:
        raise WrongUse("nothing to search for: name a word, or an option such as --author")
    with asked_archive(database) as archive:
        found = archive.search(query, filters, order=order, limit=limit, after=after)
    if as_json:
        print_json(
            {
                "words": query,
                "order": order,
                "articles": [document(hit) for hit in found.hits],
                "next": found.next,
                "ranked": found.ranked,
            }
        )
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.search_screen import show

        show(ctx, found)


def _refuse_options(words: tuple[str, ...]) -> None:
    """Raise WrongUse for a mistyped option: as a word it would silently find something else."""
    for word in words:
        if word.startswith("--") and word.strip("-"):
            name = word.partition("=")[0]
            less = f"-{word.lstrip('-')}"
            raise WrongUse(
                plain(f"no such option {name!r}; for a word that must not occur, write {less}")
            )


def phrase(argument: str) -> str:
    """Return *argument* as it is searched for: what the shell kept together is a phrase."""
    if " " in argument.strip() and not _SIGNS.search(argument):
        return f'"{argument}"'
    return argument


def document(hit: Hit) -> dict[str, object]:
    """Return *hit* with the keys that ``docs/reading.md`` names."""
    marks = {"headline_marks": hit.headline_marks, "snippet": hit.snippet}
    return asdict(hit) | {name: [_mark(each) for each in these] for name, these in marks.items()}


def _mark(mark: Mark) -> dict[str, object]:
    return {"text": mark.text, "hit": mark.hit}
