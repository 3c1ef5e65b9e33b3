"""What an answer of the site says beside its page: the words for it, whoever received it.

A crawl and whoever reads an archive call the same thing by the same name.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from hanicrawler.pages.errors import PageError

GONE: Final = frozenset({404, 410})
"""The statuses by which the site says that there is no such page."""


class Refusal(NamedTuple):
    """Why an answer gave no page, or a page nothing."""

    code: str
    """A short stable word: ``http_404``, ``redirected``, ``no_headline``, ``parser_failed`` ..."""
    reason: str
    """One line, without the URL."""


CRASHED: Final = Refusal("parser_crashed", "the page ends the process that reads it")
"""Of a page that cannot be read in any process."""


def refused(status: int, location: str | None = None) -> Refusal:
    """Return what an answer with *status*, which is no page, is called.

    *location* is its Location header, where that leads to another page.
    """
    if location is not None and 300 <= status < 400:
        return Refusal("redirected", f"redirected to another page: {location}")
    return Refusal(f"http_{status}", f"HTTP status {status}")


def unreadable(error: Exception) -> Refusal:
    """Return what *error*, which a reader of this room raised, is called."""
    if isinstance(error, PageError):
        return Refusal(error.code, error.reason)
    return Refusal("parser_failed", " ".join(f"{type(error).__name__}: {error}".split()))


def charset_of(content_type: str | None) -> str | None:
    """Return the charset that a Content-Type header names, None where it names none."""
    _, found, name = (content_type or "").lower().partition("charset=")
    return name.split(";")[0].strip(" \"'") or None if found else None
