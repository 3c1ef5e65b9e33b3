"""``hanicrawler serve``: the archive in a browser."""

from __future__ import annotations

import os
import webbrowser
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from hanicrawler.cli.databases import asked_archive, database_option
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hanicrawler.ask import Archive


@click.command("serve", cls=OneLineCommand)
@database_option
@click.option("--port", type=click.IntRange(0, 65_535), metavar="NUMBER",
              help="Port of 127.0.0.1; 0 takes any that is free. Without it the first free one"
              " from 8765 on.")  # fmt: skip
@click.option("--open", "opens", is_flag=True, help="Open the page in the browser.")
def command(database: str | None, port: int | None, opens: bool) -> None:
    """Open the archive as pages to read, on this machine only.

    \b
    hanicrawler serve --open
    hanicrawler serve --port 9000 --database postgresql://user@host/hani

    Search, articles with their versions and related stories, authors, edits, rankings, charts,
    and SQL. Nothing is written, and nothing is fetched from the internet. A crawl may be at work
    meanwhile; its articles appear as it stores them. From PostgreSQL, and from a file whose folder
    this user may not write in, it shows a copy made at the start. Ctrl-C ends it.
    docs/browsing.md shows the pages.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    if find_spec("datasette") is None:
        raise click.ClickException("the pages need more packages: pip install 'hanicrawler[web]'")
    # Imported late: they come with the extra.
    from hanicrawler.web.server import PortTaken, address_of, listen, serve

    with ExitStack() as stack:
        archive = stack.enter_context(asked_archive(database))
        try:
            listening = stack.enter_context(listen(port))
        except PortTaken as error:
            raise click.ClickException(str(error)) from error
        file = readable_file(archive, stack)

        from hanicrawler.web.app import Site

        site = Site(file, name=archive.name)
        stack.callback(site.close)

        def ready() -> None:
            click.echo(address_of(listening))
            click.echo("Ctrl-C ends it.", err=True)
            if opens:
                webbrowser.open(address_of(listening))

        serve(site.app(), listening, ready)


def readable_file(archive: Archive, stack: ExitStack) -> Path:
    """Return the SQLite file to show: that of *archive*, or a copy of it that *stack* removes.

    A reader of a file that is being written takes part in the locking, and for that it must be
    allowed to write beside it (``storage/onlookers.py``).  Raises DatabaseError.
    """
    file = archive.file
    if file and os.access(file, os.W_OK) and os.access(file.absolute().parent, os.W_OK):
        return file.absolute()
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="hanicrawler-serve-")))
    with copying(archive.name) as progress:
        archive.snapshot(folder / "snapshot.db", progress=progress)
    return folder / "snapshot.db"


@contextmanager
def copying(name: str) -> Iterator[Callable[[int, int], None]]:
    """Say that a copy is made, with a bar where somebody watches; give what is told of it."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, markup=False), transient=True) as bar:
        task = bar.add_task(f"Copying {plain(name)}")
        yield lambda done, of: bar.update(task, completed=done, total=of)
