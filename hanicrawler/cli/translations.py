"""``hanicrawler translations``: English articles beside their Korean originals."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hanicrawler.cli.closing import CRAWL
from hanicrawler.cli.databases import asked_archive, database_option
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.listing import page_options
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import print_json
from hanicrawler.site import ArticleAddress, article_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hanicrawler.ask import Filters, Translation


@click.command("translations", cls=OneLineCommand)
@database_option
@click.option(
    "--missing/--stored",
    "missing",
    default=None,
    help="Only those whose original is not stored, or only the others.",
)
@filter_options
@page_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    database: str | None,
    missing: bool | None,
    filters: Filters,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """Show English articles beside the Korean originals they name, the newest first.

    \b
    hanicrawler translations
    hanicrawler translations --missing                    and the command that fetches them
    hanicrawler translations --stored --section e_northkorea --since 2026-01-01
    hanicrawler translations --json

    The options that choose articles are about the English ones.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    with asked_archive(database) as archive:
        page = archive.translations(filters, missing=missing, limit=limit, after=after)
    if as_json:
        rows = [document(row) for row in page.rows]
        fetches = fetching(page.rows)
        print_json({"translations": rows, "next": page.next, "command": fetches})
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.translations_screen import show

        show(ctx, page, missing=missing)


def document(row: Translation) -> dict[str, object]:
    """Return *row* with the keys that ``docs/reading.md`` names."""
    return asdict(row) | {"days": row.days, "is_stored": row.is_stored}


def fetching(rows: Iterable[Translation]) -> str | None:
    """Return the command that fetches the originals of *rows* which are not stored, if any."""
    urls = [_address(row) for row in rows if not row.is_stored]
    # A page's links are strangers' words: an address is made anew, and stays one word of the shell.
    wanted = ",".join(dict.fromkeys(urls))
    return f"{CRAWL} -a {shlex.quote('urls=' + wanted)}" if wanted else None


def _address(row: Translation) -> str:
    named = article_address(row.original_url or "")
    if named is not None and named.key == ("ko", row.original_source_id):
        return named.url
    return ArticleAddress("ko", None, row.original_source_id).url
