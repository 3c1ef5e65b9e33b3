"""From a capture to what a crawl would have told the database of that very response.

Pure: no network, no database, no clock.  Every time is the capture's own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from hanicrawler import pages
from hanicrawler.items import Discovered, Fetch, Problem, Ranking
from hanicrawler.normalize.article import normalise
from hanicrawler.normalize.dates import read_dates
from hanicrawler.pages import answers
from hanicrawler.pages.mapping import Mapping
from hanicrawler.site import (
    DOMAIN,
    article_address,
    entrance_of,
    is_same_page,
    section_address,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from hanicrawler.archives import Capture, Damage
    from hanicrawler.items import Kept, ScrapedArticle, Stage, StoryLink
    from hanicrawler.pages import ListPage
    from hanicrawler.pages.answers import Refusal
    from hanicrawler.site import ArticleAddress, Edition
    from hanicrawler.storage import Entry

    Reader = Callable[..., ScrapedArticle]

EDITIONS: Final[frozenset[Edition]] = frozenset({"en", "ko"})
"""The editions whose articles are read where nobody says which: those that a crawl fetches."""

_AS_IT_IS: Final = Mapping(None)


def wanted(url: str, editions: Collection[Edition] = EDITIONS) -> bool:
    """Tell whether a capture of *url* says anything: of an article, a list, a front or the feed.

    It is asked of every record of a news crawl, most of which are other sites'.
    """
    if DOMAIN not in url and DOMAIN not in url.lower():
        return False
    if address := article_address(url):
        return address.edition in editions
    if "en" not in editions:
        return False
    section = section_address(url)
    return section.edition == "en" if section else entrance_of(url) is not None


def entries_of(
    capture: Capture,
    mapping: Mapping = _AS_IT_IS,
    editions: Collection[Edition] = EDITIONS,
) -> list[Entry]:
    """Return what a crawl that got *capture* would have given the writer, in that order.

    *mapping* gives the site's own addresses where the capture came from another root.  Empty
    where nothing is to be learnt: of an address that is not :func:`wanted`, of a list that did
    not come, of an article's other address.
    """
    if address := article_address(capture.url):
        return _article(capture, address, mapping) if address.edition in editions else []
    if not wanted(capture.url, editions) or capture.is_revisit or not _has_page(capture):
        return []
    return _entrance(capture, mapping)


def crashed(capture: Capture) -> list[Entry]:
    """Return what is to be said of *capture*, whose reading ends the process that does it."""
    address = article_address(capture.url)
    if address is None:
        return [_problem(capture, capture.url, "discover", answers.CRASHED)]
    return _lost(capture, address, "parse", answers.CRASHED)


def damaged(damage: Damage, otherwise: datetime) -> Problem:
    """Return the problem that *damage* is; *otherwise* is its time where it says none.

    Its URL is that of the record, or ``file:NAME`` where that is not known.
    """
    url = damage.url or f"file:{damage.kept.file}"
    return Problem(
        url=url,
        stage="fetch",
        code=damage.code,
        error=f"{url}: {damage.reason} (at byte {damage.kept.offset} of {damage.kept.file})",
        seen_at=damage.at or otherwise,
        kept=damage.kept,
    )


def _article(capture: Capture, address: ArticleAddress, mapping: Mapping) -> list[Entry]:
    if capture.status == 304:
        return [_fetch(capture, address, body_hash=None)]
    # An archive may have seen an error page before, too.
    if capture.is_revisit and _has_page(capture):
        return [_fetch(capture, address, body_hash=capture.body_hash)]
    if not _has_page(capture):
        return _not_had(capture, address, mapping)
    body = mapping.page(capture.body, capture.url)
    try:
        scraped = pages.read_article(
            body,
            capture.url,
            charset=answers.charset_of(capture.content_type),
            content_type=capture.content_type,
        )
    except Exception as error:  # noqa: BLE001 (hostile pages: kept as a problem, as in a crawl)
        return _lost(capture, address, "parse", answers.unreadable(error))
    links = _stories((*scraped.related, *scraped.most_viewed), capture.at)
    body_hash = capture.body_hash or hashlib.sha256(capture.body).hexdigest()
    fetch = _fetch(capture, address, body_hash=body_hash)
    try:
        return [*links, normalise(scraped, fetch, address=address)]
    except Exception as error:  # noqa: BLE001 (likewise)
        words = " ".join(f"{type(error).__name__}: {error}".split())
        found = answers.Refusal("normaliser_failed", words)
        return [*links, *_lost(capture, address, "normalise", found)]


def _not_had(capture: Capture, address: ArticleAddress, mapping: Mapping) -> list[Entry]:
    """Return what is known of an article's address that answered without its page."""
    location = capture.location
    if location is not None and 300 <= capture.status < 400:
        location = mapping.url(location.strip(), capture.url)
        if is_same_page(capture.url, urljoin(capture.url, location)):
            return []
    return _lost(capture, address, "fetch", answers.refused(capture.status, location))


def _entrance(capture: Capture, mapping: Mapping) -> list[Entry]:
    """Return what a list, a front or the feed names."""
    url, entrance, section = capture.url, entrance_of(capture.url), section_address(capture.url)
    body = mapping.page(capture.body, url)
    # A section's list shows the ranking too; but a crawl takes it from the fronts alone.
    is_front = entrance == "front" or (section is not None and section.page is None)
    ranking: tuple[StoryLink, ...] = ()
    try:
        if entrance == "feed":
            stories = pages.read_feed(body, url).stories
        else:
            page = _list(body, capture, is_front=is_front)
            stories = page.stories
            ranking = page.most_viewed if is_front else ()
    except Exception as error:  # noqa: BLE001 (likewise)
        found = answers.unreadable(error)
        if found.code == "no_stories" and entrance is None:
            return []  # after the last page of a list, or in a section that has nothing yet
        return [_problem(capture, url, "discover", found)]
    entries = _stories((*stories, *ranking), capture.at)
    if ranking:
        edition = ranking[0].edition or "en"
        entries.append(Ranking(edition=edition, seen_at=capture.at, links=ranking))
    return entries


def _list(body: bytes, capture: Capture, *, is_front: bool) -> ListPage:
    page = pages.read_list(body, capture.url, charset=answers.charset_of(capture.content_type))
    return page if is_front and page.sections else pages.require_stories(page, capture.url)


def _stories(links: Iterable[StoryLink], at: datetime) -> list[Entry]:
    """Return the English articles that *links* name, each once, and not to be fetched."""
    found: dict[int | None, Entry] = {}
    for link in links:
        if link.edition != "en":
            continue
        number, listed = link.source_id, link.listed_text
        if listed is None and number in found:
            continue
        found[number] = Discovered(
            url=link.url,
            kind="article",
            discovered_at=at,
            listed_at=_moment(listed, at) if listed else None,
        )
    return list(found.values())


def _moment(text: str, at: datetime) -> datetime | None:
    return read_dates(text, None, at).published_at


def _fetch(capture: Capture, address: ArticleAddress, *, body_hash: str | None) -> Fetch:
    return Fetch(
        url=address.url,
        kind="article",
        fetched_at=capture.at,
        status=capture.status,
        etag=capture.etag,
        last_modified=capture.last_modified,
        body_hash=body_hash,
        kept=_page_kept(capture),
        revisit_of=capture.revisit_of,
    )


def _lost(capture: Capture, address: ArticleAddress, stage: Stage, why: Refusal) -> list[Entry]:
    """Return that *capture* gave no article: its fetch is one that failed, and the problem."""
    unread = Fetch(
        url=address.url,
        kind="article",
        fetched_at=capture.at,
        status=capture.status,
        kept=_page_kept(capture),
    )
    return [unread, _problem(capture, address.url, stage, why)]


def _problem(capture: Capture, url: str, stage: Stage, why: Refusal) -> Problem:
    return Problem(
        url=url,
        stage=stage,
        code=why.code,
        error=f"{url}: {why.reason}",
        seen_at=capture.at,
        kept=capture.kept,
    )


def _page_kept(capture: Capture) -> Kept | None:
    """Return where the page is kept; None where the answer was none."""
    return capture.kept if capture.status == 200 else None


def _has_page(capture: Capture) -> bool:
    return 200 <= capture.status < 300
