"""An article on a terminal and in a pipe, its versions, and what is said where there is none."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hanicrawler.items import Byline, Fetch, Image, StoryLink
from tests.storage.conftest import NOON, article_url, make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Record, Run

HOUR = timedelta(hours=1)
COMMANDS = ("show", "related", "history")
HOSTILE = "Ta\x1b[2Jlks \u202etxt\x07 <b>[red]resume"


@pytest.fixture
def filled(record: Record) -> Record:
    """Two articles, one of them edited in silence, and a link to one that is not stored."""
    first = make(
        7,
        label="Analysis",
        headline="Talks resume",
        contact="Please direct questions to [english@hani.co.kr]",
        authors=(
            Byline(name="Kim Na-ra", language="en", role="correspondent", place="Washington"),
            Byline(name="Yonhap News", language="en"),
        ),
        images=(Image(url="https://img.example/1.jpg", caption="A hall", credit="KCNA"),),
        related=(
            StoryLink(url=article_url(8), headline="Link", edition="en", source_id=8),
            StoryLink(url=article_url(9), headline="Not here", edition="en", source_id=9),
        ),
        body="The first “paragraph”, 판문점. " + "It goes on and on. " * 20 + "\n\nThe second.",
    )
    record.writer.write([first, make(8, headline="Earlier talks", related=())])
    later = {"headline": "Talks stall", "body": first.body.replace("second", "last"), "related": ()}
    record.writer.write([make(8, at=NOON + HOUR, **later)])
    record.writer.write([make(8, at=NOON + 2 * HOUR, **later | {"headline": "Talks stall again"})])
    return record


def test_an_article_reads_like_one(run: Run, filled: Record) -> None:
    found = run("show", "en:7")

    assert (found.status, found.err) == (0, "")
    lines = found.out.splitlines()
    assert lines[:7] == [
        "North Korea · Analysis",
        "Talks resume",
        "Both sides speak of progress",
        "",
        "By Kim Na-ra, correspondent in Washington; Yonhap News",
        "Posted 2026-02-27 21:00 KST (12:00 UTC)",
        "Changed 2026-02-28 21:00 KST (12:00 UTC)",
    ]
    assert "Picture  A hall\n     by  KCNA\n         https://img.example/1.jpg" in found.out
    assert "\n      2  2026-02-27  Talks stall again\n" in found.out
    assert f"Not here\n{' ' * 21}{article_url(9)}\n" in found.out
    assert lines[-3:] == [
        "Please direct questions to [english@hani.co.kr]",
        article_url(7),
        "Article 1, en:7; last seen 2026-03-01 21:00 KST.",
    ]
    assert all(len(line) <= 80 or "https://" in line for line in lines)
    assert "\x1b" not in found.out


def test_an_article_is_one_json_document(run: Run, filled: Record) -> None:
    found = run("show", article_url(7), "--json").json

    assert (found["id"], found["headline"]) == (1, "Talks resume")
    assert found["published_at"] == "2026-02-27T12:00:00Z"
    assert found["authors"][0] == {
        "name": "Kim Na-ra", "language": "en", "role": "correspondent",
        "place": "Washington", "email": None}  # fmt: skip
    assert [story["id"] for story in found["related"]] == [2, None]
    assert run("show", "2", "--json").json["named_by"][0]["id"] == 1


def test_an_earlier_version_is_marked_as_such(run: Run, filled: Record) -> None:
    now, before = run("show", "2"), run("show", "2", "--revision", "1")

    assert "Edited: 3 versions; hanicrawler history 2" in now.out
    assert "\nEarlier talks\n" in before.out
    assert "Version 1 of 3, not the newest." in before.out
    assert "By Kim Na-ra, staff reporter, and Yonhap News" in before.out
    unknown = run("show", "2", "--revision", "4")
    assert (unknown.status, unknown.out) == (1, "")
    assert unknown.err == "Error: article 2 has no version 4: hanicrawler history 2 lists them\n"


def test_a_gone_article_says_so(run: Run, filled: Record) -> None:
    gone = Fetch(url=article_url(7), kind="article", fetched_at=NOON + HOUR, status=410)
    filled.writer.write([gone])

    shown = run("show", "1").out

    assert "Gone from the site; noticed 2026-03-01 22:00 KST (13:00 UTC)." in shown


def test_versions_are_shown_with_a_word_diff(run: Run, filled: Record) -> None:
    found = run("history", "2")

    assert (found.status, found.err) == (0, "")
    assert "Version 1  seen 2026-03-01 21:00 KST" in found.out
    assert "Version 2  seen 2026-03-01 22:00 KST" in found.out
    assert found.out.count("silent edit") == 2
    assert "    [-Earlier talks-]{+Talks stall+}\n" in found.out
    assert "    Talks stall{+ again+}\n" in found.out
    assert "\x1b" not in found.out
    assert "It was not changed" in run("history", "1").out


def test_paragraphs_that_stayed_are_counted_not_shown(run: Run, filled: Record) -> None:
    body = "\n\n".join(["One.", "Two.", "Three.", "Four."])
    filled.writer.write([make(20, body=body)])
    filled.writer.write([make(20, body=body.replace("Three", "Thirty"), at=NOON + HOUR)])

    shown = run("history", "en:20").out

    assert "    ... 2 paragraphs as before\n    [-Three-]{+Thirty+}.\n" in shown
    assert "    ... 1 paragraph as before\n" in shown


def test_versions_are_one_json_document(run: Run, filled: Record) -> None:
    found = run("history", "2", "--json").json

    assert (found["id"], found["source_id"]) == (2, 8)
    assert [version["silent"] for version in found["versions"]] == [False, True, True]
    assert found["versions"][0]["changes"] == {}
    assert found["versions"][2]["changes"] == {
        "headline": [{"kind": "same", "text": "Talks stall"}, {"kind": "added", "text": " again"}]
    }


def test_on_a_terminal_changes_have_colours(run: Run, filled: Record) -> None:
    shown = run("history", "2", FORCE_COLOR="1", TERM="xterm-256color", NO_COLOR=None).out

    assert "\x1b[4;32m again" in shown
    assert "{+" not in shown
    assert "{+ again+}" in run("history", "2", FORCE_COLOR="1", NO_COLOR="1").out


@pytest.mark.parametrize("command", COMMANDS)
def test_strangers_words_give_a_terminal_no_orders(run: Run, record: Record, command: str) -> None:
    hostile = dict.fromkeys(("headline", "deck", "body", "byline", "contact", "label"), HOSTILE)
    seen = {
        "related": (StoryLink(url=f"https://x.example/{HOSTILE}", headline=HOSTILE),),
        "images": (Image(url=f"https://x.example/{HOSTILE}", caption=HOSTILE, credit=HOSTILE),),
        "authors": (Byline(name=HOSTILE, language="en", role=HOSTILE, place="x", email=HOSTILE),),
        "section_name": HOSTILE,
        "published_at": None, "modified_at": None, "published_text": HOSTILE,
    }  # fmt: skip
    record.writer.write([make(1, **hostile | seen)])
    record.writer.write([make(1, **hostile | seen | {"headline": f"{HOSTILE} 2"}, at=NOON + HOUR)])

    found = run(command, "1")

    assert (found.status, found.err) == (0, "")
    assert "<b>[red]resume" in found.out
    assert not set("\x1b\x07\u202e") & set(found.out)


@pytest.mark.parametrize("command", COMMANDS)
def test_an_article_that_is_not_there_is_one_line(run: Run, filled: Record, command: str) -> None:
    for name, status, words in (
        ("99", 1, "no article 99 in"),
        ("en:99", 1, "scrapy crawl hani -a urls=https://"),
        ("\x1b[2Jtalks", 2, "'\\x1b[2Jtalks' names no article: write its id"),
        ("", 2, "names no article"),
    ):
        found = run(command, name)
        assert (found.status, found.out) == (status, "")
        assert words in found.err
        assert found.err.count("\n") == 1


@pytest.mark.parametrize("command", [*COMMANDS, "db"])
def test_a_database_that_cannot_be_used_is_one_line(
    run: Run, file: Path, tmp_path: Path, command: str
) -> None:
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("no database " * 200)
    for name, version in (("old.db", "0001"), ("new.db", "9999")):
        shutil.copy(file, tmp_path / name)
        with closing(sqlite3.connect(tmp_path / name)) as connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [version])
            connection.commit()
    arguments = ("shell", "-c", "SELECT 1") if command == "db" else ("1",)

    for name, words in (
        ("missing.db", "no such file: run a crawl first"),
        (".", "is a folder: name the file in it"),
        ("empty.db", "has no tables of hanicrawler: run a crawl first"),
        ("text.db", "is not a SQLite database"),
        ("old.db", "run hanicrawler db upgrade"),
        ("new.db", "upgrade hanicrawler"),
    ):
        found = run(command, *arguments, HANICRAWLER_DATABASE=str(tmp_path / name))
        assert (found.status, found.out) == (1, "")
        assert words in found.err
        assert found.err.count("\n") == 1


def test_wrong_use_is_one_line(run: Run, filled: Record) -> None:
    for arguments in (
        ("show",),
        ("show", "1", "--revision", "0"),
        ("related", "1", "--depth", "0"),
        ("related", "1", "--dot", "--json"),
        ("history", "1", "2"),
        ("completion", "tcsh"),
        ("db", "shell", "-c", " "),
        ("show", "1", "--database", "mysql://x/y"),
    ):
        found = run(*arguments)
        assert (found.status, found.out) == (2, ""), arguments
        assert found.err.count("\n") == 1, arguments
