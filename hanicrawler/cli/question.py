"""``hanicrawler question``: the questions of docs/querying.md, listed and answered."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import TYPE_CHECKING

import click

from hanicrawler.cli.databases import WrongUse, asked_archive, database_option
from hanicrawler.cli.options import OneLineCommand, only_one
from hanicrawler.cli.screen import console, iso, kst, plain, print_json
from hanicrawler.site import article_address
from hanicrawler.storage import WrongQuestion, question, questions

if TYPE_CHECKING:
    from hanicrawler.storage import Answer, Question


@click.command("question", cls=OneLineCommand)
@click.argument("name", required=False)
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE",
              help="Another value for a parameter; may be repeated.")  # fmt: skip
@click.option("--sql", "as_sql", is_flag=True, help="Print the SQL, for any tool, and ask nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for other programs.")
@database_option
def command(
    name: str | None,
    settings: tuple[str, ...],
    as_sql: bool,
    as_json: bool,
    as_csv: bool,
    database: str | None,
) -> None:
    """List the questions of docs/querying.md, or answer the one called NAME.

    \b
    hanicrawler question
    hanicrawler question who-covers
    hanicrawler question who-covers --set section=e_business --set since=2024-01-01
    hanicrawler question day-by-day --csv > days.csv
    hanicrawler question translations --sql | sqlite3 hanicrawler.db

    Days are Korean; times are Korean in the table, UTC in --json and --csv.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    only_one([("--sql", as_sql), ("--json", as_json), ("--csv", as_csv)])
    if name is None:
        _list(as_json=as_json, as_csv=as_csv or as_sql, settings=settings)
        return
    try:
        values = dict(map(_pair, settings))
        asked = question(name)
        if as_sql:
            click.echo(f"{asked.literal(**values)};")
            return
        with asked_archive(database) as archive:
            answer = archive.ask(name, **values)
    except WrongQuestion as error:
        raise WrongUse(str(error)) from error
    if as_json:
        print_json(_document(answer))
    elif as_csv:
        click.echo(_csv(answer), nl=False)
    else:
        _show(answer)


def _pair(setting: str) -> tuple[str, str]:
    name, equals, value = setting.partition("=")
    if not equals:
        raise WrongUse(f"--set {setting!r}: write name=value")
    return name.strip(), value


def _list(*, as_json: bool, as_csv: bool, settings: tuple[str, ...]) -> None:
    """Print which questions there are."""
    if as_csv or settings:
        raise WrongUse("name a question: hanicrawler question lists them")
    if as_json:
        print_json([_described(each) for each in questions()])
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True, style="cyan")
    table.add_column(overflow="fold")
    for each in questions():
        table.add_row(each.name, each.title)
    console().print(table)


def _described(asked: Question) -> dict[str, object]:
    return {
        "name": asked.name,
        "title": asked.title,
        "description": asked.description,
        "command": asked.command,
        "browser": asked.browser,
        "parameters": dict(asked.parameters),
        "sql": asked.sql,
    }


def _document(answer: Answer) -> dict[str, object]:
    return {
        "question": answer.question.name,
        "title": answer.question.title,
        "parameters": dict(answer.parameters),
        "rows": list(answer.rows),
    }


def _csv(answer: Answer) -> str:
    """Return the answer as CSV with a heading; an empty field is one that is not known."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.columns)
    for row in answer.rows:
        moments = {name: iso(row[name]) for name in answer.columns if name.endswith("_at")}
        writer.writerow({**row, **moments}.values())
    return out.getvalue()


def _show(answer: Answer) -> None:
    """Print the answer for a person: an article's address as what other commands call it."""
    from rich.table import Table
    from rich.text import Text

    out = console()
    out.print(Text(answer.question.title, style="bold"))
    said = ", ".join(f"{name} {value}" for name, value in answer.parameters.items())
    out.print(Text(plain(said), style="dim"))
    if not answer.rows:
        out.print(Text("Nothing is stored that answers it; --set chooses other values."))
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in answer.columns:
        numbers = all(isinstance(row[name], int | float | None) for row in answer.rows)
        table.add_column(
            _heading(name),
            justify="right" if numbers else "left",
            overflow="fold",
            no_wrap=name.endswith(("_at", "url")),
        )
    for row in answer.rows:
        table.add_row(*(Text(_cell(name, value)) for name, value in row.items()))
    out.print(table)
    if named := [_cell(name, answer.rows[0][name]) for name in answer.columns if name == "url"]:
        out.print(Text(f"hanicrawler show {named[0]} shows the first one.", style="dim"))


def _heading(column: str) -> str:
    return column.removesuffix("_at").replace("url", "article").replace("_", " ")


def _cell(column: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return kst(value)
    if isinstance(value, float):
        return f"{value:,.1f}"
    if column.endswith("url") and (address := article_address(str(value))):
        return f"{address.edition}:{address.source_id}"
    # An id or a year is no amount.
    return plain(str(value))
