# ruff: noqa: E501 - markup and prose keep their own lines
"""English pages of 2018: paragraphs are bare text nodes of ``#bodyapp > div``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..stories import BUTTON
from . import chrome

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story


def _name(part: str) -> str:
    return f'class="eng-{part}"'


def render(story: Story, paper: Newspaper) -> str:
    head = escape(story.headline, quote=False)
    label = f'<span class="label">{escape(story.label_text)}</span>' if story.label_text else ""
    modified = f" Modified on : {chrome.words_of(story.modified, '2018')}" if story.modified else ""
    deck = f'<div class="subtitle">{escape(story.deck, quote=False)}</div>' if story.deck else ""
    related = chrome.links(
        paper.related(story), '<li><a href="{href}">{headline}</a></li>\n', host=""
    )
    viewed = chrome.links(
        paper.most_viewed(), '<li class="list-group-item"><span class="badge">{n}</span> <a href="{href}">{headline}</a></li>\n',
        noise="?_fr=mr1",
    )  # fmt: skip
    original = ""
    if story.original:
        section, ident = story.original
        original = (
            f'<div class="orig"><a href="http://www.hani.co.kr/arti/{section}/{ident}.html" target="_blank">'
            f'<img src="//img.hani.co.kr/section-image/16/eng/btn_kor.gif" alt="{BUTTON}"></a></div>'
        )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{head} : {escape(story.section_name or "")} : News</title>
<meta property="og:type" content="article">
<meta property="og:title" content="{escape(story.headline)}">
<meta property="og:url" content="{story.url.replace("https", "http", 1)}">
<link rel="stylesheet" href="//img.hani.co.kr/section-image/16/eng/bootstrap.min.css">
{chrome.style("eng-")}
</head>
<body class="eng article">
{chrome.icons(_name)}
<nav class="navbar">{chrome.menu(paper, _name)}</nav>
{chrome.ad(_name, 728)}
<div class="container"><div class="row">
<div class="col-md-8" id="contents-article">
<div class="view_map"><span><a href="/">Home</a> &gt; <a href="/arti/english_edition/">English Edition</a> &gt; <a href="/arti/english_edition/{story.section}/">{escape(story.section_name or "")}</a></span></div>
{label}<h2 id="titleapp"><div>{head}</div></h2>
<div class="headline-data">Posted on : {chrome.words_of(story.posted, "2018")}{modified}</div>
{chrome.share(_name)}
{deck}
<div id="bodyapp"><div>{_body(story)}</div></div>
{original}
{f'<div class="related"><h4>Related stories</h4><ul>{related}</ul></div>' if related else ""}
{chrome.ad(_name, 300)}
</div>
<div class="col-md-4"><h4>Most viewed articles</h4><ol class="list-group">{viewed}</ol>{chrome.picks(paper, _name)}</div>
</div></div>
{chrome.foot(_name)}
{chrome.scripts("eng2018")}
</body>
</html>
"""


def _body(story: Story) -> str:
    parts: list[str] = []
    for number in range(len(story.paragraphs) + 1):
        for picture in chrome.pictures_after(story, number):
            caption = escape(picture.caption)
            parts.append(
                '<table class="photo-view-area"><tr><td>'
                f'<img src="{picture.url.removeprefix("https:")}" alt="{caption}" border="0"></td></tr>'
                f'<tr><td class="desc">{"" if story.photo else caption}</td></tr></table>\n'
            )
        if number < len(story.paragraphs):
            parts.append(chrome.prose(story, number))
            parts.append("<br /><br />\n" if number % 3 else "<br />\n&nbsp;<br />\n")
        if number == 2:
            parts.append(f'<div class="ad-in">{chrome.ad(_name, 500)}</div>\n')
    if story.byline:
        parts.append(f"{escape(story.byline, quote=False)}<br /><br />\n")
    if story.contact:
        parts.append(f"{escape(story.contact, quote=False)}\n")
    return "".join(parts)
