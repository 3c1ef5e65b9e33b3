"""Related stories and the ranking, however their headings and lists stand to each other."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from hanicrawler.pages import read_article

URL = "https://english.hani.co.kr/arti/english_edition/e_national/1091405.html"
HEADLINE = "The bakery on the pier closes its oven"
ARTICLE = (
    f"<h1>{HEADLINE}</h1><p>Posted on : 2023-05-11 09:24 KST</p><div><p>The last loaf left the "
    "oven at six on Thursday morning, said the baker, who sold it to the first deckhand.</p>"
    "<p>Nobody in the harbor could remember a morning without the smell of it.</p></div>"
)
RELATED, VIEWED, PICKS = (1, 2, 3), (11, 12, 13, 14), (21, 22)


def links(numbers: Iterable[int]) -> str:
    return "".join(
        f'<li><a href="/arti/english_edition/e_national/{number}.html">Harbor diary {number}</a>'
        for number in numbers
    )


R, V, P = links(RELATED), links(VIEWED), links(PICKS)
TABS = "<ul role=tablist><li>Related stories</li><li>Most viewed articles</li></ul>"
LAYOUTS = {
    "tabs above two panels": f"<div>{TABS}<div><ul>{R}</ul></div><div><ol>{V}</ol></div></div>",
    "tabs in the other order": "<div><button>Most viewed articles</button><button>Related stories"
    f"</button><ol>{V}</ol><ul>{R}</ul></div>",
    "a list of picks between": f"<div><p>Related stories</p><ul>{R}</ul><p>Editors’ picks</p>"
    f"<ul>{P}</ul><p>Most viewed articles</p><ol>{V}</ol></div>",
    "a list of picks behind": f"<div><b>Related stories</b><ul>{R}</ul><b>Most viewed articles</b>"
    f"<ol>{V}</ol><b>Editors’ picks</b><ul>{P}</ul></div>",
    "a ranking in two columns": f"<div><h3>Related stories</h3><ul>{R}</ul></div><div><h3>Most "
    f"viewed articles</h3><ol>{links(VIEWED[:2])}</ol><ol>{links(VIEWED[2:])}</ol></div>",
    "headings that are links": f'<div><h3><a href="/r">Related stories</a></h3><ul>{R}</ul></div>'
    f'<div><h3><a href="/m">Most viewed articles</a></h3><ol>{V}</ol></div>',
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_list_has_its_own_stories(layout: str) -> None:
    check(ARTICLE + LAYOUTS[layout])


def test_a_menu_that_names_a_list_is_not_the_list() -> None:
    menu = '<div><a href="/">Home</a><ul><li><a href="/most">Most viewed</a></li></ul></div>'

    check(menu + ARTICLE + LAYOUTS["headings that are links"])


def check(body: str) -> None:
    page = f"<html><head><title>{HEADLINE}</title></head><body>{body}</body></html>"
    article = read_article(page.encode(), URL)

    assert tuple(link.source_id for link in article.related) == RELATED
    assert tuple(link.source_id for link in article.most_viewed) == VIEWED
    assert len(article.paragraphs) == 2
