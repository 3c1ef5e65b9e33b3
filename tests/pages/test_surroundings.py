"""What stands around an article, or between its parts, is no part of it, and hides none."""

from __future__ import annotations

from hanicrawler.items import ScrapedArticle
from hanicrawler.pages import read_article

URL = "https://english.hani.co.kr/arti/english_edition/e_national/1091405.html"
HEADLINE = "The bakery on the pier closes its oven"
DATES = "<p>Posted on : 2023-05-11 09:24 KST</p>"
PARAGRAPHS = (
    "The last loaf left the oven at six on Thursday morning, said the baker, who sold it to the "
    "first deckhand in the line.",
    "Nobody in the harbor could remember a morning without the smell of it, and some said so.",
    "The oven will be sold for scrap.",
)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
BYLINE = "By Ok Bo-ra, staff reporter"
CONTACT = "Please direct questions or comments to [english@hani.co.kr]"
BUTTON = "button that move to original korean article (클릭시 원문으로 이동하는 버튼)"
ORIGINAL = "https://www.hani.co.kr/arti/area/honam/1091300.html"
LINKS = "".join(
    f'<li><a href="/arti/english_edition/e_national/{number}.html">Harbor diary {number}</a></li>'
    for number in (1091001, 1091002, 1091003)
)


def read(body: str) -> ScrapedArticle:
    page = f"<html><head><title>{HEADLINE}</title></head><body>{body}</body></html>"
    return read_article(page.encode(), URL)


def ids(article: ScrapedArticle) -> list[int | None]:
    return [link.source_id for link in article.most_viewed]


def test_a_list_before_the_article_ends_where_the_article_begins() -> None:
    article = read(
        f"<div><h4>Most viewed articles</h4><ol>{LINKS}</ol><div>{HEADLINE}</div>{DATES}"
        f"<div>{TEXT}<p>{BYLINE}</p><p>{CONTACT}</p></div></div>"
    )

    assert article.paragraphs == PARAGRAPHS
    assert ids(article) == [1091001, 1091002, 1091003]


def test_a_list_named_by_a_label_takes_no_line_from_the_text_before_it() -> None:
    article = read(
        f'<h1>{HEADLINE}</h1>{DATES}<div>{TEXT}</div><ol aria-label="Most viewed articles">'
        f"{LINKS}</ol>"
    )

    assert article.paragraphs == PARAGRAPHS
    assert ids(article) == [1091001, 1091002, 1091003]


def test_the_button_in_the_contact_lines_paragraph_is_not_the_contact() -> None:
    article = read(
        f"<h1>{HEADLINE}</h1>{DATES}<div>{TEXT}<p>{BYLINE}<p>{CONTACT}\n"
        f'<a href="{ORIGINAL}">{BUTTON}</a></div>'
    )

    assert (article.contact, article.original_url) == (CONTACT, ORIGINAL)


def test_a_date_glued_to_the_breadcrumb_before_it_is_read() -> None:
    section = '<a href="/arti/english_edition/e_national">National</a>'
    article = read(
        f"<div><span>{section}</span><span>Posted on : 2023-05-11 09:24 KST</span>"
        f"<span>Modified on : 2023-05-11 18:02 KST</span></div><h1>{HEADLINE}</h1><div>{TEXT}</div>"
    )

    assert article.posted_text == "2023-05-11 09:24 KST"
    assert article.modified_text == "2023-05-11 18:02 KST"


def test_what_readers_wrote_below_a_short_article_is_not_its_text() -> None:
    comments = "".join(f"<b>reader{n}</b><p>{PARAGRAPHS[1]} And I was there.</p>" for n in range(4))
    article = read(
        f"<h1>{HEADLINE}</h1>{DATES}<div><p>{PARAGRAPHS[0]}</p></div>"
        f"<div><h4>Comments (4)</h4>{comments}</div>"
    )

    assert article.paragraphs == PARAGRAPHS[:1]


def test_the_newspapers_postal_address_is_furniture() -> None:
    article = read(
        f"<div><h1>{HEADLINE}</h1>{DATES}<div>{PARAGRAPHS[0]}</div><div>Address: 6, Some-gil, "
        "Mapo-gu, Seoul, Korea. Tel: 82-2-000-0000 (weekdays from nine to six)</div></div>"
    )

    assert article.paragraphs == PARAGRAPHS[:1]


def test_what_the_dateline_parts_from_a_single_paragraph_is_the_deck() -> None:
    article = read(
        f"<h1>{HEADLINE}</h1><p>Ninety years of bread end</p>{DATES}<p>{PARAGRAPHS[0]}</p>"
    )

    assert article.deck == "Ninety years of bread end"
    assert article.paragraphs == PARAGRAPHS[:1]


def test_an_element_before_the_bare_text_of_2018_is_the_deck() -> None:
    article = read(
        f'<h2 id="titleapp"><div>{HEADLINE}</div></h2><div class="headline-data">Posted on : '
        "May.11,2023 09:24 KST</div>"
        f'<div id="bodyapp"><div><h3>Ninety years of bread end</h3>{"<br><br>".join(PARAGRAPHS)}'
        f"<br><br>{BYLINE}<br><br>{CONTACT}</div></div>"
    )

    assert article.template == "english-2018"
    assert article.deck == "Ninety years of bread end"
    assert article.paragraphs == PARAGRAPHS
    assert article.byline_text == BYLINE


def test_a_disclaimer_between_byline_and_contact_hides_neither() -> None:
    disclaimer = "The views presented in this column are the writer’s own, and need not be ours."
    article = read(
        f"<h1>{HEADLINE}</h1>{DATES}<div>{TEXT}<p>{BYLINE}</p><p>{disclaimer}</p>"
        f"<p>{CONTACT}</p></div>"
    )

    assert article.byline_text == BYLINE
    assert article.paragraphs == (*PARAGRAPHS, disclaimer)
    assert article.contact == CONTACT


def test_an_embedded_post_of_somebody_else_is_not_the_articles_text() -> None:
    post = (
        '<blockquote class="twitter-tweet"><p>We will miss the smell of bread on the pier '
        'this year.</p>— The Office <a href="https://twitter.com/x">May 10</a></blockquote>'
    )
    article = read(f"<h1>{HEADLINE}</h1>{DATES}<div><p>{PARAGRAPHS[0]}</p>{post}{TEXT[3:]}</div>")

    assert "miss the smell" not in "".join(article.paragraphs)


def test_a_button_in_a_figure_is_no_part_of_the_caption() -> None:
    picture = "https://img.hani.co.kr/imgdb/original/2023/0511/1.jpg"
    article = read(
        f"<h1>{HEADLINE}</h1>{DATES}<figure><button>View larger</button>"
        f'<img src="{picture}" alt=""><figcaption>The oven (Yonhap)</figcaption></figure>'
        f"<div>{TEXT}</div>"
    )

    assert [image.caption for image in article.images] == ["The oven (Yonhap)"]


def test_a_box_that_asks_to_subscribe_is_not_the_articles_text() -> None:
    box = (
        '<div class="k7"><h4>Stay informed</h4><p>Our best stories of the harbor in your inbox '
        "each Friday, chosen by the editors.</p><button>Subscribe</button></div>"
    )
    first, rest = TEXT.split("</p>", 1)
    article = read(f"<h1>{HEADLINE}</h1>{DATES}<div>{first}</p>{box}{rest}</div>")

    assert article.paragraphs == PARAGRAPHS


def test_a_paragraph_that_is_all_link_stays_and_a_link_to_another_story_does_not() -> None:
    linked = '<p><a href="https://bread.example/">The oven will be sold, says its maker.</a></p>'
    story = '<p><a href="/arti/english_edition/e_national/1.html">Flour is dear again.</a></p>'
    article = read(f"<h1>{HEADLINE}</h1>{DATES}<div>{TEXT}{linked}{story}</div>")

    assert article.paragraphs == (*PARAGRAPHS, "The oven will be sold, says its maker.")
