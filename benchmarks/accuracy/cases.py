"""The pages and the truth about them.

Two sets: the frozen pages of tests/pages/cases, whose truth was written down by hand, and the
standard newspaper of tests/replica, whose pages are rendered from what its stories state.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tests.replica import Newspaper, expected
from tests.replica.templates import render

FOLDER: Final = Path(__file__).parents[2] / "tests" / "pages" / "cases"
UNSEEN: Final = frozenset({"english-2006", "unseen-a", "unseen-b", "unseen-c"})
"""The newspaper's templates that none of this project's knows."""


@dataclass(frozen=True, slots=True)
class Case:
    """One article page."""

    name: str
    url: str
    seen: bool
    """Whether its markup is one a template of this project knows."""
    page: bytes
    truth: dict[str, Any]
    """Field name to value, in the form every tool's answer has; see :mod:`.scoring`."""


def frozen() -> list[Case]:
    """Return the frozen pages that are articles, by name."""
    return [_read(path.parent) for path in sorted(FOLDER.glob("*/meaning.json"))]


def _read(folder: Path) -> Case:
    words = json.loads((folder / "expected.json").read_text("utf-8"))
    meaning = json.loads((folder / "meaning.json").read_text("utf-8"))
    truth = {
        "headline": words["headline"],
        "posted": meaning["published_at"],
        "modified": meaning["modified_at"],
        "deck": words["deck"],
        "body": "\n\n".join(words["paragraphs"]),
        "authors": [author["name"] for author in meaning["authors"]],
        "roles": [author["role"] for author in meaning["authors"]],
        "captions": [image["caption"] for image in words["images"]],
        "credits": meaning["credits"],
        "original": words["original_url"],
        "related": [link["url"] for link in words["related"]],
    }
    seen = words["template"] != "unknown"
    return Case(folder.name, words["url"], seen, (folder / "page.html").read_bytes(), truth)


def newspaper() -> list[Case]:
    """Return the standard newspaper's article pages, in the order of its stories."""
    paper = Newspaper.standard()
    cases = []
    for story in paper:
        meant = expected(story)
        truth = {
            "headline": meant["headline"],
            "posted": meant["posted"].isoformat(),
            "modified": meant["modified"] and meant["modified"].isoformat(),
            "deck": meant["deck"],
            "body": "\n\n".join(meant["paragraphs"]),
            "authors": [author[0] for author in meant["authors"]],
            "roles": [author[1] for author in meant["authors"]],
            "captions": list(meant["captions"]),
            "credits": list(meant["credits"]),
            "original": meant["original_url"],
            "related": [other.url for other in paper.related(story)],
        }
        page = render(story, paper).encode("utf-8")
        name = f"{story.template}/{story.source_id}"
        cases.append(Case(name, story.url, story.template not in UNSEEN, page, truth))
    return cases
