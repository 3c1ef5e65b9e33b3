"""The screen of ``hanicrawler status``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from hanicrawler.cli.check import NO_FAULT
from hanicrawler.cli.reasons import explain
from hanicrawler.cli.screen import ago, console, indented, kst, many, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from rich.console import Console

    from hanicrawler.cli.status import Status
    from hanicrawler.storage import FieldCoverage, Run

COUNTED: Final = (
    ("found", "found"),
    ("fetched", "fetched"),
    ("not_modified", "same"),
    ("new", "new"),
    ("changed", "chgd"),
    ("gone", "gone"),
    ("failed", "fail"),
)
"""The counts that are shown, and what the column is called: they must fit into 80 columns."""

COLOURS: Final = {
    "ok": "green",
    "healthy": "green",
    "waiting": "cyan",
    "running": "cyan",
    "unfinished": "cyan",
    "warning": "yellow",
    "interrupted": "yellow",
    "done": "green",
    "reading": "cyan",
    "stopped": "yellow",
}
"""Colours of states; any other is red."""


def show(status: Status) -> None:
    """Print *status* for a person, in 80 columns, or as many as there are."""
    out = console()
    _heading(out, status)
    _runs(out, status.runs, status.now)
    _figures(out, status)
    _coverage(out, status)
    _problems(out, status)


def _heading(out: Console, status: Status) -> None:
    verdict = status.verdict
    words = Text(verdict.state.upper(), style=f"bold {_colour(verdict.state)}")
    out.print(words.append(f"  {plain(verdict.words)}", style="default not bold"))
    out.print(Text(plain(status.database), style="dim"), soft_wrap=True)


def _runs(out: Console, runs: Sequence[Run], now: datetime) -> None:
    if not runs:
        return
    names = [shown for _, shown in COUNTED]
    heading = f"{'Started (KST)':<16} {'Outcome':<11} {_columns(names)} {'seconds':>7}"
    _title(out, "Last runs")
    out.print(Text(heading, style="dim"))
    for run in runs:
        out.print(_run_line(run))
        for words in _remarks(run, now):
            indented(out, words, by=4)


def _run_line(run: Run) -> Text:
    line = Text(f"{kst(run.started_at)} ")
    line.append(f"{run.state.replace('_', ' '):<11}", style=_colour(run.state))
    counts = [run.counts[name] for name, _ in COUNTED]
    seconds = run.counts["seconds"]
    shown = "" if seconds is None else f"{seconds:,.{0 if seconds >= 100 else 1}f}"
    return line.append(
        f" {_columns(['' if number is None else str(number) for number in counts])} {shown:>7}"
    )


def _columns(cells: Sequence[str]) -> str:
    widths = (5, 7, 5, 5, 4, 4, 4)
    return " ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _remarks(run: Run, now: datetime) -> list[str]:
    """Return what is to be said of a run besides its figures."""
    remarks = []
    if not run.is_crawl:
        remarks.append(f"{run.spider} of {plain(_asked(run.arguments))}")
    elif run.arguments:
        remarks.append(f"asked: {_asked(run.arguments)}")
    if run.shared:
        remarks.append(f"shared by {many(run.workers, 'crawler')}")
    if run.state == "running":
        remarks.append(f"begun {ago(run.started_at, now)}")
    elif run.state == "unfinished":
        remarks.append(f"begun {ago(run.started_at, now)}: at work, or killed; the next run tells")
    elif run.state == "killed" and not run.reason:
        remarks.append("it was killed, or lost the database; the runs after it carry on its work")
    elif run.state not in (*NO_FAULT, "done", "reading") or run.reason:
        alarms = f"{' '.join(run.alarms)}: " if run.alarms else ""
        remarks.append(f"{alarms}{run.reason or 'no reason is known'}")
    if run.not_before:
        remarks.append(f"the site asked to be left alone until {kst(run.not_before)} KST")
    return remarks


def _asked(arguments: Mapping[str, str]) -> str:
    """Return what a run was asked for, as it was typed but for many URLs."""
    given = dict(arguments)
    if number := given.get("urls", "").count("://"):
        given["urls"] = f"({many(number, 'article')})"
    asked = " ".join(f"{name}={value}" for name, value in given.items())
    return asked if len(asked) < 200 else f"{asked[:200]} ..."


def _figures(out: Console, status: Status) -> None:
    fresh, held, now = status.freshness, status.totals, status.now
    _title(out, "Record")
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    newest = "none"
    if fresh.newest:
        posted = f"{kst(fresh.newest.published_at)} KST, {ago(fresh.newest.published_at, now)}"
        newest = f"{posted}: {plain(fresh.newest.headline)}"
    editions = ", ".join(f"{count:,} {edition}" for edition, count in held.articles.items())
    rows = (
        ("Newest article", newest),
        ("Last new one", _when(fresh.last_new_at, now)),
        ("Last healthy run", _when(fresh.last_healthy_at, now)),
        ("Articles", editions or "none"),
        ("Revisions", f"{held.revisions:,}"),
        ("Authors", f"{held.authors:,}"),
        ("Due", _due(status)),
        ("Gaps in the lists", _gaps(status)),
    )
    for name, value in rows:
        table.add_row(name, Text(value))
    out.print(table)


def _when(moment: datetime | None, now: datetime) -> str:
    return f"{kst(moment)} KST, {ago(moment, now)}" if moment else "never"


def _due(status: Status) -> str:
    due = status.due
    following = f"; next {_when(due.next_at, status.now)}" if due.next_at else ""
    return f"{many(due.now, 'page')} now{following}"


def _gaps(status: Status) -> str:
    if not status.gaps:
        return "none"
    histories = sum(gap.reason == "history" for gap in status.gaps)
    others = len(status.gaps) - histories
    parts = []
    if others:
        parts.append(f"{others} between what was read")
    if histories:
        parts.append(f"older articles never looked for in {many(histories, 'section')}")
    return f"{'; '.join(parts)} (hanicrawler coverage)"


def _coverage(out: Console, status: Status) -> None:
    coverage = status.coverage
    if not coverage.fields:
        return
    runs = "run" if coverage.runs == 1 else f"{coverage.runs} runs"
    _title(out, f"Fields found in the last {runs} that read articles")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("Field")
    for name in ("by template", "by landmark", "by metadata", "not found", "articles"):
        table.add_column(name, justify="right")
    for field in coverage.fields:
        table.add_row(plain(field.field), *_shares(field), f"{field.articles:,}")
    out.print(table)


def _shares(field: FieldCoverage) -> list[str]:
    shares = [field.share(layer) for layer in ("template", "landmark", "metadata", "absent")]
    return [f"{share:.1%}" if share else "-" for share in shares]


def _problems(out: Console, status: Status) -> None:
    total = sum(problem.count for problem in status.problems)
    _title(out, f"Open problems: {total:,}")
    if not total:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(justify="right")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for problem in status.problems:
        what = explain(problem.stage, problem.code).what
        table.add_row(f"{problem.count:,}", Text(plain(problem.code)), Text(what))
    out.print(table)
    out.print(Text("Look at them: hanicrawler problems; try again: hanicrawler problems --retry"))


def _title(out: Console, words: str) -> None:
    out.print()
    out.print(Text(words, style="bold"))


def _colour(state: str) -> str:
    return COLOURS.get(state, "red")
