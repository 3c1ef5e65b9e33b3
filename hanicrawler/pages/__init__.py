"""Bytes to items: pure, no network, no database, no clock."""

from hanicrawler.pages.article import read_article
from hanicrawler.pages.errors import PageError
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
