"""Bytes to items: pure, no network, no database, no clock.

What reads a page is imported when it is first asked for, as ``pages.read_article``: a scheduled
run that finds nothing new reads none, and would spend a twelfth of its time on the import.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.errors import PageError

if TYPE_CHECKING:
    from hanicrawler.pages.article import read_article
    from hanicrawler.pages.feeds import FeedPage, read_feed
    from hanicrawler.pages.lists import ListPage, read_list, require_stories

__all__ = [
    "FeedPage",
    "ListPage",
    "PageError",
    "read_article",
    "read_feed",
    "read_list",
    "require_stories",
]

_HOMES: Final = {
    "FeedPage": "feeds",
    "ListPage": "lists",
    "read_article": "article",
    "read_feed": "feeds",
    "read_list": "lists",
    "require_stories": "lists",
}

if not TYPE_CHECKING:  # with it, a type checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Import *name*; the next time it is there."""
        if (home := _HOMES.get(name)) is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
        return found
