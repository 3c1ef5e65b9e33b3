"""What README and docs/ say is true of the program."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from hanicrawler import settings
from hanicrawler.cli import main
from hanicrawler.pages.templates import (
    ENGLISH_2018,
    ENGLISH_NEXT,
    KOREAN_2015,
    KOREAN_NEXT,
    Template,
)
from hanicrawler.spiders.arguments import NAMES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "CHANGELOG.md"]


def test_every_argument_of_the_spider_stands_in_the_readme() -> None:
    assert len(NAMES) >= 6
    for name in NAMES:
        assert f"-a {name}=" in README


def test_every_command_has_help_and_stands_in_the_readme() -> None:
    context = click.Context(main)
    names = main.list_commands(context)
    assert "demo" in names
    for name in names:
        command = main.get_command(context, name)
        assert command is not None
        assert command.help
        assert f"hanicrawler {name}" in README


def test_every_setting_of_ours_stands_in_the_docs_and_no_other() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")
    ours = {name for name in vars(settings) if name.startswith("HANICRAWLER_")}

    assert len(ours) > 20
    assert set(re.findall(r"HANICRAWLER_[A-Z_]+", text)) == ours


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def test_the_readme_has_one_line_to_crawl_and_one_to_test() -> None:
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv .venv && ")]

    assert [line.rpartition("&& ")[2] for line in lines] == [
        ".venv/bin/scrapy crawl hani",
        ".venv/bin/pytest",
    ]


def test_every_template_says_when_its_pages_were_seen() -> None:
    for template in (ENGLISH_2018, ENGLISH_NEXT, KOREAN_2015, KOREAN_NEXT):
        assert isinstance(template, Template)
        assert re.search(r"20\d\d", template.seen)


def test_no_configuration_names_a_registry_or_a_path_of_somebodys_machine() -> None:
    for name in (
        "pyproject.toml",
        "constraints.txt",
        "scrapy.cfg",
        ".ci/run",
        "hanicrawler/settings.py",
    ):
        text = (ROOT / name).read_text("utf-8")
        assert not re.search(r"pypi\.org|pythonhosted|/home/|/root/|index-url", text), name
