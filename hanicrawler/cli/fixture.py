"""``hanicrawler fixture``: a test case for the parser, out of an archived page."""

from __future__ import annotations

import os
import shlex
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.cli.databases import WrongUse, database_option, errors_in_one_line, url_of
from hanicrawler.cli.options import OneLineCommand, only_one
from hanicrawler.cli.screen import iso, kst, many, plain, print_json
from hanicrawler.site import ArticleAddress, Root

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hanicrawler.cli.fixture_case import Case, SavedPage
    from hanicrawler.cli.fixture_pages import Shelf
    from hanicrawler.storage import KeptCapture

CASES: Final = Path("tests", "pages", "cases")
"""Where the cases of a checkout are, from its folder."""

_GAVE: Final = {
    "article": "an article",
    "same": "the page as it was, not repeated",
    "nothing": "nothing",
}


@click.command("fixture", cls=OneLineCommand)
@database_option
@click.argument("article", metavar="URL")
@click.option("--list", "lists", is_flag=True, help="Show the captures there are; write nothing.")
@click.option("--at", metavar="TIME",
              help="The capture of that time, as --list shows it, or of that day.")  # fmt: skip
@click.option("--file", "archive", metavar="ARCHIVE", type=click.Path(),
              help="Take it out of this file, anybody's; no database is asked.")  # fmt: skip
@click.option("--out", metavar="FOLDER", type=click.Path(),
              help="Where the case's folder is to stand; tests/pages/cases here.")  # fmt: skip
@click.option("--name", metavar="NAME", help="What the case is called.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    database: str | None,
    article: str,
    lists: bool,
    at: str | None,
    archive: str | None,
    out: str | None,
    name: str | None,
    as_json: bool,
) -> None:
    """Make a test case for the parser out of an archived page.

    \b
    hanicrawler fixture https://english.hani.co.kr/arti/english_edition/e_northkorea/1218660.html
    hanicrawler fixture en:1218660 --list              the captures that are kept
    hanicrawler fixture en:1218660 --at 2024-06-01     another than the newest
    hanicrawler fixture en:1218660 --file CC-NEWS-20240601000000-00000.warc.gz

    URL is the article's, in any form; its id or the site's number with its edition will do. A
    new folder gets the page's bytes (page.html), what today's parser reads of them
    (expected.json, meaning.json) for a person to check, and what came with the page
    (response.json). A page that cannot be read becomes a case of its problem.

    The page's words are the newspaper's: put invented ones in their place before you commit it.
    docs/templates.md says more. The exit status is 0, 1 where there is no such page, or 2 for
    wrong use.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    only_one([("--list", lists), ("--at", at)])
    only_one([("--list", lists), ("--out", out)])
    only_one([("--list", lists), ("--name", name)])
    only_one([("--file", archive), ("--database", _is_given("database"))])
    # Imported late: the help does not need it.
    from hanicrawler.archives import ArchiveError
    from hanicrawler.cli.fixture_pages import PageLost, choose

    time, folder = _time(at), None if lists else _folder(out, name)
    try:
        with errors_in_one_line(), _shelf(database, article, archive) as shelf:
            found = shelf.captures(reads=lists)
            if lists:
                _show_list(found, as_json=as_json)
                return
            chosen = choose(found, time)
            page = shelf.page(chosen)
    except (PageLost, ArchiveError) as error:
        hint = "" if lists or archive else "; --list shows what is kept"
        raise click.ClickException(f"{plain(article)}: {plain(str(error))}{hint}") from error
    assert folder is not None
    case = _case(page, chosen)
    _show(case, _written(case, folder, name or case.name), chosen, page, as_json=as_json)


def _is_given(parameter: str) -> bool:
    source = click.get_current_context().get_parameter_source(parameter)
    return source is click.core.ParameterSource.COMMANDLINE


def _time(at: str | None) -> str | None:
    from hanicrawler.cli.fixture_pages import read_time

    try:
        return read_time(at) if at is not None else None
    except ValueError as error:
        raise WrongUse(f"--at: {plain(str(error))}") from error


def _folder(out: str | None, name: str | None) -> Path:
    """Return where the case's folder is to stand; raises WrongUse before anything is read."""
    from hanicrawler.cli.fixture_case import NAME

    if name is not None and not NAME.fullmatch(name):
        raise WrongUse(f"--name {plain(name)}: letters, digits and dashes, at most 80")
    folder = Path(out) if out is not None else CASES
    if not folder.is_dir():
        words = f"{plain(str(folder))}: no such folder"
        if out is None:
            words += ": go where hanicrawler is checked out, or name a folder by --out"
        raise WrongUse(words)
    if name is not None and os.path.lexists(folder / name):
        raise WrongUse(f"{plain(str(folder / name))} is there already: choose another --name")
    return folder


@contextmanager
def _shelf(database: str | None, article: str, archive: str | None) -> Iterator[Shelf]:
    """Give where the captures of *article* are."""
    from hanicrawler.archives import ArchiveError, sources
    from hanicrawler.cli.fixture_pages import DatabaseShelf, FileShelf
    from hanicrawler.cli.replaying import archive_of
    from hanicrawler.storage import address_of, open_read_only

    named, root = _named(article), _root()
    if archive is not None:
        if isinstance(named, int):
            raise WrongUse(f"--file knows no ids: name the article by its URL, or en:{named}")
        try:
            sources([archive], None)
        except ArchiveError as error:
            raise WrongUse(plain(str(error))) from error
        yield FileShelf(archive, named, root, _warn)
        return
    url = url_of(database)
    engine = open_read_only(url)
    try:
        address = address_of(engine, named) if isinstance(named, int) else named
        if address is None:
            raise click.ClickException(f"no article has the id {named}")
        yield DatabaseShelf(engine, archive_of(url), address, root)
    finally:
        engine.dispose()


def _named(article: str) -> int | ArticleAddress:
    from hanicrawler.ask.errors import BadName
    from hanicrawler.ask.names import read_name

    try:
        return read_name(article)
    except BadName as error:
        raise WrongUse(plain(str(error))) from error


def _root() -> Root | None:
    site = os.environ.get("HANICRAWLER_SITE")
    try:
        return Root.parse(site) if site else None
    except ValueError as error:
        raise WrongUse(f"HANICRAWLER_SITE: {error}") from error


def _warn(words: str) -> None:
    click.echo(f"Warning: {plain(words)}", err=True)


def _case(page: SavedPage, capture: KeptCapture) -> Case:
    from hanicrawler.cli.fixture_case import make_case, refused_case
    from hanicrawler.cli.retry import require_survival
    from hanicrawler.pages import PageError

    if "parser_crashed" in capture.codes:
        try:
            require_survival(page.body, page.url)
        except PageError as error:
            return refused_case(page, error)
    return make_case(page)


def _written(case: Case, folder: Path, name: str) -> Path:
    from hanicrawler.cli.fixture_case import write_case

    try:
        return write_case(case, folder, name)
    except FileExistsError:
        words = f"{plain(str(folder / name))} is there already: choose another --name"
        raise click.ClickException(words) from None
    except OSError as error:
        words = f"{plain(str(folder))}: cannot be written: {error.strerror or error}"
        raise click.ClickException(words) from error


def _show_list(found: Sequence[KeptCapture], *, as_json: bool) -> None:
    if as_json:
        print_json({"captures": [_document(capture) for capture in found]})
        return
    if not found:
        click.echo("No capture of it is kept.")
        return
    from rich.table import Table

    from hanicrawler.cli.screen import console

    table = Table(box=None, pad_edge=False)
    for heading in ("time", "status", "what was read", "kept in"):
        table.add_column(heading, overflow="fold")
    for capture in found:
        status = "" if capture.status is None else str(capture.status)
        table.add_row(iso(capture.at), status, _gave(capture), _place(capture))
    console().print(table)


def _gave(capture: KeptCapture) -> str:
    codes = plain(", ".join(capture.codes))
    if capture.gave == "problem":
        return codes
    return _GAVE[capture.gave] + (f" ({codes})" if codes else "")


def _place(capture: KeptCapture) -> str:
    if capture.kept is None:
        return f"problem {capture.problem_id}"
    return f"{plain(capture.kept.file)}, byte {capture.kept.offset}"


def _document(capture: KeptCapture) -> dict[str, object]:
    kept = capture.kept
    return {
        "at": iso(capture.at),
        "status": capture.status,
        "gave": capture.gave,
        "codes": list(capture.codes),
        "file": kept.file if kept else None,
        "offset": kept.offset if kept else None,
        "problem_id": capture.problem_id,
    }


def _show(
    case: Case, folder: Path, capture: KeptCapture, page: SavedPage, *, as_json: bool
) -> None:
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "files": sorted(case.files),
                "url": page.url,
                "template": case.template,
                "error": case.error,
                "warnings": case.warnings,
                "capture": _document(capture),
            }
        )
        return
    click.echo(f"{plain(str(folder))}")
    for file, content in sorted(case.files.items()):
        click.echo(f"  {file:<14} {many(len(content), 'byte'):>14}")
    click.echo(f"Captured {kst(page.at)} in Korea; {_place(capture)}.")
    if case.error is None:
        click.echo(f"Read as {case.template}: {plain(case.headline or '')}")
    else:
        click.echo(f"It cannot be read, {plain(case.error)}: {plain(case.reason or '')}")
    for words in case.warnings:
        _warn(words)
    tests = f"pytest {CASES.parent} -k {shlex.quote(folder.name)}"
    click.echo(
        "\nThe page's words are the newspaper's: put invented ones in their place, in every file,\n"
        "before you commit it. Read the page and mend what the JSON files say of it; then\n"
        f"  {tests}\n"
        f"and give it its line in {CASES / 'index.md'}."
    )
