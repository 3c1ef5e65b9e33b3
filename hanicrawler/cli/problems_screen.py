"""What ``hanicrawler problems`` prints for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from hanicrawler.archives import path_of
from hanicrawler.cli.problems import tally
from hanicrawler.cli.reasons import explain
from hanicrawler.cli.retry import way
from hanicrawler.cli.screen import console, indented, kst, many, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from hanicrawler.cli.retry import Retried
    from hanicrawler.storage import NotedProblem

SHOWN = 20
"""How many of the problems that remain are named after a retry."""

WAYS = {
    "read": "from the bytes that were kept",
    "fetch": "by fetching the article",
    "run": "by any run, which asks for feeds and lists anyway",
}


def show_list(
    found: Sequence[NotedProblem], counts: Mapping[tuple[str, str], int], *, with_resolved: bool
) -> None:
    """Print problems by code, the code met last first."""
    out = console()
    if not found:
        out.print(Text("No problems." if with_resolved else "No open problems."))
        return
    groups: dict[tuple[str, str], list[NotedProblem]] = {}
    for problem in found:
        groups.setdefault((problem.stage, problem.code), []).append(problem)
    for (stage, code), problems in groups.items():
        total = counts.get((stage, code), len(problems))
        reason = explain(stage, code)
        heading = Text(plain(code), style="bold red").append(
            f"  {many(total, 'problem')} of stage {plain(stage)}", style="default not bold"
        )
        out.print(heading)
        indented(out, f"{reason.what} {reason.todo}")
        for problem in problems:
            _line(out, problem)
        if total > len(problems):
            indented(out, f"... and {total - len(problems):,} more (--limit 0)")
        out.print()
    out.print(Text("One whole: --show ID; its page: --body ID; after a fix: --retry"))


def show_whole(problem: NotedProblem, folder: Path | None) -> None:
    """Print all that is known of a problem; *folder* is the archive's."""
    out = console()
    reason = explain(problem.stage, problem.code)
    rows = (
        ("Problem", str(problem.id)),
        ("Code", f"{problem.code} (stage {problem.stage})"),
        ("URL", problem.url),
        ("Error", _error(problem)),
        ("Meaning", reason.what),
        ("What to do", reason.todo),
        ("Seen", f"{kst(problem.seen_at)} KST"),
        ("Resolved", f"{kst(problem.resolved_at)} KST" if problem.resolved_at else "no"),
        ("Run", str(problem.crawl_id or "-")),
        ("Page kept", _where(problem, folder)),
        ("--retry", WAYS[way(problem)]),
    )
    for name, value in rows:
        out.print(Text(f"{name:<11}", style="dim").append(plain(value), style="default not dim"),
                  soft_wrap=True)  # fmt: skip


def _where(problem: NotedProblem, folder: Path | None) -> str:
    if problem.size:
        return f"{problem.size:,} bytes compressed; --body {problem.id}"
    if (kept := problem.kept) is None:
        return "none"
    file = path_of(folder, kept.file)
    if not file.exists():
        return f"{file}, which is not there any more"
    return f"{file}, byte {kept.offset}; --body {problem.id}"


def show_retried(result: Retried, *, fetched: bool) -> None:
    """Print what became of problems that were tried again."""
    out = console()
    if not result.chosen:
        out.print(Text("No open problems to try again."))
        return
    for (stage, code), (resolved, remaining) in tally(result).items():
        words = f"{plain(code)} ({plain(stage)}): {resolved:,} resolved, {remaining:,} remain"
        out.print(Text(words))
    left = result.remaining
    for problem in left[:SHOWN]:
        _line(out, problem, result.words.get(problem.id))
    if len(left) > SHOWN:
        indented(out, f"... and {len(left) - SHOWN:,} more (hanicrawler problems)")
    if any(way(problem) == "run" for problem in left):
        out.print(Text("Feeds, fronts and lists are not asked for here: the next run does that."))
    if not fetched and any(way(problem) != "run" for problem in left):
        out.print(Text("Nothing was asked of the site: without --no-fetch those are fetched."))


def _line(out: Console, problem: NotedProblem, words: str | None = None) -> None:
    done = " resolved" if problem.resolved_at else ""
    head = Text(f"  {problem.id:>5}  {kst(problem.seen_at)}{done}  ", style="dim")
    # A URL is copied: it stays in one piece.
    out.print(head.append(plain(problem.url), style="default not dim"), soft_wrap=True)
    indented(out, words or _error(problem), by=9)


def _error(problem: NotedProblem) -> str:
    """Return the error without the URL, which stands beside it."""
    return problem.error.removeprefix(f"{problem.url}: ")
