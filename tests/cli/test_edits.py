"""Edits on a terminal, in a pipe and for a program."""

from __future__ import annotations

import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hanicrawler.ask import Piece
from hanicrawler.cli.edits_screen import short
from tests.storage.conftest import NOON, make

if TYPE_CHECKING:
    from tests.cli.conftest import Record, Run

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG = " ".join(f"word{number}" for number in range(60))


@pytest.fixture
def edited(record: Record) -> Record:
    """Two articles: one edited in silence, one told by the site."""
    body = f"{LONG} on Monday {LONG}.\n\nThe second.\n\nThe third."
    record.writer.write([make(1, body=body), make(2)])
    later = body.replace("Monday", "Tuesday")
    record.writer.write([make(1, body=later, headline="Talks stall", at=NOON + HOUR)])
    told = {"modified_at": NOON + HOUR}
    record.writer.write([make(2, deck=None, at=NOON + DAY, section="e_national", **told)])
    return record


def test_an_edit_shows_the_words_around_what_changed(run: Run, edited: Record) -> None:
    found = run("edits")

    assert (found.status, found.err) == (0, "")
    assert found.out.splitlines() == [
        "2026-03-01 22:00  silent  e_northkorea  article 1",
        "Talks stall",
        "  Seen 2 days after publication: version 2.",
        "  headline",
        "    Talks [-resume, part 1-]{+stall+}",
        "  body",
        "    … word55 word56 word57 word58 word59 on [-Monday-]{+Tuesday+} word0 word1",
        "    word2 word3 word4 word5 …",
        "",
        "2026-03-02 21:00  told  e_national  article 2",
        "Talks resume, part 2",
        "  Seen 3 days after publication, changed 2026-03-01 22:00 KST by the site:",
        "  version 2.",
        "  deck",
        "    [-Both sides speak of progress-]",
    ]


def test_edits_for_a_program_have_both_texts_whole(run: Run, edited: Record) -> None:
    silent, told = run("edits", "--json").json["edits"]

    assert [change["field"] for change in silent["changes"]] == ["headline", "body"]
    assert "Tuesday" in silent["changes"][1]["after"]
    assert LONG in silent["changes"][1]["before"]
    assert silent["seconds_after_publication"] == 49 * 3600
    assert (silent["silent"], told["silent"]) == (True, False)
    assert told["changes"] == [
        {"field": "deck", "before": "Both sides speak of progress", "after": None}
    ]
    assert told["seen_at"] == "2026-03-02T12:00:00Z"


def test_the_command_that_is_shown_prints_the_next_page(run: Run, edited: Record) -> None:
    first = run("edits", "--limit", "1", "--edition=en").out.splitlines()
    assert first[-2] == "More:"
    words = shlex.split(first[-1])

    assert words[:2] == ["hanicrawler", "edits"]
    second = run(*words[1:])
    assert "article 2" in second.out
    assert "More" not in second.out


def test_edits_are_chosen_by_kind_and_by_the_day_they_were_seen(run: Run, edited: Record) -> None:
    def found(*options: str) -> list[int]:
        return [one["source_id"] for one in run("edits", *options, "--json").json["edits"]]

    assert found("--silent") == [1]
    assert found("--told") == [2]
    assert found("--edited-since", "2026-03-02") == [2]
    assert found("--edited-until", "2026-03-01") == [1]
    assert found("--section", "e_national") == [2]
    assert found("--since", "2026-03-01") == []


def test_no_edit_is_one_line_and_no_failure(run: Run, edited: Record) -> None:
    found = run("edits", "--edition", "ja")

    assert (found.status, found.out) == (0, "No such edit was seen.\n")
    assert run("edits", "--edition", "ja", "--json").json == {"edits": [], "next": None}


def test_many_changed_paragraphs_are_counted(run: Run, record: Record) -> None:
    record.writer.write([make(1, body="\n\n".join(f"Word {n} stays." for n in range(6)))])
    changed = "\n\n".join(f"Word {n} went." for n in range(6))
    record.writer.write([make(1, body=changed, at=NOON + HOUR)])

    shown = run("edits").out
    assert shown.count("{+went+}") == 3
    assert "and 3 more paragraphs: hanicrawler history 1" in shown


def test_days_the_wrong_way_round_are_one_line(run: Run, record: Record) -> None:
    found = run("edits", "--edited-since", "2026-03-02", "--edited-until", "2026-03-01")

    assert (found.status, found.out) == (2, "")
    assert found.err == "Error: --edited-since 2026-03-02 is after --edited-until 2026-03-01\n"


def test_no_text_gives_orders_to_the_terminal(run: Run, record: Record) -> None:
    record.writer.write([make(1, section="e_a")])
    evil = "Ev\x1b[2Jil \u202etxt"
    record.writer.write([make(1, headline=evil, body=evil, at=NOON + HOUR)])

    shown = run("edits").out
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    assert "Ev\N{REPLACEMENT CHARACTER}[2Jil" in shown


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        ([Piece("same", "a b "), Piece("added", "c")], "a b c"),
        (
            [Piece("added", "x "), Piece("same", "1 2 3 4 5 6 7 8 9")],
            "x 1 2 3 4 5 6 …",
        ),
        (
            [Piece("same", "1 2 3 4 5 6 7 8 9 "), Piece("removed", "x")],
            "… 4 5 6 7 8 9 x",
        ),
        (
            [
                Piece("removed", "x"),
                Piece("same", " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 "),
                Piece("added", "y"),
            ],
            "x 1 2 3 4 5 6 … 9 10 11 12 13 14 y",
        ),
    ],
    ids=["short", "after", "before", "between"],
)
def test_what_is_far_from_a_change_is_cut(pieces: list[Piece], shown: str) -> None:
    found = "".join(piece.text for piece in short(pieces))

    assert found == shown


def test_a_long_piece_that_came_is_cut_in_its_middle() -> None:
    (piece,) = short([Piece("added", LONG)])

    assert piece.text.startswith("word0 word1 ")
    assert " word19 … word40 " in piece.text
