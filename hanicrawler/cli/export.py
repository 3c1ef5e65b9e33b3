"""``hanicrawler export``: articles as files for other programs."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args

import click

from hanicrawler.cli.databases import WrongUse, asked_archive, database_option
from hanicrawler.cli.endings import INTERRUPTED
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.cli.screen import many, plain
from hanicrawler.export.formats import STREAMED, Form, Format, format_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from hanicrawler.export import Exported, Order
    from hanicrawler.storage.filters import Filters

    Progress = Callable[[int, int], None]

STANDARD_OUTPUT: Final = "-"


@click.command("export", cls=OneLineCommand)
@database_option
@click.argument("out", metavar="OUT", type=click.Path(path_type=str))
@click.option("--format", "stated", type=click.Choice(get_args(Format)),
              help="Where the name of OUT does not say.")  # fmt: skip
@filter_options
@click.option("--words", metavar="QUERY", help="Found by these words, as hanicrawler search.")
@click.option("--columns", metavar="A,B,C", help="Only these columns, in this order.")
@click.option("--revisions", "every_version", is_flag=True,
              help="Every version of each article, not only the last.")  # fmt: skip
@click.option("--excel", is_flag=True,
              help="CSV for a spreadsheet: byte order mark, no formulas.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace OUT where it exists, once all is done.")
@click.option("--alone", is_flag=True, help="Without dictionary, coverage and manifest beside it.")
def command(
    database: str | None,
    out: str,
    stated: Format | None,
    filters: Filters,
    words: str | None,
    columns: str | None,
    every_version: bool,
    excel: bool,
    overwrite: bool,
    alone: bool,
) -> None:
    """Write articles into the file OUT: CSV, JSON Lines, Parquet, or a SQLite database.

    \b
    hanicrawler export articles.csv
    hanicrawler export north.jsonl.gz --section e_northkorea --since 2020-01-01
    hanicrawler export talks.csv --words '"six-party talks" -nuclear'
    hanicrawler export articles.parquet --columns id,url,published_at,headline,body
    hanicrawler export articles.csv --excel
    hanicrawler export snapshot.db                 all of the database, from PostgreSQL too
    hanicrawler export - --format jsonl | jq -r .headline

    The name of OUT says the format: .csv, .jsonl, .parquet or .db; the first two also with .gz
    behind. Beside it stand what its columns mean (OUT.dictionary.md), what is known to be
    missing (OUT.coverage.csv) and how it was made (OUT.manifest.json). The file appears when it
    is whole, or not at all. docs/exporting.md has the columns and how other programs read them.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    # Imported late: the help does not need it.
    from hanicrawler.export import ExportError, Order, export_to_file, export_to_stream

    form = _form(out, stated)
    order = Order(
        filters=filters,
        words=words,
        columns=_names(columns),
        every_version=every_version,
        excel=excel,
    )
    _check(form, order)
    try:
        with asked_archive(database) as archive, _shown(out, form) as progress:
            if out == STANDARD_OUTPUT:
                stream = sys.stdout.buffer
                done = export_to_stream(archive, stream, form, order, progress=progress)
            else:
                done = export_to_file(
                    archive,
                    Path(out),
                    form,
                    order,
                    replace=overwrite,
                    alone=alone,
                    progress=progress,
                )
    except ExportError as error:
        raise click.ClickException(plain(str(error))) from error
    except KeyboardInterrupt:
        if out != STANDARD_OUTPUT:
            click.echo(f"Stopped: {plain(out)} was not written.", err=True)
        raise click.exceptions.Exit(INTERRUPTED) from None
    _say(out, done)


def _form(out: str, stated: Format | None) -> Form:
    if out == STANDARD_OUTPUT:
        if stated not in STREAMED:
            raise WrongUse("standard output takes --format csv or --format jsonl")
        return Form(stated)
    try:
        return format_of(Path(out), stated)
    except ValueError as error:
        raise WrongUse(plain(str(error))) from error


def _names(columns: str | None) -> tuple[str, ...]:
    if columns is None:
        return ()
    names = tuple(name.strip() for name in columns.split(","))
    if not all(names):
        raise WrongUse(f"--columns {columns!r}: names parted by commas, id,headline,body")
    return names


def _check(form: Form, order: Order) -> None:
    """Raise WrongUse for what does not go together."""
    if order.excel and form.format != "csv":
        raise WrongUse(f"--excel goes with csv, not with {form.format}")
    if form.format == "sqlite":
        for option, given in (("--columns", order.columns), ("--revisions", order.every_version)):
            if given:
                raise WrongUse(f"a snapshot has all columns and revisions: leave {option} out")
    try:
        order.fields()
    except ValueError as error:
        raise WrongUse(f"--columns: {error}") from error


def _shown(out: str, form: Form) -> AbstractContextManager[Progress | None]:
    """Return what shows the progress: nothing where nobody watches, or the rows themselves do."""
    if not sys.stderr.isatty() or (out == STANDARD_OUTPUT and sys.stdout.isatty()):
        return nullcontext()
    return _bar("Articles" if form.format != "sqlite" else "Snapshot")


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    # Imported late: most exports are nobody's to watch.
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as Remaining

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(),
        TextColumn("left"),
        Remaining(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _say(out: str, done: Exported) -> None:
    """Say what was written, to a person; what needs care, to anybody."""
    for warning in done.warnings:
        click.echo(f"Note: {warning}.", err=True)
    if out != STANDARD_OUTPUT and sys.stdout.isatty():
        rows = done.rows if isinstance(done.rows, int) else None
        more = f" in {many(rows, 'row')}" if rows is not None and rows != done.articles else ""
        click.echo(f"{plain(out)}: {many(done.articles, 'article')}{more}.")
