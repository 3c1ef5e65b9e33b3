"""``hanicrawler trends``: what is viewed most, and how many articles there are."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import click

from hanicrawler.cli.databases import WrongUse, asked_archive, database_option
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.options import OneLineCommand, duration, only_one
from hanicrawler.cli.screen import print_json
from hanicrawler.normalize.dates import KST

if TYPE_CHECKING:
    from typing import Literal

    from hanicrawler.ask import Archive, Filters

SPANS: Final = {"day": 30, "week": 26, "month": 24}
"""How many days, weeks and months are counted where nobody says since when."""


@click.command("trends", cls=OneLineCommand)
@database_option
@click.option(
    "--back",
    callback=duration,
    default="1d",
    metavar="DURATION",
    help="How long before the ranking the one stood it is compared with: 12h, 7d; 1d.",
)
@click.option(
    "--history",
    metavar="ARTICLE",
    help="The places of one article over time: an id, en:1218660 or a URL.",
)
@click.option(
    "--by",
    type=click.Choice(["day", "week", "month"]),
    default="day",
    help="Articles counted by day, the default, week or month.",
)
@click.option("--ranking", "only_ranking", is_flag=True, help="Only the rankings.")
@click.option("--counts", "only_counts", is_flag=True, help="Only how many articles there are.")
@filter_options
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(
    database: str | None,
    back: timedelta,
    history: str | None,
    by: Literal["day", "week", "month"],
    only_ranking: bool,
    only_counts: bool,
    filters: Filters,
    as_json: bool,
) -> None:
    """Show what is viewed most and how it moved, and the articles by day and section.

    \b
    hanicrawler trends
    hanicrawler trends --ranking --edition ko --back 7d   beside the ranking a week before
    hanicrawler trends --until 2026-03-01                 as it stood at the end of that day
    hanicrawler trends --history en:1218660               one article's places over time
    hanicrawler trends --counts --by month --since 2024-01-01 --section e_northkorea

    Rankings are an edition's; a story is new, rises or falls against the ranking that stood
    --back before. The options that choose articles are about the counts; --edition and --until
    about both. Days are Korean, a week begins on Monday.
    """  # noqa: D301 (click's mark for lines to be left as they are)
    only_one([("--history", history), ("--ranking", only_ranking), ("--counts", only_counts)])
    if not back:
        raise WrongUse("--back is 0: write how long before, 12h or 7d")
    if history is not None:
        one_article(database, history, as_json=as_json)
        return
    with asked_archive(database) as archive:
        rankings = (
            ()
            if only_counts
            else archive.rankings(filters.editions, at=end_of(filters.until), back=back)
        )
        span = None if only_ranking else counted(archive, filters, by)
        counts = () if span is None else archive.article_counts(by, span)
    if as_json:
        print_json(
            {
                "rankings": [asdict(one) for one in rankings],
                "by": by,
                "since": span and span.since,
                "until": span and span.until,
                "articles": [asdict(one) for one in counts],
            }
        )
        return
    # Imported late: a program has no use for it.
    from hanicrawler.cli.trends_screen import show_counts, show_rankings

    if not only_counts:
        show_rankings(rankings)
    if not only_ranking:
        show_counts(counts, by, span, below=not only_counts)


def one_article(database: str | None, which: str, *, as_json: bool) -> None:
    """Print the places of an article over time."""
    with asked_archive(database) as archive:
        career = archive.ranking_history(which)
    if as_json:
        print_json(asdict(career))
    else:
        from hanicrawler.cli.trends_screen import show_career

        show_career(career, datetime.now(UTC))


def counted(
    archive: Archive, filters: Filters, by: Literal["day", "week", "month"]
) -> Filters | None:
    """Return *filters* with both ends: up to the newest article, and so far back as fits.

    None where there is no article.
    """
    newest = archive.newest_day(filters)
    if newest is None:
        return None
    until = filters.until or newest
    return replace(filters, since=filters.since or first_of(until, by), until=until)


def first_of(until: date, by: Literal["day", "week", "month"]) -> date:
    """Return the first day of as many days, weeks or months as are shown up to *until*."""
    back = SPANS[by] - 1
    if by == "month":
        number = max(until.year * 12 + until.month - 1 - back, 12)
        return date(number // 12, number % 12 + 1, 1)
    days = back if by == "day" else back * 7 + until.weekday()
    return date.fromordinal(max(until.toordinal() - days, 1))


def end_of(day: date | None) -> datetime | None:
    """Return the last moment (aware, UTC) of a Korean day."""
    return None if day is None else datetime.combine(day, time.max, KST).astimezone(UTC)
