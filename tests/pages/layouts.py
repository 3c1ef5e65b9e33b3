"""Builds an English article page in a layout nobody has seen.

A layout is drawn choice by choice: which element holds what, which class it has, in which order
the boxes stand.  The words are the newspaper's own landmarks around an invented story.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

Pick = Callable[[Sequence[T]], T]

HEADLINE = "Ferry pilots of Mokpo ask for one more lighthouse"
DECK = "A strait that sank nobody in thirty years has grown busier than its charts"
STAMP = "2023-05-11 09:24 KST"
CHANGED = "2023-05-11 18:02 KST"
CAPTION = (
    "Pilot Ma Sung-il points at the unlit rock known as the Anvil from the bridge of a car ferry "
    "in the Jangjuk Strait, South Jeolla Province, on May 9, 2023. (Ok Bo-ra/The Hankyoreh)"
)
PARAGRAPHS = (
    "“One more light,” said Ma Sung-il, who has taken the morning boat out of Mokpo since 1991. "
    "“We aren’t asking for a bridge.”",
    "Traffic through the strait has grown by a third since 2019, according to figures that the "
    "regional maritime office published on Wednesday.",
    "By adding a fixed light on the Anvil, the pilots argue, the office could spare each ferry a "
    "detour of eleven minutes in fog.",
    "The office is not so sure.",
    "An official there, who asked not to be named, said a light “would [only] move the fear "
    "somewhere else” and that a study is due in the fall.",
    "Until then the boats will go around. Nobody on the early crossing seemed to mind.",
)
BYLINE = "By Ok Bo-ra, Gwangju correspondent; Seo Jin-gyu, staff reporter"
CONTACT = "Please direct questions or comments to [english@hani.co.kr]"
BUTTON = "button that move to original korean article (클릭시 원문으로 이동하는 버튼)"
URL = "https://english.hani.co.kr/arti/english_edition/e_national/1091405.html"
ORIGINAL = "https://www.hani.co.kr/arti/area/honam/1091300.html"
RELATED = (1091001, 1090002, 1089003)
VIEWED = tuple(range(1091500, 1091510))
PICTURE = "https://img.hani.co.kr/imgdb/original/2023/0511/20230511500001.jpg"

_NAV = (
    '<nav><a href="/">Home</a> <a href="/arti/english_edition/e_national">National</a> '
    '<a href="/arti/english_edition/e_business">Business</a></nav>'
)
_LETTER = (
    '<div class="k7"><p>Get the week’s most important stories in your inbox every Friday morning, '
    "written by our editors.</p><button>Subscribe</button></div>"
)
_PICKS = (
    "<div><h3>Editor’s picks</h3><ul><li>"
    '<a href="/arti/english_edition/e_culture/1080001.html">The last typist of the court</a>'
    "</li></ul></div>"
)
_SHARE = '<div><a href="#">Facebook</a> <a href="#">Twitter</a> <button>Print</button></div>'
_FOOT = "<footer><p>Copyright The Hankyoreh. All rights reserved.</p></footer>"


@dataclass(frozen=True, slots=True)
class Layout:
    """Draws each choice with *pick*."""

    pick: Pick[object]

    def _of(self, *choices: T) -> T:
        return self.pick(choices)  # type: ignore[return-value]

    def _element(self, inner: str, *tags: str) -> str:
        tag = self._of(*(tags or ("div", "p", "section", "x-part", "td")))
        name = self._of("", "a", "b1", "css-9f2e", "row")
        attribute = f' class="{name}"' if name else ""
        if tag == "td":
            return f"<table><tr><td{attribute}>{inner}</td></tr></table>"
        return f"<{tag}{attribute}>{inner}</{tag}>"

    def page(self) -> str:
        """Return the page."""
        title = html.escape(HEADLINE)
        head = self._of(
            f'<meta property="og:title" content="{title}"><title>{title} : National</title>',
            f"<title>{title}</title>",
            f"<title>{title} | The Hankyoreh</title>",
        )
        parts = self._boxes()
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}</head>'
            f"<body>{_NAV}{''.join(parts)}{_FOOT}</body></html>"
        )

    def _boxes(self) -> list[str]:
        article = self._article() + self._original()
        related = self._list("Related stories", RELATED)
        viewed = self._list("Most viewed articles", VIEWED)
        letter = self._of("", _LETTER)
        picks = self._of("", _PICKS)
        share = self._of("", _SHARE)
        return self._of(
            [article, share, related, picks, viewed, letter],
            [viewed, article, related, letter, picks],
            [related, viewed, picks, article, letter],
            [picks, article, viewed, related, letter],
        )

    def _article(self) -> str:
        header = self._header()
        picture = self._picture()
        style = self._of("own", "own", "bare")
        if style == "bare":
            words = "<br><br>".join(map(html.escape, PARAGRAPHS))
            tail = f"<br><br>{html.escape(BYLINE)}<br><br>{html.escape(CONTACT)}"
            return self._of(
                f"{header}{picture}<div>{words}{tail}</div>",
                f"{header}<div>{picture}{words}{tail}</div>",
                f"{header}{picture}<section>{words}{tail}</section>",
            )
        tag = self._of("p", "div", "x-par")
        name = self._of("", "t", "css-1a2b")
        blank = self._of("", "<p>&nbsp;</p>", "<div>\u00a0</div>")
        words = blank.join(f'<{tag} class="{name}">{html.escape(p)}</{tag}>' for p in PARAGRAPHS)
        tail = self._of(
            f'<{tag} class="{name}">{html.escape(BYLINE)}</{tag}>'
            f"<{tag}>{html.escape(CONTACT)}</{tag}>",
            self._element(html.escape(BYLINE)) + self._element(html.escape(CONTACT)),
            self._element(html.escape(BYLINE)) + f"<footer>{html.escape(CONTACT)}</footer>",
        )
        return self._of(
            f"{header}{picture}{words}{tail}",
            f"{header}<div>{picture}{words}{tail}</div>",
            f"<header>{header}</header>{picture}<section>{words}</section>{tail}",
        )

    def _header(self) -> str:
        headline = self._element(html.escape(HEADLINE), "h1", "h2", "h3", "div", "x-head")
        deck = self._element(html.escape(DECK), "h2", "p", "div", "h4", "x-deck")
        posted, modified = f"Posted on : {STAMP}", f"Modified on : {CHANGED}"
        dates = self._of(
            self._element(f"{posted} {modified}"),
            self._element(f"<span>{posted}</span> <span>{modified}</span>"),
            f"<div>{posted}</div><div>{modified}</div>",
            f"<ul><li>{posted}</li><li>{modified}</li></ul>",
            f"<dl><dt>Posted on :</dt><dd>{STAMP}</dd>"
            f"<dt>Modified on :</dt><dd>{CHANGED}</dd></dl>",
        )
        return "".join(
            self._of(
                [headline, dates, deck],
                [dates, headline, deck],
                [headline, deck, dates],
                [deck, dates, headline],
            )
        )

    def _picture(self) -> str:
        caption = html.escape(CAPTION)
        image = f'<img src="{self._of(PICTURE, PICTURE.removeprefix("https:"))}" alt="{caption}">'
        return self._of(
            f"<figure>{image}<figcaption>{caption}</figcaption></figure>",
            f"<div>{image}<p>{caption}</p></div>",
            self._element(image, "div", "p") + self._element(caption, "div", "p", "x-cap"),
            f'<picture>{image}</picture><p class="q">{caption}</p>',
        )

    def _original(self) -> str:
        return (
            "<div>"
            + self._of(
                f'<a href="{ORIGINAL}">{BUTTON}</a>',
                f'<a href="{ORIGINAL}"><img src="/b.gif" alt="{BUTTON}"></a>',
                f'<button onclick="location.href=\'{ORIGINAL}\'" aria-label="{BUTTON}">KR</button>',
                f'<a href="{ORIGINAL}" title="{BUTTON}">Korean</a>',
                f'<form action="{ORIGINAL}"><input type="submit" value="{BUTTON}"></form>',
            )
            + "</div>"
        )

    def _list(self, heading: str, ids: Sequence[int]) -> str:
        links = [
            f'<a href="/arti/english_edition/e_national/{number}.html">{title(number)}</a>'
            for number in ids
        ]
        inner = self._of(
            "<ul>" + "".join(f"<li>{link}</li>" for link in links) + "</ul>",
            "".join(f"<div>{link}</div>" for link in links),
            "<ol>"
            + "".join(f"<li><span>{rank}</span> {link}</li>" for rank, link in enumerate(links, 1))
            + "</ol>",
        )
        return self._of(
            f"<div><h3>{heading}</h3>{inner}</div>",
            f"<div><div>{heading}</div>{inner}</div>",
            f"<div><strong>{heading}</strong>{inner}</div>",
            f"<div><p><b>{heading}</b></p>{inner}</div>",
            f'<section aria-label="{heading}">{inner}</section>',
        )


def title(number: int) -> str:
    """Return the invented headline of another story."""
    return f"What the harbor master wrote in log book {number}"
