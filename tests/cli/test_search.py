"""``hanicrawler search``: in words, in JSON, by the page."""

from __future__ import annotations

import re
import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hanicrawler.cli.search import phrase
from tests.storage.conftest import NOON, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run


@pytest.fixture
def searched(record: Record) -> Record:
    """Three articles, a day apart, the first the newest; its headline would blink."""
    record.writer.write(
        [
            make(number, headline=headline, published_at=NOON - timedelta(days=number),
                 modified_at=None, authors=(), label=label, deck=None)
            for number, headline, label in (
                (1, "Zebra \x1b[5m crossing", "Photo"),
                (2, "A crossing of zebras", None),
                (3, "북한이 간다", None),
            )
        ]
    )  # fmt: skip
    return record


@pytest.mark.usefixtures("searched")
def test_what_is_found_is_shown_newest_first(run: Run) -> None:
    found = run("search", "zebra")

    assert (found.status, found.err) == (0, "")
    heads = re.findall(r"^\d+  (.*)$", found.out, re.MULTILINE)
    assert heads == ["Zebra \N{REPLACEMENT CHARACTER}[5m crossing", "A crossing of zebras"]
    assert "2026-02-28 21:00 KST  North Korea  Photo\n" in found.out
    assert "\x1b" not in found.out


@pytest.mark.usefixtures("searched")
def test_what_the_shell_keeps_together_is_a_phrase(run: Run) -> None:
    assert "zebras" in run("search", "crossing of").out
    assert run("search", "of crossing").out == "Nothing found.\n"
    assert "zebras" in run("search", "of", "crossing").out


@pytest.mark.parametrize(
    ("argument", "query"),
    [
        ("comfort women", '"comfort women"'),
        ('say "comfort women"', 'say "comfort women"'),
        ("missile OR rocket", "missile OR rocket"),
        ("missile -japan", "missile -japan"),
        ("nucl* test", "nucl* test"),
        ("ORWELL 1984", '"ORWELL 1984"'),
        ("Jung E-gil", '"Jung E-gil"'),
        ("-japan", "-japan"),
    ],
)
def test_a_search_with_signs_of_its_own_is_left_as_it_is(argument: str, query: str) -> None:
    assert phrase(argument) == query


@pytest.mark.usefixtures("searched")
def test_a_word_behind_a_minus_must_not_occur(run: Run) -> None:
    found = run("search", "crossing", "-of", "--json").json

    assert [each["id"] for each in found["articles"]] == [1]
    assert found["words"] == "crossing -of"


@pytest.mark.usefixtures("searched")
def test_a_mistyped_option_is_no_word_that_must_not_occur(run: Run) -> None:
    for option in ("--jsno", "--sinse=2024-01-01", "--\x1b[5m"):
        found = run("search", "zebra", option)

        assert (found.status, found.out) == (2, "")
        assert found.err.startswith("Error: no such option ")
        assert "\x1b" not in found.err
        assert found.err.count("\n") == 1


def test_h_alone_is_help_as_in_every_command(run: Run) -> None:
    assert run("search", "-h").out == run("search", "--help").out


@pytest.mark.usefixtures("searched")
def test_json_marks_what_was_found(run: Run) -> None:
    (one,) = run("search", "북한", "--json").json["articles"]

    assert one["headline_marks"] == [
        {"text": "북한", "hit": True},
        {"text": "이 간다", "hit": False},
    ]
    assert one["published_at"] == "2026-02-26T12:00:00Z"


@pytest.mark.usefixtures("searched")
def test_the_next_page_is_the_command_that_is_printed(run: Run) -> None:
    last = run("search", "-xyzzy", "--limit", "2").out.splitlines()[-1]
    assert last.startswith("    hanicrawler search --after ")

    rest = run(*shlex.split(last)[1:])

    assert (rest.status, re.findall(r"^(\d+)  ", rest.out, re.MULTILINE)) == (0, ["3"])


@pytest.mark.usefixtures("searched")
def test_filters_alone_list_what_they_let_through(run: Run) -> None:
    assert re.findall(r"^(\d+)  ", run("search", "--label", "photo").out, re.MULTILINE) == ["1"]


@pytest.mark.usefixtures("searched")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to search for: name a word"),
        (('"',), "nothing to search for in"),
        (("x " * 60,), "at most 50"),
        (("zebra", "--after", "nowhere"), "is no place in this list"),
        (("zebra", "--order", "best"), "'best'"),
        (("zebra", "--since", "yesterday"), "is no day"),
    ],
)
def test_wrong_use_is_one_line_and_status_2(run: Run, words: tuple[str, ...], said: str) -> None:
    found = run("search", *words)

    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") == 1
