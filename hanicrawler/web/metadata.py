"""What Datasette says of the database: the same words as ``docs/schema.md``, out of the models."""

from __future__ import annotations

from typing import Any, Final

from hanicrawler.storage.described import described
from hanicrawler.storage.schema import Base
from hanicrawler.storage.views import VIEWS

_FACETS: Final[dict[str, list[Any]]] = {
    "articles": ["section", "label", "edition", {"date": "published_at"}],
    "article_list": ["section", "label", "edition", "authors", "day"],
    "bylines": ["role", "place"],
    "images": ["credit"],
    "problems": ["stage", "code"],
    "crawls": ["outcome"],
}
"""By what each table's page can be narrowed.  They are offered, and counted where one asks."""

_SORTED: Final = {
    "articles": "published_at",
    "article_list": "published_at",
    "crawls": "started_at",
    "problems": "seen_at",
}
"""Which column an index sorts a table's page by, the newest first."""

_WORKINGS: Final = frozenset({"alembic_version", "search_due", "search_index"})
"""Tables that answer no reader's question; Datasette lists them where one asks for hidden ones."""

_LABELS: Final = {"articles": "headline", "authors": "name"}
"""What stands for a row where another table names it."""


def metadata(name: str) -> dict[str, Any]:
    """Return Datasette's metadata; *name* is what the database is called for people."""
    return {
        "title": "The Hankyoreh, archived",
        "databases": {
            "hanicrawler": {
                "title": "The data",
                "description": (
                    f"{name}: every table and view, to be asked in SQL. Times are UTC; nothing"
                    " can be changed here."
                ),
                "tables": {table: _table(table) for table in (*Base.metadata.tables, *VIEWS.tables)}
                | {table: {"hidden": True} for table in _WORKINGS},
            }
        },
    }


def meaning(name: str) -> str:
    """Return in a line what a row of a table or view is; empty for one that is not ours."""
    found = Base.metadata.tables.get(name)
    table = VIEWS.tables.get(name) if found is None else found
    return "" if table is None else table.comment or ""


def narrowing(table: str) -> list[tuple[str, str]]:
    """Return by what the page of *table* can be narrowed: a column, and what Datasette calls it."""
    listed = _FACETS.get(table, [])
    return [
        (next(iter(each.values())), "_facet_date") if isinstance(each, dict) else (each, "_facet")
        for each in listed
    ]


def _table(name: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": meaning(name),
        "columns": {column.name: column.meaning for column in described(name).values()},
    }
    if name in _SORTED:
        said["sort_desc"] = _SORTED[name]
    if name in _LABELS:
        said["label_column"] = _LABELS[name]
    return said
