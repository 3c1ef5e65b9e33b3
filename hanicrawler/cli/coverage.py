"""``hanicrawler coverage``: what is missing, by day and section, and what closes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.cli.closing import by_address, closings, commands
from hanicrawler.cli.databases import WrongUse, database_option, errors_in_one_line, url_of
from hanicrawler.cli.options import OneLineCommand, day, only_one
from hanicrawler.cli.screen import iso, print_json
from hanicrawler.cli.status import gap_document
from hanicrawler.export.coverage import COLUMNS, FIGURES, table
from hanicrawler.normalize.dates import KST
from hanicrawler.site import EDITIONS, is_section_name
from hanicrawler.storage import Coverage, describe, open_read_only, read_coverage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from hanicrawler.storage import DayCoverage

DAYS: Final = 14
"""How many days are shown where nobody says which: two weeks, today the last."""


@click.command("coverage", cls=OneLineCommand)
@database_option
@click.option("--since", callback=day, metavar="DAY", help="First day in Korea, YYYY-MM-DD.")
@click.option("--until", callback=day, metavar="DAY", help="Last day; today.")
@click.option("--section", "sections", multiple=True, metavar="CODE",
              help="Only this section (e_business); may be repeated.")  # fmt: skip
@click.option("--edition", type=click.Choice(EDITIONS), help="Only this edition.")
@click.option("--missing", "only_missing", is_flag=True,
              help="Only days with something missing.")  # fmt: skip
@click.option(
    "--by",
    type=click.Choice(["day", "month"]),
    default="day",
    help="A row for each day, the default, or month.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for other programs.")
def command(
    database: str | None,
    since: date | None,
    until: date | None,
    sections: tuple[str, ...],
    edition: str | None,
    only_missing: bool,
    by: str,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show what is known to be there and what is missing, by day and section.

    \b
    hanicrawler coverage                               the last two weeks
    hanicrawler coverage --since 2024-01-01 --by month
    hanicrawler coverage --missing --section e_business
    hanicrawler coverage --since 1988-05-15 --csv > coverage.csv

    Days are Korean. Below the table stands in words what is missing, and the very command that
    fetches it. docs/watching.md says what each column means.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    only_one([("--json", as_json), ("--csv", as_csv)])
    for section in sections:
        if not is_section_name(section):
            raise WrongUse(f"--section {section!r} is no section: e_business, politics/assembly")
    now = datetime.now(UTC)
    last = until or now.astimezone(KST).date()
    first = since or last - timedelta(days=DAYS - 1)
    if first > last:
        raise WrongUse(f"--since {first} is after {last}")
    url = url_of(database)
    with errors_in_one_line():
        engine = open_read_only(url)
        try:
            found = read_coverage(
                engine, since=first, until=last, sections=sections, edition=edition
            )
        finally:
            engine.dispose()
    days = list(by_month(found) if by == "month" else found.days)
    shown = [row for row in days if not only_missing or row.missing or row.lists != "read"]
    if as_csv:
        click.echo(table(shown, () if only_missing else found.named), nl=False)
    elif as_json:
        print_json(document(found, shown, describe(url), now, history_to=since))
    else:
        # Imported late: a program has no use for it.
        from hanicrawler.cli.coverage_screen import show

        show(found, shown, now, by_month=by == "month", history_to=since)


def by_month(found: Coverage) -> Iterator[DayCoverage]:
    """Give the days of each section's month as one row, dated the month's first day."""

    def key(row: DayCoverage) -> tuple[str, str, str]:
        return f"{row.day:%Y-%m}", row.edition, row.section or ""

    for _, rows in groupby(sorted(found.days, key=key), key):
        of_month = list(rows)
        sums = {name: sum(getattr(row, name) for row in of_month) for name in FIGURES}
        lists = {row.lists for row in of_month}
        worst = next(state for state in ("gap", "never", "read") if state in lists)
        first = of_month[0]
        yield replace(first, day=first.day.replace(day=1), lists=worst, **sums)


def document(
    found: Coverage,
    rows: list[DayCoverage],
    database: str,
    now: datetime,
    *,
    history_to: date | None,
) -> dict[str, object]:
    """Return what is known with the keys that ``docs/watching.md`` names.

    *history_to* is the first day that was asked about, None where nobody said.
    """
    return {
        "database": database,
        "now": iso(now),
        "since": found.since,
        "until": found.until,
        "lists_read_at": iso(found.read_at),
        "days": [{name: getattr(row, name) for name in COLUMNS} for row in rows],
        "gaps": [
            gap_document(gap) | {"commands": closings([gap], history_to)} for gap in found.gaps
        ],
        "gaps_elsewhere": found.elsewhere,
        "commands": commands(found, history_to),
        "named_only": {
            "stories": sum(one.stories for one in found.named),
            "sections": [
                {"edition": one.edition, "section": one.section, "stories": one.stories}
                for one in found.named
            ],
            "command": by_address(found.named),
        },
    }
