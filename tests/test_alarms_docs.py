"""docs/alarms.md explains every alarm and outcome there is, and none that is not."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from hanicrawler import settings
from hanicrawler.commands.ended import COULD_NOT_START
from hanicrawler.extensions.health import OUTCOMES

ROOT = Path(__file__).parents[1]
DOCS = (ROOT / "docs" / "alarms.md").read_text("utf-8")


def codes() -> set[str]:
    """Return the codes of all findings that the program makes."""
    found = {COULD_NOT_START}
    for file in (ROOT / "hanicrawler").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Finding"):
                code = node.args[0]
                assert isinstance(code, ast.Constant), f"{file}: the code is no plain word"
                found.add(code.value)
    return found


def sections() -> dict[str, str]:
    return dict(re.findall(r"^### `(\w+)`\n(.*?)(?=^##|\Z)", DOCS, re.MULTILINE | re.DOTALL))


def test_every_alarm_is_explained_and_no_other() -> None:
    assert len(codes()) >= 17
    assert set(sections()) == codes()


def test_every_alarm_says_what_to_do() -> None:
    for code, text in sections().items():
        assert re.search(r"^Do: ", text, re.MULTILINE), code


def test_every_outcome_is_explained_and_no_other() -> None:
    assert re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE) != []
    assert set(re.findall(r"^\| `(\w+)` \|", DOCS, re.MULTILINE)) == set(OUTCOMES)


def test_every_threshold_stands_beside_its_value_and_no_setting_is_invented() -> None:
    for name in set(re.findall(r"HANICRAWLER_[A-Z_]+", DOCS)):
        assert hasattr(settings, name), name
    for name in ("FAILED_PAGES", "FAILED_SHARE", "MAX_PROBLEMS", "DRIFT", "QUIET_FACTOR",
                 "QUIET_HOURS"):  # fmt: skip
        value = getattr(settings, f"HANICRAWLER_{name}")
        assert re.search(rf"`HANICRAWLER_{name}`\s\({value:g}\b", DOCS), name
