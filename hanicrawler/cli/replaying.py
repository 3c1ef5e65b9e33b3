"""What ``hanicrawler reparse`` and ``hanicrawler import`` have in common."""

from __future__ import annotations

import errno
import os
import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

import click

from hanicrawler.archives import ArchiveError, archive_folder, sources, whole
from hanicrawler.cli.databases import WrongUse, errors_in_one_line
from hanicrawler.cli.screen import many, plain
from hanicrawler.site import DOMAIN, EDITIONS, Root
from hanicrawler.storage import Revisits, RunLocked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import sqlalchemy as sa

    from hanicrawler.archives import Source
    from hanicrawler.replay.runs import Hearer, Name, Summary

LOCKED: Final = 75
"""The exit status where another reparse or import is at work: try again later."""

_SCARCE: Final = (errno.EMFILE, errno.ENFILE, errno.EAGAIN, errno.ENOMEM)
"""What a process is refused where others, or its own limits, leave it too little."""

_ADDRESS: Final = re.compile(r"(?:(?:tcp|tls|ws|wss)://)?[^\s/]+:[0-9]{1,5}")
"""Of a Dask scheduler."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What both commands may be told."""

    processes: int | None
    """None for as many as can compute."""
    cluster: str | None
    """Where the scheduler of a Dask cluster is that reads instead."""
    editions: tuple[str, ...]
    anew: bool
    as_json: bool
    quiet: bool


def replay_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give *command* the options that a Wish holds, and the Wish."""

    def wished(
        *,
        processes: int | None,
        cluster: str | None,
        files_from: TextIO | None,
        editions: tuple[str, ...],
        anew: bool,
        as_json: bool,
        quiet: bool,
        paths: tuple[str, ...],
        **others: Any,
    ) -> None:
        if processes and cluster:
            raise WrongUse("--processes is for this machine: a cluster has those of its workers")
        wish = Wish(
            processes=processes,
            cluster=None if cluster is None else _address(cluster),
            editions=editions,
            anew=anew,
            as_json=as_json,
            quiet=quiet,
        )
        command(wish=wish, paths=(*paths, *_listed(files_from, paths)), **others)

    wished.__doc__ = command.__doc__
    # click keeps the options of what it decorates there, the last one first.
    wished.__click_params__ = getattr(command, "__click_params__", [])  # type: ignore[attr-defined]
    for option in (
        click.option("--quiet", is_flag=True, help="No progress and no summary."),
        click.option("--json", "as_json", is_flag=True, help="Print lines of JSON."),
        click.option("--anew", is_flag=True, help="Begin anew, whatever was interrupted."),
        click.option("--edition", "editions", type=click.Choice(EDITIONS), multiple=True,
                     help="Only this edition; may be repeated. English and Korean."),
        click.option("--cluster", metavar="ADDRESS",
                     help="Read on the workers of the Dask scheduler there: tcp://HOST:8786."),
        click.option("--files-from", type=click.File(encoding="utf-8"), metavar="FILE",
                     help='Read what FILE names too, one a line; "-" is standard input.'),
        click.option("--processes", type=click.IntRange(1, 256), metavar="N",
                     help="How many processes read; as many as there are cores."),
    ):  # fmt: skip
        option(wished)
    return wished


def archive_of(url: sa.URL) -> Path | None:
    """Return the archive's folder of the database *url*, None where none is kept."""
    file = url.database if url.get_backend_name() == "sqlite" else None
    return archive_folder(os.environ.get("HANICRAWLER_ARCHIVE"), file)


def run(
    name: Name,
    url: sa.URL,
    paths: Sequence[str],
    wish: Wish,
    *,
    writes: bool,
    compares: bool,
    diff: bool,
) -> None:
    """Read *paths* into the database *url*, say what came of it, and end with the status.

    Not *writes* only compares; *compares* tells by field what is read otherwise, *diff* each
    change.
    """
    # Imported late: the help does not need it.
    from hanicrawler.cli.replay_screen import hearer_for, show
    from hanicrawler.replay.cluster import ClusterError
    from hanicrawler.replay.reading import EDITIONS as USUAL
    from hanicrawler.replay.runs import Order, replay
    from hanicrawler.replay.workers import cores

    if wish.cluster is not None:
        _check_cluster(url)
    found, missing = _sources(paths, archive_of(url))
    order = Order(
        name=name,
        sources=found,
        files=[path if path == "-" else str(whole(Path(path))) for path in paths],
        database=url,
        processes=wish.processes or cores(),
        cluster=wish.cluster,
        editions=frozenset(wish.editions) if wish.editions else USUAL,  # type: ignore[arg-type]
        root=_root(),
        revisits=_revisits(),
        anew=wish.anew,
        writes=writes,
        compares=compares,
    )
    hearer: Hearer
    with errors_in_one_line(), hearer_for(order, wish, diff=diff) as hearer:
        for reason in missing:
            hearer.warn(reason)
        try:
            summary = replay(order, hearer)
        except RunLocked as error:
            click.echo(f"Error: {plain(str(error))}", err=True)
            raise click.exceptions.Exit(LOCKED) from None
        except ClusterError as error:
            raise click.ClickException(plain(str(error))) from error
        except OSError as error:
            if error.errno not in _SCARCE:  # of a closed pipe others know what to say
                raise
            raise click.ClickException(
                f"the system has no room for another process or file: {error.strerror}: look at"
                " `ulimit -a`, or take fewer --processes; the same command goes on"
            ) from error
    summary.failures[:0] = missing
    if summary.outcome == "nothing":
        _say_nothing_found(summary, wish)
    elif not wish.quiet or wish.as_json:
        show(order, summary, as_json=wish.as_json)
    _end(summary)


def _sources(paths: Sequence[str], folder: Path | None) -> tuple[list[Source], list[str]]:
    """Return what is to be read of *paths*, and why the others cannot be.

    Ends the command, as wrong use, where none of them can.
    """
    good: list[str] = []
    wrong: list[str] = []
    for path in paths:
        try:
            sources([path], folder)
        except ArchiveError as error:
            wrong.append(str(error))
        else:
            good.append(path)
    if not good:
        raise WrongUse(plain("; ".join(wrong)))
    return sources(good, folder), wrong


def _address(text: str) -> str:
    if _ADDRESS.fullmatch(text):
        return text
    raise WrongUse(f"--cluster {plain(text)}: no address of a scheduler, as tcp://HOST:8786 is one")


def _check_cluster(url: sa.URL) -> None:
    """End the command where no cluster can be used."""
    if url.get_backend_name() != "postgresql":
        raise WrongUse("a cluster writes to PostgreSQL only: name a database there (--database)")
    if find_spec("distributed") is None:
        raise click.ClickException(
            "a cluster needs more packages: pip install 'hanicrawler[cluster]'"
        )


def _listed(file: TextIO | None, paths: Sequence[str]) -> list[str]:
    """Return the names in *file*, one a line, beside those in *paths*."""
    if file is None:
        return []
    if file.name == "<stdin>" and "-" in paths:
        raise WrongUse('standard input cannot be both the list and an archive: name a file for "-"')
    try:
        listed = [line.rstrip("\r\n") for line in file]
    except (OSError, UnicodeDecodeError) as error:
        raise WrongUse(f"--files-from {plain(file.name)}: cannot be read: {error}") from error
    names = [name for name in listed if name.strip()]
    if not names:
        raise WrongUse(f"--files-from {plain(file.name)}: there is no name in it")
    return names


def _root() -> str | None:
    site = os.environ.get("HANICRAWLER_SITE")
    try:
        return Root.parse(site).url if site else None
    except ValueError as error:
        raise WrongUse(f"HANICRAWLER_SITE: {error}") from error


def _revisits() -> Revisits:
    stated = os.environ.get("HANICRAWLER_REVISIT")
    try:
        return Revisits.parse() if stated is None else Revisits.parse(stated)
    except ValueError as error:
        raise WrongUse(f"HANICRAWLER_REVISIT: {error}") from error


def _say_nothing_found(summary: Summary, wish: Wish) -> None:
    counts = summary.progress.counts
    damaged = f", {many(counts['damaged'], 'damaged part')}" if counts["damaged"] else ""
    words = f"no page of {DOMAIN} in {many(counts['others'], 'record')}{damaged}"
    words += ": the database is as it was"
    if wish.as_json:
        from hanicrawler.cli.replay_screen import print_line, summary_document

        print_line(summary_document(summary))
    click.echo(f"Error: {words}", err=True)


def _end(summary: Summary) -> None:
    """End the command with the status that its help names."""
    if summary.signal is not None:
        raise click.exceptions.Exit(128 + summary.signal)
    progress = summary.progress
    if (
        summary.outcome != "done"
        or summary.failures
        or progress.counts["damaged"]
        or progress.fields["no_longer_readable"]
    ):
        sys.stdout.flush()
        raise click.exceptions.Exit(1)
