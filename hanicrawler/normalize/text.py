"""Printed text mended: what a reader does not see taken out, every word and mark kept.

A page's text comes with no-break spaces, zero-width characters, soft hyphens, directional
marks and now and then a control character.  None of them is a word the newspaper printed, and
each makes equal text unequal.  Quotes, dashes, ellipses and full-width letters *are* printed,
so nothing here folds them (NFC, never NFKC).
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PARAGRAPH_BREAK: Final = "\n\n"

# Blank to a reader and yet "printable" letters or symbols: Hangul filler, Braille blank.
_BLANK_LETTERS: Final = "\u3164\uffa0\u2800"
_LINE_BREAK: Final = re.compile("\r\n|[\r\x85\u2028\u2029]")
_SPACE_AROUND_BREAK: Final = re.compile(r"[^\S\n]*\n[^\S\n]*")
_BLANK_LINES: Final = re.compile(r"\n{3,}")
_ODD_SPACE: Final = re.compile(rf"[^\S\n]|[{_BLANK_LETTERS}]")
_SPACE_RUN: Final = re.compile(r" {2,}")
# C0 and C1 controls but for white space; soft hyphen; zero-width space, no-break space, word
# joiner and invisible operators; directional marks; annotation marks; halves of surrogates.
_UNSEEN: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0001]"
)
_PLAIN: Final = bytes(range(0x20, 0x7F))
# Letters, quotes and dashes, Hangul, Chinese: printed, and the same in NFC whatever stands
# beside them.  Most text beyond ASCII is nothing else.
_BEYOND: Final = (
    "\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e\u3001-\u3029\u4e00-\u9fff\uac00-\ud7a3"
)
STABLE: Final = re.compile(f"[{_BEYOND}]*")
_STABLE_LINE: Final = re.compile(f"[ -~{_BEYOND}]*")
# Scripts and symbols in which a joiner changes what is seen: Arabic to Sinhala, emoji.
_JOINED: Final = "\u0600-\u0dff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_STRAY_JOINER: Final = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINED}])")


def mend(text: str) -> str:
    """Return *text* as a reader sees it; line breaks stay.

    The result is NFC; every kind of space is one plain space; lines are trimmed and parted by
    a line feed; blank lines run together to one and none stands at either end; control and unseen
    characters are gone.  A joiner inside an emoji stays.  Mending twice changes nothing.
    """
    if _is_clean(text):
        return text
    text = _LINE_BREAK.sub("\n", text)
    text = _ODD_SPACE.sub(" ", _UNSEEN.sub("", text))
    # Normalised before and after: what NFC replaces may stand beside a joiner, and a joiner
    # that goes may have kept a letter from its accent.
    text = _STRAY_JOINER.sub("", unicodedata.normalize("NFC", text))
    text = _SPACE_RUN.sub(" ", unicodedata.normalize("NFC", text))
    if "\n" in text:
        text = _BLANK_LINES.sub("\n\n", _SPACE_AROUND_BREAK.sub("\n", text))
    return text.strip(" \n")


def mend_line(text: str) -> str:
    """Return *text* mended, on one line: a line break becomes a space."""
    if _is_clean(text):
        return text
    text = mend(text)
    return " ".join(text.split("\n")).replace("  ", " ") if "\n" in text else text


def mend_paragraphs(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return *paragraphs* mended.

    Empty ones are left out, and a blank line inside one parts it in two: in a body that is
    what a blank line means.
    """
    mended = (part for text in paragraphs for part in mend(text).split(PARAGRAPH_BREAK))
    return tuple(text for text in mended if text)


def squeezed(text: str) -> bytes:
    """Return *text*, as UTF-8, with its runs of white space as one space, none at the ends."""
    return " ".join(text.split()).encode("utf-8", "surrogatepass")


def clean_line(paragraphs: Sequence[str]) -> bytes | None:
    """Return *paragraphs* squeezed where it is plain, fast, that mending would change none.

    To look at each letter of an article takes as long as a good part of parsing its page; to
    delete bytes does not, and leaves of English a few quotes and dashes.
    """
    line = f" {' '.join(paragraphs)} ".encode("utf-8", "surrogatepass")
    # A paragraph that is empty, or has a space at an end or two side by side.  To search from
    # behind takes half the time.
    if line.rfind(b"  ") >= 0:
        return None
    odd = line.translate(None, _PLAIN).decode("utf-8", "surrogatepass")
    return line[1:-1] if STABLE.fullmatch(odd) else None


def _is_clean(text: str) -> bool:
    """Tell, fast, that mending would change nothing; text with a line break is not asked.

    ``isprintable`` is false for every control, format and separator character but the plain
    space, which leaves few things to look for, and none but spaces in ASCII.
    """
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        return False
    if text.isascii():
        return text.isprintable()
    return _STABLE_LINE.fullmatch(text) is not None or (
        text.isprintable()
        and not any(blank in text for blank in _BLANK_LETTERS)
        and unicodedata.is_normalized("NFC", text)
    )
