"""What docs/operating.md tells people to type is typed, and what it reckons is reckoned."""

from __future__ import annotations

import getpass
import grp
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg
import pytest

from hanicrawler import settings
from tests.cli.scheduling import program
from tests.postgres import PostgresServer
from tests.replica import Fault, Newspaper, Replica
from tests.waiting import HANGS, wait_until

PAGE = (Path(__file__).parents[1] / "docs" / "operating.md").read_text("utf-8")
BLOCK = re.compile(r"^```sh\n# run: ([a-z, ]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
AS_ROOT = "Warning: as root; let a user of its own run it (User=).\n"
"""What is right to complain of where the tests run as root."""
WHILE = "while a crawl writes"
ARTICLE = re.compile(r"/\d+\.html$")


@dataclass(frozen=True)
class Block:
    """Commands that the page says are run by its tests."""

    kinds: frozenset[str]
    text: str

    @property
    def is_while_a_crawl_writes(self) -> bool:
        return WHILE in self.kinds


BLOCKS = [Block(frozenset(kinds.split(", ")), text) for kinds, text in BLOCK.findall(PAGE)]


@dataclass
class Machine:
    """A folder that looks like the page's machine to the commands typed there."""

    root: Path
    environment: dict[str, str]
    site: Replica
    exports: list[str] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """The page's /srv/hani."""
        return self.root / "srv" / "hani"

    def type(self, block: Block) -> str:
        """Run *block* and return what it printed; it has to succeed and to complain of nothing."""
        script = "\n".join([*self.exports, self.local(block.text)])
        self.exports += re.findall(r"^export .*$", self.local(block.text), re.MULTILINE)
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=HANGS,
            check=False,
        )
        complaints = done.stderr.replace(AS_ROOT, "")
        assert (done.returncode, complaints) == (0, ""), f"{block.text}\n{done.stderr}"
        return done.stdout

    def local(self, text: str) -> str:
        """Return *text* with the page's paths in this machine's folder, and its user as ours."""
        user = getpass.getuser()
        text = text.replace("su hani hani", f"su {user} {grp.getgrgid(os.getgid()).gr_name}")
        for folder in ("/srv/hani", "/var/backups/hani", "/etc/logrotate.d"):
            text = text.replace(folder, f"{self.root}{folder}")
        return text

    @contextmanager
    def crawling(self, stored: Callable[[], int]) -> Iterator[None]:
        """Crawl meanwhile; *stored* counts the articles, and shows that it writes."""
        before = stored()
        # However slow the machine: the crawl has enough to do for longer than a block takes.
        self.site.fault(ARTICLE, replace(Fault.slow(2), limit=(20, HANGS)))
        command = (
            "exec .venv/bin/scrapy crawl hani -a since=2000-01-01"
            " -s CONCURRENT_REQUESTS=2 -s CONCURRENT_REQUESTS_PER_DOMAIN=2"
        )
        process = subprocess.Popen(
            ["bash", "-c", "\n".join([*self.exports, command])],
            cwd=self.home,
            env=self.environment,
        )
        try:
            wait_until(lambda: stored() > before, process)
            yield
            assert process.poll() is None, "it was done before the block was"
        finally:
            self.site.heal(ARTICLE)
            process.send_signal(signal.SIGTERM)
            process.wait(HANGS)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    """A machine whose newspaper is the invented one, and whose crontab is a file."""
    home = tmp_path / "srv" / "hani"
    for folder in (home, tmp_path / "bin", tmp_path / "var/backups/hani"):
        folder.mkdir(parents=True)
    (tmp_path / "etc" / "logrotate.d").mkdir(parents=True)
    (home / ".venv").symlink_to(sys.prefix)
    shim(tmp_path, "sudo", 'shift 2\nPGUSER=postgres exec "$@"')
    table = tmp_path / "table"
    table.touch()
    # As crontab does it: the old table is there until the whole new one is.
    install = f"cat > {table}.new && mv {table}.new {table}"
    shim(tmp_path, "crontab", f'if [ "$1" = - ]; then {install}; else cat {table}; fi')
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("HANICRAWLER_", "SCRAPY_", "PG"))
        and not name.lower().endswith("_proxy")
    }
    with Replica(Newspaper.generate(220, template="english-next")) as site:
        yield Machine(
            tmp_path,
            {
                **kept,
                "HOME": str(home),
                "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
                "HANICRAWLER_SITE": site.url,
                # So that a plain run leaves something for the one that writes during a backup.
                "HANICRAWLER_LIST_PAGES": "1",
            },
            site,
        )


def shim(root: Path, name: str, script: str) -> None:
    file = root / "bin" / name
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)


def type_all(machine: Machine, kind: str, stored: Callable[[], int]) -> dict[str, str]:
    """Type the page's blocks of *kind* in order; return what each printed, by its first words."""
    printed = {}
    for block in BLOCKS:
        if kind not in block.kinds:
            continue
        if block.is_while_a_crawl_writes:
            with machine.crawling(stored):
                printed[block.text] = machine.type(block)
        else:
            printed[block.text] = machine.type(block)
    return printed


def told(printed: dict[str, str], words: str) -> str:
    """Return what the one block with *words* in it printed."""
    (text,) = [output for block, output in printed.items() if words in block]
    return text


@pytest.mark.slow
def test_the_page_leads_from_nothing_to_a_schedule_a_backup_and_back_on_sqlite(
    machine: Machine,
) -> None:
    for name, package in (("sqlite3", "sqlite3"), ("logrotate", "logrotate"), ("crontab", "cron")):
        program(name, package)
    database = machine.home / "hanicrawler.db"

    def stored(file: Path = database) -> int:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])

    printed = type_all(machine, "sqlite", stored)

    table = told(printed, "crontab -l")
    assert "HANICRAWLER_CONTACT=you@example.org" in table
    assert f"cd {machine.home} && " in table
    assert is_accepted_by_cron(table, machine.root)
    integrity, saved = told(printed, "VACUUM INTO").split()
    assert integrity == "ok"
    assert int(saved) > 0
    (copy,) = (machine.root / "var/backups/hani").iterdir()
    assert stored(copy) == int(saved)
    assert stored(machine.home / "broken" / "hanicrawler.db") >= int(saved)
    assert stored() >= int(saved)
    assert "(newest)" in told(printed, "db current")
    assert {path.name for path in (machine.home / "units").iterdir()} == {
        "hanicrawler.service",
        "hanicrawler.timer",
    }
    rotate(machine, table)


def is_accepted_by_cron(table: str, folder: Path) -> bool:
    (folder / "table").write_text(table, "utf-8")
    done = [
        subprocess.run(
            [program("crontab", "cron"), option, "table"],
            cwd=folder,
            capture_output=True,
            check=False,
        )
        for option in ("-n", "-T")
    ]
    return 0 in [one.returncode for one in done]


def rotate(machine: Machine, table: str) -> None:
    """Rotate the log of a scheduled run; the next run begins another."""
    command = table.splitlines()[-1].split(" ", 5)[5]
    log = machine.home / "hanicrawler.log"
    rotation = [program("logrotate", "logrotate"), "--force", "--state", "state"]
    rotation.append("etc/logrotate.d/hanicrawler")
    (machine.root / "etc/logrotate.d/hanicrawler").chmod(0o644)
    for _ in range(2):
        subprocess.run(["/bin/sh", "-c", command], cwd="/", env={}, check=True, timeout=HANGS)
        assert log.read_text("utf-8").count("Spider opened") == 1
        subprocess.run(rotation, cwd=machine.root, check=True)
    assert {path.name for path in machine.home.glob("*.log*")} == {
        "hanicrawler.log.1",
        "hanicrawler.log.2.gz",
    }


@pytest.fixture
def server(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server that asks the page's user for a password, and afterwards has none of its things."""
    with psycopg.connect(postgres_server.url("postgres"), autocommit=True) as connection:
        (hba,) = connection.execute("SHOW hba_file").fetchone() or ("",)
    file = Path(hba)
    before = file.read_text("utf-8")
    file.write_text(f"host all hani all scram-sha-256\n{before}", "utf-8")
    postgres_server.run("SELECT pg_reload_conf()")
    yield postgres_server
    file.write_text(before, "utf-8")
    postgres_server.run("SELECT pg_reload_conf()")
    for name in ("hani", "hani_broken", "hani_restored"):
        postgres_server.drop(name)
    for role in ("hani", "reader"):
        postgres_server.run(f"DROP ROLE IF EXISTS {role}")


@pytest.mark.slow
def test_the_page_leads_from_nothing_to_a_schedule_a_backup_and_back_on_postgresql(
    machine: Machine, server: PostgresServer
) -> None:
    program("pg_dump", "postgresql-client")
    machine.environment |= {"PGHOST": "127.0.0.1", "PGPORT": str(server.port)}

    def stored(database: str = "hani") -> int:
        with psycopg.connect(server.url(database)) as connection:
            row = connection.execute("SELECT count(*) FROM articles").fetchone()
        return int(row[0]) if row else 0

    first, *others = [block for block in BLOCKS if "postgresql" in block.kinds]
    machine.type(first)
    # In place of "\password hani", which asks a person.
    server.run("ALTER ROLE hani PASSWORD 'PASSWORD'")
    printed = {}
    for block in others:
        if block.is_while_a_crawl_writes:
            with machine.crawling(stored):
                before = stored()
                printed[block.text] = machine.type(block)
            left = stored()
        else:
            printed[block.text] = machine.type(block)

    line = told(printed, "hanicrawler schedule")
    assert "HANICRAWLER_DATABASE=postgresql://hani@localhost/hani " in line
    assert f"PGPORT={server.port} " in line
    assert (machine.home / ".pgpass").stat().st_mode & 0o777 == 0o600
    assert int(told(printed, "pg_dump")) >= 12
    # What was there when the dump began, and what the run after it has found.
    assert 0 < before <= stored()
    assert left == stored("hani_broken")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://hani:wrong@127.0.0.1:{server.port}/hani")
    reader = f"postgresql://reader@127.0.0.1:{server.port}/hani"
    with psycopg.connect(reader) as connection:
        assert connection.execute("SELECT count(*) FROM article_list").fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM articles")


# --- what the page reckons ------------------------------------------------------------------


def test_the_page_has_blocks_for_both_databases() -> None:
    for kind in ("sqlite", "postgresql"):
        blocks = [block for block in BLOCKS if kind in block.kinds]
        assert len(blocks) >= 6
        assert [block for block in blocks if block.is_while_a_crawl_writes]


def test_what_looking_again_costs_is_reckoned_from_the_setting() -> None:
    looks = looks_of_an_article(settings.HANICRAWLER_REVISIT, run_minutes=30)

    table = re.findall(r"^\| to [^|]+ \| [^|]+ \| ([0-9.]+) \|$", PAGE, re.MULTILINE)
    assert [float(times) for times in table] == [round(number, 1) for number in looks]
    assert f"| together | | {sum(looks):.1f} |" in PAGE
    assert f"`{settings.HANICRAWLER_REVISIT}`" in PAGE
    assert f"**{round(8 * sum(looks))} requests a day**, {round(8 * sum(looks) / 48)} a run" in PAGE


def test_what_the_cheaper_setting_costs_is_reckoned_too() -> None:
    (setting, stated) = re.findall(r"`([0-9a-z: ]+)` costs (\d+) a day", PAGE)[0]

    assert round(8 * sum(looks_of_an_article(setting, run_minutes=30))) == int(stated)


def looks_of_an_article(setting: str, run_minutes: int) -> list[float]:
    """Return how often an article is looked at in each stretch of its life."""
    minutes = {"m": 1, "h": 60, "d": 24 * 60}

    def length(text: str) -> int:
        return int(text[:-1]) * minutes[text[-1]]

    looks, begun = [], 0
    for stretch in setting.split():
        until, every = map(length, stretch.split(":"))
        looks.append((until - begun) / max(every, run_minutes))
        begun = until
    return looks


def test_every_setting_that_the_page_names_is_one() -> None:
    names = set(re.findall(r"HANICRAWLER_[A-Z_]*[A-Z]", PAGE))

    assert len(names) >= 10
    assert all(hasattr(settings, name) for name in names)


def test_the_page_explains_every_exit_status() -> None:
    assert {"0", "1", "2", "75"} <= set(re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE))
