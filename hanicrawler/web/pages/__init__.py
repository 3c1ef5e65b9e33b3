"""The pages: each a function of the archive and of what is asked, without HTML and without SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hanicrawler.web.pages.article import article, history
from hanicrawler.web.pages.authors import author, authors
from hanicrawler.web.pages.changes import edits, translations
from hanicrawler.web.pages.dates import dates
from hanicrawler.web.pages.front import front
from hanicrawler.web.pages.search import search
from hanicrawler.web.pages.trends import trends

if TYPE_CHECKING:
    from hanicrawler.web.shown import Page

PAGES: Final[tuple[tuple[str, Page], ...]] = (
    ("/", front),
    ("/article/(?P<which>[^/]+)", article),
    ("/article/(?P<which>[^/]+)/history", history),
    ("/author", author),
    ("/authors", authors),
    ("/dates", dates),
    ("/edits", edits),
    ("/search", search),
    ("/translations", translations),
    ("/trends", trends),
)
"""The address of each page, a pattern, and its function."""
