"""``hanicrawler reparse``: what the archive keeps, read again by today's parser."""

from __future__ import annotations

import click

from hanicrawler.cli.databases import WrongUse, database_option, url_of
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.replaying import Wish, archive_of, replay_options, run


@click.command("reparse", cls=OneLineCommand)
@database_option
@click.argument("paths", metavar="[FILE|FOLDER]...", nargs=-1)
@replay_options
@click.option("--dry-run", is_flag=True, help="Say what would change; write nothing.")
@click.option("--diff", is_flag=True, help="Show each change: article, field, old and new.")
def command(
    database: str | None,
    paths: tuple[str, ...],
    wish: Wish,
    dry_run: bool,
    diff: bool,
) -> None:
    """Read the archived pages again, and store what today's parser makes of them.

    \b
    hanicrawler reparse                     all that HANICRAWLER_ARCHIVE keeps
    hanicrawler reparse --dry-run           how many articles would change, by field
    hanicrawler reparse --dry-run --diff    each change, word by word
    hanicrawler reparse archive/hani-20260301120000-00000.warc.gz

    What the newspaper printed has not changed, only our reading of it: no version is added. A
    page that can no longer be read leaves what is stored of it, and is told of. Interrupted, the
    same command goes on where it was. docs/archives.md says more.

    The exit status is 0 where everything was read; 1 where something was damaged, could no
    longer be read or there was nothing; 2 for wrong use, 75 where another reparse or import is at
    work, 130 after Ctrl-C.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    url = url_of(database)
    folder = archive_of(url)
    if not paths:
        if folder is None:
            raise WrongUse("HANICRAWLER_ARCHIVE is empty: name the files or the folder to read")
        if not folder.is_dir():
            raise click.ClickException(
                f"{folder}: no such folder: no crawl has archived anything for this database;"
                " name the files or the folder to read"
            )
        paths = (str(folder),)
    run("reparse", url, paths, wish, writes=not dry_run, compares=True, diff=diff)
