"""What each problem's code means, and what to do about it.

A test compares the table with the codes that the program can produce.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """A code in words."""

    what: str
    """What it means."""
    todo: str
    """What to do about it."""


_PARSER: Final = "If the page is an article to your eyes, report it; --body ID has its bytes."
_AGAIN: Final = "--retry asks for it again, and so does a later run."
_COPY: Final = "What was good is stored. Is there another copy? Read that; else mark it as done."
_STORED: Final = "The article is stored without it, the words as printed beside it."

REASONS: Final[dict[tuple[str, str], Reason]] = {
    # What the parser says of a page.
    ("parse", "empty"): Reason("The page came without anything in it.", _AGAIN),
    ("parse", "not_html"): Reason("What came is no page but a file or data.", _AGAIN),
    ("parse", "undecodable"): Reason(
        "The text is not in the charset that the page claims.", _PARSER
    ),
    ("parse", "cut_off"): Reason("The page ends in the middle.", _AGAIN),
    ("parse", "too_deep"): Reason(
        "The page's elements lie deeper in each other than any real page's.", _PARSER
    ),
    ("parse", "not_an_article"): Reason(
        "The page at an article's address is none: no headline and no date on it.",
        "An error page is the site's affair: --retry later. " + _PARSER,
    ),
    ("parse", "wrong_language"): Reason(
        "The page is in another language than its address says.", _AGAIN
    ),
    ("parse", "no_headline"): Reason("The page has no headline that could be found.", _PARSER),
    ("parse", "no_date"): Reason("The page has no date that could be found.", _PARSER),
    ("parse", "no_body"): Reason("The page has no text that could be found.", _PARSER),
    ("parse", "parser_failed"): Reason(
        "hanicrawler's parser failed on the page.", "Report it; after a fix --retry reads it."
    ),
    ("parse", "parser_crashed"): Reason(
        "The page ended the process that read it.", "Report it; after a fix --retry reads it."
    ),
    ("parse", "spider_failed"): Reason(
        "hanicrawler failed on what the page names.", "Report it; after a fix --retry reads it."
    ),
    # What the words of a page say.
    ("normalise", "unreadable_date"): Reason(
        "A printed date is in a form that is not known.", _STORED
    ),
    ("normalise", "impossible_date"): Reason(
        "A printed date is impossible: before the newspaper's first day, in the future, or"
        " changed before posted.",
        _STORED,
    ),
    ("normalise", "unread_byline"): Reason(
        "The line where the byline stands reads like none.", _STORED
    ),
    ("normalise", "normaliser_failed"): Reason(
        "hanicrawler failed on the page's words.", "Report it; after a fix --retry reads it."
    ),
    # Feeds, fronts and lists.
    ("discover", "empty"): Reason("A feed or list came without anything in it.", _AGAIN),
    ("discover", "not_html"): Reason("What came is no list but a file or data.", _AGAIN),
    ("discover", "undecodable"): Reason("A list is not in the charset it claims.", _PARSER),
    ("discover", "too_deep"): Reason("A list's elements lie too deep in each other.", _PARSER),
    ("discover", "wrong_language"): Reason("What came is another edition's feed or list.", _AGAIN),
    ("discover", "not_a_feed"): Reason("What came at the feed's address is no feed.", _AGAIN),
    ("discover", "no_stories"): Reason(
        "A list names no article.", "Look at it: has the site changed its lists?"
    ),
    ("discover", "parser_failed"): Reason("hanicrawler failed on a list.", "Report it."),
    ("discover", "list_repeats"): Reason(
        "A list shows the same page again before the day asked for was reached.",
        "hanicrawler coverage names the gap.",
    ),
    # What became of a request.
    ("fetch", "timeout"): Reason("No answer came in time.", _AGAIN),
    ("fetch", "connection_failed"): Reason("The connection was refused or broke.", _AGAIN),
    ("fetch", "dns_failed"): Reason(
        "The host's name was not found.", "Does this machine resolve names? " + _AGAIN
    ),
    ("fetch", "tls_failed"): Reason(
        "No secure connection: the site's certificate, or this machine's clock.", _AGAIN
    ),
    ("fetch", "truncated"): Reason("The page was cut off on its way.", _AGAIN),
    ("fetch", "too_large"): Reason(
        "The page is larger than any real one.",
        "If it is an article that came from the site, raise DOWNLOAD_MAXSIZE.",
    ),
    ("fetch", "undecodable"): Reason("The page could not be decompressed.", _AGAIN),
    ("fetch", "robots_forbidden"): Reason(
        "robots.txt forbids the address.", "Nothing: mark it as done with --resolve."
    ),
    ("fetch", "redirected"): Reason(
        "The address leads to another page, which is not that article.",
        "The article was taken away or moved: mark it as done with --resolve.",
    ),
    ("fetch", "redirect_loop"): Reason("The address leads in circles.", _AGAIN),
    ("fetch", "given_up"): Reason(
        "Crawlers that share a crawl ended while they were at it, again and again.",
        "Does the page end them? Report it; --retry asks for it again.",
    ),
    ("fetch", "fetch_failed"): Reason("The fetch failed in another way.", _AGAIN),
    # What became of a record of an archive.
    ("fetch", "cut_off"): Reason("The archive ends in the middle of a record.", _COPY),
    ("fetch", "damaged_record"): Reason("A record of the archive is damaged.", _COPY),
    ("fetch", "unreadable"): Reason("A part of the archive could not be read.", _COPY),
    ("fetch", "not_read"): Reason(
        "A file of the folder is in a form that is not read.", "Convert it, and read it again."
    ),
    ("fetch", "no_url"): Reason(
        "A saved page does not say which page it is.",
        "Is its path its address, english.hani.co.kr/arti/...? Else nothing.",
    ),
    ("fetch", "no_date"): Reason(
        "What is kept does not say when it came.", "Nothing: without a time it cannot be placed."
    ),
    # What the database says.
    ("store", "refused"): Reason(
        "The database refuses what was read.", "Report it; after a fix --retry asks for it again."
    ),
}

STATUSES: Final[dict[str, Reason]] = {
    "404": Reason(
        "The site has no such page.", "Nothing, where it was taken away: mark it with --resolve."
    ),
    "410": Reason("The site says that the page is gone for good.", "Mark it with --resolve."),
    "403": Reason(
        "The site refuses the page to us.", "Is the crawler unwelcome? See the site in a browser."
    ),
    "429": Reason("The site asked for fewer requests.", "Wait; a later run asks again."),
    "5xx": Reason("The site's server failed.", _AGAIN),
    "3xx": Reason("The site sent a redirect without a target.", _AGAIN),
    "other": Reason("The site answered with an error.", _AGAIN),
}
"""By HTTP status: the code ``http_NNN``."""

UNKNOWN: Final = Reason("Another hanicrawler, newer or older, noted this.", _AGAIN)
_HTTP: Final = re.compile(r"http_(\d)(\d\d)")


def explain(stage: str, code: str) -> Reason:
    """Return what the problem *code* of *stage* means; a code that is not known has words too."""
    if status := _HTTP.fullmatch(code):
        kinds = (f"{status[1]}{status[2]}", f"{status[1]}xx")
        return next((STATUSES[kind] for kind in kinds if kind in STATUSES), STATUSES["other"])
    return REASONS.get((stage, code), UNKNOWN)
