"""Second step: when the article was posted and modified."""

from __future__ import annotations

from hanicrawler.items import Article


class Dates:
    """Reads the printed dates."""

    def process_item(self, item: object) -> object:
        if not isinstance(item, Article):
            return item
        from hanicrawler.normalize.article import with_dates

        return with_dates(item)
