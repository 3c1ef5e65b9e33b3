"""The tables of ``hanicrawler authors``."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from rich.text import Text

from hanicrawler.cli.charts import bar, has_blocks
from hanicrawler.cli.closing import section_name
from hanicrawler.cli.listing import bare_table, say_more
from hanicrawler.cli.screen import console, indented, kst, many, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import click
    from rich.console import Console

    from hanicrawler.ask import Author, MonthCount, Page, SectionCount, SignedArticle, Signer

FEW: Final = 3
"""Sections named beside an author of the list."""
SOME: Final = 10
"""Rows of each of an author's tables."""
MONTHS: Final = 24
"""An author of longer than so many months is counted by the year."""
BAR: Final = 30


def show_list(signers: Sequence[Signer], *, more: bool) -> None:
    """Print authors, each in a row."""
    out = console()
    if not signers:
        out.print(Text("No author signed such articles."))
        return
    table = bare_table()
    table.add_column("Author", overflow="fold")
    table.add_column("", no_wrap=True)
    table.add_column("articles", justify="right", no_wrap=True)
    table.add_column("first", no_wrap=True)
    table.add_column("last", no_wrap=True)
    table.add_column("sections", overflow="fold")
    for one in signers:
        first, last = kst(one.first_at)[:10], kst(one.last_at)[:10]
        name = Text(plain(one.name), style="bold")
        row = (name, one.language, f"{one.articles:,}", first, last, _sections(one.sections))
        table.add_row(*row)
    out.print(table)
    if more:
        out.print(Text("There are more: see --limit, --match and --sort.", style="dim"))


def show_author(author: Author, by: Literal["year", "month"] | None) -> None:
    """Print what is known of an author, but for the articles."""
    out = console()
    line = Text(plain(author.name), style="bold")
    line.append(f" ({author.language})", style="not bold dim")
    out.print(line)
    if not author.articles:
        out.print(Text("No such article of theirs is stored."))
        return
    span = f", {kst(author.first_at)[:10]} to {kst(author.last_at)[:10]}"
    out.print(Text(many(author.articles, "article") + (span if author.first_at else "")))
    _months(out, author.months, by)
    _posts(out, author)
    _counted(out, "Sections", [(_section(one), one.articles) for one in author.sections])
    _counted(out, "Together with", [(one.name, one.articles) for one in author.cosigners])


def show_articles(ctx: click.Context, page: Page[SignedArticle]) -> None:
    """Print articles of an author, and how to go on."""
    out = console()
    if not page.rows:
        return
    out.print()
    table = bare_table()
    table.add_column("ID", justify="right", no_wrap=True)
    table.add_column("Posted (KST)", no_wrap=True)
    table.add_column("Section", overflow="fold")
    table.add_column("Headline", overflow="fold", ratio=1)
    for one in page.rows:
        section = section_name(one.edition, one.section or "-")
        row = (str(one.id), kst(one.published_at), Text(plain(section)), Text(plain(one.headline)))
        table.add_row(*row)
    out.print(table)
    say_more(out, ctx, page.next)


def _months(
    out: Console, months: Sequence[MonthCount], by: Literal["year", "month"] | None
) -> None:
    """Print how many articles each year or month has."""
    if not months:
        return
    span = list(_every_month(months[0].month, months[-1].month))
    numbers = {one.month: one.articles for one in months}
    if by == "year" or (by is None and len(span) > MONTHS):
        counts = {
            str(year): sum(count for month, count in numbers.items() if month.year == year)
            for year in range(span[0].year, span[-1].year + 1)
        }
    else:
        counts = {f"{month:%Y-%m}": numbers.get(month, 0) for month in span}
    blocks = has_blocks(out.encoding)
    most = max(counts.values())
    out.print()
    for when, number in counts.items():
        line = Text(f"{when:<7} ")
        line.append(bar(number, most, BAR, blocks=blocks), style="cyan")
        out.print(line.append(f" {number:,}" if number else "-", style="dim"))


def _every_month(first: date, last: date) -> Iterator[date]:
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)


def _posts(out: Console, author: Author) -> None:
    """Print as what and from where the author wrote, the latest first."""
    named = [post for post in author.posts if post.role or post.place]
    if not named:
        return
    out.print()
    table = bare_table()
    table.add_column("As", overflow="fold")
    table.add_column("articles", justify="right", no_wrap=True)
    table.add_column("first", no_wrap=True)
    table.add_column("last", no_wrap=True)
    for post in named[:SOME]:
        words = ", ".join(filter(None, (post.role, post.place)))
        first, last = kst(post.first_at)[:10], kst(post.last_at)[:10]
        table.add_row(Text(plain(words)), f"{post.articles:,}", first, last)
    out.print(table)
    if (rest := len(named) - SOME) > 0:
        out.print(Text(f"and {rest:,} more", style="dim"))


def _counted(out: Console, heading: str, counts: Sequence[tuple[str, int]]) -> None:
    """Print what was counted, the commonest first, in as few lines as it needs."""
    if not counts:
        return
    shown = ", ".join(f"{name} {number:,}" for name, number in counts[:SOME])
    rest = f" and {len(counts) - SOME:,} more" if len(counts) > SOME else ""
    out.print()
    indented(out, f"{heading}: {shown}{rest}", by=0)


def _sections(sections: Sequence[SectionCount]) -> Text:
    shown = ", ".join(_section(one) for one in sections[:FEW])
    rest = f" and {len(sections) - FEW} more" if len(sections) > FEW else ""
    return Text(plain(shown + rest))


def _section(one: SectionCount) -> str:
    return section_name(one.edition, one.section or "-")
