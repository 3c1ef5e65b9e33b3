# ruff: noqa: E501 - markup and prose keep their own lines
"""What stands around an article: menus, buttons, advertisements, scripts, other stories.

Every piece takes a *name*: the template's way to name an element, from the word for its part
(``menu`` becomes ``class="eng-menu"``, ``class="Menu_wrap__x7Qd2"`` or ``class="q8f3"``).
"""

from __future__ import annotations

import json
from functools import cache
from html import escape
from random import Random
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from ..newspaper import Newspaper
    from ..stories import Edition, Picture, Story

PARTS: Final = (
    "menu", "item", "link", "sub", "card", "thumb", "title", "summary", "share", "tool", "ad",
    "rank", "list", "footer", "cookie", "letter", "comment", "icon", "wrap", "side", "label", "banner",
)  # fmt: skip
PROPERTIES: Final = (
    "display:flex;align-items:center;justify-content:space-between",
    "margin:0 auto;padding:12px 20px;max-width:1180px",
    "font-size:17px;line-height:1.76;letter-spacing:-.01em;color:#222",
    "border-bottom:1px solid #e5e5e5;background:#fff",
    "position:relative;overflow:hidden;border-radius:4px",
    "font-weight:700;color:#111;word-break:keep-all",
    "width:300px;float:right;margin-left:40px",
    "transition:opacity .2s ease-in-out;opacity:.92",
)


def prose(story: Story, number: int) -> str:
    """Return a paragraph as HTML, its marked words set off."""
    text = escape(story.paragraphs[number], quote=False)
    for mark in story.marks:
        if mark.paragraph == number:
            words = escape(mark.words, quote=False)
            href = f' href="{escape(mark.href)}"' if mark.href else ""
            text = text.replace(words, f"<{mark.tag}{href}>{words}</{mark.tag}>", 1)
    return text


def pictures_after(story: Story, number: int) -> list[Picture]:
    """Return the pictures that stand after *number* paragraphs; late ones after the last."""
    last = number == len(story.paragraphs)
    return [p for p in story.pictures if p.after == number or (last and p.after > number)]


def image_height(picture: Picture) -> int:
    return 360 + len(picture.caption) % 290


def links(stories: Iterable[Story], line: str, *, host: str | None = None, noise: str = "") -> str:
    """Return *line* for every story, with ``{n}``, ``{href}``, ``{headline}``, ``{id}`` in it."""
    return "".join(
        line.format(
            n=n,
            href=(f"{host}{s.path}" if host is not None else s.url) + noise,
            headline=escape(s.headline, quote=False),
            id=s.source_id,
        )
        for n, s in enumerate(stories, 1)
    )


def words_of(moment: datetime, form: str) -> str:
    """Return *moment*, a time in KST, in the words of ``2018``, ``2024`` or ``ko``.

    A moment of the year 1 stands for none: its words are empty.
    """
    if moment.year == 1:
        return ""
    if form == "ko":
        return f"{moment:%Y-%m-%d %H:%M}"
    if form == "2018":
        return f"{moment:%b}.{moment.day},{moment:%Y %H:%M} KST"
    return f"{moment:%Y-%m-%d %H:%M} KST"


@cache
def style(prefix: str, rules: int = 100) -> str:
    """Return a style sheet of about nine kilobytes."""
    random = Random(prefix)
    lines = [
        "@charset 'utf-8';*{box-sizing:border-box}body{margin:0;-webkit-text-size-adjust:100%}"
    ]
    for number in range(rules):
        part = PARTS[number % len(PARTS)]
        lines.append(f".{prefix}{part}-{number}{{{random.choice(PROPERTIES)}}}")
    return "<style>" + "\n".join(lines) + "</style>"


@cache
def scripts(seed: str, slots: int = 64) -> str:
    """Return what measures, sells and shares: about fourteen kilobytes of script."""
    random = Random(seed)
    table = [
        {
            "code": f"div-gpt-ad-{random.randrange(10**12)}-{n}",
            "path": f"/2144/{seed}_{random.choice(PARTS)}_{n}",
            "sizes": random.choice(([[300, 250]], [[970, 250], [728, 90]], [[160, 600]])),
            "bids": [
                {"bidder": b, "placement": random.randrange(10**8)} for b in ("alpha", "beta")
            ],
        }
        for n in range(slots)
    ]
    return f"""<script>
window.dataLayer=window.dataLayer||[];function gtag(){{dataLayer.push(arguments);}}
gtag('js',new Date());gtag('config','G-EXAMPLE',{{page_title:document.title,send_page_view:true}});
var adUnits={json.dumps(table)};
(function(w,d){{var q=[],ready=false;function run(){{ready=true;while(q.length)q.shift()();}}
if(d.readyState!=='loading')run();else d.addEventListener('DOMContentLoaded',run);
w.onready=function(f){{ready?f():q.push(f);}};
w.share=function(kind){{var u=encodeURIComponent(location.href),t=encodeURIComponent(d.title),m={{
facebook:'https://www.facebook.com/sharer/sharer.php?u='+u,twitter:'https://twitter.com/intent/tweet?url='+u+'&text='+t,
mail:'mailto:?subject='+t+'&body='+u}};if(m[kind])w.open(m[kind],'share','width=600,height=480');return false;}};
w.fontSize=function(step){{var b=d.body,c=parseInt(b.style.fontSize||17,10);b.style.fontSize=Math.max(13,Math.min(26,c+step))+'px';return false;}};
w.onready(function(){{adUnits.forEach(function(a){{if(d.getElementById(a.code))a.seen=Date.now();}});}});
}})(window,document);
if("<p>By nobody, staff reporter</p>".length>99){{document.title="Posted on : 1999-01-01 00:00 KST";}}
</script>"""


def menu(paper: Newspaper, name: Callable[[str], str], edition: Edition = "en") -> str:
    """Return the header's menu: every section, and a column of topics below each."""
    prefix = "/arti/english_edition" if edition == "en" else "/arti"
    home = "Home" if edition == "en" else "홈"
    topics = (
        (
            "Politics",
            "Courts",
            "Labor",
            "Environment",
            "Education",
            "Photos",
            "Podcast",
            "Data",
            "Health",
            "Science",
            "Weather",
            "Books",
            "Film",
            "Travel",
        )
        if edition == "en"
        else (
            "국회",
            "법원",
            "노동",
            "환경",
            "교육",
            "사진",
            "팟캐스트",
            "데이터",
            "건강",
            "과학",
            "날씨",
            "책",
            "영화",
            "여행",
        )
    )

    def build() -> str:
        columns = "".join(
            f'<li {name("item")}><a {name("link")} href="{prefix}/{code}">{escape(title)}</a>'
            f"<ul {name('sub')}>"
            + "".join(
                f'<li><a href="/topics/{code}/{n}">{t}</a></li>' for n, t in enumerate(topics)
            )
            + "</ul></li>"
            for code, title in paper.sections(edition).items()
        )
        return (
            f'<div {name("banner")}><a href="/"><img src="/img/logo.png" alt="{home}" width="180"></a>'
            f'<form action="/search"><input type="search" name="q"><button>{"Search" if edition == "en" else "검색"}'
            f"</button></form></div><ul {name('menu')}>{columns}</ul>"
        )

    return paper.memo(("menu", edition, name("menu")), build)


def icons(name: Callable[[str], str], count: int = 24) -> str:
    """Return a hidden sheet of drawings."""
    random = Random(count)
    drawings = "".join(
        f'<symbol id="i{n}" viewBox="0 0 24 24"><path d="M{random.randrange(24)} {random.randrange(24)}h18v'
        f'{random.randrange(12)}H3z"></path><circle cx="12" cy="12" r="{n % 9 + 1}"></circle></symbol>'
        for n in range(count)
    )
    return f'<svg {name("icon")} width="0" height="0" style="display:none" aria-hidden="true">{drawings}</svg>'


def share(name: Callable[[str], str], korean: bool = False) -> str:
    """Return the share and font size buttons."""
    titles = (
        (
            "페이스북",
            "트위터",
            "카카오톡",
            "링크 복사",
            "스크랩",
            "프린트",
            "글자 크게",
            "글자 작게",
        )
        if korean
        else (
            "Facebook",
            "Twitter",
            "LINE",
            "Copy link",
            "E-mail",
            "Print",
            "Larger text",
            "Smaller text",
        )
    )
    return (
        f"<ul {name('share')}>"
        + "".join(
            f'<li {name("tool")}><button type="button" onclick="return share(\'{n}\')"><i></i><span>{t}</span></button></li>'
            for n, t in enumerate(titles)
        )
        + "</ul>"
    )


def ad(name: Callable[[str], str], number: int, label: str = "Advertisement") -> str:
    return (
        f'<div {name("ad")}><span>{label}</span><ins data-ad-slot="{number}"></ins>'
        f"<script>(window.adsbygoogle=window.adsbygoogle||[]).push({{slot:{number}}});</script></div>"
    )


def picks(paper: Newspaper, name: Callable[[str], str], edition: Edition = "en") -> str:
    """Return the stories the editors put forward, and the latest of every section: not related."""

    def cards(stories: list[Story]) -> str:
        return "".join(
            f"<div {name('card')}>{_thumbnail(s)}"
            f'<h4 {name("title")}><a href="{s.url}?_fr=pick">{escape(s.headline, quote=False)}</a></h4>'
            f"<p {name('summary')}>{escape(s.deck or s.paragraphs[0][:110], quote=False)}</p></div>"
            for s in stories
        )

    def build() -> str:
        newest = paper.stories(edition)
        heading = "Editor’s picks" if edition == "en" else "한겨레가 뽑은 기사"
        blocks = [f"<h3>{heading}</h3>{cards(newest[3:9])}"]
        for code, title in paper.sections(edition).items():
            blocks.append(f"<h3>{escape(title)}</h3>{cards(paper.stories(edition, code)[:5])}")
        return f"<div {name('wrap')}>{''.join(blocks)}</div>"

    return paper.memo(("picks", edition, name("wrap")), build)


def _thumbnail(story: Story) -> str:
    """Return the story's first picture in small, linked; nothing where it has none."""
    if not story.pictures:
        return ""
    url = story.pictures[0].url.replace("/970/646/", "/300/180/")
    return f'<a href="{story.url}?_fr=pick"><img src="{url}" alt="" loading="lazy"></a>'


def foot(name: Callable[[str], str], korean: bool = False) -> str:
    """Return comments, newsletter, footer and cookie notice."""
    pages = (
        (
            "회사소개",
            "채용",
            "윤리강령",
            "개인정보처리방침",
            "이용약관",
            "고객센터",
            "광고안내",
            "사이트맵",
        )
        if korean
        else (
            "About us",
            "Jobs",
            "Code of ethics",
            "Privacy policy",
            "Terms",
            "Help",
            "Advertise",
            "Sitemap",
        )
    )
    rows = "".join(
        f'<li {name("item")}><a href="/info/{g}/{n}">{t}{"" if not g else f" {g + 1}"}</a></li>'
        for g in range(6)
        for n, t in enumerate(pages)
    )
    letter = (
        '<p>매주 금요일 뉴스레터</p><input type="email"><button>구독</button>'
        if korean
        else '<p>Get the week’s best stories every Friday.</p><input type="email"><button>Subscribe</button>'
    )
    rights = (
        "Copyright ⓒ All Rights Reserved. 무단 전재, 재배포, AI 학습 및 활용 금지"
        if korean
        else "Copyright © All rights reserved. Articles and photographs may not be reproduced."
    )
    return (
        f'<div {name("comment")} id="comments"><noscript>Please enable JavaScript to view the comments.</noscript></div>'
        f"<form {name('letter')}>{letter}</form>"
        f"<footer {name('footer')}><ul>{rows}</ul><p>{rights}</p></footer>"
        f'<div {name("cookie")} role="dialog"><p>{"쿠키를 사용합니다." if korean else "We use cookies."}</p>'
        f"<button>{'동의' if korean else 'Accept'}</button></div>"
    )
