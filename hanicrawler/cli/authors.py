"""``hanicrawler authors``: who signs articles, and what one of them wrote."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

import click

from hanicrawler.cli import completing
from hanicrawler.cli.databases import WrongUse, asked_archive, database_option
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.listing import page_options
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import print_json

if TYPE_CHECKING:
    from hanicrawler.ask import Filters


@click.command("authors", cls=OneLineCommand)
@database_option
@click.argument("name", nargs=-1, metavar="[NAME]", shell_complete=completing.authors)
@filter_options
@click.option("--match", metavar="TEXT", help="Whose name has this in it, in any case.")
@click.option(
    "--sort",
    "order",
    type=click.Choice(["articles", "name", "newest"]),
    help="Most articles first, the default, by name, or who signed last first.",
)
@click.option(
    "--language",
    type=click.Choice(["en", "ko"]),
    help="Of NAME: its script, where it is known in both.",
)
@click.option(
    "--by",
    type=click.Choice(["year", "month"]),
    help="Of NAME: articles counted by year or month; what fits.",
)
@page_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    database: str | None,
    name: tuple[str, ...],
    filters: Filters,
    match: str | None,
    order: Literal["articles", "name", "newest"] | None,
    language: str | None,
    by: Literal["year", "month"] | None,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """Show who signs articles; or of one author, what they wrote, where, as what and with whom.

    \b
    hanicrawler authors                                   the most articles first
    hanicrawler authors --match kim --sort newest
    hanicrawler authors --section e_business --since 2024-01-01
    hanicrawler authors Kim Na-ra                         one author
    hanicrawler authors kimnara --since 2024-01-01 --json

    A name is found in any case, and with a hyphen or a space too many or too few. The options
    that choose articles say which of them count.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    asked = " ".join(" ".join(name).split())
    if asked:
        _not_with_a_name(match, order)
        one_author(ctx, database, asked, language, filters, by, limit, after, as_json=as_json)
    elif name:
        raise WrongUse("NAME is empty: write an author's name, or none for a list of all")
    else:
        _only_with_a_name(language, by, after)
        all_authors(database, filters, match, order or "articles", limit, as_json=as_json)


def all_authors(
    database: str | None,
    filters: Filters,
    match: str | None,
    order: Literal["articles", "name", "newest"],
    limit: int,
    *,
    as_json: bool,
) -> None:
    """Print who signed the articles that *filters* choose."""
    with asked_archive(database) as archive:
        # One more than is shown tells whether there are more.
        found = archive.authors(filters, match=match, order=order, limit=limit + 1)
    shown = found[:limit]
    if as_json:
        print_json({"authors": [asdict(one) for one in shown], "more": len(found) > limit})
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.authors_screen import show_list

        show_list(shown, more=len(found) > limit)


def one_author(
    ctx: click.Context,
    database: str | None,
    name: str,
    language: str | None,
    filters: Filters,
    by: Literal["year", "month"] | None,
    limit: int,
    after: str | None,
    *,
    as_json: bool,
) -> None:
    """Print what the articles that *filters* choose say of the author *name*."""
    with asked_archive(database) as archive:
        author = archive.author(name, language=language, filters=filters)
        page = archive.articles_by(author, filters, limit=limit, after=after)
    if as_json:
        articles = [asdict(one) for one in page.rows]
        print_json(asdict(author) | {"newest": articles, "next": page.next})
    else:
        from hanicrawler.cli.authors_screen import show_articles, show_author

        if after is None:
            show_author(author, by)
        show_articles(ctx, page)


def _not_with_a_name(match: str | None, order: str | None) -> None:
    for option, given in (("--match", match), ("--sort", order)):
        if given is not None:
            raise WrongUse(f"{option} is for the list of all authors: leave it or the name out")


def _only_with_a_name(language: str | None, by: str | None, after: str | None) -> None:
    for option, given in (("--language", language), ("--by", by), ("--after", after)):
        if given is not None:
            raise WrongUse(f"{option} is for one author: write a name before it")
