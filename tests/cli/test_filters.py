"""The options that choose articles, and how a shell completes their names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING

import click
import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from hanicrawler.ask import Filters
from hanicrawler.cli import main
from hanicrawler.cli.completing import Bash, quoted_for_bash
from hanicrawler.cli.filters import filter_options
from hanicrawler.cli.options import OneLineCommand
from hanicrawler.items import Byline
from tests.storage.conftest import make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Record, Run

BASH = shutil.which("bash")
COMPLETED = """
eval "$(hanicrawler completion bash)"
complete_words() {
    COMP_WORDS=(hanicrawler "$@"); COMP_CWORD=$#; COMPREPLY=()
    _hanicrawler_completion hanicrawler
    printf '%s\n' "${COMPREPLY[@]}"
}
complete_words rel
complete_words related --dep
"""


@click.command(cls=OneLineCommand)
@filter_options
@click.option("--limit", type=int)
def listing(filters: Filters, limit: int | None) -> None:
    """Say what was chosen."""
    click.echo(f"{filters!r} {limit}")


def chosen(*arguments: str) -> str:
    return CliRunner().invoke(listing, arguments).output.strip()


def test_what_is_chosen_reaches_the_command() -> None:
    options = (
        *("--author", " Jung  E-gil ", "--author", "Kim Na-ra", "--section", "e_business"),
        *("--section", "politics/assembly", "--label", "[Photo]", "--edition", "ko"),
        *("--since", "2024-06-01", "--until", "2024-06-01", "--limit", "5"),
    )
    expected = Filters(
        authors=("Jung E-gil", "Kim Na-ra"),
        sections=("e_business", "politics/assembly"),
        labels=("Photo",),
        editions=("ko",),
        since=date(2024, 6, 1),
        until=date(2024, 6, 1),
    )

    assert chosen(*options) == f"{expected!r} 5"
    assert chosen() == f"{Filters()!r} None"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--section", "North Korea"), "'North Korea' is no section: write its code"),
        (("--edition", "fr"), "'fr' is not one of"),
        (("--author", " "), "it is empty"),
        (("--label", "[]"), "it is empty"),
        (("--since", "June"), "'June' is no day: write YYYY-MM-DD"),
        (("--since", "2024-06-02", "--until", "2024-06-01"), "is after --until 2024-06-01"),
    ],
)
def test_a_wrong_choice_is_one_line(arguments: tuple[str, ...], words: str) -> None:
    found = CliRunner().invoke(listing, arguments)

    assert found.exit_code == 2
    assert words in found.stderr
    assert found.stderr.count("\n") == 1


def test_names_are_completed_from_the_database(
    record: Record, file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authors = (Byline(name="Jung E-gil", language="en"), Byline(name="Jo\x1b\nX", language="en"))
    record.writer.write([make(1, label="News analysis", section="e_business", authors=authors)])
    complete = ShellComplete(listing, {}, "listing", "_LISTING_COMPLETE")

    def offered(*words: str) -> list[str]:
        return [item.value for item in complete.get_completions(list(words[:-1]), words[-1])]

    monkeypatch.setenv("HANICRAWLER_DATABASE", str(file))
    assert offered("--author", "jU") == ["Jung E-gil"]
    assert offered("--author", "J") == ["Jung E-gil"]
    assert offered("--section", "e_") == ["e_business"]
    assert offered("--label", "news") == ["News analysis"]
    assert offered("--edition", "") == ["en", "ko", "ja", "zh"]
    assert offered("--label", "x") == []
    monkeypatch.setenv("HANICRAWLER_DATABASE", str(tmp_path / "missing.db"))
    assert offered("--author", "J") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_has_its_script(run: Run, shell: str) -> None:
    found = run("completion", shell)

    assert (found.status, found.err) == (0, "")
    assert f"_HANICRAWLER_COMPLETE={shell}_complete" in found.out


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="no bash here")
def test_bash_completes_commands_and_options(tmp_path: Path) -> None:
    program = tmp_path / "hanicrawler"
    program.write_text(f"#!{sys.executable}\nfrom hanicrawler.cli import main\nmain()\n")
    program.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"

    done = subprocess.run(
        [BASH or "", "--norc", "-c", COMPLETED],
        env={**os.environ, "PATH": path}, text=True, capture_output=True, check=True,
    )  # fmt: skip

    assert (done.stdout.split(), done.stderr) == (["related", "--depth"], "")


@pytest.mark.slow
@pytest.mark.skipif(BASH is None, reason="no bash here")
@pytest.mark.parametrize("begun", ["J", '"J', "'J"])
@pytest.mark.parametrize("name", ["Jung E-gil", 'J$(date) `x` \\ "O\'Neil" * ; & 정'])
def test_bash_reads_a_completed_name_as_one_word(begun: str, name: str) -> None:
    quote = begun[0] if begun[0] in "\"'" else ""
    typed = f"{quote}{quoted_for_bash(name, begun)}{quote}"

    read = subprocess.run(
        [BASH or "", "--norc", "-c", f"printf '%s' {typed}"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert read.stdout == name


def test_the_words_typed_so_far_say_how_to_quote(monkeypatch: pytest.MonkeyPatch) -> None:
    complete = Bash(main, {}, "hanicrawler", "_HANICRAWLER_COMPLETE")
    for words, expected in (
        ("hanicrawler\nsearch\n--author\nJu", "plain,Jung\\ E-gil"),
        ('hanicrawler\nsearch\n--author\n"Ju', "plain,Jung E-gil"),
    ):
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", "3")
        item = click.shell_completion.CompletionItem("Jung E-gil")
        assert complete.format_completion(item) == expected
