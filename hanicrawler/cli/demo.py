"""``hanicrawler demo``: a whole crawl without the internet."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from importlib import import_module, util
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import click

from hanicrawler.cli.databases import archive_of, errors_in_one_line, url_of
from hanicrawler.cli.screen import console
from hanicrawler.storage import describe, newest, open_read_only, totals

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    import sqlalchemy as sa

    from hanicrawler.storage import ListedArticle, Totals

SHOWN: Final = 15
"""How many articles the table shows."""
WIDTH: Final = 120
"""The table's width where it is not for a terminal."""


@click.command("demo")
@click.option(
    "--articles",
    type=click.IntRange(1, 100_000),
    metavar="N",
    help="Size of the invented newspaper; its whole archive is fetched.",
)
@click.option(
    "--keep",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Keep the database in this SQLite file, and the pages in archive/ beside it.",
)
@click.pass_context
def command(ctx: click.Context, articles: int | None, keep: Path | None) -> None:
    """Crawl an invented newspaper on this machine and show what was stored.

    The newspaper is served on loopback as the real one serves its own, and `scrapy crawl hani`
    runs against it; nothing is fetched from the internet. Ends with the crawl's status.
    """
    replica = load_replica()
    newspaper = replica.Newspaper
    stories = newspaper.generate(articles) if articles else newspaper.standard()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="hanicrawler-demo-")))
        url = url_of(str(keep.absolute() if keep else folder / "demo.db"))
        site = stack.enter_context(replica.Replica(stories))
        status = crawl(site.url, url, folder, everything=since(stories) if articles else None)
        if status == 0 or Path(url.database or "").exists():
            show(url, kept=keep is not None)
    ctx.exit(status)


def load_replica() -> ModuleType:
    """Return the invented site: part of an installed copy, in the tests of a checkout."""
    if util.find_spec("hanicrawler.replica"):
        return import_module("hanicrawler.replica")
    package = Path(__file__).parents[2] / "tests" / "replica"
    name = "hanicrawler_replica"
    spec = util.spec_from_file_location(
        name, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if spec is None or spec.loader is None or not package.is_dir():
        raise click.ClickException(f"the invented newspaper is missing: {package}")
    module = util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def since(stories: Any) -> str:
    """Return the day of the oldest of *stories*, in Korea."""
    return str(min(story.posted for story in stories).date())


def crawl(site: str, url: sa.URL, folder: Path, *, everything: str | None) -> int:
    """Run the crawl of *site* into the database *url*; return its exit status."""
    command = [sys.executable, "-m", "scrapy", "crawl", "hani"]
    if everything:
        command += ["-a", f"since={everything}"]
    # The working folder may be another Scrapy project's: its settings are not ours.
    chosen = {
        "SCRAPY_SETTINGS_MODULE": "hanicrawler.settings",
        "HANICRAWLER_SITE": site,
        "HANICRAWLER_DATABASE": describe(url),
    }
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("HANICRAWLER_")
    }
    done = subprocess.run(command, cwd=folder, env={**inherited, **chosen}, check=False)  # noqa: S603
    return done.returncode


def show(url: sa.URL, *, kept: bool) -> None:
    """Print what the database *url* holds."""
    with errors_in_one_line():
        engine = open_read_only(url)
        held, listed = totals(engine), newest(engine, SHOWN)
        engine.dispose()
    print_table(held, listed)
    if kept:
        click.echo(f"Kept in {describe(url)}, the pages in {archive_of(url)}")


def print_table(held: Totals, listed: Sequence[ListedArticle]) -> None:
    """Print the newest articles and the totals, in Korean time as the newspaper does."""
    # Imported late: the help does not need it.
    from rich.table import Table
    from rich.text import Text

    from hanicrawler.normalize.dates import KST

    table = Table(title=f"The newest {len(listed)} articles stored")
    for heading in ("Posted (KST)", "Section"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Headline", "Authors"):
        table.add_column(heading, overflow="fold")
    for article in listed:
        posted = article.published_at
        table.add_row(
            posted.astimezone(KST).strftime("%Y-%m-%d %H:%M") if posted else "",
            Text(article.section or ""),
            Text(article.headline),
            Text(article.authors or ""),
        )
    out = console()
    if not out.is_terminal:
        out.width = WIDTH
    out.print(table)
    editions = ", ".join(f"{count} {edition}" for edition, count in held.articles.items())
    out.print(
        f"Articles: {editions or 'none'}; revisions: {held.revisions};"
        f" authors: {held.authors}; open problems: {held.open_problems}"
    )
