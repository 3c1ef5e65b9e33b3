"""An article page's words to an article: the whole chain, a step a function.

:func:`begin` mends the words; each ``with_`` step reads one kind of value from them and gives
the article back with it, so that a pipeline can run one step each.  A value that cannot be read
is left out and reported in the article's problems; no step guesses.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hanicrawler.items import Article, Byline, Fetch, Image, Problem, ScrapedArticle, StoryLink
from hanicrawler.normalize.bylines import BylineError, read_byline
from hanicrawler.normalize.dates import read_dates
from hanicrawler.normalize.headlines import read_label
from hanicrawler.normalize.images import merge_images
from hanicrawler.normalize.text import (
    PARAGRAPH_BREAK,
    clean_line,
    mend,
    mend_line,
    mend_paragraphs,
    squeezed,
)
from hanicrawler.site import ArticleAddress, Edition, article_address

if TYPE_CHECKING:
    from collections.abc import Iterable


def normalise(scraped: ScrapedArticle, fetch: Fetch, *, address: ArticleAddress) -> Article:
    """Return the article that *scraped*, read from the page *fetch* brought, means.

    A pure function: the same page gives the same article.  Raises ValueError where headline
    or body is empty once mended.
    """
    # What begin() and each step after it give, made one article at the end: an article has
    # thirty fields, and to make a new one at every step costs more than the steps do.
    fields = _begun(scraped, fetch, address)
    url = fields["url"]
    fields["label"] = fields["label"] or read_label(fields["headline"])
    fields |= _dates(url, fetch, fields["published_text"], fields["modified_text"])
    fields["authors"], problems = _authors(url, fetch, fields["byline"], fields["authors"])
    fields["problems"] += problems
    fields["images"] = merge_images(fields["images"])
    fields |= _links(
        (address.edition, address.source_id),
        fields["original_url"],
        fields["related"],
        fields["most_viewed"],
    )
    return Article(**fields)


def begin(scraped: ScrapedArticle, fetch: Fetch, address: ArticleAddress) -> Article:
    """Return the article with its words mended and no value read from them yet.

    Two things have no field of their own and are kept where the steps find them: a label
    printed apart stands in ``label``, and the people a reporter box names in ``authors``, where
    they can be read and a byline stands beside.  The byline is the printed one, or else the
    box's words.  Raises ValueError where headline or body is empty once mended.
    """
    return Article(**_begun(scraped, fetch, address))


def _begun(scraped: ScrapedArticle, fetch: Fetch, address: ArticleAddress) -> dict[str, Any]:
    """Return what :func:`begin` does, a field of the article each."""
    url = address.url
    headline = mend_line(scraped.headline)
    words = clean_line(scraped.paragraphs)
    body = PARAGRAPH_BREAK.join(
        scraped.paragraphs if words is not None else mend_paragraphs(scraped.paragraphs)
    )
    if not headline or not body:
        raise ValueError(f"{url}: {'body' if headline else 'headline'} is empty")
    deck = _mended(scraped.deck)
    byline, box = _line(scraped.byline_text), _line(scraped.reporter_text)
    printed = byline or box
    return {
        "edition": address.edition,
        "source_id": address.source_id,
        "url": url,
        "section": address.section,
        "section_name": _line(scraped.section_name),
        "label": read_label("", scraped.label_text) if scraped.label_text else None,
        "headline": headline,
        "deck": deck,
        "body": body,
        "byline": printed,
        "authors": _box_authors(box) if byline and box else (),
        "published_text": _line(scraped.posted_text),
        "modified_text": _line(scraped.modified_text),
        "contact": _line(scraped.contact),
        "original_url": scraped.original_url,
        "images": tuple([_mend_image(image) for image in scraped.images]),
        "related": scraped.related,
        "most_viewed": scraped.most_viewed,
        "template": scraped.template,
        "layers": scraped.layers,
        "content_hash": _hash(headline, deck, words or squeezed(body), printed),
        "fetch": fetch,
        "problems": (),
    }


def with_label(article: Article) -> Article:
    """Return the article with its label: the one printed apart, or the headline's."""
    label = article.label or read_label(article.headline)
    return article if label == article.label else replace(article, label=label)


def with_dates(article: Article) -> Article:
    """Return the article with its dates; ``unreadable_date``, ``impossible_date``."""
    read = _dates(article.url, article.fetch, article.published_text, article.modified_text)
    return replace(article, **(read | {"problems": article.problems + read["problems"]}))


def _dates(url: str, fetch: Fetch, posted: str | None, modified: str | None) -> dict[str, Any]:
    read = read_dates(posted, modified, fetch.fetched_at)
    return {
        "published_at": read.published_at,
        "modified_at": read.modified_at,
        "problems": tuple(
            [_problem(url, fetch, problem.code, problem.error) for problem in read.problems]
        ),
    }


def with_authors(article: Article) -> Article:
    """Return the article with its authors; ``unread_byline`` where its byline is no byline.

    What the byline leaves out of a person (title, place, address) is filled from the reporter
    box's person of the same name, and the box's people stand for a byline that cannot be read.
    """
    if article.byline is None:
        return article
    authors, problems = _authors(article.url, article.fetch, article.byline, article.authors)
    return replace(article, authors=authors, problems=article.problems + problems)


def _authors(
    url: str, fetch: Fetch, byline: str | None, boxed: tuple[Byline, ...]
) -> tuple[tuple[Byline, ...], tuple[Problem, ...]]:
    if byline is None:
        return boxed, ()
    try:
        authors = read_byline(byline)
    except BylineError as error:
        return boxed, (_problem(url, fetch, "unread_byline", str(error)),)
    if boxed:
        box = {author.name: author for author in boxed}
        authors = tuple(_fill(who, box.get(who.name)) for who in authors)
    return authors, ()


def with_images(article: Article) -> Article:
    """Return the article with each picture once, and its credit read."""
    return replace(article, images=merge_images(article.images)) if article.images else article


def with_links(article: Article) -> Article:
    """Return the article with its links settled: canonical URL, edition and id.

    A story that stands twice in a list counts once, with the words of the first that has any;
    the article itself is no story related to it, but it may stand in a ranking.  A link to
    another site keeps its URL.  The Korean original's id is read where the link names one.
    """
    own = (article.edition, article.source_id)
    links = _links(own, article.original_url, article.related, article.most_viewed)
    return replace(article, **links)


def _links(
    own: tuple[Edition, int],
    original_url: str | None,
    related: tuple[StoryLink, ...],
    most_viewed: tuple[StoryLink, ...],
) -> dict[str, Any]:
    original_id = None
    if original_url and (address := article_address(original_url)):
        original_url = address.url
        original_id = address.source_id if address.edition == "ko" and address.key != own else None
    return {
        "related": tuple(
            [link for link in _settle(related) if (link.edition, link.source_id) != own]
        ),
        "most_viewed": _settle(most_viewed),
        "original_url": original_url,
        "original_source_id": original_id,
    }


def content_hash(headline: str, deck: str | None, body: str, byline: str | None) -> str:
    """Return the sha256, hexadecimal, of what the newspaper printed.

    White space does not count but that it parts words; every letter and mark does.  A missing
    part is the same as an empty one, and no text can pass from one part to the next unseen.
    """
    return _hash(headline, deck, squeezed(body), byline)


def _hash(headline: str, deck: str | None, body: bytes, byline: str | None) -> str:
    """Return :func:`content_hash` of a *body* that is squeezed."""
    head, below, signed = squeezed(headline), squeezed(deck or ""), squeezed(byline or "")
    parts = (len(head), head, len(below), below, len(body), body, len(signed), signed)
    return hashlib.sha256(b"%d:%b%d:%b%d:%b%d:%b" % parts).hexdigest()


def _line(text: str | None) -> str | None:
    return (mend_line(text) or None) if text else None


def _mended(text: str | None) -> str | None:
    return (mend(text) or None) if text else None


def _mend_image(image: Image) -> Image:
    caption = _mended(image.caption)
    return image if caption == image.caption else replace(image, caption=caption)


def _box_authors(box: str) -> tuple[Byline, ...]:
    try:
        return read_byline(box)
    except BylineError:
        return ()  # the byline stands beside it, and with_authors reports that one


def _fill(author: Byline, boxed: Byline | None) -> Byline:
    if boxed is None:
        return author
    return replace(
        author,
        role=author.role or boxed.role,
        place=author.place or boxed.place,
        email=author.email or boxed.email,
    )


def _settle(links: Iterable[StoryLink]) -> tuple[StoryLink, ...]:
    settled: dict[object, StoryLink] = {}
    for link in links:
        url, edition, source_id, key = _target(link.url)
        known = settled.get(key)
        if known is None:
            headline, listed = mend_line(link.headline), _line(link.listed_text)
            is_settled = (
                link.url == url
                and link.source_id == source_id
                and link.edition == edition
                and link.headline == headline
                and link.listed_text == listed
            )
            settled[key] = (
                link  # as nearly all are: settled by the parser, and clean
                if is_settled
                else StoryLink(
                    url=url,
                    headline=headline,
                    edition=edition,
                    source_id=source_id,
                    listed_text=listed,
                )
            )
        elif not known.headline and link.headline:
            settled[key] = replace(known, headline=mend_line(link.headline))
    return tuple(settled.values())


@lru_cache(maxsize=4096)  # the same ranking stands on every page of a run
def _target(url: str) -> tuple[str, Edition | None, int | None, object]:
    """Return what *url* names, and what all URLs of that have in common."""
    address = article_address(url)
    if address is None:
        return url, None, None, url
    return address.url, address.edition, address.source_id, address.key


def _problem(url: str, fetch: Fetch, code: str, error: str) -> Problem:
    return Problem(url=url, stage="normalise", code=code, error=error, seen_at=fetch.fetched_at)
