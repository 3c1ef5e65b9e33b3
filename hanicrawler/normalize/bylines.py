"""Bylines to authors.

The grammars are in :mod:`~hanicrawler.normalize.bylines_english` and
:mod:`~hanicrawler.normalize.bylines_korean`.  Both are closed: body paragraphs may begin with
"By" too, and a sentence read as a byline would be a wrong author.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hanicrawler.normalize.bylines_english import read_english
from hanicrawler.normalize.bylines_korean import read_korean
from hanicrawler.normalize.text import mend_line

if TYPE_CHECKING:
    from hanicrawler.items import Byline

LONGEST: Final = 500
"""Characters; no byline is longer."""
_HANGUL: Final = re.compile(r"[가-힣]")


class BylineError(ValueError):
    """Raised by :func:`read_byline` for text outside the grammar.

    The message is one line and quotes the text's beginning.
    """


def read_byline(text: str) -> tuple[Byline, ...]:
    """Return the authors a printed byline names, in its order; never none.

    English, with or without "By" (``By Lee Je-hun, senior staff writer``), and Korean
    (``고경주 기자 goh@hani.co.kr``).  A name is as printed, its spacing mended; a role is the
    whole title in the singular, its certain slips mended.  Raises BylineError for anything
    else, a sentence that begins with "By" among it.
    """
    line = mend_line(text)
    if len(line) <= LONGEST and (authors := _read(line)):
        return authors
    shown = line if len(line) <= 80 else f"{line[:79]}…"
    raise BylineError(f"{shown!r} is no byline in a known form")


@lru_cache(maxsize=2048)  # a newspaper has few writers, and they write every day
def _read(line: str) -> tuple[Byline, ...] | None:
    authors = read_korean(line) if _HANGUL.search(line) else None
    return read_english(line) if authors is None else authors
