# ruff: noqa: E501 - markup and prose keep their own lines
"""Everything but article pages: fronts, section lists, feeds, robots.txt, pages that are none."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from .templates import chrome, nextjs

if TYPE_CHECKING:
    from .newspaper import Newspaper
    from .stories import Edition, Story

NUMBERED_LENGTH: Final = 10
NEXT_LENGTH: Final = 15
FEED_LENGTH: Final = 30

ROBOTS: Final = """\
User-agent: *
Disallow: /arti/PRINT/
Disallow: /fortunes/result
Disallow: /arti/PREVIEW/
Disallow: /api/
Disallow: /test/
"""
NAMES: Final = nextjs.Names(nextjs.build("lists"))


def _name(part: str) -> str:
    return f'class="list-{part}"'


def of_section(paper: Newspaper, edition: Edition, section: str) -> list[Story] | None:
    """Return a section's stories, newest first, its subsections' too; None for no such section."""
    if section in paper.sections(edition):
        return paper.stories(edition, section)
    inside = [s for s in paper.stories(edition) if s.section.startswith(f"{section}/")]
    return inside or None


def pages(stories: list[Story], length: int) -> int:
    return max(1, -(-len(stories) // length))


def _viewed(paper: Newspaper, edition: Edition) -> str:
    items = chrome.links(
        paper.most_viewed(edition), '<li><a href="{href}">{headline}</a></li>\n', noise="?_fr=mr"
    )
    title = "Most viewed articles" if edition == "en" else "많이 본 기사"
    return f"<aside><h4>{title}</h4><ol>{items}</ol></aside>"


def _shell(paper: Newspaper, edition: Edition, title: str, main: str, extra: str = "") -> str:
    korean = edition != "en"
    return f"""<!DOCTYPE html>
<html lang="{"ko" if korean else "en"}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>
{chrome.style("list-", 60)}</head>
<body>
<header>{chrome.menu(paper, _name, "ko" if korean else "en")}</header>
{chrome.ad(_name, 970)}
<main>
{main}
</main>
{extra}
{chrome.foot(_name, korean)}
{chrome.scripts("list", 24)}
</body>
</html>
"""


def front(paper: Newspaper, edition: Edition) -> str:
    """Return the front page of an edition: its newest stories, and the newest of each section."""
    top = _cards(paper.stories(edition)[:12])
    blocks = "".join(
        f'<section><h3><a href="{_path(edition, code)}">{escape(title)}</a></h3>{_cards(paper.stories(edition, code)[:4])}</section>'
        for code, title in paper.sections(edition).items()
    )
    return _shell(
        paper, edition, "Front page", f"<h2>Top stories</h2>{top}{blocks}", _viewed(paper, edition)
    )


def section_front(paper: Newspaper, edition: Edition, section: str, stories: list[Story]) -> str:
    """Return a section's front as the older site has it."""
    title = paper.sections(edition).get(section, section)
    more = f'<p><a href="{_path(edition, section)}/list1.html">More</a></p>'
    main = f"<h2>{escape(title)}</h2>{_cards(stories[:20])}{more}"
    return _shell(paper, edition, title, main, _viewed(paper, edition))


def numbered(
    paper: Newspaper, edition: Edition, section: str, stories: list[Story], number: int
) -> str | None:
    """Return list page *number* of the older site, or None past the end."""
    last = pages(stories, NUMBERED_LENGTH)
    if not 1 <= number <= last:
        return None
    shown = stories[(number - 1) * NUMBERED_LENGTH : number * NUMBERED_LENGTH]
    title = paper.sections(edition).get(section, section)
    first = (number - 1) // 10 * 10 + 1
    numbers = "".join(
        f"<strong>{n}</strong>"
        if n == number
        else f'<a href="{_path(edition, section)}/list{n}.html">{n}</a>'
        for n in range(first, min(first + 10, last + 1))
    )
    if first + 10 <= last:
        numbers += f'<a href="{_path(edition, section)}/list{first + 10}.html">Next</a>'
    if edition == "en":
        items = "".join(
            f'<li class="list-group-item"><a href="{s.path}">{escape(s.headline, quote=False)}</a>'
            f'<p>{escape(s.paragraphs[0][:140] if s.paragraphs else "", quote=False)} <a href="{s.path}">more</a></p></li>\n'
            for s in shown
        )
        listed = f'<ul class="list-group">{items}</ul>'
    else:
        items = "".join(
            f'<div class="list"><div class="article-area"><h4 class="article-title"><a href="{s.path}">{escape(s.headline, quote=False)}</a></h4>'
            f'<p class="article-prologue"><a href="{s.path}">{escape(s.deck or "")}</a> <span class="date">{s.posted:%Y-%m-%d %H:%M}</span></p></div></div>\n'
            for s in shown
        )
        listed = f'<div class="section-list-area">{items}</div>'
    main = f'<h3>{escape(title)}</h3>{listed}<div class="pagination">{numbers}</div>'
    return _shell(paper, edition, title, main, _viewed(paper, edition))


def next_list(
    paper: Newspaper, edition: Edition, section: str, stories: list[Story], number: int
) -> str:
    """Return list page *number* of the Next.js site; past the end its list is empty."""
    last = pages(stories, NEXT_LENGTH)
    shown = stories[(number - 1) * NEXT_LENGTH : number * NEXT_LENGTH]
    title = paper.sections(edition).get(section, section)
    items = "".join(
        f'<li {NAMES("ArticleList_item")}><article><a {NAMES("BaseArticleCard_link")} href="{s.path}">'
        f"<div {NAMES('BaseArticleCard_title')}>{escape(s.headline, quote=False)}</div>"
        f"<div {NAMES('BaseArticleCard_prologue')}>{escape((s.paragraphs or ('',))[0][:120], quote=False)}</div></a></article></li>"
        for s in shown
    )
    around = range(max(1, number - 4), min(last, number + 5) + 1)
    numbers = "".join(f'<a href="{_path(edition, section)}?page={n}">{n}</a>' for n in around)
    viewed = chrome.links(
        paper.most_viewed(edition),
        f'<li {NAMES("MostRead_item")}><a href="{{href}}"><span>{{n}}</span><div>{{headline}}</div></a></li>',
    )
    heading = "Most viewed articles" if edition == "en" else "많이 본 기사"
    main = (
        f"<h2 {NAMES('SectionTitle_title')}>{escape(title)}</h2><ul {NAMES('ArticleList_list')}>{items}</ul>"
        f"<nav {NAMES('Pagination_wrap')}>{numbers}</nav><aside {NAMES('Aside_wrap')}><h3>{heading}</h3><ul>{viewed}</ul></aside>"
    )
    path = _path(edition, section)
    props = {"listData": {**nextjs.list_props(shown), "page": number, "totalPage": last}}
    return nextjs.page(
        paper, NAMES, edition=edition, title=title, path=path, main=main, props=props
    )


def feed(paper: Newspaper, edition: Edition) -> str:
    """Return the feed of an edition: no item has a date."""
    english = edition == "en"
    items = "".join(_feed_item(s, english) for s in paper.stories(edition)[:FEED_LENGTH])
    title = "English edition" if english else "전체기사 : 뉴스"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">\n'
        f"<channel><title><![CDATA[{title}]]></title><description><![CDATA[{title}]]></description>"
        f"<link>https://{'english' if english else 'www'}.hani.co.kr</link><generator>RSS for Node</generator>"
        f"<lastBuildDate>{paper.now:%a, %d %b %Y %H:%M:%S} GMT</lastBuildDate><dc:language>{'en' if english else 'ko'}</dc:language>\n"
        f"{items}</channel></rss>\n"
    )


def _feed_item(story: Story, english: bool) -> str:
    picture = story.pictures[0].url if story.pictures else "https://img.hani.co.kr/og.png"
    picture = picture.replace("970/646", "300/180")
    extra = (
        ""
        if english
        else f'<guid isPermaLink="false">{story.source_id}</guid><dc:category><![CDATA[{story.section_name}]]></dc:category>'
    )
    return (
        f"<item><title><![CDATA[{story.headline.replace(']]>', '')}]]></title><description><![CDATA[<table border='0px' width='107px'><tr><td>"
        f"<img src={picture} border=0></td></tr></table>]]></description>"
        f"<link>https://www.hani.co.kr{story.path}</link>{extra}</item>\n"
    )


def print_view(story: Story) -> str:
    """Return the view that robots.txt forbids."""
    text = "".join(f"<p>{escape(p)}</p>" for p in story.paragraphs)
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>print</title></head><body><h1>{escape(story.headline)}</h1>{text}</body></html>"


def no_page(paper: Newspaper, title: str = "Page not found") -> str:
    """Return the page that comes instead of one."""
    main = f'<h1>{title}</h1><p>The address may have been mistyped, or the page may have been moved or deleted.</p><a href="/">Back to the front page</a>'
    return _shell(paper, "en", title, main, _viewed(paper, "en"))


def _cards(stories: list[Story]) -> str:
    return "".join(
        f'<div class="card"><a href="{s.url}"><img src="https://img.hani.co.kr/t/{s.source_id}.jpg" alt=""></a>'
        f'<h4><a href="{s.url}">{escape(s.headline, quote=False)}</a></h4><p>{escape(s.deck or "", quote=False)}</p></div>\n'
        for s in stories
    )


def _path(edition: Edition, section: str) -> str:
    return f"/arti/english_edition/{section}" if edition == "en" else f"/arti/{section}"
