"""Copies of the Wayback Machine's copies: whose they are and of when."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.archives.made import (
    only,
    only_damage,
    page,
    raw,
    read_bytes,
    response,
    url,
)


def test_an_old_wget_s_brackets_are_no_part_of_the_address(tmp_path: Path) -> None:
    made = raw(response(page(1)), WARC_Target_URI=f"<{url(1)}>")

    assert only(read_bytes(tmp_path, made)).url == url(1)


@pytest.mark.parametrize(
    "address",
    [
        "http://web.archive.org/web/20180611093000id_/http://english.hani.co.kr/arti/1.html",
        "https://web.archive.org/web/20180611093000/http://english.hani.co.kr/arti/1.html",
        "https://web.archive.org/web/20180611093000if_/http:/english.hani.co.kr/arti/1.html",
        "https://web.archive.org:443/web/20180611093000/english.hani.co.kr/arti/1.html",
    ],
)
def test_a_copy_of_a_copy_is_the_original_s_at_its_own_time(tmp_path: Path, address: str) -> None:
    block = response(
        page(1),
        'ETag: "the copier\'s"',
        'x-archive-orig-etag: "the newspaper\'s"',
        "x-archive-orig-last-modified: Mon, 11 Jun 2018 09:00:00 GMT",
        "Content-Type: text/html",
    )

    found = only(read_bytes(tmp_path, raw(block, WARC_Target_URI=address)))

    assert found.url == "http://english.hani.co.kr/arti/1.html"
    assert found.at == datetime(2018, 6, 11, 9, 30, tzinfo=UTC)
    assert found.etag == '"the newspaper\'s"'
    assert found.last_modified == "Mon, 11 Jun 2018 09:00:00 GMT"
    assert found.content_type == "text/html"


def test_an_address_that_asks_for_a_year_is_dated_by_the_answer(tmp_path: Path) -> None:
    address = "http://web.archive.org/web/2018id_/http://english.hani.co.kr/arti/1.html"
    dated = response(page(1), "Memento-Datetime: Mon, 11 Jun 2018 09:30:00 GMT")

    found = only(read_bytes(tmp_path, raw(dated, WARC_Target_URI=address)))
    assert found.at == datetime(2018, 6, 11, 9, 30, tzinfo=UTC)

    undated = raw(response(page(1)), WARC_Target_URI=address)
    assert only_damage(read_bytes(tmp_path, undated)).code == "no_date"


def test_a_redirect_from_copy_to_copy_says_nothing_of_the_page(tmp_path: Path) -> None:
    base = "https://web.archive.org/web"
    block = (
        f"HTTP/1.1 302 Found\r\nLocation: {base}/20180611093000id_/http://e.hani.co.kr/1\r\n\r\n"
    ).encode()

    made = raw(block, WARC_Target_URI=f"{base}/20180101000000id_/http://e.hani.co.kr/1")

    assert read_bytes(tmp_path, made) == []
