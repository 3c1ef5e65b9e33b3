# ruff: noqa: E501 - markup and prose keep their own lines
"""As little help as possible: nothing but ``div`` and ``span`` with classes that say nothing."""

from __future__ import annotations

from functools import cache
from hashlib import md5
from html import escape
from typing import TYPE_CHECKING

from ..stories import BUTTON
from . import chrome

if TYPE_CHECKING:
    from datetime import datetime

    from ..newspaper import Newspaper
    from ..stories import Story


@cache
def _name(part: str) -> str:
    return f'class="{chr(97 + len(part) % 26)}{md5(part.encode(), usedforsecurity=False).hexdigest()[:6]}"'


def render(story: Story, paper: Newspaper) -> str:
    head = escape(story.headline, quote=False)
    modified = (
        f"<span>Modified on</span><span> : </span>{_spans(story.modified)}"
        if story.modified
        else ""
    )
    label = f"<div {_name('k')}>{escape(story.label_text)}</div>" if story.label_text else ""
    deck = f"<div {_name('d')}>{escape(story.deck, quote=False)}</div>" if story.deck else ""
    line = f'<div {_name("l")}><a href="{{href}}"><span>{{headline}}</span></a></div>'
    related = chrome.links(paper.related(story), line)
    viewed = chrome.links(
        paper.most_viewed(), f"<div {_name('l')}><span>{{n}}</span>{line}</div>", noise="?_fr=mt1"
    )
    original = ""
    if story.original:
        section, ident = story.original
        original = f'<a href="https://www.hani.co.kr/arti/{section}/{ident}.html"><span>{BUTTON}</span></a>'
    return f"""<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{head}</title>{chrome.style("z")}</head>
<body><div {_name("root")}>
<div {_name("top")}>{chrome.menu(paper, _name)}</div>
<div {_name("x1")}>{chrome.ad(_name, 1)}</div>
<div {_name("x2")}>
<div {_name("x3")}>{label}<div {_name("x4")}>{head}</div>
<div {_name("x5")}><span>Posted on</span><span> : </span>{_spans(story.posted)} {modified}</div>
{chrome.share(_name)}
{deck}
{_body(story)}
<div {_name("x6")}>{escape(story.byline or "", quote=False)}</div>
<div {_name("x7")}>{escape(story.contact or "", quote=False)}</div>
<div {_name("x8")}>{original}</div></div>
{f"<div {_name('x9')}><div {_name('h')}>Related stories</div>{related}</div>" if related else ""}
<div {_name("x9")}><div {_name("h")}>Most viewed articles</div>{viewed}</div>
{chrome.picks(paper, _name)}
</div>
{chrome.icons(_name)}
{chrome.foot(_name)}
</div>{chrome.scripts("c")}</body></html>
"""


def _spans(moment: datetime) -> str:
    return " ".join(f"<span>{word}</span>" for word in chrome.words_of(moment, "2024").split())


def _body(story: Story) -> str:
    parts = []
    for number in range(len(story.paragraphs) + 1):
        for picture in chrome.pictures_after(story, number):
            caption = escape(picture.caption)
            parts.append(
                f'<div {_name("s")}><div><img src="{picture.url}" alt="{caption}"></div><div>{caption}</div></div>\n'
            )
        if number < len(story.paragraphs):
            parts.append(f"<div {_name('p')}>{chrome.prose(story, number)}</div>\n")
            if number % 4 == 3:
                parts.append(f"<div {_name('p')}>&nbsp;</div>\n")
            if number == 2:
                parts.append(chrome.ad(_name, 502))
    return "".join(parts)
