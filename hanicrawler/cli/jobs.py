"""A scheduled crawl in the grammar of a crontab and of systemd's units."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hanicrawler.cli.databases import WrongUse

if TYPE_CHECKING:
    from pathlib import Path

    from hanicrawler.cli.installation import Installation
    from hanicrawler.cli.timetables import Timetable

LOCKED: Final = 75
"""The exit status of a run that found another at work."""
LONGEST_LINE: Final = 998
"""Characters that Debian's cron takes for a command; ``crontab`` refuses a longer one."""
HOURS: Final = 6
"""How long a run of the service may last where it has no budget of its own."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """A crawl to be started again and again."""

    installation: Installation
    timetable: Timetable
    arguments: tuple[str, ...] = field(default=())
    """What ``scrapy crawl hani`` is told beside where to log."""

    @property
    def command(self) -> list[str]:
        """The crawl as words."""
        log = str(self.installation.log)
        return [*self.installation.program, "crawl", "hani", *self.arguments, "--logfile", log]


# --- cron -----------------------------------------------------------------------------------


def crontab(job: Job, flock: str | None) -> str:
    """Return lines for ``crontab -e`` that run *job*.

    *flock* is the path of util-linux's program, None where there is none: then the crawl's own
    lock holds alone, and a start that finds another run at work is one line of mail.  Raises
    WrongUse for what cron cannot say.
    """
    command = shell_command(job, flock)
    line = escape_for_cron(command)
    if len(line) > LONGEST_LINE:
        raise WrongUse(
            f"the command has {len(line)} characters, and cron takes {LONGEST_LINE}: set fewer"
            " variables, take shorter paths, or use --systemd"
        )
    return (
        f"# hanicrawler, {job.timetable}; cron mails what a run complains of to this user, or to\n"
        "# MAILTO=you@example.org\n"
        f"{job.timetable.crontab} {line}\n"
    )


def shell_command(job: Job, flock: str | None) -> str:
    """Return *job* as /bin/sh runs it, from any folder and with an empty environment."""
    place = job.installation
    words = [f"{name}={shlex.quote(value)}" for name, value in place.variables.items()]
    if flock:
        # Not the crawl's own lock file: it could not take what is held by the program around it.
        lock = place.folder / f"{place.name}.cron.lock"
        words += [shlex.quote(flock), "-n", "-E", str(LOCKED), shlex.quote(str(lock))]
    words += map(shlex.quote, job.command)
    return f"cd {shlex.quote(str(place.folder))} && {' '.join(words)}"


def escape_for_cron(command: str) -> str:
    """Return *command* as a crontab has to say it; raises WrongUse for a backslash.

    cron reads ``%`` as the end of the line, and its kinds disagree on what a backslash before
    another one or before an escaped ``%`` means.
    """
    if "\\" in command:
        raise WrongUse("a backslash in a path or value: cron's kinds read it in several ways")
    return command.replace("%", "\\%")


# --- systemd --------------------------------------------------------------------------------


def service(job: Job, user: str) -> str:
    """Return the service unit that runs *job* once, as *user*."""
    place = job.installation
    environment = "\n".join(
        f"Environment={quote_for_systemd(f'{name}={value}')}"
        for name, value in place.variables.items()
    )
    first, *rest = job.command
    command = " ".join(
        [quote_for_systemd(first), *(quote_for_systemd(word).replace("$", "$$") for word in rest)]
    )
    return f"""\
[Unit]
Description=One run of hanicrawler, which keeps a record of The Hankyoreh
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User={user.replace("%", "%%")}
WorkingDirectory={_path(place.folder)}
{environment}
ExecStart={command}
# Another run holds the lock: no failure.
SuccessExitStatus={LOCKED}
# A run ends cleanly when it is told to (SIGTERM); a page may take a minute.
TimeoutStartSec={_longest(job)}
TimeoutStopSec=150
Nice=10
# It reads the system and writes these folders (SQLite needs the folder, not only the file).
{_writable(job)}
NoNewPrivileges=yes
PrivateDevices=yes
{_private_tmp(job)}ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
LockPersonality=yes
"""


def timer(job: Job) -> str:
    """Return the timer unit that starts the service of the same name."""
    return f"""\
[Unit]
Description=hanicrawler, {job.timetable}

[Timer]
OnCalendar={job.timetable.calendar}
RandomizedDelaySec=30
# A start that was missed while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target
"""


def quote_for_systemd(word: str) -> str:
    """Return *word* as systemd reads it back, in double quotes where it needs them.

    In ExecStart= a ``$`` has to be doubled besides.
    """
    if re.fullmatch(r"[A-Za-z0-9_./:=,@+-]+", word):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _path(path: Path) -> str:
    """Return *path* for an option that takes the rest of its line as it is."""
    text = str(path)
    if text != text.strip() or text.endswith("\\"):
        raise WrongUse(f"{text!r}: systemd cannot work in a folder whose name ends like this")
    return text.replace("%", "%%")


def _writable(job: Job) -> str:
    return "\n".join(
        f"ReadWritePaths={quote_for_systemd(str(path))}" for path in job.installation.written
    )


def _private_tmp(job: Job) -> str:
    """Return the line that gives the run a /tmp of its own, nothing where it works in /tmp."""
    place = job.installation
    named = [str(path) for path in place.written] + [place.program[0]]
    shared = any(path.startswith(("/tmp/", "/var/tmp/")) for path in named)  # noqa: S108
    return "" if shared else "PrivateTmp=yes\n"


def _longest(job: Job) -> str:
    stated = job.installation.variables.get("HANICRAWLER_MAX_SECONDS")
    try:
        return f"{round(float(stated or '')) + 600}s"
    except (ValueError, OverflowError):
        return f"{HOURS}h"
