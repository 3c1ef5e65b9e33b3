"""The table and the words of ``hanicrawler coverage``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from hanicrawler.cli.closing import (
    CRAWL,
    CRAWLED,
    RETRY,
    by_address,
    commands,
    missing,
    section_name,
)
from hanicrawler.cli.screen import ago, console, indented, kst, many, plain
from hanicrawler.normalize.dates import KST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from rich.console import Console

    from hanicrawler.storage import Coverage, DayCoverage, ListGap

SHOWN: Final = ("listed", "stored", "gone", "failed", "waiting", "missing")
MARKS: Final = {"gap": "gap", "never": "never", "read": ""}
WHY: Final = {
    "reading": "a run is at it, or was ended",
    "limit": "a run's bound was reached",
    "failed": "a list could not be read",
    "history": "",
}


def show(
    found: Coverage,
    rows: Sequence[DayCoverage],
    now: datetime,
    *,
    by_month: bool,
    history_to: date | None,
) -> None:
    """Print *rows*, the newest first, then in words what is missing in *found*.

    *history_to* is the first day that was asked about, None where nobody said.
    """
    out = console()
    named = [row for row in rows if row.listed]
    if named:
        out.print(_table(named, by_month=by_month))
    else:
        out.print(Text("No article is known of these days."))
    out.print()
    out.print(Text(f"The lists were last read {_when(found.read_at, now)}."))
    lost = _say_missing(out, found)
    _say_gaps(out, found)
    if asked := commands(found, history_to):
        _say(out, "To read these lists and fetch what they name:", asked, by=0)
    _say_named(out, found)
    if not lost:
        _say_whole(out, found)


def _table(rows: Sequence[DayCoverage], *, by_month: bool) -> Table:
    # The sum below the columns is of what is shown.
    table = Table(
        box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="dim", show_footer=True
    )
    table.add_column("Month" if by_month else "Day", no_wrap=True, footer="in all")
    table.add_column("Section", overflow="fold")
    for name in SHOWN:
        total = sum(getattr(row, name) for row in rows)
        table.add_column(name, justify="right", no_wrap=True, footer=f"{total:,}")
    table.add_column("lists", no_wrap=True)
    for row in sorted(rows, key=lambda row: (-row.day.toordinal(), row.edition, row.section or "")):
        section = section_name(row.edition, row.section or "-")
        cells = [_cell(name, getattr(row, name)) for name in SHOWN]
        day = f"{row.day:%Y-%m}" if by_month else str(row.day)
        table.add_row(day, Text(plain(section)), *cells, Text(MARKS[row.lists], style="yellow"))
    return table


def _cell(name: str, number: int) -> Text:
    bad = {"failed": "red", "missing": "yellow"}
    return Text(f"{number:,}" if number else "-", style=bad.get(name, "") if number else "dim")


def _say_missing(out: Console, found: Coverage) -> bool:
    """Say how many articles are named and not stored; tell whether there are any."""
    lost = missing(found.days)
    if not lost.total:
        return False
    out.print(Text(f"Missing: {many(lost.total, 'article')} named and not stored.", style="bold"))
    if lost.waiting:
        _say(out, f"{lost.waiting:,} due in the next run:", [CRAWL])
    if lost.failed:
        _say(out, f"{lost.failed:,} could not be had or read:", [RETRY])
    if lost.unasked:
        _say(out, f"{lost.unasked:,} listed and never asked for.", [])
    return True


def _say_gaps(out: Console, found: Coverage) -> None:
    """Say which stretches of lists nobody read."""
    if found.gaps:
        out.print(Text("Gaps: lists that were not read, where more may be missing.", style="bold"))
        _say(out, None, [], [_gap(gap) for gap in found.gaps])
        if others := sorted({gap.edition for gap in found.gaps} - CRAWLED):
            _say(out, f"No command reads the lists of {', '.join(others)}.", [])
    never = {row.section for row in found.days if row.lists == "never" and row.section}
    if never:
        out.print(
            Text("Never read: lists of which only what other pages name is known.", style="bold")
        )
        _say(out, f"{_listed(sorted(never))}.", [])
    if found.elsewhere:
        words = f"{many(found.elsewhere, 'more gap')} outside these days (see --since)."
        out.print(Text(words))


def _say_named(out: Console, found: Coverage) -> None:
    """Say how many stories have no day, and what fetches them."""
    number = sum(one.stories for one in found.named)
    if not number:
        return
    only = "1 story is" if number == 1 else f"{number:,} stories are"
    theirs = "its date is" if number == 1 else "their dates are"
    out.print(Text(f"{only} only named beside others; {theirs} not known."))
    if command := by_address(found.named):
        _say(out, "To fetch what nobody has asked for:", [command])
    elif any(one.edition in CRAWLED for one in found.named):
        words = "Reading their sections' lists back to the days they were posted fetches them"
        _say(out, f"{words} (-a since=DAY).", [])


def _say_whole(out: Console, found: Coverage) -> None:
    """Say that nothing is missing, of which days, where the lists of all of them were read."""
    read_on = found.read_at and found.read_at.astimezone(KST).date()
    if not found.days or found.gaps or read_on is None:
        return
    if any(row.lists != "read" for row in found.days):
        return
    until = min(found.until or read_on, read_on)
    if found.since and found.since > until:
        return  # nobody has looked since
    span = f"{found.since} to {until}" if found.since else f"the days to {until}"
    nothing = "Nothing else is known to be missing" if found.named else "Nothing is missing"
    indented(
        out, f"{nothing} of {span}: what was listed is stored or gone, all lists were read.", 0
    )


def _gap(gap: ListGap) -> str:
    name = section_name(gap.edition, gap.section)
    why = f" ({WHY.get(gap.reason, gap.reason)})" if WHY.get(gap.reason, gap.reason) else ""
    if gap.first_day is None and gap.last_day is None:
        return f"{name}: an unknown time was never read{why}."
    if gap.first_day is None:
        return f"{name}: nothing before {kst(gap.before)} KST was ever looked for{why}."
    if gap.last_day is None:
        return f"{name}: nothing after {kst(gap.after)} KST was read{why}."
    return f"{name}: {kst(gap.after)} to {kst(gap.before)} KST was not read{why}."


def _say(
    out: Console, words: str | None, asked: Sequence[str], lines: Iterable[str] = (), by: int = 2
) -> None:
    """Print *words*, indented, and below them commands that can be copied in one piece."""
    for text in filter(None, (words, *lines)):
        indented(out, text, by)
    for command in asked:
        out.print(Text(f"    {plain(command)}", style="cyan"), soft_wrap=True)


def _listed(names: Sequence[str], most: int = 4) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def _when(moment: datetime | None, now: datetime) -> str:
    return f"{kst(moment)} KST, {ago(moment, now)}" if moment else "never"
