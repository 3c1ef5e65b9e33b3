"""``hanicrawler related``: the stories around an article."""

from __future__ import annotations

from dataclasses import asdict

import click

from hanicrawler.cli.databases import asked_archive, database_option
from hanicrawler.cli.options import OneLineCommand, only_one
from hanicrawler.cli.screen import many, print_json

DEEPEST = 15
"""Steps: a tree of more has no room left for headlines."""


@click.command("related", cls=OneLineCommand)
@database_option
@click.argument("article", metavar="ARTICLE")
@click.option("--depth", type=click.IntRange(1, DEEPEST), default=1, show_default=True,
              metavar="N", help="How many steps to follow.")  # fmt: skip
@click.option("--named-by", is_flag=True, help="Follow to the articles that name one, too.")
@click.option("--dot", "as_dot", is_flag=True, help="Print a graph for Graphviz.")
@click.option("--graphml", "as_graphml", is_flag=True, help="Print a graph for Gephi, networkx.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    database: str | None,
    article: str,
    depth: int,
    named_by: bool,
    as_dot: bool,
    as_graphml: bool,
    as_json: bool,
) -> None:
    """Show the related stories of an article, and theirs, as a tree.

    \b
    hanicrawler related 12 --depth 2
    hanicrawler related 12 --named-by                    those that name it, too
    hanicrawler related 12 --depth 3 --dot | dot -Tsvg > stories.svg
    hanicrawler related en:1218660 --depth 5 --graphml > stories.graphml

    ARTICLE is an id, the site's own number with its edition, or the article's URL. Each story
    stands once, where it is nearest; at most 2,000 are followed.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    only_one([("--dot", as_dot), ("--graphml", as_graphml), ("--json", as_json)])
    with asked_archive(database) as archive:
        graph = archive.related(article, depth, named_by=named_by)
    if as_json:
        print_json({"depth": depth, "named_by": named_by} | asdict(graph))
    elif as_dot or as_graphml:
        from hanicrawler.cli.graphs import dot, graphml

        click.echo((dot(graph) if as_dot else graphml(graph)).encode(), nl=False)
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.related_screen import show

        show(graph)
    if not graph.complete and not as_json:
        words = (
            f"More stories are within {many(depth, 'step')}: only {len(graph.stories):,} are shown."
        )
        click.echo(words, err=True)
