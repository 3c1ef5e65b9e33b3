"""What a page function gives back: which template, with what in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hanicrawler.ask import Archive


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser asks a page for."""

    path: Mapping[str, str]
    """The named parts of the address."""
    values: Mapping[str, Sequence[str]]
    """The names of the query, each with its values."""

    def one(self, name: str) -> str:
        """Return the first value of *name*, trimmed; empty where there is none."""
        return next(iter(self.values.get(name, ())), "").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of *name* that are not blank, trimmed, each once."""
        stripped = (value.strip() for value in self.values.get(name, ()))
        return tuple(dict.fromkeys(value for value in stripped if value))


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to be shown."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


class NotHere(LookupError):
    """Raised by a page for what the archive does not hold; the message is shown."""


class Page(Protocol):
    """A page: asks the archive and says what to show; called in a thread."""

    def __call__(self, archive: Archive, asked: Asked, /) -> Shown: ...


def address(path: str, **values: object) -> str:
    """Return *path* with a query of *values*; a tuple gives several, what is empty none.

    >>> address("/search", q="a b", section=("e_business", "e_culture"), after=None)
    '/search?q=a+b&section=e_business&section=e_culture'
    """
    pairs: list[tuple[str, str]] = []
    for name, value in values.items():
        listed = value if isinstance(value, tuple) else (value,)
        pairs += [(name, str(each)) for each in listed if each not in (None, "", False)]
    return f"{path}?{urlencode(pairs)}" if pairs else path
