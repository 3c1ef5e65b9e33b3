"""The newspaper's own text of 2018, read where it is at hand; none of it is kept here."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from hanicrawler.normalize.bylines import BylineError, read_byline
from hanicrawler.normalize.dates import read_date
from hanicrawler.normalize.headlines import read_label
from hanicrawler.normalize.images import read_credit
from hanicrawler.normalize.text import mend

REAL = Path(__file__).parents[2].parent / "shared" / "real"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="real text is not at hand")

NAME = re.compile(r"[A-Z][a-z]+ [A-Z][a-z]*-[a-z]+")
ROLES = {
    "staff reporter",
    "senior staff writer",
    "staff photographer",
    "Washington correspondent",
    "Beijing correspondent",
    "North Gyeonggi correspondent",
    "Gangwon correspondent",
    "Jeju correspondent",
}
PRINTED_BYLINE = re.compile(r"By [A-Z][a-z]+ [A-Z][a-z]*-[a-z]+\b(?!['’])")


def _articles(name: str) -> list[dict[str, str]]:
    with (REAL / name).open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def _paragraphs(name: str) -> list[str]:
    texts = (row["text"].split("\n") for row in _articles(name))
    return [line.strip() for text in texts for line in text if line.strip()]


def test_every_printed_byline_reads_right() -> None:
    bylines = [text for text in _paragraphs("english_2018.csv") if PRINTED_BYLINE.match(text)]

    assert len(bylines) > 30
    for printed in bylines:
        authors = read_byline(printed)
        assert len(authors) == len(re.findall(r"[A-Z][a-z]+ [A-Z][a-z]*-[a-z]+", printed)), printed
        for author in authors:
            assert NAME.fullmatch(author.name), printed
            assert author.role in ROLES, printed
            place = (author.role or "").removesuffix("correspondent").strip()
            assert author.place == (place if "correspondent" in (author.role or "") else None)


def test_no_body_paragraph_is_a_byline() -> None:
    body = [text for text in _paragraphs("english_2018.csv") if not PRINTED_BYLINE.match(text)]

    assert sum(text.startswith("By ") for text in body) >= 2
    for text in body:
        with pytest.raises(BylineError):
            read_byline(text)


def test_no_sentence_of_a_body_is_a_byline_even_behind_by() -> None:
    body = [text for text in _paragraphs("english_2018.csv") if not PRINTED_BYLINE.match(text)]
    sentences = [
        part for text in body for part in re.split(r"(?<=[a-z”][.?!”])(?<!Rep.|Gen.) ", text)
    ]

    assert len(sentences) > 500
    for sentence in sentences:
        for text in (sentence, f"By {sentence}"):
            with pytest.raises(BylineError):
                read_byline(text)


def test_korean_bylines_are_read_and_korean_paragraphs_are_none() -> None:
    for text in _paragraphs("korean_2018.csv"):
        if text.endswith("기자") and len(text) < 30:
            (author,) = read_byline(text)
            assert re.fullmatch(r"[가-힣]{3}", author.name), text
            assert author.role in ("기자", "선임기자"), text
        else:
            with pytest.raises(BylineError):
                read_byline(text)


def test_every_posted_time_reads() -> None:
    for row in _articles("english_2018.csv") + _articles("korean_2018.csv"):
        assert read_date(row["posted_kst"]).year == 2018


def test_labels_are_short_and_no_headline_loses_one() -> None:
    headlines = [row["headline"] for row in _articles("english_2018.csv")]

    labels = [read_label(headline) for headline in headlines]

    assert [bool(label) for label in labels] == [text.startswith("[") for text in headlines]


def test_labels_of_the_feed_stand_at_either_end() -> None:
    feed = ElementTree.parse(REAL / "rss_2024.xml")
    titles = [item.findtext("title", "") for item in feed.iter("item")]

    for title in titles:
        bracket = title.startswith("[") or title.endswith("]")
        assert bool(read_label(title)) == bracket, title


def test_credits_of_photo_pages_are_read_and_abbreviations_are_none() -> None:
    ends = (re.search(r"\(([^()]*)\)\.?$", text) for text in _paragraphs("english_2018.csv"))
    found = {match[1]: read_credit(match.string) for match in ends if match}

    assert len(found) > 8
    for words, credit in found.items():
        known = re.search(r"Yonhap|photo pool|Hankyoreh|provided by", words)
        assert credit == (words if known else None)


def test_mending_real_text_changes_no_word() -> None:
    for text in _paragraphs("english_2018.csv") + _paragraphs("korean_2018.csv"):
        assert mend(text).split() == re.sub("[\u200b\xad\ufeff\x00-\x08]", "", text).split()
