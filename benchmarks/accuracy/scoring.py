"""Right or wrong: each field of each page against the truth, the same for every tool.

An answer has a key for each field its tool offers::

    headline, deck, body    text or None
    posted, modified        ISO 8601 or None
    authors                 names, in the page's order
    roles                   a role or None for each author
    captions, credits       text or None for each picture
    original                URL or None
    related                 URLs, in the page's order

A field is right where it equals the truth after white space is squeezed (paragraphs are joined
by it), a bare "By" before a name is taken off, and moments are compared as moments.  What the
page does not have must be absent from the answer: None, empty text and an empty list are absent.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = {
    "headline": "headline",
    "posted": "posted, with its zone",
    "posted.minute": "· posted, zone forgiven",
    "posted.day": "· posted, the day only",
    "modified": "modified, with its zone",
    "modified.minute": "· modified, zone forgiven",
    "modified.day": "· modified, the day only",
    "deck": "deck",
    "body": "body",
    "authors": "authors",
    "roles": "their roles",
    "captions": "captions",
    "credits": "credits",
    "original": "Korean original",
    "related": "related stories",
}
"""Field to the words a table has for it; behind a full stop, how much of it is asked for."""

Verdict = Literal["right", "wrong", "missing", "untried", "not offered"]
"""``wrong`` is a value that is not the truth; ``missing`` is none where there is one."""

KST: Final = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class Judged:
    """What a tool's answer to one page is worth."""

    verdicts: dict[str, Verdict]
    """By field; a field is missing from it where it is right."""
    likeness: float
    """See :func:`shared_words`, of the body."""

    def verdict(self, field: str) -> Verdict:
        """Return what the answer is worth in *field*."""
        return self.verdicts.get(field, "right")


def judge(truth: Mapping[str, Any], answer: Mapping[str, Any]) -> Judged:
    """Return what *answer* is worth in every field."""
    verdicts = {field: _judge(field, truth, answer) for field in FIELDS}
    return Judged(
        {field: verdict for field, verdict in verdicts.items() if verdict != "right"},
        round(shared_words(truth["body"], answer.get("body")), 4),
    )


def _judge(field: str, truth: Mapping[str, Any], answer: Mapping[str, Any]) -> Verdict:
    if "untried" in answer:
        return "untried"
    if "error" in answer:
        return "missing"
    key, _, part = field.partition(".")
    if key not in answer:
        return "not offered"
    expected, given = _plain(key, part, truth[key]), _plain(key, part, answer[key])
    if given == expected:
        return "right"
    return "wrong" if given else "missing"


def shared_words(truth: str, given: str | None) -> float:
    """Return the F1 measure of the words two texts share, each as often as it stands in both."""
    expected, found = Counter(truth.split()), Counter((given or "").split())
    total = expected.total() + found.total()
    return 2 * (expected & found).total() / total if total else 1.0


def _plain(field: str, part: str, value: Any) -> Any:
    """Return *value* as it is compared."""
    if field in ("posted", "modified"):
        return _moment(value, part)
    if isinstance(value, list):
        texts = [_squeeze(text) for text in value]
        if field == "authors":
            texts = [text.removeprefix("By ").removeprefix("by ") for text in texts]
        return texts if any(texts) else []
    return _squeeze(value)


def _squeeze(text: str | None) -> str:
    return " ".join((text or "").split())


def _moment(text: str | None, part: str) -> object:
    """Return the moment *text* states, or its minute or day in Korea.

    Where no part is asked for, one without a zone is no moment: it is compared as text, and
    wrong.  Else it is taken to be Korea's.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if not part:
        return moment if moment.tzinfo else text
    local = moment.astimezone(KST) if moment.tzinfo else moment
    return local.strftime("%Y-%m-%d" if part == "day" else "%Y-%m-%d %H:%M")
