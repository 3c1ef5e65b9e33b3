"""``hanicrawler edits``: what the newspaper changed after publication."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from hanicrawler.cli.databases import WrongUse, asked_archive, database_option
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.listing import page_options
from hanicrawler.cli.options import OneLineCommand, day
from hanicrawler.cli.screen import print_json

if TYPE_CHECKING:
    from datetime import date

    from hanicrawler.ask import Edit, Filters


@click.command("edits", cls=OneLineCommand)
@database_option
@click.option(
    "--silent/--told",
    "silent",
    default=None,
    help="Only silent edits, or only those whose time the site tells.",
)
@click.option(
    "--edited-since",
    callback=day,
    metavar="DAY",
    help="Edits seen on this day in Korea or later, YYYY-MM-DD.",
)
@click.option(
    "--edited-until", callback=day, metavar="DAY", help="Edits seen on this day in Korea or before."
)
@filter_options
@page_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    database: str | None,
    silent: bool | None,
    edited_since: date | None,
    edited_until: date | None,
    filters: Filters,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """Show what the newspaper changed after publication: silent edits first, the newest first.

    \b
    hanicrawler edits                                     silent ones, then all others
    hanicrawler edits --silent --edition en
    hanicrawler edits --edited-since 2026-03-01 --section e_northkorea
    hanicrawler edits --author "Kim Na-ra" --json
    hanicrawler history 12                                all versions of one article

    An edit is silent where the text changed and the site's own time of change did not. It is
    dated by when it was first seen, some time after it was made. --since and --until are about
    the day an article was published, --edited-since and --edited-until about its edit. What
    went is [-so-], what came {+so+}, in colour on a terminal.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    if edited_since and edited_until and edited_since > edited_until:
        raise WrongUse(f"--edited-since {edited_since} is after --edited-until {edited_until}")
    with asked_archive(database) as archive:
        page = archive.edits(
            filters,
            silent=silent,
            since=edited_since,
            until=edited_until,
            limit=limit,
            after=after,
        )
    if as_json:
        print_json({"edits": [document(edit) for edit in page.rows], "next": page.next})
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.edits_screen import show

        show(ctx, page)


def document(edit: Edit) -> dict[str, object]:
    """Return *edit* with the keys that ``docs/reading.md`` names."""
    late = edit.after
    return asdict(edit) | {"seconds_after_publication": late and round(late.total_seconds())}
