"""Who writes: the authors, and one of them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from hanicrawler.web import charts
from hanicrawler.web.kept import kept
from hanicrawler.web.shown import Asked, NotHere, Shown, address
from hanicrawler.web.wording import many

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.ask import Archive, Author, MonthCount
    from hanicrawler.storage.signers import SignerOrder

AUTHORS: Final = 60
ARTICLES: Final = 25
COSIGNERS: Final = 12
FEWEST: Final = 3
"""Of fewer articles a chart says nothing."""
LONGEST: Final = 200
_ORDERS: Final[tuple[SignerOrder, ...]] = ("articles", "newest", "name")


def authors(archive: Archive, asked: Asked) -> Shown:
    """List authors: those with the most articles, or those with some letters in their names."""
    part = asked.one("name").replace("\0", "")[:LONGEST]
    order: SignerOrder = next((each for each in _ORDERS if each == asked.one("order")), "articles")
    found = kept(
        archive,
        ("authors", part, order),
        lambda: archive.authors(match=part or None, order=order, limit=AUTHORS),
    )
    return Shown(
        "authors.html",
        {
            "authors": found,
            "most": max((one.articles for one in found), default=1),
            "order": order,
            "orders": _ORDERS,
            "part": part,
            "names": archive.section_names(),
        },
    )


def author(archive: Archive, asked: Asked) -> Shown:
    """Show an author: as what and where, with whom, when, and what (``?name=Jung E-gil``)."""
    name, language = asked.one("name"), asked.one("language") or None
    after = asked.one("after") or None
    try:
        found = archive.author(name, language=language)
        articles = archive.articles_by(found, limit=ARTICLES, after=after)
    except (LookupError, ValueError) as error:
        raise NotHere(str(error)) from error
    following = address("/author", name=name, language=language, after=articles.next)
    return Shown(
        "author.html",
        {
            "author": found,
            "articles": articles.rows,
            "next": following if articles.next else None,
            "first_page": after is None,
            "names": archive.section_names(),
            "cosigners": found.cosigners[:COSIGNERS],
            "chart": _chart(found),
        },
    )


def _chart(author: Author) -> charts.Columns | None:
    if author.articles < FEWEST or not author.months:
        return None
    return charts.columns(_years(author.name, author.months))


def _years(name: str, months: Sequence[MonthCount]) -> list[charts.Column]:
    """Return a column for each year from the first to the last; for each month of a single one."""
    first, last = months[0].month, months[-1].month
    if first.year == last.year:
        spans = [date(first.year, month, 1) for month in range(1, 13)]
        counted = {one.month: one.articles for one in months}
        return [
            _column(name, span, f"{span:%b}", f"{span:%B %Y}", counted.get(span, 0))
            for span in spans
        ]
    sums: dict[int, int] = {}
    for one in months:
        sums[one.month.year] = sums.get(one.month.year, 0) + one.articles
    return [
        _column(name, date(year, 1, 1), str(year), str(year), sums.get(year, 0), whole_year=True)
        for year in range(first.year, last.year + 1)
    ]


def _column(
    name: str, first: date, label: str, said: str, articles: int, *, whole_year: bool = False
) -> charts.Column:
    last = date(first.year, 12, 31) if whole_year else charts.last_day_of_month(first)
    return charts.Column(
        label=label,
        words=f"{said}: {many(articles, 'article')}",
        link=address("/search", author=name, since=first, until=last),
        parts=(0, articles),
    )
