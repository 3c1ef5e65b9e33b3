"""What a page says in an alt text, a title or an aria-label, and nowhere else."""

from __future__ import annotations

import pytest

from hanicrawler.items import ScrapedArticle
from hanicrawler.pages import read_article

URL = "https://english.hani.co.kr/arti/english_edition/e_national/1091405.html"
HEADLINE = "The bakery on the pier closes its oven"
STAMP, CHANGED = "2023-05-11 09:24 KST", "2023-05-11 18:02 KST"
DATES = f"<p>Posted on : {STAMP}</p>"
DECK = "Ninety years of bread end on a Thursday"
PARAGRAPHS = (
    "The last loaf left the oven at six on Thursday morning, said the baker, who sold it to the "
    "first deckhand in the line.",
    "Nobody in the harbor could remember a morning without the smell of it, and some said so.",
)
TEXT = "<div>" + "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS) + "</div>"
BYLINE = "By Ok Bo-ra, staff reporter"
CONTACT = "Please direct questions or comments to [english@hani.co.kr]"
CAPTION = "The baker of the pier looks into the oven on May 11. (Yonhap)"
IMAGE = '<img src="https://img.hani.co.kr/imgdb/original/2023/0511/1.jpg"'


def read(body: str) -> ScrapedArticle:
    page = f"<html><head><title>{HEADLINE} : National</title></head><body>{body}</body></html>"
    return read_article(page.encode(), URL)


@pytest.mark.parametrize(
    "words",
    [
        '<img src="/t.gif" alt="{}">',
        '<a href="mailto:english@hani.co.kr" title="{}">Mail</a>',
        '<div aria-label="{}"></div>',
    ],
)
def test_byline_and_contact_may_be_labels(words: str) -> None:
    end = words.format(BYLINE) + words.format(CONTACT)
    article = read(f"<h1>{HEADLINE}</h1>{DATES}{TEXT}{end}")

    assert (article.byline_text, article.contact) == (BYLINE, CONTACT)
    assert article.images == ()
    assert article.paragraphs == PARAGRAPHS


@pytest.mark.parametrize(
    "heading",
    [f'<h1><img src="/t.gif" alt="{HEADLINE}"></h1>', f'<h1 aria-label="{HEADLINE}"></h1>'],
)
def test_a_headline_may_be_a_picture_or_a_headings_label(heading: str) -> None:
    article = read(f"{heading}{DATES}<p>{DECK}</p>{TEXT}")

    assert (article.headline, article.deck) == (HEADLINE, DECK)
    assert article.images == ()


def test_a_day_whose_title_states_the_minute_is_no_deck() -> None:
    dates = (
        f'<p><b title="Posted on : {STAMP}">May 11, 2023</b> <b title="Modified on : {CHANGED}">'
    )
    article = read(f"<h1>{HEADLINE}</h1>{dates}May 11</b></p><h2>{DECK}</h2>{TEXT}")

    assert (article.posted_text, article.modified_text) == (STAMP, CHANGED)
    assert article.deck == DECK


def test_the_icons_beside_the_dates_are_no_pictures() -> None:
    dates = f'<ul><li><img src="/a.gif" alt="Posted on"><span>{STAMP}</span></li></ul>'
    article = read(f"<h1>{HEADLINE}</h1>{dates}{TEXT}")

    assert (article.posted_text, article.images) == (STAMP, ())


@pytest.mark.parametrize(
    "picture",
    [
        f'{IMAGE} title="{CAPTION}">',
        f'<a href="#" title="{CAPTION}">{IMAGE} alt=""></a>',
        f'<figure aria-label="{CAPTION}">{IMAGE}></figure>',
        f'<div>{IMAGE} alt="{HEADLINE}"><p>{CAPTION}</p><p>{CAPTION}</p></div>',
    ],
)
def test_a_caption_may_be_a_title_and_said_twice_is_one(picture: str) -> None:
    article = read(f"<h1>{HEADLINE}</h1>{DATES}<div>{picture}</div>{TEXT}")

    assert [image.caption for image in article.images] == [CAPTION]


def test_a_title_that_is_no_caption_is_none() -> None:
    article = read(f'<h1>{HEADLINE}</h1>{DATES}{IMAGE} title="Click to enlarge this">{TEXT}')

    assert [image.caption for image in article.images] == [None]


@pytest.mark.parametrize("inside", ['<img src="/t.gif" alt="National">', ""])
def test_a_sections_name_may_be_its_links_label(inside: str) -> None:
    label = "" if inside else ' aria-label="National"'
    link = f'<p><a href="/arti/english_edition/e_national/"{label}>{inside}</a></p>'

    assert read(f"{link}<h1>{HEADLINE}</h1>{DATES}{TEXT}").section_name == "National"


def test_the_writers_portrait_and_an_advertisement_are_no_pictures_of_the_article() -> None:
    portrait = f'<div class="writer">{IMAGE} alt="Ok Bo-ra"></div>'
    banner = (
        '<a href="https://shop.example/"><img src="https://shop.example/big.jpg" '
        'alt="Buy a house by the sea with a view of the harbor"></a>'
    )
    article = read(f"<h1>{HEADLINE}</h1>{DATES}{banner}{TEXT}{portrait}<p>{BYLINE}</p>")

    assert article.images == ()


def test_a_deck_may_end_with_a_word_of_the_dateline() -> None:
    deck = "A law on harbor kitchens that nobody has ever revised"
    article = read(f"<h1>{HEADLINE}</h1>{DATES}<h2>{deck}</h2>{TEXT}")

    assert article.deck == deck
