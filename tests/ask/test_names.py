"""How an article is named, and what is said of a name that is none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from hanicrawler import Archive, open_archive
from hanicrawler.ask import BadName, UnknownArticle
from hanicrawler.ask.names import read_name
from hanicrawler.storage import Writer
from tests.storage.conftest import MakeArticle, article_url

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = 1218660


@pytest.fixture
def stored(archive: Archive, writer: Writer, article: MakeArticle) -> Archive:
    korean = "https://www.hani.co.kr/arti/politics/assembly/77.html"
    writer.write([article(5), article(SOURCE), article(77, edition="ko", url=korean)])
    return archive


def test_an_article_has_many_names(stored: Archive) -> None:
    for name in (
        2,
        "2",
        " 2 ",
        "en:1218660",
        "EN:1218660",
        article_url(SOURCE),
        article_url(SOURCE, "e_renamed"),
        f"http://english.hani.co.kr/arti/english_edition/e_northkorea/{SOURCE}.html?_fr=mt1#top",
        f"https://www.hani.co.kr/arti/english_edition/e_northkorea/{SOURCE}.html",
        f"english.hani.co.kr/arti/english_edition/e_northkorea/{SOURCE}.html",
    ):
        assert stored.find(name) == 2, name


def test_editions_have_their_own_numbers(stored: Archive) -> None:
    assert stored.find("ko:77") == 3
    with pytest.raises(UnknownArticle, match="no article en:77"):
        stored.find("en:77")


@pytest.mark.parametrize(
    "name",
    ["", "talks", "-1", "1.5", "fr:12", "en:", "en:x", "٣", "https://english.hani.co.kr/",
     "https://elsewhere.example/arti/english_edition/e_national/1.html", True, "x" * 10_000,
     "1; DROP TABLE articles"],
    ids=lambda name: repr(name)[:40],
)  # fmt: skip
def test_what_names_no_article_says_how_to_name_one(name: str | int) -> None:
    with pytest.raises(BadName, match=r"write its id \(12\), en:1218660 or its URL$") as caught:
        read_name(name)
    assert len(str(caught.value)) < 250


def test_a_number_that_no_article_has_is_unknown(stored: Archive) -> None:
    for name in (0, 4, 10**30, "9" * 5000, 2**31, 2**63, "en:0", "en:99999999999999999999"):
        with pytest.raises(UnknownArticle, match="no article") as caught:
            stored.find(name)
        # Not another number than was asked for, nor an address to fetch that is none.
        assert not re.search(r" 0 |:0 |/0\.html", str(caught.value))


def test_the_sites_number_without_its_edition_is_understood(stored: Archive) -> None:
    with pytest.raises(UnknownArticle, match=f"write en:{SOURCE}$"):
        stored.find(SOURCE)


def test_an_article_that_is_not_stored_can_be_fetched(stored: Archive) -> None:
    wanted = "scrapy crawl hani -a urls=https://english.hani.co.kr/arti/english_edition/e_a/9.html"

    with pytest.raises(UnknownArticle, match=re.escape(wanted)):
        stored.find("https://english.hani.co.kr/arti/english_edition/e_a/9.html")


def test_errors_are_what_python_calls_such_errors() -> None:
    assert issubclass(BadName, ValueError)
    assert issubclass(UnknownArticle, LookupError)


def test_an_archive_is_only_read(tmp_path: Path, migrated_file: Path) -> None:
    before = migrated_file.read_bytes()
    with open_archive(migrated_file) as archive, pytest.raises(UnknownArticle):
        archive.article(1)
    assert migrated_file.read_bytes() == before
