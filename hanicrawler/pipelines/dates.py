"""Second step: when the article was posted and modified."""

from __future__ import annotations

from hanicrawler.items import Article
from hanicrawler.normalize.article import with_dates


class Dates:
    """Reads the printed dates."""

    def process_item(self, item: object) -> object:
        return with_dates(item) if isinstance(item, Article) else item
