# ruff: noqa: E501 - markup and prose keep their own lines
"""What the Next.js pages of both editions share; class names end in a hash of the build."""

from __future__ import annotations

import json
from hashlib import md5
from html import escape
from typing import TYPE_CHECKING, Any

from . import chrome

if TYPE_CHECKING:
    from datetime import datetime

    from ..newspaper import Newspaper
    from ..stories import Edition, Story


def build(seed: object) -> str:
    """Return the hash that ends a build's class names: five characters, another for every build."""
    digest = md5(str(seed).encode(), usedforsecurity=False).hexdigest()
    return f"{digest[:4].title()}{'_-xZ'[int(digest[4], 16) % 4]}"


class Names:
    """Class names of a build: ``names("ArticleDetailView_title")`` is an attribute."""

    def __init__(self, hash_: str) -> None:
        self.hash = hash_

    def __call__(self, part: str) -> str:
        name = part if "_" in part else f"{part.title()}_wrap"
        return f'class="{name}__{self.hash}"'


def iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment and moment.year > 1 else None


def page(
    paper: Newspaper, name: Names, *, edition: Edition, title: str, path: str, main: str,
    props: dict[str, Any], meta: str = "",
) -> str:  # fmt: skip
    """Return a whole page around *main*, with its props."""
    korean = edition != "en"
    data = {
        "props": {"pageProps": props, "__N_SSP": True},
        "page": "/arti/[...slug]",
        "query": {"slug": path.strip("/").split("/")[1:]},
        "buildId": f"b{name.hash}",
        "isFallback": False,
        "gssp": True,
        "scriptLoader": [],
    }
    dump = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return (
        f'<!DOCTYPE html><html lang="{"ko" if korean else "en"}"><head><meta charSet="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escape(title, quote=False)}</title>{meta}"
        f'<link rel="stylesheet" href="/_next/static/css/{name.hash}.css" data-n-g=""/>'
        '<script src="/_next/static/chunks/main.js" defer=""></script>'
        f'{chrome.style("css-")}</head><body><div id="__next">'
        f"<header {name('Header_wrap')}>{chrome.menu(paper, name, 'ko' if korean else 'en')}</header>"
        f"{chrome.ad(name, 970, '광고' if korean else 'Advertisement')}"
        f"<main {name('Container_main')}>{main}</main>"
        f"{chrome.icons(name)}{chrome.foot(name, korean)}</div>"
        f'<script id="__NEXT_DATA__" type="application/json">{dump}</script>{chrome.scripts("next")}</body></html>'
    )


def meta(story: Story) -> str:
    picture = story.pictures[0].url if story.pictures else "https://img.hani.co.kr/og_default.png"
    return (
        f'<meta property="og:title" content="{escape(story.headline)}"/><meta property="og:type" content="website"/>'
        f'<meta property="og:url" content="https://www.hani.co.kr{story.path}"/>'
        f'<meta property="og:description" content="{escape((story.deck or "".join(story.paragraphs[:1]))[:120])}"/>'
        f'<meta property="og:image" content="{picture}"/><link rel="canonical" href="https://www.hani.co.kr{story.path}"/>'
    )


def article_props(story: Story) -> dict[str, Any]:
    return {
        "id": story.source_id,
        "title": story.headline,
        "subtitle": story.deck,
        "createDate": iso(story.posted),
        "updateDate": iso(story.modified or story.posted),
        "url": story.path,
    }


def list_props(stories: list[Story]) -> dict[str, Any]:
    return {
        "articleList": [{**article_props(s), "prologue": s.paragraphs[0][:120]} for s in stories]
    }


def body(story: Story, name: Names, closing: list[str]) -> str:
    """Return the paragraphs, figures and advertisements of ``div.article-text``."""
    korean = story.edition != "en"
    parts = []
    for number in range(len(story.paragraphs) + 1):
        for picture in chrome.pictures_after(story, number):
            caption = escape(picture.caption)
            printed = "" if story.source_id % 2 else caption
            parts.append(
                f'<figure {name("ArticleDetailContent_imageWrap")}><picture><source srcSet="{picture.url.replace("970/646", "640/427")}"/>'
                f'<img src="{picture.url}" alt="{caption}" width="970" height="{chrome.image_height(picture)}"/></picture>'
                f"<figcaption {name('ArticleDetailContent_figcaption')}>{printed}</figcaption></figure>"
            )
        if number < len(story.paragraphs):
            text = f'<p class="text">{chrome.prose(story, number)}</p>'
            parts.append(
                f'<div class="cont-midtitle">{text}</div>' if number in story.subheads else text
            )
            if number % 4 == 1:
                parts.append('<p class="text">\u00a0</p>')
            if number % 5 == 2:
                label = "광고" if korean else "Advertisement"
                parts.append(
                    f"<div {name('ArticleDetailContent_adWrap')}>{chrome.ad(name, number, label)}</div>"
                )
    parts += [f'<p class="text">{escape(line, quote=False)}</p>' for line in closing]
    return f'<div class="article-text">{"".join(parts)}</div>'
