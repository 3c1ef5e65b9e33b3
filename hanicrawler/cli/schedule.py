"""``hanicrawler schedule``: what cron or systemd needs to run the crawl of this installation."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hanicrawler.cli import jobs
from hanicrawler.cli.databases import WrongUse, database_option, url_of
from hanicrawler.cli.installation import read_installation, unwritable
from hanicrawler.cli.timetables import read_timetable

if TYPE_CHECKING:
    from hanicrawler.cli.installation import Installation


@click.command("schedule")
@click.option(
    "--every",
    default="30m",
    show_default=True,
    metavar="TIME",
    help="How often: 15m, 1h, 6h, 1d; what divides an hour or a day.",
)
@click.option("--systemd", is_flag=True, help="Units for systemd instead of a crontab line.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the units into this folder: /etc/systemd/system.",
)
@database_option
@click.argument("arguments", nargs=-1, metavar="[-- ARGUMENTS]")
def command(
    every: str,
    systemd: bool,
    folder: Path | None,
    database: str | None,
    arguments: tuple[str, ...],
) -> None:
    """Print a crontab line, or systemd units, that run the crawl of this installation.

    They hold what the crawl would find if it were typed here: this environment's scrapy, the
    database, each HANICRAWLER_ variable that is set, proxies; and a lock and a log beside the
    database. Passwords are left out, and where to put them is said. ARGUMENTS after -- are
    handed to the crawl: -- -a originals=1.

    Nothing is installed: crontab -e, or --folder, is yours to call.
    """
    if os.name != "posix":
        raise WrongUse("there is neither cron nor systemd here: let its own scheduler run scrapy")
    if folder and not systemd:
        raise WrongUse("--folder is for --systemd: a crontab line goes into crontab -e")
    url = url_of(database)
    installation = read_installation(url, os.environ)
    try:
        timetable = read_timetable(every, f"{os.uname().nodename}:{installation.database}")
    except ValueError as error:
        raise WrongUse(f"--every {error}") from error
    job = jobs.Job(installation=installation, timetable=timetable, arguments=arguments)
    for sentence in (*installation.warnings, *unwritable(installation)):
        click.echo(f"Warning: {sentence}", err=True)
    if not systemd:
        click.echo(jobs.crontab(job, shutil.which("flock")), nl=False)
        return
    units = _units(job)
    if folder:
        _write(units, folder)
        timer = f"{_name(installation)}.timer"
        click.echo(f"To start it: systemctl daemon-reload && systemctl enable --now {timer}")
    else:
        click.echo("\n".join(f"# {name}\n{text}" for name, text in units.items()), nl=False)


def _units(job: jobs.Job) -> dict[str, str]:
    """Return the text of each unit by its file's name."""
    name = _name(job.installation)
    user = _user(job.installation)
    if user == "root":
        click.echo("Warning: as root; let a user of its own run it (User=).", err=True)
    return {f"{name}.service": jobs.service(job, user), f"{name}.timer": jobs.timer(job)}


def _name(installation: Installation) -> str:
    """Return the units' name: one for each database file, in the letters systemd takes."""
    kept = "".join(
        letter if letter.isascii() and (letter.isalnum() or letter in "_.") else "_"
        for letter in installation.name
    )
    return kept if kept == "hanicrawler" else f"hanicrawler-{kept}"


def _user(installation: Installation) -> str:
    """Return who runs the crawl: this user; the folder's owner where root asks."""
    import pwd

    number = os.getuid() or installation.folder.stat().st_uid
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _write(units: dict[str, str], folder: Path) -> None:
    """Write the units, and leave a file that somebody has changed alone."""
    if not folder.is_dir():
        raise WrongUse(f"--folder {folder}: no such folder")
    for name, text in units.items():
        path = folder / name
        if path.exists() and path.read_text("utf-8") != text:
            raise WrongUse(f"{path} is there and says something else: move it away first")
    for name, text in units.items():
        try:
            (folder / name).write_text(text, "utf-8")
        except OSError as error:
            raise click.ClickException(f"{folder / name}: {error.strerror}") from error
        click.echo(f"Written: {folder / name}")
