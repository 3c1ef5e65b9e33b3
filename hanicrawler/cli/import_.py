"""``hanicrawler import``: other people's archives, read as if we had crawled at their times."""

from __future__ import annotations

import click

from hanicrawler.cli.databases import WrongUse, database_option, url_of
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.replaying import Wish, replay_options, run


@click.command("import", cls=OneLineCommand)
@database_option
@click.argument("paths", metavar="FILE...", nargs=-1)
@replay_options
def command(database: str | None, paths: tuple[str, ...], wish: Wish) -> None:
    """Store the site's pages that archives keep, as crawls at their times would have.

    \b
    hanicrawler import CC-NEWS-20240301000000-00000.warc.gz
    hanicrawler import wayback/*.warc.gz crawl.wacz
    hanicrawler import saved/                           a folder of saved pages
    curl -s https://example.org/crawl.warc.gz | hanicrawler import -
    hanicrawler import --cluster tcp://10.0.0.1:8786 --files-from list.txt

    WARC files of Common Crawl, the Wayback Machine or anybody, WACZ files, saved HTML pages and
    folders of them; "-" is standard input. Other sites' pages are passed over. The order of the
    files does not matter, and a second import changes nothing. Interrupted, the same command
    goes on where it was. docs/archives.md says more.

    The exit status is 0 where everything was read; 1 where something was damaged or could not
    be read, or there was no page of the site; 2 for wrong use, 75 where another reparse or import
    is at work, 130 after Ctrl-C.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    if not paths:
        raise WrongUse("name the files to read, or a list of them (--files-from)")
    run("import", url_of(database), paths, wish, writes=True, compares=False, diff=False)
