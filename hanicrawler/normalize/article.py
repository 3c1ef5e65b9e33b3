"""An article page's words to an article: the whole chain, a step a function.

:func:`begin` mends the words; each ``with_`` step reads one kind of value from them and gives
the article back with it, so that a pipeline can run one step each.  A value that cannot be read
is left out and reported in the article's problems; no step guesses.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hanicrawler.items import Article, Byline, Fetch, Image, Problem, ScrapedArticle, StoryLink
from hanicrawler.normalize.bylines import BylineError, read_byline
from hanicrawler.normalize.dates import read_dates
from hanicrawler.normalize.headlines import read_label
from hanicrawler.normalize.images import merge_images
from hanicrawler.normalize.text import mend, mend_line, mend_paragraphs
from hanicrawler.site import ArticleAddress, Edition, article_address

if TYPE_CHECKING:
    from collections.abc import Iterable

PARAGRAPH_BREAK: Final = "\n\n"


def normalise(scraped: ScrapedArticle, fetch: Fetch, *, address: ArticleAddress) -> Article:
    """Return the article that *scraped*, read from the page *fetch* brought, means.

    A pure function: the same page gives the same article.  Raises ValueError where headline
    or body is empty once mended.
    """
    article = begin(scraped, fetch, address)
    for step in (with_label, with_dates, with_authors, with_images, with_links):
        article = step(article)
    return article


def begin(scraped: ScrapedArticle, fetch: Fetch, address: ArticleAddress) -> Article:
    """Return the article with its words mended and no value read from them yet.

    Two things have no field of their own and are kept where the steps find them: a label
    printed apart stands in ``label``, and the people a reporter box names in ``authors``, where
    they can be read and a byline stands beside.  The byline is the printed one, or else the
    box's words.  Raises ValueError where headline or body is empty once mended.
    """
    headline = mend_line(scraped.headline)
    body = PARAGRAPH_BREAK.join(mend_paragraphs(scraped.paragraphs))
    if not headline or not body:
        raise ValueError(f"{address.url}: {'body' if headline else 'headline'} is empty")
    deck = _mended(scraped.deck)
    byline, box = _line(scraped.byline_text), _line(scraped.reporter_text)
    printed = byline or box
    return Article(
        edition=address.edition,
        source_id=address.source_id,
        url=address.url,
        section=address.section,
        section_name=_line(scraped.section_name),
        label=read_label("", scraped.label_text),
        headline=headline,
        deck=deck,
        body=body,
        byline=printed,
        authors=_box_authors(box) if byline and box else (),
        published_text=_line(scraped.posted_text),
        modified_text=_line(scraped.modified_text),
        contact=_line(scraped.contact),
        original_url=scraped.original_url,
        images=tuple(_mend_image(image) for image in scraped.images),
        related=scraped.related,
        most_viewed=scraped.most_viewed,
        template=scraped.template,
        layers=scraped.layers,
        content_hash=content_hash(headline, deck, body, printed),
        fetch=fetch,
    )


def with_label(article: Article) -> Article:
    """Return the article with its label: the one printed apart, or the headline's."""
    label = article.label or read_label(article.headline)
    return article if label == article.label else replace(article, label=label)


def with_dates(article: Article) -> Article:
    """Return the article with its dates; ``unreadable_date``, ``impossible_date``."""
    read = read_dates(article.published_text, article.modified_text, article.fetch.fetched_at)
    return replace(
        article,
        published_at=read.published_at,
        modified_at=read.modified_at,
        problems=(
            *article.problems,
            *(_problem(article, problem.code, problem.error) for problem in read.problems),
        ),
    )


def with_authors(article: Article) -> Article:
    """Return the article with its authors; ``unread_byline`` where its byline is no byline.

    What the byline leaves out of a person (title, place, address) is filled from the reporter
    box's person of the same name, and the box's people stand for a byline that cannot be read.
    """
    if article.byline is None:
        return article
    try:
        authors = read_byline(article.byline)
    except BylineError as error:
        problem = _problem(article, "unread_byline", str(error))
        return replace(article, problems=(*article.problems, problem))
    box = {author.name: author for author in article.authors}
    return replace(article, authors=tuple(_fill(who, box.get(who.name)) for who in authors))


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
    original_url, original_id = article.original_url, None
    if original_url and (address := article_address(original_url)):
        original_url = address.url
        original_id = address.source_id if address.edition == "ko" and address.key != own else None
    return replace(
        article,
        related=tuple(
            link for link in _settle(article.related) if (link.edition, link.source_id) != own
        ),
        most_viewed=_settle(article.most_viewed),
        original_url=original_url,
        original_source_id=original_id,
    )


def content_hash(headline: str, deck: str | None, body: str, byline: str | None) -> str:
    """Return the sha256, hexadecimal, of what the newspaper printed.

    White space does not count but that it parts words; every letter and mark does.  A missing
    part is the same as an empty one, and no text can pass from one part to the next unseen.
    """
    digest = hashlib.sha256()
    for text in (headline, deck, body, byline):
        words = _squeezed(text or "").encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(words))
        digest.update(words)
    return digest.hexdigest()


def _squeezed(text: str) -> str:
    """Return *text* with its runs of white space as one space, none at the ends.

    Mended text has spaces and line feeds only, and is squeezed three times as fast so.
    """
    line = text.replace("\n", " ")
    while "  " in line:
        line = line.replace("  ", " ")
    return line.strip(" ") if line.isprintable() else " ".join(text.split())


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
        url, edition, source_id = _target(link.url)
        key = (edition, source_id or url)
        known = settled.get(key)
        if known is None:
            settled[key] = StoryLink(
                url=url,
                headline=mend_line(link.headline),
                edition=edition,
                source_id=source_id,
                listed_text=_line(link.listed_text),
            )
        elif not known.headline and link.headline:
            settled[key] = replace(known, headline=mend_line(link.headline))
    return tuple(settled.values())


@lru_cache(maxsize=4096)  # the same ranking stands on every page of a run
def _target(url: str) -> tuple[str, Edition | None, int | None]:
    address = article_address(url)
    return (address.url, address.edition, address.source_id) if address else (url, None, None)


def _problem(article: Article, code: str, error: str) -> Problem:
    return Problem(
        url=article.url,
        stage="normalise",
        code=code,
        error=error,
        seen_at=article.fetch.fetched_at,
    )
