# ruff: noqa: E501 - markup and prose keep their own lines
"""Korean pages since late 2023; also stands in for the Chinese and Japanese ones."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from . import chrome, nextjs

if TYPE_CHECKING:
    from ..newspaper import Newspaper
    from ..stories import Story

NAMES = nextjs.Names(nextjs.build("ko"))


def render(story: Story, paper: Newspaper) -> str:
    name, view = NAMES, "ArticleDetailView_"
    deck = (
        f"<h4 {name(view + 'subtitle')}>{escape(story.deck, quote=False)}</h4>"
        if story.deck
        else ""
    )
    dates = "".join(
        f"<li {name(view + 'dateListItem')}>{label} <span>{chrome.words_of(moment, 'ko')}</span></li>"
        for label, moment in (("수정", story.modified), ("등록", story.posted))
        if moment
    )
    who = ""
    if story.reporters:
        person = story.reporters.removesuffix(" 기자")
        who = f'<div {name(view + "reporterList")}><a href="/arti/reporter/{person}">{person}</a> 기자</div>'
    viewed = chrome.links(
        paper.most_viewed("ko"),
        f'<li {name("ArticleBottomMostReadList_subListItem")}><a href="{{href}}"><span>{{n}}</span><div>{{headline}}</div></a></li>',
        host="",
    )
    main = (
        f'<article id="renewal2023"><div {name(view + "articleDetail")}>'
        f'<div {name(view + "breadcrumb")}><a href="/arti/{story.section}">{escape(story.section_name or "")}</a></div>'
        f"<h3 {name(view + 'title')}>{escape(story.headline, quote=False)}</h3>{deck}{who}"
        f"<ul {name(view + 'dateList')}>{dates}</ul>{chrome.share(name, korean=True)}"
        f"{nextjs.body(story, name, [story.byline] if story.byline else [])}</div></article>"
        f"<section {name('ArticleBottomMostRead_wrap')}><h3>많이 본 기사</h3><ul>{viewed}</ul></section>"
        f"{chrome.picks(paper, name, 'ko')}"
    )
    return nextjs.page(
        paper, name, edition="ko", title=story.headline, path=story.path, main=main, meta=nextjs.meta(story),
        props={"article": nextjs.article_props(story), "listData": nextjs.list_props(paper.stories("ko")[:5])},
    )  # fmt: skip
