"""The tables of full-text search, which migrations 0006 and 0007 make and triggers fill.

Their metadata is not the models': FTS5 has tables of its own, and ``words`` is PostgreSQL's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

if TYPE_CHECKING:
    from collections.abc import Iterator

SEARCH: Final = sa.MetaData()

SEARCH_INDEX: Final = sa.Table(
    "search_index",
    SEARCH,
    sa.Column("search_key", sa.BigInteger, primary_key=True),
    sa.Column("article_id", sa.Integer, unique=True),
    sa.Column("words", TSVECTOR),
    comment="An article that can be searched for, and its place in the order of publication",
)
"""``words`` is on PostgreSQL only."""

ARTICLE_SEARCH: Final = sa.table("article_search", sa.column("rowid", sa.BigInteger))
"""SQLite's FTS5 table; its rowid is ``search_key``."""

PER_MINUTE: Final = 1024
"""A ``search_key`` is the minute of publication since 1970 times this, and a number within it."""

UNDATED: Final = -(2**60)
"""To which an article without a date adds its id: it stands before all others."""

_TEXTS: Final = "headline, deck, body, captions, authors, filters"

FILL_SEARCH: Final = f"""
    INSERT INTO article_search (rowid, {_TEXTS})
    SELECT search_key, {_TEXTS} FROM search_texts ORDER BY search_key
"""  # noqa: S608 (names of ours)
"""Fills the FTS5 table of a SQLite file whose triggers are put off, from ``search_index``."""

_HOLD: Final = sa.text("INSERT INTO search_due (article_id) VALUES (-1)")
_RELEASE: Final = sa.text("DELETE FROM search_due")


@contextmanager
def indexed_once(connection: sa.Connection) -> Iterator[None]:
    """Let articles that are written meanwhile be indexed at the end, each once.

    PostgreSQL does so by itself, at the end of the transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.execute(_HOLD)
    yield
    connection.execute(_RELEASE)
