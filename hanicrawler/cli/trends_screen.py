"""The tables and the small charts of ``hanicrawler trends``."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Final

from rich.text import Text

from hanicrawler.cli.charts import has_blocks, sparkline, squeezed
from hanicrawler.cli.closing import section_name
from hanicrawler.cli.listing import bare_table
from hanicrawler.cli.screen import console, kst, many, plain, span, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import Literal

    from rich.console import Console

    from hanicrawler.ask import ArticleCount, Career, Filters, RankedStory, Ranking, Stay

SECTIONS: Final = 15
"""Sections with a row of their own; what the others have is summed."""
NAME: Final = 24
"""Columns for a section's name."""
LEAST: Final = 10
"""Columns for a chart on the narrowest terminal."""
MOVES: Final = {"new": "green", "rising": "green", "falling": "red", "same": "dim"}


def show_rankings(rankings: Sequence[Ranking]) -> None:
    """Print rankings, and how each place moved."""
    out = console()
    if not rankings:
        out.print(Text("No ranking of most viewed articles is stored."))
    for number, ranking in enumerate(rankings):
        if number:
            out.print()
        _ranking(out, ranking)


def show_career(career: Career, now: datetime) -> None:
    """Print an article's places over time, the latest first."""
    out = console()
    wrapped(out, career.headline or career.url or "", style="bold")
    if not career.stays:
        out.print(Text("It was in no ranking that is stored."))
        return
    best = min(stay.position for stay in career.stays)
    held = span(sum(_seconds(stay, now) for stay in career.stays))
    words = f"Best place {best}; among the most viewed for {held}."
    out.print(Text(words))
    out.print()
    table = bare_table()
    table.add_column("Place", justify="right", no_wrap=True)
    table.add_column("from (KST)", no_wrap=True)
    table.add_column("to (KST)", no_wrap=True)
    table.add_column("for", no_wrap=True)
    for stay in career.stays:
        until = kst(stay.until) if stay.until else Text("now", style="green")
        long = Text(span(_seconds(stay, now)), style="dim")
        table.add_row(str(stay.position), kst(stay.since), until, long)
    out.print(table)


def show_counts(
    counts: Sequence[ArticleCount],
    by: Literal["day", "week", "month"],
    asked: Filters | None,
    *,
    below: bool,
) -> None:
    """Print how many articles each section has, as a line of blocks; *below* something else."""
    out = console()
    if below:
        out.print()
    if not counts or asked is None or asked.since is None or asked.until is None:
        out.print(Text("No article of such days is stored."))
        return
    steps = list(_steps(asked.since, asked.until, by))
    of_section: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for one in counts:
        of_section[section_name(one.edition, one.section or "-")][one.first_day] = one.articles
    room = max(out.width - NAME - 10, LEAST)
    lines = {name: squeezed([days.get(step, 0) for step in steps], room)
             for name, days in of_section.items()}  # fmt: skip
    _chart(out, {name: values for name, (values, _) in lines.items()}, by, asked)
    if (each := -(-len(steps) // room)) > 1:
        out.print(Text(f"Each mark is {many(each, by)}.", style="dim"))


def _ranking(out: Console, ranking: Ranking) -> None:
    line = Text(f"Most viewed, {ranking.edition}", style="bold")
    beside = f", beside that of {kst(ranking.before)}" if ranking.before else ""
    line.append(f"  seen {kst(ranking.seen_at)} KST{beside}", style="not bold dim")
    out.print(line, soft_wrap=True)
    table = bare_table()
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column("ID", justify="right", no_wrap=True)
    table.add_column("there since", no_wrap=True)
    table.add_column("Headline", overflow="fold", ratio=1)
    for story in ranking.stories:
        number = "-" if story.article_id is None else str(story.article_id)
        table.add_row(
            str(story.position), _move(story), number, kst(story.since), Text(_title(story))
        )
    out.print(table)
    for story in ranking.left:
        wrapped(out, f"gone, was {story.position}: {_title(story)}", style="dim")


def _seconds(stay: Stay, now: datetime) -> float:
    # The crawler's clock may have been ahead of this one's.
    return max(((stay.until or now) - stay.since).total_seconds(), 0.0)


def _move(story: RankedStory) -> Text:
    if story.move is None:
        return Text("")
    shown = {"new": "new", "same": "=", "rising": "up", "falling": "down"}[story.move]
    if story.before is not None and story.before != story.position:
        shown += f" {abs(story.before - story.position)}"
    return Text(shown, style=MOVES[story.move])


def _title(story: RankedStory) -> str:
    return plain(story.headline or story.url)


def _chart(
    out: Console,
    of_section: Mapping[str, Sequence[int]],
    by: Literal["day", "week", "month"],
    asked: Filters,
) -> None:
    """Print a line for each section, those with the most articles first, and one for all."""
    names = sorted(of_section, key=lambda name: (-sum(of_section[name]), name))
    rows = {name: of_section[name] for name in names[:SECTIONS]}
    if others := names[SECTIONS:]:
        rest = [of_section[name] for name in others]
        rows[many(len(others), "more section")] = [sum(each) for each in zip(*rest, strict=True)]
    total = [sum(each) for each in zip(*of_section.values(), strict=True)]
    most = max(max(values) for values in rows.values())
    blocks = has_blocks(out.encoding)
    out.print(Text(f"Articles by {by}, {asked.since} to {asked.until}", style="bold"))
    table = bare_table(header=False)
    table.add_column("", overflow="ellipsis", no_wrap=True, max_width=NAME)
    table.add_column("", no_wrap=True)
    table.add_column("", justify="right", no_wrap=True)
    for name, values in rows.items():
        # One scale for all sections, so that lines can be compared.
        line = Text(sparkline(values, most, blocks=blocks), style="cyan")
        table.add_row(Text(plain(name)), line, f"{sum(values):,}")
    table.add_row("in all", Text(sparkline(total, blocks=blocks)), f"{sum(total):,}", style="dim")
    out.print(table)


def _steps(since: date, until: date, by: Literal["day", "week", "month"]) -> Iterator[date]:
    """Give the first days of all days, weeks or months from *since* to *until*."""
    if by == "month":
        last = until.year * 12 + until.month
        for number in range(since.year * 12 + since.month - 1, last):
            yield date(number // 12, number % 12 + 1, 1)
        return
    length = 1 if by == "day" else 7
    first = since.toordinal() - (since.weekday() if by == "week" else 0)
    for number in range(first, until.toordinal() + 1, length):
        yield date.fromordinal(max(number, 1))
