"""Answers that are kept for a while: those for which every article is counted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from hanicrawler.ask import Archive

    Answer = TypeVar("Answer")

TIMES: Final = 100
"""An answer is kept for so many times as long as it took: half a second's for a minute, that of
a small archive for no time that anybody notices."""

_MOST: Final = 500
"""Answers at once; then all are forgotten: nobody who reads asks so many things in a minute."""

_kept: dict[tuple[str, Hashable], tuple[float, Any]] = {}


def kept(archive: Archive, name: Hashable, question: Callable[[], Answer]) -> Answer:
    """Return what *question*, called *name*, gives of *archive*, or gave a while ago."""
    key = (archive.name, name)
    begin = time.monotonic()
    until, answer = _kept.get(key, (0.0, None))
    if begin < until:
        found: Answer = answer
        return found
    found = question()
    now = time.monotonic()
    if len(_kept) >= _MOST:
        _kept.clear()
    _kept[key] = (now + TIMES * (now - begin), found)
    return found
