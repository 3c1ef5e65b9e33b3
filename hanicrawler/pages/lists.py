"""List pages and fronts: which stories, sections and further pages they name.

Every form is read in one way: a story is a link to an article, wherever it stands.  A list's
own stories are told from the sidebars by their headings; the order is the page's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hanicrawler.pages.charset import decode
from hanicrawler.pages.document import Document
from hanicrawler.pages.errors import PageError
from hanicrawler.pages.languages import require_edition
from hanicrawler.pages.storylists import listed_dates, story_of
from hanicrawler.pages.tail import Tail
from hanicrawler.site import section_address

if TYPE_CHECKING:
    from hanicrawler.items import StoryLink


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What a front, a section's front or a list page names."""

    stories: tuple[StoryLink, ...]
    """The page's stories in order, each once; a ranking of most viewed stories is not among
    them unless the page prints its stories elsewhere too."""
    sections: tuple[str, ...]
    """Absolute URLs of the section fronts and list pages of the site that the page links."""
    pages: tuple[str, ...]
    """Those of *sections* which are list pages of the section the page itself belongs to."""
    most_viewed: tuple[StoryLink, ...]


def read_list(
    body: bytes, url: str, *, charset: str | None = None, content_type: str | None = None
) -> ListPage:
    """Return what the list page or front *body* at *url* names.

    A list past its end names no story: that is an empty page, no error.

    Raises PageError where *body* is no readable page (``empty``, ``not_html``, ``too_deep``), or
    another edition's than *url* (``wrong_language``).
    """
    document = Document(decode(body, url, charset=charset, content_type=content_type), url)
    tail = Tail(document)
    found: dict[str, StoryLink] = {}
    for link in document.links:
        if (
            not tail.most_viewed_region.holds(link)
            and (story := story_of(document, link)) is not None
        ):
            known = found.get(story.url)
            if known is None or not known.headline:
                found[story.url] = story
    require_edition(url, found.values())
    dates = listed_dates(document)
    listed = tuple(replace(story, listed_text=dates.get(story.url)) for story in found.values())
    sections, pages = _sections(document)
    return ListPage(stories=listed, sections=sections, pages=pages, most_viewed=tail.most_viewed)


def require_stories(page: ListPage, url: str) -> ListPage:
    """Return *page*; raise PageError (``no_stories``) where it names no story."""
    if not page.stories:
        raise PageError("no_stories", url, "no link to an article on the page")
    return page


def _sections(document: Document) -> tuple[tuple[str, ...], tuple[str, ...]]:
    own = section_address(document.url)
    sections: dict[str, None] = {}
    pages: dict[str, None] = {}
    for link in document.links:
        url = document.absolute(link.href)
        address = section_address(url) if url else None
        if url is None or address is None:
            continue
        url = url.partition("#")[0]
        sections[url] = None
        if (
            own
            and address.page
            and (address.edition, address.section) == (own.edition, own.section)
        ):
            pages[url] = None
    return tuple(sections), tuple(pages)
