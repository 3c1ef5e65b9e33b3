"""A wheel, installed away from the checkout, migrates and crawls."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.replica import Newspaper, Replica
from tests.waiting import HANGS

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what the wheel holds, and nothing of the checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(folder / "site")
    return folder / "site"


def run(
    installed: Path, folder: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("HANICRAWLER_")
    }
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={
            **kept,
            "PYTHONPATH": str(installed),
            "SCRAPY_SETTINGS_MODULE": "hanicrawler.settings",
            **more,
        },
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )


def test_the_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    done = run(installed, tmp_path, "-c", "import hanicrawler; print(hanicrawler.__file__)")

    assert Path(done.stdout.strip()).is_relative_to(installed)


def test_an_installed_copy_migrates_and_crawls(installed: Path, tmp_path: Path) -> None:
    paper = Newspaper.generate(12, template="english-next")
    with Replica(paper) as site:
        done = run(installed, tmp_path, "-m", "scrapy", "crawl", "hani", HANICRAWLER_SITE=site.url)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with closing(sqlite3.connect(tmp_path / "hanicrawler.db")) as database:
        assert database.execute("SELECT count(*) FROM articles").fetchone() == (12,)


def test_an_installed_copy_knows_the_questions(installed: Path, tmp_path: Path) -> None:
    code = "from hanicrawler.cli import main; main()"
    done = run(installed, tmp_path, "-c", code, "question", "day-by-day", "--sql")

    assert (done.returncode, done.stderr) == (0, "")
    assert "FROM article_list" in done.stdout


def test_an_installed_copy_has_its_pages(installed: Path, tmp_path: Path) -> None:
    shown = (
        "import asyncio, pathlib; from hanicrawler.web.app import Site;"
        "from hanicrawler.storage import database_url, open_database;"
        "open_database(database_url('a.db')).dispose();"
        "site = Site(pathlib.Path('a.db').absolute(), name='a.db');"
        "pages = [asyncio.run(site.datasette.client.get(path))"
        " for path in ('/', '/paper/style.css', '/hanicrawler/who-covers')];"
        "print([page.status_code for page in pages]); print(pages[0].text); site.close()"
    )
    done = run(installed, tmp_path, "-c", shown)

    assert done.stdout.startswith("[200, 200, 302]"), done.stderr
    assert "No article is stored yet." in done.stdout


def test_an_installed_copy_has_its_demonstration(installed: Path, tmp_path: Path) -> None:
    done = run(
        installed,
        tmp_path,
        "-c",
        "from hanicrawler.cli import main; main()",
        "demo",
        "--articles",
        "12",
    )

    assert done.returncode == 0, done.stderr
    assert "Articles: 12 en" in done.stdout
