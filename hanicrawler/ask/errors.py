"""What can go wrong with a question, each in one line: what, and what to do."""

from __future__ import annotations


class BadName(ValueError):
    """What was given is no way to name an article."""


class UnknownArticle(LookupError):
    """No such article is stored."""


class UnknownVersion(LookupError):
    """The article is stored, and never had a version of that number."""
