"""An article to read, and its versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import unquote

from hanicrawler.web.shown import Asked, NotHere, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hanicrawler.ask import Archive, Piece, Version

AROUND: Final = 220
"""Characters of what stayed that are shown before and after a change of a long text."""
_VERSION: Final = re.compile(r"[1-9]\d{0,6}", re.ASCII)
_NAMED: Final = {"headline": "Headline", "deck": "Deck", "byline": "Byline", "body": "Text"}


class Part(NamedTuple):
    """A piece of a comparison as it is shown."""

    kind: str
    """``same``, ``removed``, ``added``; or ``left out``, of words that stayed."""
    text: str


def article(archive: Archive, asked: Asked) -> Shown:
    """Show an article, or an earlier version of it (``?version=1``)."""
    wanted = asked.one("version")
    if wanted and not _VERSION.fullmatch(wanted):
        raise NotHere(f"{wanted!r} is no number of a version.")
    which = unquote(asked.path["which"])
    found = archive.article(which, version=int(wanted) if wanted else None)
    is_old = bool(wanted) and found.revision != found.revisions
    return Shown("article.html", {"article": found, "old": is_old})


def history(archive: Archive, asked: Asked) -> Shown:
    """Show the versions of an article, the newest first, each with what it changed."""
    found = archive.article(unquote(asked.path["which"]))
    versions = [_shown(version) for version in archive.history(found.id)]
    return Shown("history.html", {"article": found, "versions": versions})


def _shown(version: Version) -> dict[str, object]:
    return {
        "number": version.number,
        "seen_at": version.seen_at,
        "modified_at": version.modified_at,
        "silent": version.silent,
        "changes": [
            (name, title, list(shortened(version.changes[name])))
            for name, title in _NAMED.items()
            if name in version.changes
        ],
    }


def shortened(pieces: Iterable[Piece]) -> Iterator[Part]:
    """Give *pieces* with the long runs that stayed cut to what stands around the changes."""
    listed = list(pieces)
    for place, piece in enumerate(listed):
        if piece.kind != "same" or len(piece.text) <= 3 * AROUND:
            yield Part(piece.kind, piece.text)
            continue
        head = "" if place == 0 else _begin(piece.text)
        tail = "" if place == len(listed) - 1 else _end(piece.text)
        words = len(piece.text[len(head) : len(piece.text) - len(tail)].split())
        if head:
            yield Part("same", head)
        yield Part("left out", f"{words:,} words unchanged")
        if tail:
            yield Part("same", tail)


def _begin(text: str) -> str:
    """Return the first words of *text*."""
    return text[:AROUND].rpartition(" ")[0] or text[:AROUND]


def _end(text: str) -> str:
    """Return the last words of *text*."""
    return text[-AROUND:].partition(" ")[2] or text[-AROUND:]
