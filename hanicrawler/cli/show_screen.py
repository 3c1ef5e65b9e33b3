"""An article on a terminal: set in one column of a width that reads well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.text import Text

from hanicrawler.cli.screen import console, kst, many, paged, plain, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from rich.console import Console

    from hanicrawler.ask import FullArticle, Picture, RelatedStory, Signature

WIDTH: Final = 80
"""Columns: longer lines are hard to read."""
MOST_NAMED_BY: Final = 10
"""How many of those that name it are listed; --json has more."""
ORIGINAL: Final = "Korean original"


def show(article: FullArticle) -> None:
    """Print *article*, in a pager where it is longer than the terminal."""
    out = console()
    out.width = min(out.width, WIDTH)
    with paged(out):
        _head(out, article)
        for paragraph in article.paragraphs:
            out.print()
            wrapped(out, paragraph)
        _pictures(out, article.images)
        _stories(out, "Related stories", article.related)
        _named_by(out, article)
        _translation(out, article)
        _foot(out, article)


def _head(out: Console, article: FullArticle) -> None:
    section = article.section_name or article.section
    wrapped(out, " · ".join(filter(None, (section, article.label))), style="dim")
    wrapped(out, article.headline, style="bold")
    if article.deck:
        wrapped(out, article.deck, style="italic")
    out.print()
    if signed := _signed(article):
        wrapped(out, signed)
    wrapped(out, f"Posted {_both(article.published_at, article.published_text)}", style="dim")
    if article.modified_at:
        wrapped(out, f"Changed {_both(article.modified_at, None)}", style="dim")
    if article.revision != article.revisions:
        words = f"Version {article.revision} of {article.revisions}, not the newest."
        wrapped(out, words, style="yellow")
    elif article.revisions > 1:
        words = f"Edited: {many(article.revisions, 'version')}; hanicrawler history {article.id}"
        wrapped(out, words, style="yellow")
    if article.gone_at:
        words = f"Gone from the site; noticed {_both(article.gone_at, None)}."
        wrapped(out, words, style="red")


def _signed(article: FullArticle) -> str | None:
    """Return who signed *article*: names and roles, or as printed for an earlier version."""
    if article.revision == article.revisions and article.authors:
        return "By " + "; ".join(_signature(author) for author in article.authors)
    return article.byline


def _signature(author: Signature) -> str:
    role = author.role
    if author.place and author.place not in (role or ""):
        role = f"{role} in {author.place}" if role else f"in {author.place}"
    email = f" [{author.email}]" if author.email else ""
    return f"{author.name}{f', {role}' if role else ''}{email}"


def _pictures(out: Console, images: Sequence[Picture]) -> None:
    for picture in images:
        out.print()
        wrapped(out, picture.caption or "without a caption", lead="Picture  ", style="italic")
        if picture.credit and picture.credit not in (picture.caption or ""):
            wrapped(out, picture.credit, lead="     by  ")
        _address(out, picture.url, by=9)


def _stories(out: Console, heading: str, stories: Sequence[RelatedStory]) -> None:
    if not stories:
        return
    out.print()
    out.print(Text(heading, style="bold"))
    for story in stories:
        number = "-" if story.id is None else story.id
        day = kst(story.published_at)[:10] if story.published_at else ""
        wrapped(out, story.headline or "(not stored)", lead=f"{number:>7}  {day:10}  ")
        if story.id is None:
            _address(out, story.url, by=21)


def _named_by(out: Console, article: FullArticle) -> None:
    _stories(out, "Named by", article.named_by[:MOST_NAMED_BY])
    more = article.named_by_total - min(len(article.named_by), MOST_NAMED_BY)
    if more > 0:
        rest = f"and {many(more, 'more article')}: hanicrawler related {article.id} --named-by"
        wrapped(out, rest, lead=" " * 9)


def _translation(out: Console, article: FullArticle) -> None:
    if article.original:
        _stories(out, ORIGINAL, [article.original])
    _stories(out, "Translated as", article.translations)


def _foot(out: Console, article: FullArticle) -> None:
    out.print()
    if article.contact:
        wrapped(out, article.contact)
    _address(out, article.url)
    name = f"{article.edition}:{article.source_id}"
    read = f"Article {article.id}, {name}; last seen {kst(article.last_seen_at)} KST."
    wrapped(out, read, style="dim")


def _address(out: Console, url: str, by: int = 0) -> None:
    # In one piece, however long: it is there to be copied.
    out.print(Text(f"{' ' * by}{plain(url)}", style="cyan"), soft_wrap=True)


def _both(moment: datetime | None, printed: str | None) -> str:
    """Return *moment* by the clocks of Korea and of UTC, else the date as printed."""
    if moment is None:
        return f"{printed} (as printed)" if printed else "on an unknown day"
    utc = f"{moment:%H:%M}" if kst(moment)[:10] == f"{moment:%Y-%m-%d}" else f"{moment:%m-%d %H:%M}"
    return f"{kst(moment)} KST ({utc} UTC)"
