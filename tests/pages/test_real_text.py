"""Real articles of 2018 and 2024, in the 2018 markup and in layouts nobody has seen.

The texts stand beside the checkout and are read at run time only.
"""

from __future__ import annotations

import csv
import html
import re
from datetime import datetime
from pathlib import Path

import pytest

from hanicrawler.pages import read_article
from hanicrawler.pages.words import is_byline

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(
    not REAL.exists(), reason="the real texts are not beside this checkout"
)
URL = "https://english.hani.co.kr/arti/english_edition/e_northkorea/869635.html"
CONTACT = "Please direct comments or questions to [english@hani.co.kr]"


def rows(name: str = "english_2018.csv") -> list[dict[str, str]]:
    if not REAL.exists():
        return []
    with (REAL / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def truth(row: dict[str, str]) -> tuple[list[str], str | None]:
    """Return paragraphs and byline as a person parts the row's text."""
    text = row["text"].rstrip()
    if not text.endswith(CONTACT):
        return [squeezed(part) for part in text.split("\n\n")], None
    text = text.removesuffix(CONTACT).rstrip()
    match = re.search(r"(?:^|\n)\s*(By [A-Z][^\n]*)$", text)
    assert match, row["headline"]
    parts = text[: match.start()].rstrip().split("\n\n")
    return [squeezed(part) for part in parts if part.strip()], match[1]


def markup_of_2018(row: dict[str, str], gap: str) -> bytes:
    posted = datetime.strptime(row["posted_kst"], "%Y-%m-%d %H:%M")  # noqa: DTZ007
    stamp = f"{posted:%b}.{posted.day},{posted:%Y %H:%M} KST"
    headline = html.escape(row["headline"])
    words = gap.join(html.escape(part) for part in row["text"].split("\n\n"))
    return (
        f"<html><head><title>{headline} : North Korea</title></head><body>"
        '<div class="view_map"><span><a href="/">Home</a> &gt; '
        '<a href="/arti/english_edition/e_northkorea">North Korea</a></span></div>'
        f'<h2 id="titleapp"><div>{headline}</div></h2>'
        f'<div class="headline-data">Posted on : {stamp}</div>'
        f'<div id="bodyapp"><div>{words}</div></div></body></html>'
    ).encode()


@pytest.mark.parametrize("gap", ["<br><br>", "<br/>\n<br/>\n", "<br>&nbsp;<br>", "<br>"])
def test_every_real_article_of_2018_comes_out_exactly(gap: str) -> None:
    assert len(rows()) == 48
    for row in rows():
        paragraphs, byline = truth(row)
        article = read_article(markup_of_2018(row, gap), URL)

        assert article.template == "english-2018"
        assert article.headline == squeezed(row["headline"])
        assert article.section_name == row["section"]
        assert [squeezed(part) for part in article.paragraphs] == paragraphs
        assert article.byline_text == byline
        assert article.contact == (CONTACT if byline else None)
        assert article.deck is None


@pytest.mark.parametrize("tag", ["p", "div", "x-par", "li"])
def test_every_real_article_comes_out_of_a_page_without_known_classes(tag: str) -> None:
    for row in rows():
        paragraphs, byline = truth(row)
        words = "".join(f"<{tag}>{html.escape(part)}</{tag}>" for part in row["text"].split("\n\n"))
        headline = html.escape(row["headline"])
        page = (
            f"<html><head><title>{headline}</title></head><body><div>{headline}</div>"
            f"<div>Posted on : {row['posted_kst']} KST</div><div>{words}</div></body></html>"
        )
        article = read_article(page.encode(), URL)

        assert article.headline == squeezed(row["headline"])
        assert article.posted_text == f"{row['posted_kst']} KST"
        assert [squeezed(part) for part in article.paragraphs] == paragraphs
        assert article.byline_text == byline


def test_no_real_paragraph_has_the_shape_of_a_byline() -> None:
    for row in rows():
        paragraphs, _ = truth(row)
        assert [part for part in paragraphs if is_byline(part)] == []


def test_every_real_korean_byline_at_the_end_of_a_text_is_found() -> None:
    found = {}
    for row in rows("korean_2018.csv"):
        lines = "<br>".join(html.escape(line) for line in row["text"].splitlines())
        headline = html.escape(row["headline"])
        page = (
            f'<html><head><title>{headline}</title></head><body><div id="article_view_headline">'
            f'<h4><span class="title">{headline}</span></h4><p class="date-time">'
            f"<span>등록 :{row['posted_kst']}</span></p></div>"
            '<div class="article-text"><div class="article-text-font-size"><div class="text">'
            f"{lines}</div></div></div></body></html>"
        )
        article = read_article(page.encode(), "https://www.hani.co.kr/arti/politics/869300.html")
        assert article.headline == squeezed(row["headline"])
        assert article.posted_text == row["posted_kst"]
        found[row["headline"]] = (article.byline_text, row["text"].rstrip().splitlines()[-1])
    printed = {byline for byline, _ in found.values() if byline}

    assert {
        "이경미 기자",
        "정유경 기자",
        "김경애 기자",
        "황예랑 기자",
        "곽정수 선임기자",
    } <= printed
    assert {"김보협 기자", "교토/글·사진 노형석 기자", "연합뉴스"} <= printed
