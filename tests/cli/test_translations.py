"""Translations on a terminal, in a pipe and for a program."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.spiders.arguments import read_arguments
from tests.storage.conftest import NOON, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

DAY = timedelta(days=1)


def korean(source_id: int, section: str = "politics/assembly") -> str:
    return f"https://www.hani.co.kr/arti/{section}/{source_id}.html"


def english(number: int, days: int, original: int, url: str | None = None) -> Any:
    at = NOON - days * DAY
    return make(number, published_at=at, modified_at=None, original_source_id=original,
                original_url=url or korean(original))  # fmt: skip


@pytest.fixture
def translated(record: Record) -> Record:
    """Three translations; the original of the first is stored."""
    original = make(101, edition="ko", url=korean(101), section="politics", headline="회담 재개",
                    published_at=NOON - 3 * DAY, modified_at=None)  # fmt: skip
    record.writer.write([original, english(1, 1, 101), english(2, 2, 102), english(3, 3, 103)])
    return record


def test_translations_stand_above_their_originals(run: Run, translated: Record) -> None:
    found = run("translations")

    assert (found.status, found.err) == (0, "")
    assert [line.split() for line in found.out.splitlines()][:5] == [
        "ID Posted (KST) Headline".split(),
        "2 2026-02-28 21:00 Talks resume, part 1".split(),
        "1 2026-02-26 21:00 회담 재개 (2 days before)".split(),
        "3 2026-02-27 21:00 Talks resume, part 2".split(),
        "- - not stored: ko:102".split(),
    ]


def test_the_command_that_fetches_what_is_missing_is_one_the_crawler_takes(
    run: Run, translated: Record
) -> None:
    shown = run("translations", "--missing").out.splitlines()

    assert "To fetch 2 originals of these that are not stored:" in shown
    words = shlex.split(shown[-1])
    assert words[:4] == ["scrapy", "crawl", "hani", "-a"]
    assert words[4] == f"urls={korean(102)},{korean(103)}"
    given = dict([words[4].split("=", 1)])
    assert [one.key for one in read_arguments(given).urls] == [("ko", 102), ("ko", 103)]
    assert run("translations", "--missing", "--json").json["command"] == shown[-1].strip()
    assert run("translations", "--stored", "--json").json["command"] is None


def test_an_address_that_is_not_the_originals_is_made_anew(run: Run, record: Record) -> None:
    record.writer.write([english(1, 1, 102, "https://evil.example/$(rm -rf ~)'\x1b[2J")])

    shown = run("translations", "--missing").out
    assert shlex.split(shown.splitlines()[-1])[4] == "urls=https://www.hani.co.kr/arti/102.html"
    assert "evil" not in shown


def test_translations_for_a_program(run: Run, translated: Record) -> None:
    first, second, _ = run("translations", "--json").json["translations"]

    assert (first["original_headline"], first["days"], first["is_stored"]) == ("회담 재개", 2, True)
    assert first["original_published_at"] == "2026-02-26T12:00:00Z"
    assert (second["original_id"], second["original_url"]) == (None, korean(102))
    assert (second["days"], second["is_stored"]) == (None, False)


def test_the_command_that_is_shown_prints_the_next_page(run: Run, translated: Record) -> None:
    lines = run("translations", "--limit", "2").out.splitlines()
    words = shlex.split(lines[lines.index("More:") + 1])

    rest = run(*words[1:], "--json").json
    assert [one["source_id"] for one in rest["translations"]] == [3]
    assert rest["next"] is None


def test_none_is_one_line_and_no_failure(run: Run, record: Record) -> None:
    for option, said in (
        ((), "No such English article names a Korean original.\n"),
        (("--missing",), "No such English article names an original that is not stored.\n"),
        (("--stored",), "No such English article has its Korean original stored.\n"),
    ):
        found = run("translations", *option)
        assert (found.status, found.out) == (0, said)
    assert run("translations", "--json").json == {
        "translations": [], "next": None, "command": None}  # fmt: skip


def test_no_headline_gives_orders_to_the_terminal(run: Run, record: Record) -> None:
    evil = "Ev\x1b[2Jil \u202etxt"
    original = make(101, edition="ko", url=korean(101), headline=evil)
    record.writer.write([original, make(1, headline=evil, original_source_id=101)])

    shown = run("translations").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert shown.count("Ev\N{REPLACEMENT CHARACTER}[2Jil") == 2
