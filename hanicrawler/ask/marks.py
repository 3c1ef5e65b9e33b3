"""Where in a text the words of a search stand, and the part of it that shows them best.

Words are compared by their stems, as both databases' indexes do.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hanicrawler.storage import Term, is_cjk, plain_letters, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SNIPPET: Final = 240
"""Characters of a snippet, about."""

_LETTER: Final = r"[^\W_぀-힣]"
_KEPT: Final = 3
"""Letters of a word that its stem shares with it: "skies" and "ski" share these."""
_MATCHES: Final = 200
"""Matches of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of a text."""

    text: str
    hit: bool
    """Whether it is what was searched for."""


def marked(text: str, terms: Sequence[Term]) -> tuple[Mark, ...]:
    """Return *text* as marks, which together are the text."""
    text = unicodedata.normalize("NFC", text)
    return _marks(text, _spans(text, terms), 0, len(text))


def snippet(texts: Iterable[str], terms: Sequence[Term], length: int = SNIPPET) -> tuple[Mark, ...]:
    """Return about *length* characters (at word ends) of the text that has most of *terms*.

    Without any, it is the beginning of the first text that is not empty.  White space becomes
    one space; ``…`` stands for what is left out.
    """
    best: tuple[int, str, list[tuple[int, int, int]], int] | None = None
    for given in texts:
        text = " ".join(unicodedata.normalize("NFC", given).split())
        if not text:
            continue
        spans = _spans(text, terms)
        at, count = _densest(spans, length)
        if best is None or count > best[0]:
            best = (count, text, spans, at)
        if count and count == len(terms):
            break
    if best is None:
        return ()
    _, text, spans, at = best
    begin, end = _window(text, at, length)
    shown = _marks(text, spans, begin, end)
    before = (Mark("… ", False),) if begin else ()
    behind = (Mark(" …", False),) if end < len(text) else ()
    return _joined((*before, *shown, *behind))


def _densest(spans: list[tuple[int, int, int]], length: int) -> tuple[int, int]:
    """Return where the window with the most different terms begins, and how many they are."""
    best = (0, 0)
    for number, (begin, _, _) in enumerate(spans):
        within = {term for at, end, term in spans[number : number + 40] if end <= begin + length}
        if len(within) > best[1]:
            best = (begin, len(within))
    return best


def _window(text: str, at: int, length: int) -> tuple[int, int]:
    """Return the bounds of a window in which *at* stands in the first third, at word ends."""
    if len(text) <= length:
        return 0, len(text)
    begin = max(min(at - length // 3, len(text) - length), 0)
    end = begin + length
    if begin:
        space = text.find(" ", begin, at + 1)
        begin = begin if space < 0 else space + 1
    if end < len(text):
        space = text.rfind(" ", max(at, begin + 1), end + 1)
        end = end if space < 0 else space
    return begin, end


def _spans(text: str, terms: Sequence[Term]) -> list[tuple[int, int, int]]:
    """Return where *terms* stand in *text*: begin, end and which term, by their begin."""
    plain = plain_letters(text)
    found = [
        (begin, end, number)
        for number, term in enumerate(terms)
        for begin, end in _found(plain, term)
    ]
    return sorted(found)


def _found(plain: str, term: Term) -> Iterator[tuple[int, int]]:
    wanted = [part for part in term.parts if not is_cjk(part)]
    count = 0
    for match in _pattern(term).finditer(plain):
        words = match.groups()
        if all(
            _fits(word, part, beginning=term.prefix and part is term.parts[-1])
            for word, part in zip(words, wanted, strict=True)
        ):
            yield match.span()
            count += 1
            if count == _MATCHES:
                return


def _fits(word: str, part: str, *, beginning: bool) -> bool:
    if word == part or stem(word) == stem(part):
        return True
    return beginning and (word.startswith(part) or stem(word).startswith(stem(part)))


@lru_cache(512)
def _pattern(term: Term) -> re.Pattern[str]:
    """Return what finds words that may have the stems of *term*; each word is a group."""
    pieces = []
    for part in term.parts:
        if is_cjk(part):
            pieces.append(re.escape(part))
        else:
            known = min(len(part), _KEPT, len(stem(part)))
            pieces.append(f"(?<!{_LETTER})({re.escape(part[:known])}{_LETTER}*)")
    # Between two words stands what is no part of one; between Latin and Hangul, nothing too.
    return re.compile(r"[\W_]*".join(pieces))


def _marks(text: str, spans: list[tuple[int, int, int]], begin: int, end: int) -> tuple[Mark, ...]:
    made: list[Mark] = []
    at = begin
    for first, last, _ in spans:
        if first < at or last > end:
            continue
        made += [Mark(text[at:first], False), Mark(text[first:last], True)]
        at = last
    made.append(Mark(text[at:end], False))
    return _joined(made)


def _joined(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Return *marks* without empty ones, neighbours that are no hits in one."""
    made: list[Mark] = []
    for mark in marks:
        if not mark.text:
            continue
        if made and not mark.hit and not made[-1].hit:
            made[-1] = Mark(made[-1].text + mark.text, False)
        else:
            made.append(mark)
    return tuple(made)
