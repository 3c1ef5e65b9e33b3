"""Fourth step: the article's pictures."""

from __future__ import annotations

from hanicrawler.items import Article


class Images:
    """Reads captions and credits."""

    def process_item(self, item: object) -> object:
        if not isinstance(item, Article):
            return item
        from hanicrawler.normalize.article import with_images

        return with_images(item)
