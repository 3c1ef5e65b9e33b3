"""The titles of English bylines: what somebody is, in the singular, and where."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hanicrawler.normalize.byline_words import (
    BEATS,
    DIRECTIONS,
    NEWSROOM,
    NOT_IN_TITLES,
    RANKS,
    SLIPS,
    TITLES,
    TITLES_ALSO_NAMES,
)

LONGEST: Final = 18
"""Words."""
IN_PLACE: Final = re.compile(r"(.+?),?\s(?:based\s)?in\s(.+)")
"""``staff reporter in Busan``, ``Kim Bo-hyeop, based in Busan``."""
SEGMENT_END: Final = re.compile(r"\s(?:of|at|for|in|with|from|to|on)\s")
"""Where a title goes on behind its first noun: ``professor of law at ...``."""

_PLACE_WORD: Final = re.compile(r"[^\W\d_][\w'’./-]*")
_TITLE_TEXT: Final = re.compile(r"[\w\s'‘’\"“”.&()/–-]+")
_INNER_STOP: Final = re.compile(r"[a-z]{3,}\.\s")
_POST: Final = re.compile(r"(.+?)\s(?:correspondents?|bureau chiefs?)", re.IGNORECASE)
_BASED: Final = re.compile(r"([A-Z]\w+)-based\s.+")
_ARTICLE: Final = re.compile(r"\A(?:an?|the)\s", re.IGNORECASE)
_NO_START: Final = re.compile(r"[^\w'‘\"“]|(?:and|or|of|at|on|in|by|with|from|to|as)\s", re.I)
_AND: Final = re.compile(r"\s(?:and|&)\s")


@dataclass(frozen=True, slots=True)
class Title:
    """What somebody is."""

    role: str
    """In the singular, its slips mended."""
    plural: bool
    """Printed in the plural."""
    newsroom: bool
    """A title of the newspaper's own people: ``senior staff writer``."""
    places: tuple[str, ...] = ()
    """Where; several for several people."""


def post_in(role: str, place: str) -> str:
    """Return the role of one of several posts: ``Washington and Beijing correspondent``."""
    match = _POST.fullmatch(role)
    return f"{place} {role[match.end(1) :].lstrip()}" if match and place in match[1] else role


def is_place(text: str) -> bool:
    """Tell whether *text* is one to four capitalised words, none of them a beat."""
    words = text.split()
    if words and words[0].lower() in DIRECTIONS:
        words = words[1:]
    return 0 < len(words) <= 4 and all(
        word[0].isupper() and word.lower() not in BEATS and _PLACE_WORD.fullmatch(word)
        for word in words
    )


def is_title_text(text: str) -> bool:
    """Tell whether *text* may be part of a title: no sentence's verb, no stop inside."""
    if not _TITLE_TEXT.fullmatch(text) or _INNER_STOP.search(text):
        return False
    if _NO_START.match(text):
        return False
    return NOT_IN_TITLES.isdisjoint(text.lower().split())


def has_title_word(text: str) -> bool:
    """Tell whether a word of *text* says what somebody is; ``Dean Baker`` says who."""
    words = text.split()
    return any(_is_title_word(part) for word in words for part in word.split("-")) or (
        len(words) > 2 and words[1] in ("of", "at") and words[0].lower() in TITLES_ALSO_NAMES
    )


def _is_title_word(word: str) -> bool:
    lower = SLIPS.get(word.lower(), word.lower())
    if lower in TITLES_ALSO_NAMES:
        return word.islower()
    return lower in TITLES or lower.removesuffix("s") in TITLES


@lru_cache(maxsize=1024)  # writers change, but not their titles
def read_title(text: str) -> Title | None:
    """Return the title *text* is, in the singular and its slips mended; None if it is none.

    The newspaper's name behind a title is part of the whole title, as printed (``Executive
    Editor The Hankyoreh``).
    """
    whole = _mend_slips(_ARTICLE.sub("", text, count=1))
    text = _without_employer(whole)
    employer = whole[len(text) :]
    if len(text.split()) > LONGEST or not is_title_text(text) or not has_title_word(text):
        return None
    places: tuple[str, ...] = ()
    if (match := IN_PLACE.fullmatch(text)) and _is_newsroom(match[1]):
        places = tuple(_AND.split(match[2]))
        if not all(is_place(place) for place in places):
            return None
        text = match[1]
    segment = SEGMENT_END.split(text, maxsplit=1)[0]
    last = segment.rsplit(" ", 1)[-1]
    plural = last.lower().endswith("s") and last.lower()[:-1] in TITLES
    newsroom = _is_newsroom(text)
    if plural:
        text = segment[:-1] + text[len(segment) :]
    return Title(text + employer, plural, newsroom, places or _post_places(text))


def _without_employer(text: str) -> str:
    rest = text.removesuffix(" Hankyoreh").removesuffix(" The")
    return text if rest.endswith((" of", " at", " for", " with", " the")) else rest


def _mend_slips(text: str) -> str:
    words = text.split()
    return " ".join(SLIPS.get(word, word) for word in words)


def _is_newsroom(text: str) -> bool:
    """Tell whether *text* is a title of the newspaper's own: nothing follows its last noun."""
    words = text.lower().split()
    if not words or len(words) > 7 or SEGMENT_END.search(text):
        return False
    if words[-2:] in (["bureau", "chief"], ["bureau", "chiefs"]):
        return True
    return words[-1] in NEWSROOM or words[-1].removesuffix("s") in NEWSROOM


def _post_places(role: str) -> tuple[str, ...]:
    """Return where a correspondent or bureau chief stands; nothing for a beat.

    It is a place when every word before is capitalised (``North Gyeonggi``, ``northern
    Gyeonggi``) and none is a beat or an institution.
    """
    if match := _BASED.fullmatch(role):
        return (match[1],)
    match = _POST.fullmatch(role)
    if match is None:
        return ()
    words = match[1].split()
    while words and words[0] in RANKS:
        words = words[1:]
    places = tuple(_AND.split(" ".join(words)))
    return places if all(is_place(place) for place in places) else ()
