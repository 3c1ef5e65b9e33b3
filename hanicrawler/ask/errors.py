"""What can go wrong with a question, each in one line: what, and what to do."""

from __future__ import annotations


class BadName(ValueError):
    """What was given is no way to name an article."""


class UnknownArticle(LookupError):
    """No such article is stored."""


class UnknownVersion(LookupError):
    """The article is stored, and never had a version of that number."""


class UnknownAuthor(LookupError):
    """Nobody of that name signs a stored article."""

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.near = near
        """Names of authors that are written much like it."""


class AmbiguousAuthor(LookupError):
    """Several authors are written so; each is named in the message."""
