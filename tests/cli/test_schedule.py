"""What ``hanicrawler schedule`` prints is right: the schedulers take it, and it runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.cli.timetables import read_timetable
from tests.cli.scheduling import STRANGE, Printed, program, rows, schedule
from tests.replica import Newspaper, Replica
from tests.waiting import HANGS

EVERY = "1m 5m 30m 1h 2h 6h 1d".split()


@pytest.fixture
def site() -> Iterator[Any]:
    """The invented site with a dozen articles."""
    with Replica(Newspaper.generate(12, template="english-next")) as site:
        yield site


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A folder whose name wants quoting everywhere."""
    folder = tmp_path / STRANGE
    folder.mkdir()
    return folder


def run_like_cron(command: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run *command* as cron does: /bin/sh, in the home folder, next to nothing set."""
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=home,
        env={"HOME": str(home), "LOGNAME": "hani", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )


def is_accepted(table: str, folder: Path) -> bool:
    """Tell whether ``crontab`` would install *table*; a dry run is -n in Debian, -T elsewhere."""
    crontab = program("crontab", "cron")
    # Not by its whole path, of which Debian's takes a hundred letters.
    (folder / "table").write_text(table, "utf-8")
    done = [
        subprocess.run([crontab, option, "table"], cwd=folder, capture_output=True, check=False)
        for option in ("-n", "-T")
    ]
    return 0 in [one.returncode for one in done]


# --- cron -----------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_line_crawls_with_crons_environment_from_another_folder(
    strange: Path, site: Any
) -> None:
    printed = schedule(strange, HANICRAWLER_SITE=site.url, HANICRAWLER_CONTACT="a@b.org")

    done = run_like_cron(printed.command, strange.parent)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    database = strange / "hanicrawler.db"
    assert rows(database, "SELECT outcome, new FROM crawls") == [("healthy", 12)]
    assert "Spider closed (finished)" in (strange / "hanicrawler.log").read_text("utf-8")
    assert list(strange.parent.iterdir()) == [strange]


@pytest.mark.slow
def test_a_start_while_another_run_is_at_work_says_nothing(strange: Path, site: Any) -> None:
    flock = program("flock", "util-linux")
    printed = schedule(strange, HANICRAWLER_SITE=site.url)
    lock = strange / "hanicrawler.cron.lock"
    with subprocess.Popen(
        [flock, str(lock), "sh", "-c", "echo held; read line"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "held\n"

        done = run_like_cron(printed.command, strange.parent)

        holder.communicate("\n")
    assert (done.returncode, done.stdout, done.stderr) == (75, "", "")
    assert not (strange / "hanicrawler.db").exists()
    assert run_like_cron(printed.command, strange.parent).returncode == 0


@pytest.mark.slow
def test_what_a_run_complains_of_reaches_cron(strange: Path) -> None:
    printed = schedule(strange, HANICRAWLER_SITE="http://127.0.0.1:1")

    done = run_like_cron(printed.command, strange.parent)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("scrapy crawl hani: ")


@pytest.mark.slow
def test_an_environment_without_the_script_runs_the_module(tmp_path: Path, site: Any) -> None:
    """As where hanicrawler lies in a folder that PYTHONPATH names."""
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.symlink_to(os.path.realpath(sys.executable))
    path = os.pathsep.join(entry for entry in sys.path if entry and Path(entry).is_dir())

    asked = subprocess.run(
        [python, "-c", "from hanicrawler.cli import main; main()", "schedule"],
        cwd=tmp_path,
        env={"PYTHONPATH": path, "HANICRAWLER_SITE": site.url, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    printed = Printed(asked.returncode, asked.stdout, asked.stderr)

    done = run_like_cron(printed.command, tmp_path)

    assert f"{python} -m scrapy crawl hani" in printed.command
    assert (done.returncode, done.stderr) == (0, "")


def test_crontab_accepts_a_line_of_every_interval(strange: Path) -> None:
    printed = schedule(strange)
    command = printed.line.split(" ", 5)[5]
    lines = [printed.stdout]
    lines += [f"{read_timetable(every, 'x').crontab} {command}\n" for every in EVERY]

    assert is_accepted("".join(lines), strange)


def test_the_line_holds_the_environments_scrapy_and_whole_paths(tmp_path: Path) -> None:
    printed = schedule(tmp_path)

    assert (printed.status, printed.stderr) == (0, "")
    assert printed.command.startswith(f"cd {tmp_path} && SCRAPY_SETTINGS_MODULE=")
    assert f"HANICRAWLER_DATABASE={tmp_path}/hanicrawler.db" in printed.command
    assert f"{Path(sys.executable).parent}/scrapy crawl hani" in printed.command
    assert printed.command.endswith(f" --logfile {tmp_path}/hanicrawler.log")
    assert "# MAILTO=" in printed.stdout


def test_the_working_folder_is_the_databases(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()

    printed = schedule(tmp_path, HANICRAWLER_DATABASE="data/news.db")

    assert printed.command.startswith(f"cd {tmp_path}/data && ")
    assert f"HANICRAWLER_DATABASE={tmp_path}/data/news.db " in printed.command
    assert f"{tmp_path}/data/news.log" in printed.command


def test_every_variable_of_ours_is_carried_over_and_nothing_else(tmp_path: Path) -> None:
    printed = schedule(
        tmp_path,
        HANICRAWLER_REVISIT="3h:15m 1d:1h",
        HANICRAWLER_METRICS="hani.prom",
        HANICRAWLER_ARCHIVE="pages",
        HANICRAWLER_ARCHIVE_MAX_GB="",
        https_proxy="http://proxy:3128",
        SCRAPY_SETTINGS_MODULE="mine.settings",
        PGHOST="elsewhere",
        GREETING="hello",
    )

    assert " HANICRAWLER_REVISIT='3h:15m 1d:1h' " in printed.command
    assert f" HANICRAWLER_METRICS={tmp_path}/hani.prom " in printed.command
    assert f" HANICRAWLER_ARCHIVE={tmp_path}/pages " in printed.command
    assert " HANICRAWLER_ARCHIVE_MAX_GB='' " in printed.command
    assert " https_proxy=http://proxy:3128 " in printed.command
    assert "SCRAPY_SETTINGS_MODULE=mine.settings " in printed.command
    assert "PGHOST" not in printed.command
    assert "hello" not in printed.command


def test_arguments_of_the_crawl_are_handed_on(tmp_path: Path) -> None:
    printed = schedule(tmp_path, "--", "-a", "originals=1", "-a", "sections=e_business,politics")

    assert "crawl hani -a originals=1 -a sections=e_business,politics --logfile" in printed.command


# --- passwords ------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--systemd",)])
def test_a_password_is_left_out_and_where_it_belongs_is_said(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    url = "postgresql://hani:geh%3Aeim@db.example.org:5433/news?sslmode=require"

    printed = schedule(tmp_path, *arguments, HANICRAWLER_DATABASE=url, PGHOST="elsewhere")

    assert "geh" not in printed.stdout + printed.stderr
    assert "hani@db.example.org:5433/news?sslmode=require" in printed.stdout
    assert "PGHOST=elsewhere" in printed.stdout
    assert "db.example.org:5433:news:hani:PASSWORD" in printed.stderr
    assert "~/.pgpass" in printed.stderr


def test_a_url_without_a_password_needs_no_warning(tmp_path: Path) -> None:
    printed = schedule(tmp_path, HANICRAWLER_DATABASE="postgres:///news")

    assert "HANICRAWLER_DATABASE=postgresql:///news " in printed.command
    assert printed.command.startswith(f"cd {tmp_path} && ")
    assert printed.stderr == ""


def test_a_password_of_a_proxy_or_of_the_shell_is_left_out(tmp_path: Path) -> None:
    printed = schedule(
        tmp_path,
        HANICRAWLER_DATABASE="postgresql://hani@db/news",
        PGPASSWORD="geheim",
        https_proxy="http://me:geheim@proxy:3128",
    )

    assert "geheim" not in printed.stdout + printed.stderr
    assert "https_proxy" not in printed.stdout
    assert "https_proxy is left out" in printed.stderr
    assert "~/.pgpass" in printed.stderr


# --- wrong use ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "environment", "reason"),
    [
        (["--every", "7m"], {}, "--every 7m does not divide an hour"),
        (["--database", "none/hani.db"], {}, "no folder .*none: make it with mkdir -p"),
        (["--database", "mysql://x/y"], {}, "mysql is no database"),
        (["--folder", "."], {}, "--folder is for --systemd"),
        (["--systemd", "--folder", "none"], {}, "no such folder"),
        ([], {"HANICRAWLER_CONTACT": "a\nb"}, "has a character"),
        ([], {"HANICRAWLER_CONTACT": "a\\b"}, "a backslash"),
        ([], {"HANICRAWLER_CONTACT": "a" * 998}, "cron takes 998: .* use --systemd"),
    ],
)
def test_what_would_be_wrong_is_refused_in_one_line(
    tmp_path: Path, arguments: list[str], environment: dict[str, str], reason: str
) -> None:
    printed = schedule(tmp_path, *arguments, **environment)

    assert (printed.status, printed.stdout) == (2, "")
    last = printed.stderr.splitlines()[-1]
    assert re.search(reason, last), last
    assert [line for line in printed.stderr.splitlines() if line.startswith("Error")] == [last]
    assert list(tmp_path.iterdir()) == []


def test_a_line_of_the_greatest_length_is_one_that_cron_takes(tmp_path: Path) -> None:
    shortest = schedule(tmp_path, HANICRAWLER_CONTACT="a").command
    longest = schedule(tmp_path, HANICRAWLER_CONTACT="a" * (999 - len(shortest)))

    assert len(longest.command) == 998
    assert is_accepted(longest.stdout, tmp_path)


def test_cron_takes_no_line_without_its_five_times(tmp_path: Path) -> None:
    """What the tests above would say of a wrong line."""
    assert not is_accepted("1m " + schedule(tmp_path).command + "\n", tmp_path)


def test_a_file_that_cannot_be_written_is_warned_of() -> None:
    # Not in pytest's own folder, which it closes to other users.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in ("hanicrawler.db", "hanicrawler.log"):
            (folder / file).touch()
            (folder / file).chmod(0o444)
        folder.chmod(0o555)
        # Root may write everything, so it becomes nobody; after the imports, for nobody may
        # not be able to read them.
        code = (
            "import encodings.idna, os, pwd\n"
            "from hanicrawler.cli.schedule import command\n"
            "if os.getuid() == 0: os.setuid(65534)\n"
            "command(['--database', 'hanicrawler.db'])\n"
        )

        done = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
        )

        folder.chmod(0o755)
    assert done.returncode == 0, done.stderr
    warned = re.findall(r"^Warning: (\S+) cannot be written by this user", done.stderr, re.M)
    assert warned == [name, f"{name}/hanicrawler.log", f"{name}/hanicrawler.db"]
