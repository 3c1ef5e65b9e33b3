"""Headline, dates, deck and byline where a page prints them in unusual places."""

from __future__ import annotations

import pytest

from hanicrawler.items import ScrapedArticle
from hanicrawler.pages import read_article

URL = "https://english.hani.co.kr/arti/english_edition/e_national/1091405.html"
HEADLINE = "The bakery on the pier closes its oven"
DATES = "<p>Posted on : 2023-05-11 09:24 KST</p>"
DECK = "Ninety years of bread end on a Thursday"
PARAGRAPHS = (
    "The last loaf left the oven at six on Thursday morning, said the baker, who sold it to the "
    "first deckhand in the line.",
    "Nobody in the harbor could remember a morning without the smell of it, and some said so.",
    "The oven will be sold for scrap.",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
BYLINE = "By Ok Bo-ra, staff reporter"
CONTACT = "Please direct questions or comments to [english@hani.co.kr]"


def read(body: str) -> ScrapedArticle:
    page = f"<html><head><title>{HEADLINE} : National</title></head><body>{body}</body></html>"
    return read_article(page.encode(), URL)


@pytest.mark.parametrize(
    "body",
    [
        f"<div><p>{DECK}</p>{TEXT}</div>",
        f"<div><p><strong>{DECK}</strong></p>{TEXT}</div>",
        f"<div><p><em>{DECK}</em></p>{TEXT}</div>",
        f"<div><strong>{DECK}</strong><br><br>{'<br><br>'.join(PARAGRAPHS)}</div>",
        f"<hr>{DECK}<hr>{'<br><br>'.join(PARAGRAPHS)}",
        f"<ul><li>{DECK}</li></ul><div>{TEXT}</div>",
    ],
)
def test_a_short_first_line_without_a_full_stop_is_the_deck(body: str) -> None:
    article = read(f"<h1>{HEADLINE}</h1>{DATES}{body}")

    assert article.deck == DECK
    assert article.paragraphs == PARAGRAPHS


def test_a_headline_over_two_boxes_is_one() -> None:
    article = read(
        "<div><div>The bakery on the pier</div><div>closes its oven</div></div>"
        f"{DATES}<p class=k>{DECK}</p><div>{TEXT}</div>"
    )

    assert (article.headline, article.deck) == (HEADLINE, DECK)


def test_the_dates_are_those_nearest_to_the_headline() -> None:
    card = (
        "<div><h3>The pier’s last pilot</h3><p>Posted on : 2023-05-10 10:00 KST Modified on : "
        "2023-05-10 11:00 KST</p><p>He has steered past the bakery for forty years, he says, and "
        "never once without a loaf under his arm.</p></div>"
    )
    others = "".join(f"<p>A line of the card that says nothing, number {n}.</p>" for n in range(9))
    article = read(f"{card}{others}<article><h1>{HEADLINE}</h1>{DATES}<div>{TEXT}</div></article>")

    assert (article.posted_text, article.modified_text) == ("2023-05-11 09:24 KST", None)


def test_bylines_in_lines_of_their_own_are_one_byline() -> None:
    second = "By Seo Jin-gyu, Tokyo correspondent"
    for parted in (f"<p>{BYLINE}</p><p>{second}</p>", f"<p>{BYLINE}<br>{second}</p>"):
        article = read(f"<h1>{HEADLINE}</h1>{DATES}<div>{TEXT}{parted}<p>{CONTACT}</p></div>")

        assert article.byline_text == f"{BYLINE}; {second}"
        assert article.paragraphs == PARAGRAPHS


def test_the_clock_of_a_player_and_the_minutes_to_read_are_furniture() -> None:
    article = read(
        f"<h1>{HEADLINE}</h1>{DATES}<div><div><button>Listen</button><span>0:00 / 4:12</span></div>"
        f"<span>4 min read</span>{TEXT}</div>"
    )

    assert article.paragraphs == PARAGRAPHS


def test_the_numbers_of_a_table_stay_in_it() -> None:
    table = "<table><tr><th>Year<th>Loaves<tr><td>1933<td>41<tr><td>2022<td>88</table>"
    article = read(f"<h1>{HEADLINE}</h1>{DATES}<div>{TEXT}{table}</div>")

    assert article.paragraphs[3:] == ("Year", "Loaves", "1933", "41", "2022", "88")


def test_a_date_in_parentheses_is_read_without_them() -> None:
    dates = "<p>Posted on : 2023-05-11 09:24 KST (Last modified on : 2023-05-12 08:00 KST)</p>"
    article = read(f"<h1>{HEADLINE}</h1>{dates}<div>{TEXT}</div>")

    assert article.modified_text == "2023-05-12 08:00 KST"
