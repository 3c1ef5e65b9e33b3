# ruff: noqa: E501 - markup and prose keep their own lines
"""English pages of 2025 on: the Next.js template with English labels."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from ..stories import BUTTON
from . import chrome, nextjs

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story

BUILDS = tuple(nextjs.Names(nextjs.build(n)) for n in range(7))


def render(story: Story, paper: Newspaper) -> str:
    name = BUILDS[story.posted.month % len(BUILDS)]
    view = "ArticleDetailView_"
    label = f'<span class="label">{escape(story.label_text)}</span>' if story.label_text else ""
    deck = (
        f"<h4 {name(view + 'subtitle')}>{escape(story.deck, quote=False)}</h4>"
        if story.deck
        else ""
    )
    modified = (
        f"<li {name(view + 'dateListItem')}>Modified on : <span>{chrome.words_of(story.modified, '2024')}</span></li>"
        if story.modified
        else ""
    )
    original = ""
    if story.original:
        section, ident = story.original
        original = (
            f'<a href="https://www.hani.co.kr/arti/{section}/{ident}.html" {name("OriginalButton_link")}>'
            f'<button type="button" aria-label="{BUTTON}"><span></span></button></a>'
        )
    viewed = chrome.links(
        paper.most_viewed(),
        f'<li {name("ArticleBottomMostReadList_subListItem")}><a href="{{href}}"><span>{{n}}</span><div>{{headline}}</div></a></li>',
        noise="?h=s",
    )
    related = chrome.links(
        paper.related(story), '<li><a href="{href}"><div>{headline}</div></a></li>', noise="#cb"
    )
    closing = [line for line in (story.byline, story.contact) if line]
    main = (
        f'<article id="renewal2023"><div {name(view + "articleDetail")}>'
        f'<div {name(view + "breadcrumb")}><a href="/arti/english_edition">English Edition</a>'
        f'<a href="/arti/english_edition/{story.section}">{escape(story.section_name or "")}</a></div>'
        f"{label}<h3 {name(view + 'title')}>{escape(story.headline, quote=False)}</h3>{deck}"
        f"<ul {name(view + 'dateList')}><li {name(view + 'dateListItem')}>Posted on : "
        f"<span>{chrome.words_of(story.posted, '2024')}</span></li>{modified}</ul>{chrome.share(name)}"
        f"{nextjs.body(story, name, closing)}{original}</div></article>"
        + (
            f"<section {name('RelatedStories_wrap')}><h3>Related stories</h3><ul>{related}</ul></section>"
            if related
            else ""
        )
        + f"<section {name('ArticleBottomMostRead_wrap')}><h3>Most viewed articles</h3><ul>{viewed}</ul></section>"
        + chrome.picks(paper, name)
    )
    return nextjs.page(
        paper, name, edition="en", title=story.headline, path=story.path, main=main, meta=nextjs.meta(story),
        props={"article": nextjs.article_props(story), "listData": nextjs.list_props(paper.stories()[:5])},
    )  # fmt: skip
