"""Full-text search for who asks a table of the SQLite file by hand: a condition, and its value."""

from __future__ import annotations

from typing import Final

from hanicrawler.storage.search import fts5_expression
from hanicrawler.storage.words import read_words

SEARCHED: Final = {
    "articles": "id",
    "article_list": "id",
    "revisions": "article_id",
    "edits": "article_id",
    "story_graph": "article_id",
    "images": "article_id",
}
"""The tables and views that can be asked so, and their column with the article's ``id``."""


def condition(table: str, parameter: str) -> str:
    """Return the condition on a row of *table* that its article has what is searched for.

    ``:parameter`` is to be what :func:`value` gives.
    """
    keys = f"SELECT rowid FROM article_search WHERE article_search MATCH :{parameter}"  # noqa: S608
    found = f"SELECT article_id FROM search_index WHERE search_key IN ({keys})"  # noqa: S608
    return f"{SEARCHED[table]} IN ({found})"


def value(text: str) -> str:
    """Return *text*, as a person types it to search, for FTS5.  Raises BadSearch."""
    return fts5_expression(read_words(text))
