"""``hanicrawler show``: an article, to be read."""

from __future__ import annotations

from dataclasses import asdict

import click

from hanicrawler.cli.databases import asked_archive, database_option
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import print_json


@click.command("show", cls=OneLineCommand)
@database_option
@click.argument("article", metavar="ARTICLE")
@click.option("--revision", type=click.IntRange(1), metavar="N",
              help="In the words of an earlier version; see hanicrawler history.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(database: str | None, article: str, revision: int | None, as_json: bool) -> None:
    """Show an article as the newspaper printed it.

    \b
    hanicrawler show 12
    hanicrawler show en:1218660
    hanicrawler show https://english.hani.co.kr/arti/english_edition/e_northkorea/1218660.html
    hanicrawler show 12 --revision 1             before it was changed
    hanicrawler show 12 --json | jq -r .body

    ARTICLE is the id that lists and searches show, the site's own number with its edition, or
    the article's URL. A long article opens in a pager ($PAGER); piped, it is plain text.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    with asked_archive(database) as archive:
        found = archive.article(article, version=revision)
    if as_json:
        print_json(asdict(found))
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.show_screen import show

        show(found)
