"""Fifth step: what the article is linked to."""

from __future__ import annotations

from hanicrawler.items import Article


class Links:
    """Settles related stories, rankings and the Korean original."""

    def process_item(self, item: object) -> object:
        if not isinstance(item, Article):
            return item
        from hanicrawler.normalize.article import with_links

        return with_links(item)
