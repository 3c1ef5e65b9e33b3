"""Third step: who wrote the article."""

from __future__ import annotations

from hanicrawler.items import Article


class Bylines:
    """Reads the printed byline."""

    def process_item(self, item: object) -> object:
        if not isinstance(item, Article):
            return item
        from hanicrawler.normalize.article import with_authors

        return with_authors(item)
