"""What a person types to search, read into what both databases can be asked.

The grammar is that of search engines: words that all have to occur, ``"a phrase"``, ``-word`` for
what must not occur, ``a OR b`` (which binds closer than a blank), ``pref*`` for a beginning.
Every text means something; signs that mean nothing are passed over.

Words are cut as the index cuts texts: at whatever is no letter and no digit, and a run of Hangul,
Kana or Chinese characters into its overlapping pieces of two, so that any part of a Korean word of
two syllables or more is found.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

MAX_WORDS: Final = 50
"""Words that one search may have, a Korean word's pieces counted."""

CJK: Final = "\u3040-\ud7a3"
"""The characters that are cut into pieces, as a range of a regular expression."""

_RUN: Final = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")
_TERM: Final = re.compile(r'(-)?(?:"([^"]*)"?(\*)?|([^\s"]+))')
_QUOTES: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})
_ACCENTS: Final = str.maketrans(
    {
        letter: unicodedata.normalize("NFD", letter)[0]
        for letter in map(chr, range(0xC0, 0x250))
        if unicodedata.normalize("NFD", letter)[0].isascii()
    }
)
_ACCENTED: Final = re.compile("[\u00c0-\u024f]")


class BadSearch(ValueError):
    """What was typed cannot be searched for; its message says why, in one line."""


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to be found: a word, a beginning of one, or a phrase."""

    parts: tuple[str, ...]
    """Words and runs of CJK in their order, in small letters and without accents."""
    prefix: bool = False
    """Whether the last part may go on."""

    @property
    def pieces(self) -> tuple[str, ...]:
        """The parts as the index has them: a run of CJK as its pieces of two."""
        cut: list[str] = []
        for number, part in enumerate(self.parts, 1):
            if not is_cjk(part):
                cut.append(part)
                continue
            cut += [part[i : i + 2] for i in range(len(part) - 1)]
            # The index has the last syllable of a run alone too; a last word may go on.
            if number < len(self.parts) or len(part) == 1:
                cut.append(part[-1])
        return tuple(cut)

    @property
    def is_beginning(self) -> bool:
        """Whether the last piece is only the beginning of what is to be found."""
        last = self.parts[-1]
        return (self.prefix and not is_cjk(last)) or (is_cjk(last) and len(last) == 1)


@dataclass(frozen=True, slots=True)
class Words:
    """What is to be found and what must not be."""

    all_of: tuple[tuple[Term, ...], ...] = ()
    """Each is a choice: one of its terms has to occur."""
    none_of: tuple[Term, ...] = ()

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that is to be found."""
        return tuple(term for choice in self.all_of for term in choice)


def read_words(text: str) -> Words:
    """Return what *text* asks for.

    Raises BadSearch where there is no letter and no digit in it, or more than MAX_WORDS words.
    """
    choices: list[list[Term]] = []
    none_of: list[Term] = []
    joined = False
    for minus, phrase, star, word in _TERM.findall(text.translate(_QUOTES)):
        if word in ("OR", "|") and not minus:
            joined = bool(choices)
            continue
        term = _term(phrase or word, prefix=bool(star) or word.endswith("*"))
        if term is None:
            continue
        if minus:
            none_of.append(term)
        elif joined:
            choices[-1].append(term)
        else:
            choices.append([term])
        joined = False
    words = Words(tuple(map(tuple, choices)), tuple(none_of))
    count = sum(len(term.pieces) for term in (*words.terms, *none_of))
    if count == 0:
        raise BadSearch(f"nothing to search for in {text!r}: name a word")
    if count > MAX_WORDS:
        raise BadSearch(f"a search of {count} words: at most {MAX_WORDS}")
    return words


def plain_letters(text: str) -> str:
    """Return *text* in small letters without accents, character by character as long as it was."""
    if _ACCENTED.search(text):
        text = text.translate(_ACCENTS)
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := each.lower()) == 1 else each for each in text)


@lru_cache(4096)
def stem(word: str) -> str:
    """Return the stem of *word*, which is in small letters, as both databases' indexes have it.

    Porter's algorithm (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980);
    words of one or two letters are left as they are.
    """
    stemmed: str = word if len(word) < 3 else _stemmer().stemWord(word)
    return stemmed


@cache
def _stemmer() -> Any:
    # Imported late: what reads no search has no use for it.
    import snowballstemmer

    return snowballstemmer.stemmer("porter")


def is_cjk(part: str) -> bool:
    """Tell whether *part*, which is not empty, is a run of Hangul, Kana or Chinese characters."""
    return "\u3040" <= part[0] <= "\ud7a3"


def _term(text: str, *, prefix: bool) -> Term | None:
    parts = _RUN.findall(plain_letters(unicodedata.normalize("NFC", text)))
    return Term(tuple(parts), prefix) if parts else None
