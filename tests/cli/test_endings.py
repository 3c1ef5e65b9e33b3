"""Nobody reads on, somebody presses Ctrl-C, the disk is full: no traceback, the usual status."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hanicrawler.cli.endings import BROKEN_PIPE, INTERRUPTED
from tests.storage.conftest import make

if TYPE_CHECKING:
    from tests.cli.conftest import Record

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="pipes and signals are those of POSIX"),
]

COMMAND = [sys.executable, "-c", "from hanicrawler.cli import main; main()"]
WAITING = """
import click, sys, time
from hanicrawler.cli import main
@main.command("wait")
def wait():
    click.echo("waiting")
    time.sleep(60)
main.get_command = lambda ctx, name: wait
main(["wait"])
"""


@pytest.fixture
def long(record: Record, file: Path) -> dict[str, str]:
    """The environment of a database with an article that no pipe holds."""
    record.writer.write([make(1, body="It goes on and on. " * 20_000)])
    return {**os.environ, "HANICRAWLER_DATABASE": str(file)}


@pytest.mark.parametrize(
    "arguments",
    [("show", "1"), ("show", "1", "--json"), ("db", "shell", "-c", "SELECT body FROM articles"),
     ("--help",)],
    ids=lambda arguments: " ".join(arguments),
)  # fmt: skip
def test_a_pipe_that_nobody_reads_ends_it_quietly(
    long: dict[str, str], arguments: tuple[str, ...]
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*COMMAND, *arguments], stdout=writing, stderr=subprocess.PIPE, env=long, check=False
    )
    os.close(writing)

    assert ended.stderr == b""
    # sqlite3 has taken the command's place, and is ended by the signal itself.
    assert ended.returncode in (BROKEN_PIPE, -signal.SIGPIPE)


def test_a_reader_that_leaves_early_ends_it_quietly(long: dict[str, str]) -> None:
    with subprocess.Popen(
        [*COMMAND, "show", "1"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=long
    ) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline() == b"North Korea\n"
        running.stdout.close()
        said = running.stderr.read()

    assert (said, running.returncode) == (b"", BROKEN_PIPE)


def test_a_long_article_opens_in_a_pager_on_a_terminal(long: dict[str, str]) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "show", "1"],
        stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, start_new_session=True,
        env={**long, "PAGER": "sed -n 1,2s/^/paged:/p", "TERM": "dumb"},
    ) as running:  # fmt: skip
        os.close(theirs)
        assert running.stderr
        said = running.stderr.read()
        shown = os.read(ours, 1000)
    os.close(ours)

    assert (said, running.returncode) == (b"", 0)
    assert shown == b"paged:North Korea\r\npaged:Talks resume, part 1\r\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["read", "json"])
def test_a_full_disk_is_one_line(long: dict[str, str], form: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, "show", "1", *form],
            stdout=full, stderr=subprocess.PIPE, env=long, check=False,
        )  # fmt: skip

    assert ended.returncode == 1
    assert ended.stderr == b"Error: the output cannot be written: No space left on device\n"


def test_control_c_ends_it_without_a_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WAITING], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout
        assert running.stderr
        assert running.stdout.readline() == b"waiting\n"
        running.send_signal(signal.SIGINT)
        said = running.stderr.read()

    assert (said, running.returncode) == (b"", INTERRUPTED)
