"""The fields of an exported article: the database's own names, and what its models say of them.

CSV and Parquet have a column for each.  In JSON Lines each becomes a property of schema.org,
see ``export/newsarticle.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Literal

from hanicrawler.normalize.dates import KST
from hanicrawler.storage.described import DescribedColumn, described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from hanicrawler.storage.streams import ArticleRecord

FieldKind = Literal["integer", "text", "time", "boolean", "json", "day", "list"]

OF_VERSIONS: Final = ("seen_at", "silent")
"""Fields that only versions have."""
NAMES: Final = tuple(
    (
        "id edition source_id url day published_at modified_at section section_name label headline"
        " deck authors body byline bylines images related_stories contact original_url"
        " original_source_id published_text modified_text revision seen_at silent content_hash"
        " first_seen_at last_seen_at captured_at gone_at template layers"
    ).split()
)
"""In the order of their columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field of an exported article."""

    name: str
    kind: FieldKind
    meaning: str
    nullable: bool
    value: Callable[[ArticleRecord], Any]
    parts: tuple[DescribedColumn, ...] = ()
    """Of a list, what each of its items has."""

    def items(self, record: ArticleRecord) -> list[dict[str, Any]]:
        """Return the items of a list, part to value."""
        names = [part.name for part in self.parts]
        return [{name: getattr(item, name) for name in names} for item in self.value(record)]


def fields(names: Sequence[str] = (), *, every_version: bool = False) -> list[Field]:
    """Return the fields called *names*, in that order; all without names.

    Raises ValueError, in words for a person, for a name that is none.
    """
    known = _fields()
    possible = [name for name in NAMES if every_version or name not in OF_VERSIONS]
    for name in names:
        if name in OF_VERSIONS and not every_version:
            raise ValueError(f"column {name} goes with --revisions")
        if name not in known:
            raise ValueError(f"no column is called {name!r}: there are {', '.join(possible)}")
    if len(set(names)) < len(names):
        raise ValueError("a column is named twice")
    return [known[name] for name in names or possible]


@cache
def _fields() -> dict[str, Field]:
    articles, revisions = described("articles"), described("revisions")
    listed, authors = described("article_list"), described("authors")
    of_list = {
        "bylines": ("authors", [authors["name"], authors["language"]], ("role", "place", "email")),
        "images": ("images", [], ("url", "caption", "credit")),
        "related_stories": ("related", [], ("edition", "source_id", "url", "headline")),
    }
    known: dict[str, Field] = {}
    for name in NAMES:
        if name in of_list:
            attribute, parts, others = of_list[name]
            parts = [*parts, *[described(name)[other] for other in others]]
            known[name] = Field(
                name=name,
                kind="list",
                nullable=False,
                meaning=f"List in printed order, of {', '.join(part.name for part in parts)}",
                value=attrgetter(attribute),
                parts=tuple(parts),
            )
            continue
        computed = {"day": _day, "authors": _authors}
        column = (listed if name in computed else revisions if name in OF_VERSIONS else articles)[
            name
        ]
        known[name] = Field(
            name=name,
            kind="day" if name == "day" else _kind(column),
            nullable=column.nullable,
            meaning=column.meaning,
            value=computed.get(name) or attrgetter(name),
        )
    return known


def _kind(column: DescribedColumn) -> FieldKind:
    kind = column.kind
    assert kind != "number"
    assert kind != "bytes"
    return kind


def _day(record: ArticleRecord) -> date | None:
    moment = record.published_at
    return None if moment is None else moment.astimezone(KST).date()


def _authors(record: ArticleRecord) -> str | None:
    return "; ".join(author.name for author in record.authors) or None
