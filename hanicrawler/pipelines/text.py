"""First step: the article's text, and which article it is."""

from __future__ import annotations

from hanicrawler.items import ReadPage


class Text:
    """Makes an article of a page that was read: its headline, label, deck and body."""

    def process_item(self, item: object) -> object:
        if not isinstance(item, ReadPage):
            return item
        from hanicrawler.normalize.article import begin, with_label

        return with_label(begin(item.scraped, item.fetch, item.address))
