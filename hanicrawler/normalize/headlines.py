"""Labels in headlines: ``[Photo] ...``, ``... [뉴스룸에서]``."""

from __future__ import annotations

import re
from typing import Final

from hanicrawler.normalize.text import mend_line

LONGEST: Final = 40
"""Characters; what is longer in brackets is part of the sentence."""

_WORDS: Final = rf"([^\[\]【】［］]{{1,{LONGEST}}})"
_LEADING: Final = re.compile(rf"[\[【［]{_WORDS}[\]】］](?![a-z])")
_TRAILING: Final = re.compile(rf"\s[\[【［]{_WORDS}[\]】］]$")
_HANGUL: Final = re.compile(r"[가-힣]")
# Words an editor puts into a quotation, at the headline's start: "[He] said yes", in English.
_INSERTED: Final = frozenset(
    {"he", "she", "it", "they", "we", "i", "you", "this", "that", "these", "those", "the"}
)


def read_label(headline: str, label_text: str | None = None) -> str | None:
    """Return the label of an article, without brackets; None where it has none.

    *label_text*, a label the page prints apart from the headline, wins.  Else it is what
    stands in brackets at the headline's start (``[News analysis] ...``, ``[사설] ...``), or at
    the end of a Korean headline (``... [똑똑! 한국사회]``).  Brackets inside a headline are an
    editor's words in a quotation (``develop[ed]``), and so is a pronoun in brackets.
    """
    if label_text and (label := _label(mend_line(label_text).strip("[]【】［］"))):
        return label
    if "[" not in headline and "【" not in headline and "［" not in headline:
        return None
    line = mend_line(headline)
    if match := _LEADING.match(line):
        return _label(match[1])
    if (match := _TRAILING.search(line)) and _HANGUL.search(line):
        return _label(match[1])
    return None


def _label(words: str) -> str | None:
    label = words.strip()
    if not any(letter.isalpha() for letter in label) or label.lower() in _INSERTED:
        return None
    return None if label[0].islower() else label
