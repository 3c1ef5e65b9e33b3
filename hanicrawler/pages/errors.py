"""What goes wrong when a page is read."""

from __future__ import annotations


class PageError(Exception):
    """Raised by every reader of this room for a page that cannot be used.

    The message is one line: the URL, then what is wrong.
    """

    #: A short stable word to group by: ``no_headline``, ``no_date``, ``no_body``,
    #: ``not_html``, ``empty``, ``undecodable``, ``cut_off``, ``too_deep``,
    #: ``not_an_article``, ``not_a_feed``, ``no_stories``, ``wrong_language``.
    code: str
    url: str
    #: What is wrong, without the URL.
    reason: str

    def __init__(self, code: str, url: str, reason: str) -> None:
        super().__init__(f"{url}: {reason}")
        self.code = code
        self.url = url
        self.reason = reason
