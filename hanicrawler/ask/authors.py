"""Authors by name: found in another case, and with a hyphen or a space too many or too few."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from hanicrawler.ask.errors import AmbiguousAuthor, UnknownAuthor

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from hanicrawler.storage.signers import AuthorName

NEAR: Final = 5
"""How many names are told that are written much like one that is not known."""
LONGEST: Final = 200
"""Characters; no author's name is longer."""


def fold(text: str) -> str:
    """Return the letters and digits of *text*: no case, accents, spaces, hyphens or points."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in parts if each.isalnum())


def choose(names: Sequence[AuthorName], asked: str, language: str | None = None) -> AuthorName:
    """Return the one of *names* that is meant by *asked*.

    A name as it stands goes before one that differs in case, hyphens, spaces or the order of its
    words.  *language* is the script of the name, ``en`` or ``ko``.  Raises UnknownAuthor and
    AmbiguousAuthor.
    """
    among = [one for one in names if language in (None, one.language)]
    wanted = " ".join(asked[:LONGEST].split())
    for found in (
        [one for one in among if one.name == wanted],
        matching(among, {fold(wanted)}),
        matching(among, {fold(" ".join(reversed(wanted.split())))}),
    ):
        if len(found) == 1:
            return found[0]
        if found:
            listed = ", ".join(f"{one.name} ({one.language})" for one in found)
            raise AmbiguousAuthor(f"{wanted!r} may be {listed}: write one as it stands there")
    near = similar(among, wanted)
    hint = f"; near: {', '.join(near)}" if near else ""
    raise UnknownAuthor(f"no author {wanted!r}{hint}", near)


def matching(names: Sequence[AuthorName], folded: Collection[str]) -> list[AuthorName]:
    """Return those of *names* that are one of *folded*."""
    return [one for one in names if fold(one.name) in folded and fold(one.name)]


def containing(names: Sequence[AuthorName], part: str) -> list[AuthorName]:
    """Return those of *names* that have *part* in them, however it is written."""
    folded = fold(part)
    return [one for one in names if folded in fold(one.name)] if folded else []


def similar(names: Sequence[AuthorName], asked: str) -> tuple[str, ...]:
    """Return up to NEAR names written much like *asked*, those that have it in them first."""
    known = {fold(one.name): one.name for one in names}
    near = [one.name for one in containing(names, asked)][:NEAR]
    near += [known[each] for each in get_close_matches(fold(asked), known, NEAR)]
    return tuple(dict.fromkeys(near))[:NEAR]
