"""A reparse or an import on a terminal: how it gets on, what changes, what came of it."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import click
from rich.text import Text

from hanicrawler.ask.changes import changes
from hanicrawler.cli.diff_screen import print_change
from hanicrawler.cli.screen import UNSEEN, console, iso, many, plain
from hanicrawler.replay.runs import Hearer
from hanicrawler.storage import FIELDS_COMPARED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hanicrawler.cli.replaying import Wish
    from hanicrawler.replay.runs import Order, Summary
    from hanicrawler.storage import Difference, Unfinished

EVERY: Final = 10.0
"""Seconds between two lines of progress where there is no terminal."""
COUNTED: Final = (
    ("new", "new"),
    ("changed", "changed: another version"),
    ("updated", "updated: the same text"),
    ("unchanged", "as they were"),
    ("gone", "said to be gone"),
    ("problems", "problems noted"),
    ("unreadable", "pages that cannot be read"),
    ("damaged", "damaged records"),
    ("others", "records of other sites, passed over"),
)
"""The counts that are told, in this order, and their words."""
KINDS: Final = (
    ("older", "earlier versions read otherwise"),
    ("newly_readable", "newly readable"),
    ("new", "not stored before"),
    ("no_longer_readable", "no longer readable"),
)
_HEADINGS: Final = {
    "changed": "",
    "older": "  an earlier version",
    "newly_readable": "  newly readable",
    "new": "  not stored before",
    "no_longer_readable": "  no longer readable: what is stored remains",
}


class Teller(Hearer):
    """Tells a person, or a program, how a run gets on."""

    def __init__(self, order: Order, wish: Wish, *, diff: bool) -> None:
        self._order = order
        self._wish = wish
        self._diff = diff
        self._out = console()
        self._began = self._last = time.monotonic()
        sizes = [source.size for source in order.sources]
        self.total = None if None in sizes else sum(size or 0 for size in sizes)

    def began(self, resumed: Unfinished | None) -> None:
        self._began = self._last = time.monotonic()
        if resumed is not None and not self._wish.quiet:
            words = (
                f"Going on with the {self._order.name} begun {iso(resumed.started_at)}"
                " (--anew begins anew)."
            )
            self._say(words)

    def done(self, bytes_read: int, counts: Mapping[str, int]) -> None:
        now = time.monotonic()
        if self._wish.quiet or now - self._last < EVERY:
            return
        self._last = now
        share = f"{bytes_read / self.total:.0%}, " if self.total else ""
        rate = counts["captures"] / max(now - self._began, 0.001)
        self._say(f"{self._order.name}: {share}{_figures(counts)}, {rate:,.0f} pages a second")

    def differ(self, differences: Sequence[Difference]) -> None:
        for difference in differences if self._diff else ():
            if difference.kind == "new":
                continue  # there is nothing to compare it with
            if self._wish.as_json:
                print_line(document(difference))
            else:
                self._show(difference)

    def warn(self, words: str) -> None:
        self._say(f"Warning: {plain(words)}")

    def _say(self, words: str) -> None:
        click.echo(words, err=True)

    def _show(self, difference: Difference) -> None:
        out = self._out
        line = Text(plain(difference.url), style="cyan")
        line.append(f"  captured {iso(difference.captured_at)}", style="dim")
        out.print(line.append(_HEADINGS[difference.kind], style="yellow"), soft_wrap=True)
        for change in difference.changes:
            out.print(Text(f"  {change.field}", style="dim"))
            if change.old is None or change.new is None:
                for mark, text in (("-", change.old), ("+", change.new)):
                    if text is not None:
                        out.print(Text(f"    {mark} {plain(text)}"), soft_wrap=True)
            else:
                print_change(out, changes(change.old, change.new))


class Bar(Teller):
    """Shows a bar on a terminal."""

    def __init__(self, order: Order, wish: Wish, *, diff: bool) -> None:
        super().__init__(order, wish, diff=diff)
        # Imported late: most runs are nobody's to watch.
        from rich.console import Console
        from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn
        from rich.progress import TimeRemainingColumn as Remaining

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[figures]}"),
            Remaining(),
        )
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self.bar.add_task(order.name, total=self.total, figures="")

    def done(self, bytes_read: int, counts: Mapping[str, int]) -> None:
        rate = counts["captures"] / max(time.monotonic() - self._began, 0.001)
        figures = f"{_figures(counts)}, {rate:,.0f}/s"
        self.bar.update(self._task, completed=bytes_read, figures=figures)

    def _say(self, words: str) -> None:
        self.bar.console.print(Text(words))


@contextmanager
def hearer_for(order: Order, wish: Wish, *, diff: bool) -> Iterator[Hearer]:
    """Give what tells of *order*'s run: a bar on a terminal, else lines, or nothing."""
    rows_are_shown = diff and sys.stdout.isatty()
    if wish.quiet or rows_are_shown or not sys.stderr.isatty():
        yield Teller(order, wish, diff=diff)
        return
    shown = Bar(order, wish, diff=diff)
    with shown.bar:
        yield shown


def show(order: Order, summary: Summary, *, as_json: bool) -> None:
    """Print what came of *order*."""
    if as_json:
        print_line(summary_document(summary))
        return
    counts, fields, out = summary.progress.counts, summary.progress.fields, console()
    rate = counts["captures"] / max(summary.seconds, 0.001)
    read = f"{many(counts['captures'], 'page')} in {summary.seconds:,.1f} seconds"
    begun = {"stopped": "Stopped after", "done": "Read"}.get(summary.outcome, "Failed after")
    out.print(Text(f"{begun} {read}, {rate:,.0f} a second."), soft_wrap=True)
    for name, words in COUNTED:
        if counts[name]:
            out.print(Text(f"{counts[name]:>10,}  {words}"), soft_wrap=True)
    if order.compares:
        _show_fields(order, fields)
    if summary.outcome == "stopped" and order.writes:
        is_piped = any(source.size is None for source in order.sources)
        more = "a pipe is read from its beginning again" if is_piped else "the same command goes on"
        out.print(Text(f"What was read is stored; {more}."), soft_wrap=True)
    if worse := fields["no_longer_readable"]:
        words = (
            f"WARNING: {many(worse, 'page')} that could be read before cannot be read any more."
            " What is stored of them remains: hanicrawler problems --stage parse"
        )
        click.secho(words, fg="red", err=True)


def _show_fields(order: Order, fields: Mapping[str, int]) -> None:
    out = console()
    changed = [(name, fields[name]) for name in FIELDS_COMPARED if fields.get(name)]
    verb = "Read" if order.writes else "Would be read"
    if not changed and not any(fields.get(name) for name, _ in KINDS):
        out.print(Text("Everything is read as it is stored."), soft_wrap=True)
        return
    out.print(Text(f"{verb} otherwise than it is stored, by articles:"), soft_wrap=True)
    for name, number in changed:
        out.print(Text(f"{number:>10,}  {name}"), soft_wrap=True)
    for name, words in KINDS:
        out.print(Text(f"{fields.get(name, 0):>10,}  {words}"), soft_wrap=True)


def document(difference: Difference) -> dict[str, Any]:
    """Return *difference* with the keys that ``docs/archives.md`` names."""
    return {
        "is": "difference",
        "url": difference.url,
        "captured_at": iso(difference.captured_at),
        "kind": difference.kind,
        "changes": [
            {"field": change.field, "old": change.old, "new": change.new}
            for change in difference.changes
        ],
    }


def summary_document(summary: Summary) -> dict[str, Any]:
    """Return *summary* with the keys that ``docs/archives.md`` names."""
    progress, fields = summary.progress, summary.progress.fields
    return {
        "is": "summary",
        "outcome": summary.outcome,
        "run": summary.crawl_id,
        "seconds": round(summary.seconds, 3),
        "bytes": progress.done,
        "captures": progress.counts["captures"],
        "articles": progress.counts["articles"],
        **{name: progress.counts[name] for name, _ in COUNTED},
        "fields": {name: fields[name] for name in FIELDS_COMPARED if fields[name]},
        **{f"articles_{name}": fields[name] for name, _ in KINDS},
        "failures": list(summary.failures),
    }


def print_line(value: object) -> None:
    """Print *value* as one line of JSON in UTF-8."""
    text = json.dumps(value, ensure_ascii=False)
    text = UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    click.echo(f"{text}\n".encode(), nl=False)


def _figures(counts: Mapping[str, int]) -> str:
    others = f", {counts['others']:,} records passed over" if counts["others"] else ""
    return f"{many(counts['captures'], 'page')}, {many(counts['articles'], 'article')}{others}"
