"""Saved pages: whose they are and of when."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hanicrawler.archives import Capture, Damage, Position, read_captures, read_record, sources
from hanicrawler.items import Kept
from tests.archives.made import only, only_damage, read, read_bytes, url

COPIES = "https://web.archive.org/web"
SAVED_AT = datetime(2019, 3, 4, 5, 6, 7, tzinfo=UTC)


def saved(tmp_path: Path, head: str, name: str = "page.html", body: str = "") -> Capture:
    """Return what is read of a page with this head, saved at SAVED_AT."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<!doctype html>{head}<p>Invented.</p>{body}</html>", "utf-8")
    os.utime(path, (SAVED_AT.timestamp(), SAVED_AT.timestamp()))
    return only([one for one in read(path) if not isinstance(one, Position)])


@pytest.mark.parametrize(
    "head",
    [
        f"\n<!-- saved from url=(0064){url(1)} -->\n<html>",
        f'<link rel="canonical" href="{url(1)}">',
        f"<link href='{url(1)}' data-x=1 rel=canonical />",
        f"<LINK REL=canonical HREF={url(1)}>",
        f'<meta property="og:url" content="{url(1)}"/>',
        f'<meta content="{url(1)}" property="og:url">',
        f'<link rel="stylesheet" href="/x.css"><link rel="canonical" href="{url(1)}">',
        f'<link rel="canonical" href="/arti/"><meta property="og:url" content="{url(1)}">',
        f'<!-- saved from url=(0014)about:internet --><link rel="canonical" href="{url(1)}">',
    ],
)
def test_a_page_says_what_it_is(tmp_path: Path, head: str) -> None:
    found = saved(tmp_path, head)

    assert (found.url, found.at, found.status) == (url(1), SAVED_AT, 200)
    assert b"Invented." in found.body
    assert found.kept == Kept(file=str(tmp_path / "page.html"), offset=0)


def test_the_browser_s_word_goes_before_the_page_s_own(tmp_path: Path) -> None:
    head = (
        f"<!-- saved from url=(0064){url(1)} -->"
        f'<link rel="canonical" href="{url(2)}"><meta property="og:url" content="{url(3)}">'
    )

    assert saved(tmp_path, head).url == url(1)


def test_characters_of_html_in_an_address_are_read(tmp_path: Path) -> None:
    found = saved(
        tmp_path, '<link rel="canonical" href="https://english.hani.co.kr/a?b=1&amp;c=2">'
    )

    assert found.url == "https://english.hani.co.kr/a?b=1&c=2"


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("english.hani.co.kr/arti/english_edition/e_national/1.html", url(1)),
        ("english.hani.co.kr/arti/english_edition/e_national/1.html?_fr=x", url(1)),
        ("english.hani.co.kr/arti/english_edition/e_national/1.html@_fr=x.html", url(1)),
        ("English.Hani.co.kr/20180611093000/arti/english_edition/e_national/1.html", url(1)),
        ("web.archive.org/web/20180611093000/http:/english.hani.co.kr/arti/english_edition/"
         "e_national/1.html", url(1)),
        ("english.hani.co.kr/arti/index.html", "https://english.hani.co.kr/arti/"),
    ],
)  # fmt: skip
def test_a_mirror_s_path_says_what_a_page_is(tmp_path: Path, name: str, address: str) -> None:
    found = saved(tmp_path, "<html>", name)

    assert found.url == address
    stamped = "20180611093000" in name
    assert found.at == (datetime(2018, 6, 11, 9, 30, tzinfo=UTC) if stamped else SAVED_AT)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (f'<link rel="canonical" href="{COPIES}/20180611093000/{url(1)}">', ""),
        (f"<!-- saved from url=(0099){COPIES}/20180611093000/{url(1)} -->", ""),
        (f'<script>__wm.wombat("{url(1)}","20180611093000","{COPIES}")</script>', ""),
        (
            f'<link rel="canonical" href="{url(1)}">',
            "<!--\n FILE ARCHIVED ON 09:30:00 Jun 11, 2018 AND RETRIEVED FROM THE\n INTERNET -->",
        ),
        (
            '<script src="//archive.org/_static/js/bundle.js"></script>'
            f'<link rel="canonical" href="{url(1)}">'
            '<a href="https://web.archive.org/web/20180611093000/http://english.hani.co.kr/">',
            "",
        ),
    ],
)  # fmt: skip
def test_the_wayback_machine_s_copies_have_their_own_time(
    tmp_path: Path, head: str, body: str
) -> None:
    found = saved(tmp_path, head, body=body)

    assert (found.url, found.at) == (url(1), datetime(2018, 6, 11, 9, 30, tzinfo=UTC))


def test_a_link_to_the_wayback_machine_is_no_date(tmp_path: Path) -> None:
    body = '<a href="https://web.archive.org/web/20180611093000/https://example.org/">a source</a>'

    assert saved(tmp_path, f'<link rel="canonical" href="{url(1)}">', body=body).at == SAVED_AT


def test_a_page_that_says_nothing_is_damage(tmp_path: Path) -> None:
    found = only_damage(read_bytes(tmp_path, b"<html><p>Invented.</p></html>", "a.html"))

    assert (found.code, found.url) == ("no_url", None)


@pytest.mark.parametrize(
    "head",
    [
        b"<link " * 20_000,
        b"<link rel=canonical " + b"href = " * 10_000,
        b"<!-- saved from url=(1)" + b"h" * 60_000,
        b"<meta property=og:url content='" + b"x" * 60_000,
        b'__wm.wombat("' * 5_000,
        bytes(range(256)) * 300,
        b"<link rel=canonical href=javascript:alert(1)>",
        b"<link rel=canonical href='https://english.hani.co.kr/\x1b[31m'>",
        b"<link rel=canonical href='http://[::1'>",
    ],
)
def test_a_hostile_page_has_no_address_and_costs_nothing(tmp_path: Path, head: bytes) -> None:
    (found,) = read_bytes(tmp_path, b"<html>" + head, "a.html")

    assert isinstance(found, Damage) or found.url == "http://[::1"


def test_a_page_of_more_than_ten_megabytes_is_too_large(tmp_path: Path) -> None:
    head = f'<html><link rel="canonical" href="{url(1)}">'.encode()

    found = only_damage(read_bytes(tmp_path, head + b" " * (10 << 20), "a.html"))

    assert (found.code, found.url) == ("too_large", url(1))


def test_what_nobody_wants_is_not_read(tmp_path: Path) -> None:
    saved(tmp_path, f'<link rel="canonical" href="{url(1)}">')

    found = read(tmp_path, wanted=lambda address: address != url(1))

    assert [type(one) for one in found] == [Position]


# Folders


def many(tmp_path: Path, count: int) -> Path:
    folder = tmp_path / "saved"
    folder.mkdir()
    for number in range(count):
        path = folder / f"{number:05}.html"
        path.write_text(f'<html><link rel="canonical" href="{url(number + 1)}"></html>')
    return folder


def test_a_folder_of_pages_is_few_sources(tmp_path: Path) -> None:
    folder = many(tmp_path, 1001)

    found = sources([str(folder)], None)

    assert [len(one.pages) for one in found] == [500, 500, 1]
    assert sum(one.size or 0 for one in found) == sum(
        path.stat().st_size for path in folder.iterdir()
    )


def test_a_stopped_reading_of_a_folder_goes_on_where_it_was(tmp_path: Path) -> None:
    (source,) = sources([str(many(tmp_path, 5))], None)
    found = list(read_captures(source, wanted=lambda url: True))
    position = found[3]
    assert isinstance(position, Position)

    rest = list(read_captures(source, wanted=lambda url: True, start=position.offset))

    assert [one.url for one in rest if isinstance(one, Capture)] == [url(3), url(4), url(5)]
    assert found[-1] == Position(offset=source.size or 0, done=source.size or 0)


def test_what_a_browser_saves_beside_a_page_is_no_page(tmp_path: Path) -> None:
    saved(tmp_path, f'<link rel="canonical" href="{url(1)}">', "A story.html")
    saved(tmp_path, f'<link rel="canonical" href="{url(2)}">', "A story_files/frame.html")

    found = read(tmp_path)

    assert [one.url for one in found if isinstance(one, Capture)] == [url(1)]


def test_a_page_that_went_away_since_is_damage(tmp_path: Path) -> None:
    (source,) = sources([str(many(tmp_path, 2))], None)
    shutil.rmtree(tmp_path / "saved")

    found = list(read_captures(source, wanted=lambda url: True))

    assert [one.code for one in found if isinstance(one, Damage)] == ["unreadable", "unreadable"]


def test_a_saved_page_is_found_again(tmp_path: Path) -> None:
    found = saved(tmp_path, f'<link rel="canonical" href="{url(1)}">')

    assert read_record(None, found.kept, url(1)) == found
