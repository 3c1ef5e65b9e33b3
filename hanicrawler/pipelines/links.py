"""Fifth step: what the article is linked to."""

from __future__ import annotations

from hanicrawler.items import Article
from hanicrawler.normalize.article import with_links


class Links:
    """Settles related stories, rankings and the Korean original."""

    def process_item(self, item: object) -> object:
        return with_links(item) if isinstance(item, Article) else item
