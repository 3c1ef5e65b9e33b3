"""A real cron daemon fires real crawls, and mails what they complain of."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.scheduling import STRANGE, Printed, program, rows, schedule
from tests.replica import Newspaper, Replica
from tests.waiting import HANGS

pytestmark = pytest.mark.slow

SET_UP = """
set -eu
mount --make-rprivate /
# The machine's own tables, its running daemon and its mail are not seen from here.
mount --bind "$1/tables" /var/spool/cron/crontabs
mount --bind "$1/system" /etc/cron.d
mount --bind "$1/nothing" /etc/crontab
mount -t tmpfs run /run
mount --bind "$1/programs" /usr/sbin
crontab "$1/table"
exec /usr/sbin/cron -f
"""
"""Becomes a cron daemon in a mount namespace of its own, with the folder $1 as its world."""

SENDMAIL = """#!/bin/sh
cat >> "{folder}/mail"
"""


@dataclass(frozen=True)
class Daemon:
    """A cron daemon at work."""

    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def mail(self) -> str:
        """All that it has mailed."""
        file = self.folder / "mail"
        return file.read_text("utf-8") if file.exists() else ""


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """What the daemon sees of a machine: tables, programs, a sendmail."""
    cron = program("cron", "cron")
    program("crontab", "cron")
    program("unshare", "util-linux")
    if os.geteuid() != 0:
        reason = "a cron daemon of one's own takes root"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    for name in ("tables", "system", "programs"):
        (tmp_path / name).mkdir()
    (tmp_path / "nothing").touch()
    shutil.copy(cron, tmp_path / "programs" / "cron")
    sendmail = tmp_path / "programs" / "sendmail"
    sendmail.write_text(SENDMAIL.format(folder=tmp_path), "utf-8")
    sendmail.chmod(0o755)
    return tmp_path


@contextmanager
def running(world: Path, schedules: list[Printed]) -> Iterator[Daemon]:
    """Run a daemon with a crontab of all that was printed; end it and its jobs."""
    (world / "table").write_text("".join(printed.stdout for printed in schedules), "utf-8")
    # In a namespace of processes too: its jobs end with it.
    with (world / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "sh",
                "-c",
                SET_UP,
                "sh",
                world,
            ],
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield Daemon(process, world)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_cron_fires_crawls_and_mails_only_what_they_complain_of(world: Path) -> None:
    well, badly = world / STRANGE, world / "unreachable"
    well.mkdir()
    badly.mkdir()
    with Replica(Newspaper.generate(12, template="english-next")) as site:
        schedules = [
            schedule(well, "--every", "1m", HANICRAWLER_SITE=site.url),
            schedule(badly, "--every", "1m", HANICRAWLER_SITE="http://127.0.0.1:1"),
        ]
        with running(world, schedules) as daemon:
            runs = wait_for_runs(daemon, well / "hanicrawler.db")

    assert runs[:2] == [("healthy", 12), ("healthy", 0)]
    assert (
        "\nscrapy crawl hani: The site refused a connection to the last 6 requests" in daemon.mail
    )
    subjects = [line for line in daemon.mail.splitlines() if line.startswith("Subject: Cron")]
    assert subjects
    assert all(str(badly) in subject for subject in subjects)


def wait_for_runs(daemon: Daemon, database: Path) -> list[tuple[str, int]]:
    """Return outcome and new articles of the runs once there are two and a mail.

    It takes up to two minutes: cron starts jobs at full ones.
    """
    deadline = time.monotonic() + HANGS
    runs: list[tuple[str, int]] = []
    while time.monotonic() < deadline:
        assert daemon.process.poll() is None, (daemon.folder / "log").read_text("utf-8")
        runs = rows(database, "SELECT outcome, new FROM crawls WHERE outcome IS NOT NULL")
        if len(runs) > 1 and daemon.mail:
            return runs
        time.sleep(0.5)
    pytest.fail(f"{len(runs)} runs after {HANGS} s; mail: {daemon.mail!r}")
