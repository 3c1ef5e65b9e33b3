"""Every code that the program can produce is explained, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from hanicrawler.cli.reasons import REASONS, UNKNOWN, explain
from hanicrawler.items import Stage
from hanicrawler.normalize.dates import DateCode

PACKAGE = Path(__file__).parents[2] / "hanicrawler"


def trees(*rooms: str) -> Iterator[ast.AST]:
    for room in rooms:
        path = PACKAGE / room
        for file in [path] if path.suffix else path.rglob("*.py"):
            yield from ast.walk(ast.parse(file.read_text("utf-8")))


def words(node: ast.AST | None) -> set[str]:
    """Return the words that an expression may be: a constant, or one of two."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return words(node.body) | words(node.orelse)
    return set()


def called(name: str, place: int, *rooms: str) -> set[str]:
    """Return what stands as argument number *place* where *name* is called."""
    found: set[str] = set()
    for node in trees(*rooms):
        if isinstance(node, ast.Call):
            callee = node.func
            own = callee.attr if isinstance(callee, ast.Attribute) else getattr(callee, "id", "")
            if own == name and len(node.args) > place:
                found |= words(node.args[place])
    return found


def of_readers() -> set[tuple[str, str]]:
    """Stage and code of each ``problem(url, stage, code, ...)`` that says both in words."""
    return {
        (stage, code)
        for node in trees("spiders")
        if isinstance(node, ast.Call) and len(node.args) > 2
        if getattr(node.func, "attr", getattr(node.func, "id", "")) == "problem"
        for stage in words(node.args[1])
        for code in words(node.args[2])
    }


def listed_in_page_error() -> set[str]:
    text = (PACKAGE / "pages" / "errors.py").read_text("utf-8")
    comment = " ".join(re.findall(r"^ *#: ?(.*)$", text, re.M)).partition("What is wrong")[0]
    return set(re.findall(r"``(\w+)``", comment))


def pages() -> set[str]:
    """The codes of the readers: those in their calls, and those that their error lists."""
    calls = called("PageError", 0, "pages", "spiders")
    return calls | listed_in_page_error() | called("Refusal", 0, "pages", "replay")


def fetches() -> set[str]:
    codes = called("FetchFailure", 0, "spiders", "middlewares")
    for node in trees("spiders/failures.py"):
        if isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "_CODES":
            assert isinstance(node.value, ast.Tuple)
            for one in node.value.elts:
                assert isinstance(one, ast.Tuple)
                codes |= words(one.elts[1])
    return codes


def damages() -> set[str]:
    """The codes of what an archive has that cannot be read."""
    codes = called("damage", 2, "archives") | called("_damage", 1, "archives")
    for node in trees("archives"):
        if isinstance(node, ast.keyword) and node.arg == "code":
            codes |= words(node.value)
        elif isinstance(node, ast.IfExp):
            pairs = [one for one in (node.body, node.orelse) if isinstance(one, ast.Tuple)]
            if len(pairs) == 2:
                codes |= set().union(*(words(pair.elts[0]) for pair in pairs))
    return codes


def keywords(*rooms: str) -> set[tuple[str, str]]:
    """Stage and code of each ``Problem(stage=..., code=...)``."""
    found: set[tuple[str, str]] = set()
    for node in trees(*rooms):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
            given = {keyword.arg: words(keyword.value) for keyword in node.keywords}
            stages = sorted(given.get("stage", set()))
            codes = sorted(given.get("code", set()))
            # Two alternatives of each go by the same condition, in the same order.
            if len(stages) == len(codes) == 2:
                assert stages == ["normalise", "parse"]
                codes = sorted(codes, key=lambda code: code != "normaliser_failed")
            found |= set(zip(stages, codes, strict=False))
    return found


def test_every_code_that_the_program_can_produce_is_explained() -> None:
    readers = called("problem", 2, "spiders")
    assert {"list_repeats"} <= readers
    assert {"no_date", "empty", "not_a_feed", "redirected", "parser_crashed"} <= pages()
    assert {"timeout", "dns_failed", "too_large"} <= fetches()
    assert {("fetch", "given_up"), ("discover", "list_repeats")} <= of_readers()
    noted = keywords(
        "pipelines", "storage", "spiders", "normalize", "extensions", "middlewares", "replay"
    )
    noted |= of_readers()
    assert {("store", "refused"), ("parse", "spider_failed")} <= noted
    normalised = called("_problem", 2, "normalize") | set(get_args(DateCode))

    explained = set(REASONS)
    assert noted <= explained
    assert {"cut_off", "damaged_record", "too_large", "no_url", "not_read"} <= damages()
    assert {("fetch", code) for code in fetches() | damages()} <= explained
    assert {("normalise", code) for code in normalised} <= explained
    assert pages() | readers <= {code for _, code in explained}
    known = pages() | readers | fetches() | damages() | normalised | {code for _, code in noted}
    assert {code for _, code in explained} <= known


def test_stages_are_stages_and_words_are_sentences() -> None:
    for (stage, _), reason in REASONS.items():
        assert stage in get_args(Stage)
        assert reason.what.endswith(".")
        assert reason.todo.endswith((".", "?"))


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("http_404", "The site has no such page."),
        ("http_410", "The site says that the page is gone"),
        ("http_403", "The site refuses"),
        ("http_429", "The site asked for fewer"),
        ("http_500", "The site's server failed."),
        ("http_503", "The site's server failed."),
        ("http_302", "The site sent a redirect without"),
        ("http_418", "The site answered with an error."),
    ],
)
def test_a_status_is_explained_by_its_kind(code: str, start: str) -> None:
    assert explain("fetch", code).what.startswith(start)


def test_a_code_that_nobody_knows_has_words_too() -> None:
    assert explain("parse", "of_the_future") is UNKNOWN
    assert explain("parse", "http_5000") is UNKNOWN
