"""``hanicrawler history``: the versions of an article, and what changed."""

from __future__ import annotations

from dataclasses import asdict

import click

from hanicrawler.cli.databases import asked_archive, database_option
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import print_json


@click.command("history", cls=OneLineCommand)
@database_option
@click.argument("article", metavar="ARTICLE")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(database: str | None, article: str, as_json: bool) -> None:
    """Show the versions of an article, and what changed in each, word by word.

    \b
    hanicrawler history 12
    hanicrawler history en:1218660
    hanicrawler history 12 --json
    hanicrawler show 12 --revision 1             a whole version

    ARTICLE is an id, the site's own number with its edition, or the article's URL. On a terminal
    what went is red and struck through, what came green; piped, it is [-gone-] and {+new+}. An
    edit is silent where the text changed and the site's own time of change did not.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    with asked_archive(database) as archive:
        found = archive.article(article)
        versions = archive.history(found.id)
    if as_json:
        named = {name: getattr(found, name) for name in ("id", "edition", "source_id", "url")}
        print_json(named | {"versions": [asdict(version) for version in versions]})
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.history_screen import show

        show(found, versions)
