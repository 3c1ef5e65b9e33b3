# ruff: noqa: E501 - markup and prose keep their own lines
"""An era nobody has seen: both lists and the deck before all else, the body one box with ``<br>``."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..stories import BUTTON
from . import chrome

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story


def _name(part: str) -> str:
    return f'class="{part} px-4 text-sm"'


def render(story: Story, paper: Newspaper) -> str:
    label = f"<news-tag>{escape(story.label_text)}</news-tag>" if story.label_text else ""
    modified = (
        f"<dt>Modified on :</dt><dd>{chrome.words_of(story.modified, '2024')}</dd>"
        if story.modified
        else ""
    )
    deck = f"<news-deck>{escape(story.deck, quote=False)}</news-deck>" if story.deck else ""
    related = chrome.links(
        paper.related(story), '<dd><a href="{href}">{headline}</a></dd>\n', host=""
    )
    viewed = chrome.links(paper.most_viewed(), '<dd><a href="{href}">{headline}</a></dd>\n')
    original = ""
    if story.original:
        section, ident = story.original
        original = f'<a class="btn" href="https://www.hani.co.kr/arti/{section}/{ident}.html" title="{BUTTON}"><i class="ko"></i></a>'
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(story.headline, quote=False)}</title>
<meta property="og:title" content="{escape(story.headline)}">
{chrome.style("b")}
</head>
<body class="antialiased">
<site-header>{chrome.menu(paper, _name)}</site-header>
<side-rail>
<dl><dt>Most viewed articles</dt>
{viewed}</dl>
{f"<dl><dt>Related stories</dt>{related}</dl>" if related else ""}
{chrome.picks(paper, _name)}
</side-rail>
<news-story data-id="{story.source_id}">
<nav aria-label="breadcrumb"><a href="/">Home</a> › <a href="/arti/english_edition/{story.section}">{escape(story.section_name or "")}</a></nav>
{deck}
<dl class="stamp"><dt>Posted on :</dt><dd>{chrome.words_of(story.posted, "2024")}</dd>{modified}</dl>
{label}
<news-title role="heading" aria-level="1">{escape(story.headline, quote=False)}</news-title>
{chrome.share(_name)}
<news-copy>
{_body(story)}</news-copy>
{original}
</news-story>
{chrome.ad(_name, 300)}
{chrome.icons(_name)}
{chrome.foot(_name)}
{chrome.scripts("b")}
</body>
</html>
"""


def _body(story: Story) -> str:
    parts = []
    for number in range(len(story.paragraphs) + 1):
        for picture in chrome.pictures_after(story, number):
            caption = escape(picture.caption)
            parts.append(
                f'<news-photo><img src="{picture.url}" alt="{caption}"><p>{caption}</p></news-photo>\n'
            )
        if number < len(story.paragraphs):
            parts.append(chrome.prose(story, number))
            parts.append("<br>\n&nbsp;<br>\n" if number % 4 == 2 else "<br><br>\n")
            if number == 3:
                parts.append(chrome.ad(_name, 501))
    for line in (story.byline, story.contact):
        if line:
            parts.append(f"{escape(line, quote=False)}<br><br>\n")
    return "".join(parts)
