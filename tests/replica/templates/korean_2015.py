# ruff: noqa: E501 - markup and prose keep their own lines
"""Korean pages of about 2015 to autumn 2023."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from . import chrome

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story


def _name(part: str) -> str:
    return f'class="{part}-area"'


def render(story: Story, paper: Newspaper) -> str:
    head = escape(story.headline, quote=False)
    modified = (
        f" <span>수정 :{chrome.words_of(story.modified, 'ko')}</span>" if story.modified else ""
    )
    deck = f'<div class="subtitle">{escape(story.deck, quote=False)}</div>' if story.deck else ""
    kiza = (
        f'<div class="kiza-info"><div class="name"><strong>{escape(story.reporters)}</strong></div></div>'
        if story.reporters
        else ""
    )
    viewed = chrome.links(
        paper.most_viewed("ko"),
        '<li><em>{n}</em><a href="{href}">{headline}</a></li>',
        noise="?_fr=mr",
    )
    top = story.section.split("/")[0]
    return f"""<!DOCTYPE html>
<html lang="ko">
<head>
<meta charset="utf-8">
<title>{head} : {escape(story.section_name or "")} : 뉴스</title>
<meta property="og:title" content="{escape(story.headline)}">
<meta property="dable:item_id" content="{story.source_id}">
{chrome.style("news-")}
</head>
<body id="news-body">
<div id="header">{chrome.menu(paper, _name, "ko")}</div>
<div id="ad_tag">{chrome.ad(_name, 1, "광고")}</div>
<div id="contents">
<div id="article_view_headline">
<p class="category"><strong><a href="/arti/{top}/home01.html">{escape(story.section_name or "")}</a></strong></p>
<h4><span class="title">{head}</span></h4>
<p class="date-time"><span>등록 :{chrome.words_of(story.posted, "ko")}</span>{modified}</p>
{kiza}
</div>
{chrome.share(_name, korean=True)}
<div class="article-text"><div class="article-text-font-size">
{deck}
<div class="text">
{_body(story)}
</div>
<div class="relation2-area"><p>세상을 보는 정직한 눈</p></div>
<div class="bn-promotion-support"><a href="/support"><img src="//img.hani.co.kr/banner.png" alt="후원하기"></a></div>
</div></div>
<div id="news-box-1">{chrome.ad(_name, 2, "광고")}</div>
<div class="right"><h5>많이 본 기사</h5><ol>{viewed}</ol></div>
{chrome.picks(paper, _name, "ko")}
</div>
{chrome.foot(_name, korean=True)}
{chrome.scripts("ko2015")}
</body>
</html>
"""


def _body(story: Story) -> str:
    parts = []
    for number in range(len(story.paragraphs) + 1):
        for picture in chrome.pictures_after(story, number):
            parts.append(
                f'<div class="image-area"><div class="imageC"><div class="image"><img src="{picture.url.removeprefix("https:")}" alt=""></div>'
                f'<div class="desc">{escape(picture.caption)}</div></div></div>\n'
            )
        if number < len(story.paragraphs):
            parts.append(chrome.prose(story, number))
            parts.append('\n<p align="justify"></p>\n' if number % 2 else "<br><br>\n")
    if story.byline:
        who, _, mail = story.byline.rpartition(" ")
        parts.append(f'{who} <a href="mailto:{mail}">{mail}</a>')
    return "".join(parts)
