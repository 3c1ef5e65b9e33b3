"""Authors on a terminal, in a pipe and for a program."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hanicrawler.items import Byline
from tests.storage.conftest import NOON, article_url, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

DAY = timedelta(days=1)
KIM = Byline(name="Kim Na-ra", language="en", role="staff reporter", place="Washington")
WIRE = Byline(name="Yonhap News", language="en")
EVIL = Byline(name="Ev\x1b[2Jil \u202eman", language="en")


@pytest.fixture
def signed(record: Record) -> Record:
    """Thirty articles of one author, two of them with another; the newest is number 1."""
    for number in range(1, 31):
        section = "e_business" if number % 10 == 0 else "e_national"
        made = make(
            number,
            url=article_url(number, section),
            section=section,
            authors=(KIM, WIRE) if number < 3 else (KIM,),
            published_at=NOON - number * 10 * DAY,
            modified_at=None,
        )
        record.writer.write([made])
    return record


def test_authors_in_a_table(run: Run, signed: Record) -> None:
    found = run("authors")

    assert (found.status, found.err) == (0, "")
    lines = [line.split() for line in found.out.splitlines()]
    assert lines[0] == ["Author", "articles", "first", "last", "sections"]
    assert lines[1] == "Kim Na-ra en 30 2025-05-05 2026-02-19 e_national, e_business".split()
    assert lines[2] == "Yonhap News en 2 2026-02-09 2026-02-19 e_national".split()
    assert len(lines) == 3


def test_a_list_that_is_cut_says_so(run: Run, signed: Record) -> None:
    assert "There are more: see --limit" in run("authors", "--limit", "1").out
    cut = run("authors", "--limit", "1", "--json").json
    assert ([one["name"] for one in cut["authors"]], cut["more"]) == (["Kim Na-ra"], True)
    assert run("authors", "--json").json["more"] is False


def test_the_list_is_chosen_and_ordered(run: Run, signed: Record) -> None:
    def names(*options: str) -> list[str]:
        return [one["name"] for one in run("authors", *options, "--json").json["authors"]]

    assert names("--match", "NEWS") == ["Yonhap News"]
    assert names("--sort", "name") == ["Kim Na-ra", "Yonhap News"]
    assert names("--section", "e_business", "--until", "2026-01-31") == ["Kim Na-ra"]
    assert names("--edition", "ko") == []


def test_an_author_whole(run: Run, signed: Record) -> None:
    shown = run("authors", "kim", "nara").out

    assert shown.startswith("Kim Na-ra (en)\n30 articles, 2025-05-05 to 2026-02-19\n")
    assert "\n2026-02 ███████████████ 2\n" in shown
    assert "staff reporter, Washington       30 2025-05-05 2026-02-19" in shown
    assert "Sections: e_national 27, e_business 3" in shown
    assert "Together with: Yonhap News 2" in shown
    assert "\n 1 2026-02-19 21:00 e_national Talks resume, part 1" in shown
    assert shown.endswith(
        "\nMore:\n    hanicrawler authors --after 20250813T120000.000000,20 kim nara\n"
    )


def test_the_command_that_is_shown_prints_the_next_page(run: Run, signed: Record) -> None:
    first = run("authors", "Kim Na-ra", "--limit", "20")
    command = first.out.splitlines()[-1].split()
    rest = run("authors", "kimnara", *command[2:4], "--limit=25", "--json").json

    assert [one["source_id"] for one in rest["newest"]] == list(range(21, 31))
    assert rest["next"] is None
    page = run("authors", "kimnara", *command[2:4])
    assert "Together with" not in page.out
    assert "More" not in page.out


def test_an_author_is_counted_by_year_or_month(run: Run, signed: Record) -> None:
    years = run("authors", "kimnara", "--by", "year").out
    assert "\n2025    ██████████████████████████████ 25\n2026    ██████ 5\n" in years
    assert "\n2025    ############################## 25\n" in run(
        "authors", "kimnara", "--by", "year", PYTHONIOENCODING="ascii"
    ).out.replace("█", "#")


def test_an_author_for_a_program(run: Run, signed: Record) -> None:
    found = run("authors", "Yonhap News", "--json").json

    assert (found["name"], found["articles"], found["next"]) == ("Yonhap News", 2, None)
    assert found["first_at"] == "2026-02-09T12:00:00Z"
    assert found["cosigners"] == [{"id": 1, "name": "Kim Na-ra", "language": "en", "articles": 2}]
    assert found["months"] == [{"month": "2026-02-01", "articles": 2}]
    assert [one["source_id"] for one in found["newest"]] == [1, 2]


def test_an_unknown_author_is_one_line_with_names_that_are_near(run: Run, signed: Record) -> None:
    found = run("authors", "Kim Nari")

    assert (found.status, found.out) == (1, "")
    assert found.err == "Error: no author 'Kim Nari'; near: Kim Na-ra\n"


def test_several_who_may_be_meant_are_listed(run: Run, signed: Record) -> None:
    for number, language in ((41, "en"), (42, "ko")):
        name = Byline(name="AFP", language=language)  # type: ignore[arg-type]
        signed.writer.write([make(number, authors=(name,))])

    found = run("authors", "afp")
    assert (found.status, found.out) == (1, "")
    assert "may be AFP (en), AFP (ko)" in found.err
    assert run("authors", "afp", "--language", "ko").out.startswith("AFP (ko)\n1 article")


def test_nothing_found_is_one_line_and_no_failure(run: Run, signed: Record) -> None:
    for options in (("--edition", "ja"), ("--match", "zzz"), ("--author", "nobody")):
        found = run("authors", *options)
        assert (found.status, found.out) == (0, "No author signed such articles.\n")
    found = run("authors", "kimnara", "--section", "e_culture")
    assert (found.status, found.out) == (
        0,
        "Kim Na-ra (en)\nNo such article of theirs is stored.\n",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kim", "--sort", "name"), "--sort is for the list of all authors"),
        (("kim", "--match", "k"), "--match is for the list of all authors"),
        (("--language", "en"), "--language is for one author"),
        (("--after", "-,1"), "--after is for one author"),
        ((" ",), "NAME is empty"),
        (("--limit", "0"), "--limit"),
        (("--since", "2026-03-01", "--until", "2026-02-01"), "--since 2026-03-01 is after"),
    ],
)
def test_wrong_use_is_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    found = run("authors", *words)

    assert (found.status, found.out) == (2, "")
    assert said in found.err
    assert found.err.count("\n") == 1


def test_a_place_that_is_none_is_wrong_use(run: Run, signed: Record) -> None:
    found = run("authors", "kimnara", "--after", "7")

    assert (found.status, found.out) == (2, "")
    assert "'7' is no place in this list" in found.err


def test_no_name_gives_orders_to_the_terminal(run: Run, record: Record) -> None:
    record.writer.write([make(1, authors=(EVIL, KIM))])

    for words in (("authors",), ("authors", "Kim Na-ra"), ("authors", "evil man")):
        for text in (run(*words).out, run(*words).err):
            assert "\x1b" not in text
            assert "\u202e" not in text
