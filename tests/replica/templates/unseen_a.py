# ruff: noqa: E501 - markup and prose keep their own lines
"""An era nobody has seen: dateline above the headline, deck below it, caption in ``small``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..stories import BUTTON
from . import chrome

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story


def _name(part: str) -> str:
    return f'class="g-{part} g-{part}--m"'


def render(story: Story, paper: Newspaper) -> str:
    label = f'<p class="g-kicker">{escape(story.label_text)}</p>' if story.label_text else ""
    modified = (
        f"<span>Modified on : {chrome.words_of(story.modified, '2024')}</span>"
        if story.modified
        else ""
    )
    deck = f'<p class="g-stand">{escape(story.deck, quote=False)}</p>' if story.deck else ""
    related = chrome.links(paper.related(story), '<li><a href="{href}">{headline}</a></li>\n')
    viewed = chrome.links(
        paper.most_viewed(),
        '<li><b>{n}</b><a href="{href}">{headline}</a></li>\n',
        host="",
        noise="?_fr=mt1",
    )
    original = ""
    if story.original:
        section, ident = story.original
        original = (
            f'<p class="g-alt"><a href="https://www.hani.co.kr/arti/{section}/{ident}.html">'
            f'<img src="/img/ko.svg" alt="{BUTTON}" width="20" height="20"></a></p>'
        )
    return f"""<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(story.headline, quote=False)} : News</title>
<meta property="og:title" content="{escape(story.headline)}">
<meta property="og:image" content="{story.pictures[0].url if story.pictures else "https://img.hani.co.kr/og.png"}">
{chrome.style("g-")}
</head>
<body>
{chrome.icons(_name)}
<header>{chrome.menu(paper, _name)}</header>
<aside class="g-rail"><h2>Most viewed articles</h2><ol>{viewed}</ol>{chrome.ad(_name, 160)}</aside>
<main>
<p class="g-where"><a href="/arti/english_edition">English Edition</a> / <a href="/arti/english_edition/{story.section}">{escape(story.section_name or "")}</a></p>
<p class="g-when"><span>Posted on : {chrome.words_of(story.posted, "2024")}</span> {modified}</p>
{label}
<h1>{escape(story.headline, quote=False)}</h1>
{deck}
{chrome.share(_name)}
<section class="g-copy">
{_body(story)}
</section>
<p class="g-sign">{escape(story.byline or "", quote=False)}</p>
{original}
{f'<section class="g-more"><h2>Related stories</h2><ul>{related}</ul></section>' if related else ""}
{chrome.picks(paper, _name)}
</main>
<footer><p>{escape(story.contact or "", quote=False)}</p></footer>
{chrome.foot(_name)}
{chrome.scripts("a")}
</body>
</html>
"""


def _body(story: Story) -> str:
    parts = []
    for number in range(len(story.paragraphs) + 1):
        for picture in chrome.pictures_after(story, number):
            caption = escape(picture.caption)
            parts.append(
                f'<div class="g-shot"><img src="{picture.url.removeprefix("https:")}" alt="{caption}"><small>{caption}</small></div>\n'
            )
        if number < len(story.paragraphs):
            parts.append(f"<p>{chrome.prose(story, number)}</p>\n")
            if number % 3 == 1:
                parts.append("<p>&nbsp;</p>\n")
            if number == 2:
                parts.append(chrome.ad(_name, 500))
    return "".join(parts)
