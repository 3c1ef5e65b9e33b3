"""Whether a page is in the language of its address.

A site may answer for one edition with another's page: a Korean text under an English address
is no article of the English edition, and would be a false revision of the one that is stored.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hanicrawler.pages.errors import PageError
from hanicrawler.site import EDITIONS, FEED_URL, FRONT_URL, article_address, section_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hanicrawler.items import StoryLink
    from hanicrawler.site import Edition

FEWEST: Final = 100
"""Letters from which on a text has a language: a caption may be a name and a title."""
FOREIGN: Final = 0.5
"""An English text has fewer East Asian letters than this share; all seen have less than 0.01."""
OWN: Final = 0.1
"""A Korean text has more Hangul than this share; all seen have more than 0.98."""
MANY: Final = 5
"""Stories from which on a list is an edition's: fewer may be what a page advertises."""

NAMES: Final[dict[Edition, str]] = {
    "en": "English",
    "ko": "Korean",
    "ja": "Japanese",
    "zh": "Chinese",
}

_NO_LETTERS: Final = bytes(code for code in range(128) if not chr(code).isalpha())
_HANGUL: Final = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]+")
_EAST_ASIAN: Final = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7a3]+"
)


def require_language(url: str, texts: Iterable[str]) -> None:
    """Raise PageError (``wrong_language``) where *texts* cannot be of the edition *url* names.

    *texts* are an article's headline and paragraphs.  A few foreign words are no matter, nor is
    a short text; Japanese and Chinese addresses are not judged.
    """
    address = article_address(url)
    edition = address.edition if address else None
    if edition not in ("en", "ko"):
        return
    text = "\n".join(texts)
    if is_plainly_english(text) if edition == "en" else _is_plainly_korean(text):
        return
    letters = sum(map(str.isalpha, text))
    if letters < FEWEST:
        return
    script = _EAST_ASIAN if edition == "en" else _HANGUL
    share = sum(map(len, script.findall(text))) / letters
    if edition == "en" and share > FOREIGN:
        reason = f"{share:.0%} of the letters are East Asian, under an English address"
    elif edition == "ko" and share < OWN:
        reason = f"only {share:.0%} of the letters are Hangul, under a Korean address"
    else:
        return
    raise PageError("wrong_language", url, reason)


def is_plainly_english(text: str) -> bool:
    """Tell whether *text* has too few letters beyond ASCII to be foreign, whichever they are.

    Nearly every page of the English edition: to look at each of its letters takes longer than
    to read its fields.
    """
    # In UTF-8 each letter beyond ASCII takes one byte more at least, and three at most.
    beyond = len(text.encode("utf-8", "surrogatepass")) - len(text)
    enough = beyond / FOREIGN
    # The letters of ASCII are most of an English text's beginning: there may be enough in it.
    beginning = text[: int(enough * 2) + 1].encode("ascii", "ignore")
    return len(beginning.translate(None, _NO_LETTERS)) >= enough


def _is_plainly_korean(text: str) -> bool:
    """Tell whether the beginning of *text* has Hangul enough for all of it."""
    beginning = _HANGUL.findall(text[: len(text) // 4])
    return sum(map(len, beginning)) >= max(len(text) * OWN, 1)


def require_edition(url: str, stories: Iterable[StoryLink]) -> None:
    """Raise PageError (``wrong_language``) where a feed, a front or a list is another edition's.

    That is one which names several stories, and none of the edition whose page *url* is.
    """
    expected = _edition_of_list(url)
    editions = [story.edition for story in stories if story.edition]
    if expected is None or len(editions) < MANY or expected in editions:
        return
    named = set(editions)
    others = " and ".join(NAMES[edition] for edition in EDITIONS if edition in named)
    raise PageError(
        "wrong_language",
        url,
        f"names stories of the {others} edition, none of the {NAMES[expected]} one",
    )


def _edition_of_list(url: str) -> Edition | None:
    if url in (FEED_URL, FRONT_URL):
        return "en"
    section = section_address(url)
    return section.edition if section else None
