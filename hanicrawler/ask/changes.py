"""What changed between two texts, word by word.

Paragraphs are compared first, then the words within those that differ, so that a long text with
a changed word is quick.  The texts are strangers' words: the work is bounded, and beyond the
bound a passage counts as rewritten.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Kind = Literal["same", "removed", "added"]

_HAN: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN: Final = re.compile(
    rf"[{_HAN}]"  # Chinese and Japanese have no spaces between words
    rf"|[^\W{_HAN}]+(?:['\u2019.,-][^\W{_HAN}]+)*"  # E-gil, Korea's, 1,200, 북한이
    r"|\s+|."
)
_PARAGRAPH: Final = re.compile(r".+?(?:\n\n+|\Z)|\n+", re.DOTALL)
_MOST_PAIRS: Final = 300_000
"""Pairs of equal words in the passages that are compared: a body of 3,000 words that was wholly
rewritten has about 110,000."""
_PAIRS_A_WORD: Final = 50
_PAIRS_FREE: Final = 5_000
"""Pairs in a passage: in prose a word has less than 50.  Where a word or two are repeated over and
over, difflib takes seconds."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that stayed, went or came."""

    kind: Kind
    text: str


def changes(before: str, after: str) -> tuple[Piece, ...]:
    """Return how *before* became *after*, in pieces.

    The pieces that are the same or removed give *before* when joined, those that are the same
    or added give *after*; what was removed stands before what was added in its place.  No piece
    is empty, and no two of a kind follow each other.
    """
    if before == after:
        return (Piece("same", before),) if before else ()
    budget = _Budget()
    raw = _compare(_PARAGRAPH.findall(before), _PARAGRAPH.findall(after), budget, words=False)
    return tuple(_joined(_settled(raw)))


class _Budget:
    """How much may still be compared."""

    def __init__(self) -> None:
        self._left = _MOST_PAIRS

    def allows(self, before: Sequence[str], after: Sequence[str]) -> bool:
        """Tell whether comparing the two is affordable, and count it."""
        counts = Counter(each for each in after if not each.isspace())
        pairs = sum(counts[each] for each in before)
        longer = max(len(before), len(after))
        if pairs > min(self._left, _PAIRS_FREE + _PAIRS_A_WORD * longer):
            return False
        self._left -= pairs
        return True


def _compare(
    before: Sequence[str], after: Sequence[str], budget: _Budget, *, words: bool
) -> Iterator[Piece]:
    """Give the pieces of two lists of paragraphs, or of *words*; some may be empty."""
    if not budget.allows(before, after):
        yield from _replaced(before, after)
        return
    # Spaces say nothing of what stayed: a match begins at a word and takes them along.
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        old, new = before[i:i_end], after[j:j_end]
        if tag == "equal":
            yield Piece("same", "".join(old))
        elif words or tag != "replace":
            yield from _replaced(old, new)
        else:
            yield from _compare(_tokens(old), _tokens(new), budget, words=True)


def _tokens(paragraphs: Iterable[str]) -> list[str]:
    return _TOKEN.findall("".join(paragraphs))


def _replaced(old: Iterable[str], new: Iterable[str]) -> Iterator[Piece]:
    yield Piece("removed", "".join(old))
    yield Piece("added", "".join(new))


def _settled(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give *pieces* with what stayed between two changes, but has no word in it, as changed too.

    A comma that stayed between two new words only makes the change harder to read.
    """
    listed = [piece for piece in pieces if piece.text]
    for number, piece in enumerate(listed):
        inside = 0 < number < len(listed) - 1
        if piece.kind == "same" and inside and not re.search(r"\w|\n\n", piece.text):
            yield from (Piece("removed", piece.text), Piece("added", piece.text))
        else:
            yield piece


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Give *pieces* with those joined that stand together: removed first, then added."""
    for same, run in groupby(pieces, lambda piece: piece.kind == "same"):
        found = list(run)
        kinds: tuple[Kind, ...] = ("same",) if same else ("removed", "added")
        for kind in kinds:
            if text := "".join(piece.text for piece in found if piece.kind == kind):
                yield Piece(kind, text)
