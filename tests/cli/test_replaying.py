"""What ``import`` and ``reparse`` have in common: lists of files, and reading on a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.replay.warcs import pages, write

POSTGRES = "postgresql://user:secret@127.0.0.1:1/hani"
SCHEDULER = "tcp://127.0.0.1:8786"


@pytest.fixture
def archives(tmp_path: Path) -> list[Path]:
    """Two WARC files of one article each."""
    return [
        write(tmp_path / f"{number} of them.warc.gz", [answer])
        for number, answer in enumerate(pages(2))
    ]


@pytest.mark.parametrize("command", ["import", "reparse"])
@pytest.mark.slow
def test_files_may_be_named_in_a_list(
    run: Run, archives: list[Path], tmp_path: Path, command: str
) -> None:
    listing = tmp_path / "list.txt"
    listing.write_text(f"\n{archives[0]}\r\n{archives[1]}", "utf-8")
    done = run(command, "--files-from", str(listing), "--processes", "1")

    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("Read 2 pages in ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--files-from", "-"], "there is no name in it"),
        (["--files-from", "-", "-"], "standard input cannot be both the list and an archive"),
        (["--files-from", "nowhere.txt"], "nowhere.txt"),
        (["--files-from", "latin.txt"], "latin.txt: cannot be read: 'utf-8' codec"),
        (["a.warc", "--cluster", "localhost"], "no address of a scheduler, as tcp://HOST:8786 is"),
        (["a.warc", "--cluster", "http://h:1"], "no address of a scheduler"),
        (["a.warc", "--cluster", SCHEDULER], "a cluster writes to PostgreSQL only"),
        (["a.warc", "--cluster", SCHEDULER, "--processes", "2"], "--processes is for this machine"),
    ],
)
@pytest.mark.parametrize("command", ["import", "reparse"])
def test_wrong_use_is_one_line_and_status_2(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    arguments: list[str],
    words: str,
) -> None:
    (tmp_path / "latin.txt").write_bytes("\u00e9.warc".encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    done = run(command, *arguments)

    assert (done.status, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1


def test_without_the_extra_one_line_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hanicrawler.cli.replaying.find_spec", lambda _name: None)
    done = run("import", "a.warc", "--cluster", SCHEDULER, HANICRAWLER_DATABASE=POSTGRES)

    assert (done.status, done.out) == (1, "")
    assert done.err == (
        "Error: a cluster needs more packages: pip install 'hanicrawler[cluster]'\n"
    )
