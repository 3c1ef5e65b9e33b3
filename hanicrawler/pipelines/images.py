"""Fourth step: the article's pictures."""

from __future__ import annotations

from hanicrawler.items import Article
from hanicrawler.normalize.article import with_images


class Images:
    """Reads captions and credits."""

    def process_item(self, item: object) -> object:
        return with_images(item) if isinstance(item, Article) else item
