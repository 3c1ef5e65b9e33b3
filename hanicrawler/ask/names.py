"""How people name an article: by its row, by the site's own number, by its address."""

from __future__ import annotations

import re
from typing import Final

from hanicrawler.ask.errors import BadName
from hanicrawler.site import EDITIONS, ArticleAddress, article_address

HOW: Final = "write its id (12), en:1218660 or its URL"

_NUMBER: Final = re.compile(r"\d+", re.ASCII)
_KEY: Final = re.compile(rf"({'|'.join(EDITIONS)}):(\d+)", re.ASCII | re.IGNORECASE)
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*hani\.co\.kr/", re.ASCII | re.IGNORECASE)
_LONGEST_SHOWN: Final = 100
_MOST_DIGITS: Final = 18
"""No row has a longer number: SQLite's greatest has 19 digits."""


def read_name(which: str | int) -> int | ArticleAddress:
    """Return what *which* names: ``articles.id``, or an article of the site.

    An id is a number, or its digits.  An article of the site is ``en:1218660`` (edition and the
    site's number) or its URL in any form, the scheme may be missing.  Raises BadName.
    """
    if isinstance(which, bool) or not isinstance(which, str | int):
        raise BadName(f"{_shown(which)} names no article: {HOW}")
    text = str(which).strip()
    if _NUMBER.fullmatch(text):
        return int(text) if len(text) <= _MOST_DIGITS else 0
    if key := _KEY.fullmatch(text):
        number = int(key[2]) if len(key[2]) <= _MOST_DIGITS else 0
        edition = next(each for each in EDITIONS if each == key[1].lower())
        return ArticleAddress(edition, None, number)
    if address := article_address(f"https://{text}" if _HOST.match(text) else text):
        return address
    raise BadName(f"{_shown(which)} names no article: {HOW}")


def _shown(which: object) -> str:
    text = repr(which)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."
