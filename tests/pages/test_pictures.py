"""Two pictures in the running text, in every way a page may hold picture and caption."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest

from hanicrawler.pages import read_article

URL = "https://english.hani.co.kr/arti/english_edition/e_national/869611.html"
HEADLINE = "Night bus to the salt fields"
STAMP = "2018-11-09 18:10 KST"
FIRST = "A salt worker rakes the last pan of the season in Sinan. (Yonhap News)"
SECOND = "Passengers wait for the night bus at Muan on Nov. 8"
PARAGRAPHS = (
    "The bus leaves at eleven, and whoever misses it walks nine kilometers along the dike in the "
    "dark with only the pump houses for company.",
    "By dawn the pans are white. The driver, who is sixty-six, has never been late and says so.",
    "“Never once.”",
    "A season’s harvest came to 1,340 sacks this year, which is 3.2 percent less than last fall.",
    "Nobody will say what the bus costs. It has run at a loss since before the dike was raised.",
)
BYLINE = "By Bang Mi-rae, Gwangju correspondent"
CONTACT = "Please direct comments or questions to [english@hani.co.kr]"
HOLDERS = {
    "divs": '<div class="imageC"><div class="image">{img}</div><div class="desc">{cap}</div></div>',
    "table": "<table><tr><td>{img}</td></tr><tr><td>{cap}</td></tr></table>",
    "figure": "<figure>{img}<figcaption>{cap}</figcaption></figure>",
    "break": "<div>{img}<br>{cap}</div>",
    "paragraph": "<div>{img}<p>{cap}</p></div>",
    "named": '<p>{img}</p><p class="caption">{cap}</p>',
    "center": "<center>{img}<br><font size=2>{cap}</font></center>",
    "span": '<div style="width:590px">{img}<span>{cap}</span></div>',
}
PAGES: dict[str, tuple[str, Callable[[str], str], str]] = {
    "english-2018": (
        '<h2 id="titleapp"><div>{h}</div></h2><div class="headline-data">Posted on : {d}</div>'
        '<div id="bodyapp"><div>{b}</div></div>',
        lambda text: f"{text}<br><br>\n",
        "english-2018",
    ),
    "english-next": (
        '<article id="renewal2023"><h3 class="ArticleDetailView_title__a1">{h}</h3><ul>'
        '<li class="ArticleDetailView_dateListItem__a1">Posted on : <span>{d}</span></li></ul>'
        '<div class="article-text">{b}</div></article>',
        lambda text: f'<p class="text">{text}</p>',
        "english-next",
    ),
    "paragraphs": (
        "<h1>{h}</h1><div>Posted on : {d}</div><section>{b}</section>",
        lambda text: f"<p>{text}</p>",
        "unknown",
    ),
    "bare text": (
        "<div>{h}</div><div>Posted on : {d}</div><div>{b}</div>",
        lambda text: f"{text}<br><br>\n",
        "unknown",
    ),
}


@pytest.mark.parametrize("places", [(0, 2), (1, 3), (0, 1), (2, 5)])
@pytest.mark.parametrize("alt", [True, False], ids=["alt", "no alt"])
@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("kind", PAGES)
def test_each_picture_has_its_one_caption_and_the_body_has_none(
    kind: str, holder: str, alt: bool, places: tuple[int, int]
) -> None:
    frame, paragraph, template = PAGES[kind]
    pictures = dict(zip(places, (FIRST, SECOND), strict=True))
    parts = []
    for index in range(len(PARAGRAPHS) + 1):
        if index in pictures:
            caption = html.escape(pictures[index])
            source = f"https://img.hani.co.kr/imgdb/resize/2018/1109/{index}.JPG"
            image = f'<img src="{source}" alt="{caption if alt else ""}">'
            parts.append(HOLDERS[holder].format(img=image, cap=caption))
        if index < len(PARAGRAPHS):
            parts.append(paragraph(html.escape(PARAGRAPHS[index])))
    parts += [paragraph(BYLINE), paragraph(CONTACT)]
    body = frame.format(h=HEADLINE, d=STAMP, b="".join(parts))
    page = f"<html><head><title>{HEADLINE}</title></head><body>{body}</body></html>"

    article = read_article(page.encode(), URL)

    assert article.template == template
    assert [image.caption for image in article.images] == [FIRST, SECOND]
    assert article.paragraphs == PARAGRAPHS
    assert (article.byline_text, article.contact) == (BYLINE, CONTACT)
    assert article.deck is None
