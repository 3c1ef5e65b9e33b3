"""``hanicrawler problems``: what could not be used, why, and trying it again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final, get_args

import click

from hanicrawler.archives import ArchiveError, read_record
from hanicrawler.cli.databases import (
    WrongUse,
    archive_of,
    database_option,
    errors_in_one_line,
    url_of,
)
from hanicrawler.cli.options import OneLineCommand, only_one
from hanicrawler.cli.reasons import explain
from hanicrawler.cli.screen import iso, plain, print_json
from hanicrawler.items import Stage
from hanicrawler.site import Root
from hanicrawler.storage import (
    Choice,
    NotedProblem,
    count_problems,
    find_problems,
    kept_page,
    noted_problem,
    open_database,
    open_read_only,
    resolve_problems,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import sqlalchemy as sa

    from hanicrawler.cli.retry import Retried

ID: Final = click.IntRange(1, 2**31 - 1)
CANNOT_GO_ON: Final = frozenset({2, 75})
"""A crawl's statuses that are ours too: wrong use, and another run at work."""


@click.command("problems", cls=OneLineCommand)
@database_option
@click.option("--code", metavar="CODE", help="Only of this code: no_body, http_500 ...")
@click.option("--stage", type=click.Choice(get_args(Stage)), help="Only of this stage.")
@click.option("--url", "address", metavar="URL", help="Only of this page.")
@click.option("--id", "ids", type=ID, multiple=True, metavar="ID",
              help="Only this one; may be repeated.")  # fmt: skip
@click.option("--all", "with_resolved", is_flag=True, help="Those that are resolved too.")
@click.option("--limit", type=click.IntRange(0), default=10, metavar="N",
              help="How many of each code to show; 10, 0 for all.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--show", type=ID, metavar="ID", help="Show one whole.")
@click.option("--body", type=ID, metavar="ID", help="Print the page's raw bytes, where kept.")
@click.option("--retry", is_flag=True, help="Try again, and store what can be read now.")
@click.option("--no-fetch", is_flag=True, help="With --retry: ask nothing of the site.")
@click.option("--resolve", is_flag=True, help="Mark as done by hand.")
@click.pass_context
def command(
    ctx: click.Context,
    database: str | None,
    code: str | None,
    stage: str | None,
    address: str | None,
    ids: tuple[int, ...],
    with_resolved: bool,
    limit: int,
    as_json: bool,
    show: int | None,
    body: int | None,
    retry: bool,
    no_fetch: bool,
    resolve: bool,
) -> None:
    """List what could not be used, with the reason in words and what to do; try it again.

    \b
    hanicrawler problems                        open ones by code, the newest first
    hanicrawler problems --code no_body --limit 0
    hanicrawler problems --show 12              one whole
    hanicrawler problems --body 12 > page.html  the page's bytes as they came
    hanicrawler problems --retry                after a fix: read the kept pages again, and
                                                fetch the others as `scrapy crawl` does
    hanicrawler problems --resolve --code http_404

    --retry ends with 0 where none of the chosen problems remains open, else 1; with 75 where
    another run is at work.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    only_one([("--show", show), ("--body", body), ("--retry", retry), ("--resolve", resolve)])
    only_one([("--all", with_resolved), ("--retry", retry), ("--resolve", resolve)])
    only_one([("--json", as_json), ("--body", body)])
    if no_fetch and not retry:
        raise WrongUse("--no-fetch says how to --retry")
    choice = Choice(ids=ids, code=code, stage=stage, url=address, resolved=with_resolved)
    url = url_of(database)
    with errors_in_one_line():
        if body is not None:
            write_body(url, body)
        elif show is not None:
            show_one(url, show, as_json=as_json)
        elif retry:
            ctx.exit(try_again(url, choice, database, fetch=not no_fetch, as_json=as_json))
        elif resolve:
            mark_done(url, choice, as_json=as_json)
        else:
            list_problems(url, choice, limit or None, as_json=as_json)


def list_problems(url: sa.URL, choice: Choice, each: int | None, *, as_json: bool) -> None:
    """Print the problems of *choice*, at most *each* of a stage and code."""
    engine = open_read_only(url)
    try:
        found, counts = find_problems(engine, choice, each), count_problems(engine, choice)
    finally:
        engine.dispose()
    if as_json:
        print_json({"codes": _counts(counts), "problems": [document(problem) for problem in found]})
        return
    # Imported late, here and below: the help does not need it.
    from hanicrawler.cli.problems_screen import show_list

    show_list(found, counts, with_resolved=choice.resolved)


def show_one(url: sa.URL, problem_id: int, *, as_json: bool) -> None:
    """Print a problem whole."""
    engine = open_read_only(url)
    try:
        problem = _require(engine, problem_id)
    finally:
        engine.dispose()
    if as_json:
        print_json(document(problem))
        return
    from hanicrawler.cli.problems_screen import show_whole

    show_whole(problem, archive_of(url))


def write_body(url: sa.URL, problem_id: int) -> None:
    """Write the bytes that were kept with a problem, or in the archive, to standard output."""
    engine = open_read_only(url)
    try:
        problem = _require(engine, problem_id)
        archived = None
        if problem.kept is not None:
            archived = read_record(archive_of(url), problem.kept, problem.url).body
        kept = kept_page(engine, problem, archived)
    except (ArchiveError, ValueError) as error:
        raise click.ClickException(plain(str(error))) from error
    finally:
        engine.dispose()
    if kept is None:
        raise click.ClickException(f"no bytes are kept with problem {problem_id}")
    click.echo(kept.body, nl=False)


def try_again(
    url: sa.URL, choice: Choice, database: str | None, *, fetch: bool, as_json: bool
) -> int:
    """Try the problems of *choice* again; return the exit status."""
    from hanicrawler.cli.retry import retry

    site = os.environ.get("HANICRAWLER_SITE")
    try:
        root = Root.parse(site) if site else None
    except ValueError as error:
        raise WrongUse(f"HANICRAWLER_SITE: {error}") from error
    chosen = _open_ones(url, choice)
    folder = archive_of(url)
    result = retry(url, chosen, folder, root=root, database=database, fetch=fetch)
    if as_json:
        print_json(retried_document(result))
    else:
        from hanicrawler.cli.problems_screen import show_retried

        show_retried(result, fetched=fetch)
    if result.status in CANNOT_GO_ON:
        return int(result.status or 1)
    return 1 if result.open or result.status is not None else 0


def mark_done(url: sa.URL, choice: Choice, *, as_json: bool) -> None:
    """Mark the problems of *choice* as resolved."""
    if choice.is_everything:
        raise WrongUse("--resolve needs to know which: --id, --code, --stage or --url")
    chosen = _open_ones(url, choice)
    engine = open_database(url)
    try:
        number = resolve_problems(engine, [problem.id for problem in chosen])
    finally:
        engine.dispose()
    if as_json:
        print_json({"resolved": number, "ids": [problem.id for problem in chosen]})
    else:
        click.echo(f"{number} marked as done.")


def document(problem: NotedProblem) -> dict[str, object]:
    """Return *problem* with the keys that ``docs/watching.md`` names."""
    from hanicrawler.cli.retry import way

    reason = explain(problem.stage, problem.code)
    return {
        "id": problem.id,
        "url": problem.url,
        "stage": problem.stage,
        "code": problem.code,
        "error": problem.error,
        "meaning": reason.what,
        "advice": reason.todo,
        "retry": way(problem),
        "crawl_id": problem.crawl_id,
        "seen_at": iso(problem.seen_at),
        "resolved_at": iso(problem.resolved_at),
        "has_body": problem.has_page,
        "archive_file": problem.archive_file,
        "archive_offset": problem.archive_offset,
    }


def retried_document(result: Retried) -> dict[str, object]:
    """Return what became of problems with the keys that ``docs/watching.md`` names."""
    return {
        "codes": [
            {"stage": stage, "code": code, "resolved": resolved, "remaining": remaining}
            for (stage, code), (resolved, remaining) in tally(result).items()
        ],
        "remaining": [document(problem) for problem in result.remaining],
        "crawl_status": result.status,
    }


def tally(result: Retried) -> dict[tuple[str, str], tuple[int, int]]:
    """Return for each stage and code how many problems were resolved and how many remain."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for problem in result.chosen:
        resolved, remaining = counts.get((problem.stage, problem.code), (0, 0))
        is_open = problem.id in result.open
        counts[problem.stage, problem.code] = (resolved + (not is_open), remaining + is_open)
    return dict(sorted(counts.items()))


def _open_ones(url: sa.URL, choice: Choice) -> list[NotedProblem]:
    # Reading first: it makes no database, and upgrades none.
    engine = open_read_only(url)
    try:
        return find_problems(engine, choice)
    finally:
        engine.dispose()


def _require(engine: sa.Engine, problem_id: int) -> NotedProblem:
    problem = noted_problem(engine, problem_id)
    if problem is None:
        raise WrongUse(f"there is no problem {problem_id}: hanicrawler problems lists them")
    return problem


def _counts(counts: Mapping[tuple[str, str], int]) -> Sequence[dict[str, object]]:
    most_first = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{"stage": stage, "code": code, "count": number} for (stage, code), number in most_first]
