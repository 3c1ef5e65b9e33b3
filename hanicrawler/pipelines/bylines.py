"""Third step: who wrote the article."""

from __future__ import annotations

from hanicrawler.items import Article
from hanicrawler.normalize.article import with_authors


class Bylines:
    """Reads the printed byline."""

    def process_item(self, item: object) -> object:
        return with_authors(item) if isinstance(item, Article) else item
