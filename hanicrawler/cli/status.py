"""``hanicrawler status``: how the crawler is doing, for a person, a program or a monitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from hanicrawler import __version__
from hanicrawler.cli.check import STATUS, Verdict, bare_line, judge, line
from hanicrawler.cli.databases import WrongUse, database_option, errors_in_one_line, url_of
from hanicrawler.cli.options import OneLineCommand, duration, only_one
from hanicrawler.cli.screen import iso, print_json
from hanicrawler.storage import (
    DatabaseError,
    describe,
    due,
    freshness,
    list_gaps,
    open_read_only,
    problem_codes,
    recent_coverage,
    recent_runs,
    totals,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from hanicrawler.storage import (
        Due,
        Freshness,
        ListGap,
        ProblemCode,
        RecentCoverage,
        Run,
        Totals,
    )

JUDGED = 20
"""How many of the last runs are looked at for the newest that has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All that the command knows."""

    database: str
    now: datetime
    runs: Sequence[Run]
    verdict: Verdict
    freshness: Freshness
    totals: Totals
    coverage: RecentCoverage
    problems: Sequence[ProblemCode]
    gaps: Sequence[ListGap]
    due: Due


class StatusCommand(OneLineCommand):
    """The command: with ``--check`` wrong use is a monitor's ``UNKNOWN``, status 3."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_check = "--check" in args
        try:
            return super().parse_args(ctx, args)
        except WrongUse as error:
            if not is_check:
                raise
            click.echo(bare_line("unknown", error.format_message()))
            ctx.exit(STATUS["unknown"])


@click.command("status", cls=StatusCommand)
@database_option
@click.option("--runs", type=click.IntRange(0, 10_000), default=7, metavar="N",
              help="How many of the last runs to show; 7.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--check", is_flag=True, help="Print one line and end as monitoring plugins do.")
@click.option("--warning", callback=duration, default="2h", metavar="AGE",
              help="Age of the last healthy run from which on --check warns; 2h.")  # fmt: skip
@click.option("--critical", callback=duration, default="6h", metavar="AGE",
              help="Age from which on it is critical; 6h.")  # fmt: skip
@click.pass_context
def command(
    ctx: click.Context,
    database: str | None,
    runs: int,
    as_json: bool,
    check: bool,
    warning: timedelta,
    critical: timedelta,
) -> None:
    """Show the last runs, how fresh the record is, what is wrong and what is due.

    \b
    hanicrawler status                      a screen
    hanicrawler status --json | jq .due     for a program; docs/watching.md names the keys
    hanicrawler status --check --warning 2h --critical 6h

    With --check the exit status is 0 where all is well; 1, a warning, where the last run that
    ended is not healthy or the last healthy one ended longer ago than --warning; 2, critical,
    where that is longer ago than --critical, there was none, or the database cannot be read;
    3 for wrong use.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    if check:
        ctx.exit(run_check(database, warning, critical, as_json=as_json))
    if warning > critical:
        raise WrongUse("--warning is longer than --critical")
    url = url_of(database)
    with errors_in_one_line():
        engine = open_read_only(url)
        try:
            found = read_status(engine, describe(url), runs, warning, critical)
        finally:
            engine.dispose()
    if as_json:
        print_json(document(found))
        return
    # Imported late: a monitor and a program have no use for it.
    from hanicrawler.cli.status_screen import show

    show(found)


def run_check(
    database: str | None, warning: timedelta, critical: timedelta, *, as_json: bool
) -> int:
    """Print the line of ``--check``; return the exit status."""
    try:
        only_one([("--check", True), ("--json", as_json)])
        if warning > critical:
            raise WrongUse("--warning is longer than --critical")
        url = url_of(database)
    except WrongUse as error:
        click.echo(bare_line("unknown", error.format_message()))
        return STATUS["unknown"]
    try:
        engine = open_read_only(url)
        try:
            verdict, figures = _check(engine, warning, critical)
        finally:
            engine.dispose()
    except DatabaseError as error:
        click.echo(bare_line("critical", str(error)))
        return STATUS["critical"]
    click.echo(line(verdict, warning, critical, figures))
    return STATUS[verdict.state]


def read_status(
    engine: sa.Engine, database: str, runs: int, warning: timedelta, critical: timedelta
) -> Status:
    """Return how the crawler is doing.  Raises DatabaseError."""
    now = datetime.now(UTC)
    last, fresh = recent_runs(engine, runs), freshness(engine)
    judged = recent_runs(engine, JUDGED, only_crawls=True)
    return Status(
        database=database,
        now=now,
        runs=last,
        verdict=judge(judged, fresh.last_healthy_at, now, warning, critical),
        freshness=fresh,
        totals=totals(engine),
        coverage=recent_coverage(engine),
        problems=problem_codes(engine),
        gaps=list_gaps(engine),
        due=due(engine, now),
    )


def document(status: Status) -> dict[str, object]:
    """Return *status* with the keys that ``docs/watching.md`` names."""
    fresh, newest = status.freshness, status.freshness.newest
    return {
        "hanicrawler": __version__,
        "database": status.database,
        "now": iso(status.now),
        "state": status.verdict.state,
        "why": status.verdict.words,
        "runs": [_run(run) for run in status.runs],
        "freshness": {
            "newest_article": newest
            and {
                "edition": newest.edition,
                "source_id": newest.source_id,
                "url": newest.url,
                "headline": newest.headline,
                "published_at": iso(newest.published_at),
            },
            "last_new_article_at": iso(fresh.last_new_at),
            "last_healthy_run_at": iso(fresh.last_healthy_at),
            "seconds_since_healthy_run": status.verdict.age and round(status.verdict.age),
        },
        "totals": {
            "articles": dict(status.totals.articles),
            "revisions": status.totals.revisions,
            "authors": status.totals.authors,
            "open_problems": status.totals.open_problems,
        },
        "coverage": {
            "runs": status.coverage.runs,
            "fields": [
                {"field": one.field, "articles": one.articles}
                | {layer: round(one.share(layer), 4) for layer in one.layers}
                for one in status.coverage.fields
            ],
        },
        "problems": [
            {
                "stage": one.stage,
                "code": one.code,
                "count": one.count,
                "last_seen_at": iso(one.last_seen_at),
            }
            for one in status.problems
        ],
        "gaps": [gap_document(gap) for gap in status.gaps],
        "due": {"now": status.due.now, "next_at": iso(status.due.next_at)},
    }


def gap_document(gap: ListGap) -> dict[str, object]:
    """Return a gap with the keys that ``docs/watching.md`` names."""
    return {
        "edition": gap.edition,
        "section": gap.section,
        "reason": gap.reason,
        "newest_id": gap.newest_id,
        "oldest_id": gap.oldest_id,
        "after": iso(gap.after),
        "before": iso(gap.before),
        "noted_at": iso(gap.noted_at),
    }


def _run(run: Run) -> dict[str, object]:
    return {
        "id": run.id,
        "spider": run.spider,
        "arguments": dict(run.arguments),
        "state": run.state,
        "outcome": run.outcome,
        "reason": run.reason,
        "alarms": list(run.alarms),
        "started_at": iso(run.started_at),
        "finished_at": iso(run.finished_at),
        "not_before": iso(run.not_before),
        "shared": run.shared,
        "workers": run.workers,
        **run.counts,
    }


def _check(
    engine: sa.Engine, warning: timedelta, critical: timedelta
) -> tuple[Verdict, dict[str, int]]:
    now = datetime.now(UTC)
    judged = recent_runs(engine, JUDGED, only_crawls=True)
    verdict = judge(judged, freshness(engine).last_healthy_at, now, warning, critical)
    figures = {
        "problems": sum(one.count for one in problem_codes(engine)),
        "gaps": len(list_gaps(engine)),
        "due": due(engine, now).now,
    }
    return verdict, figures
