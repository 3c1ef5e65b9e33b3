"""The versions of an article, and what changed from each to the next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hanicrawler.ask.changes import Piece, changes
from hanicrawler.storage.versions import StoredVersion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TEXTS: Final = ("headline", "deck", "byline", "body")
"""What is compared, in the order it is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version(StoredVersion):
    """A version of an article, and what changed in it."""

    changes: Mapping[str, tuple[Piece, ...]] = field(default_factory=dict)
    """Each of headline, deck, byline and body that is not as in the version before: word by
    word.  Empty for the first version."""


def compared(stored: Iterable[StoredVersion]) -> Iterator[Version]:
    """Give *stored* versions, the oldest first, each compared with the one before it."""
    before: StoredVersion | None = None
    for version in stored:
        values = {name: getattr(version, name) for name in StoredVersion.__dataclass_fields__}
        yield Version(**values, changes=_between(before, version) if before else {})
        before = version


def _between(before: StoredVersion, after: StoredVersion) -> dict[str, tuple[Piece, ...]]:
    texts = ((name, getattr(before, name), getattr(after, name)) for name in TEXTS)
    return {name: changes(old or "", new or "") for name, old, new in texts if old != new}
