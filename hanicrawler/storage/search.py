"""Full-text search: one function over SQLite's FTS5 and PostgreSQL's ``tsvector``.

Found articles come newest first, or by relevance.  The order of time is that of the index's own
key, so that the newest matches of the commonest word are found as quickly as those of a rare one,
and a page begins where the last one ended.  A filter is one more word to be found.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any, Final, Literal

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY

from hanicrawler.storage.engine import reading
from hanicrawler.storage.filters import Filters, day_begins, day_ends, in_small_letters, is_called
from hanicrawler.storage.models import ArticleRow, AuthorRow, ImageRow
from hanicrawler.storage.paging import check_limit, not_a_place
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.search_tables import (
    ARTICLE_SEARCH,
    PER_MINUTE,
    SEARCH_INDEX,
    UNDATED,
)
from hanicrawler.storage.sql import chunks
from hanicrawler.storage.views import ARTICLE_LIST
from hanicrawler.storage.words import Term, Words, read_words, stem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Order = Literal["newest", "relevance"]

RANKED: Final = 20_000
"""By relevance, the newest so many matches are ranked: what ranking costs grows with them."""

_ARTICLES: Final = table_of(ArticleRow)
_AUTHORS: Final = table_of(AuthorRow)
_IMAGES: Final = table_of(ImageRow)
_SEARCHED: Final = "headline deck body captions authors"
_WEIGHTS: Final = (10.0, 4.0, 1.0, 2.0, 4.0, 0.0)
"""Of headline, deck, body, captions, authors and filters."""
_LONGEST: Final = 500
"""Characters of a word that PostgreSQL takes in a query, whichever they are."""
_GREATEST_KEY: Final = 2**62
"""No key is greater; the databases take none of more than 64 bits."""
_EDITIONS: Final = ("en", "ko", "ja", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article that was found, with the texts it may have been found by."""

    id: int
    edition: str
    source_id: int
    url: str
    published_at: datetime | None
    """Aware, UTC."""
    section: str | None
    section_name: str | None
    label: str | None
    headline: str
    deck: str | None
    body: str
    captions: tuple[str, ...]
    authors: str | None
    """Names in printed order, parted by ``; ``; None where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A page of what was found."""

    articles: tuple[FoundArticle, ...]
    next: str | None
    """Where the next page begins; None where there is none."""
    ranked: int | None
    """How many matches were ranked where there are more; None where all were, or none."""


def search(
    engine: sa.Engine,
    text: str,
    filters: Filters,
    *,
    order: Order = "newest",
    limit: int = 20,
    after: str | None = None,
) -> FoundPage:
    """Return the *limit* best articles for *text* that *filters* let through.

    An empty *text* with a filter means all that it lets through.  *after* is the ``next`` of the
    page before.  Raises BadSearch, BadPlace, DatabaseError, and ValueError for a *limit* below 1.
    """
    check_limit(limit)
    words = Words() if filters and not text.strip() else read_words(text)
    begin = _Place.read(after, order)
    with reading(engine) as connection:
        index = _INDEXES[connection.dialect.name](connection, words, filters)
        floor = index.floor() if order == "relevance" else None
        ranked = RANKED if floor is not None else None
        if order == "newest":
            places = index.newest(limit + 1, begin)
        else:
            places = index.best(limit + 1, begin, floor)
        shown = places[:limit]
        articles = _articles(connection, [place.key for place in shown])
    return FoundPage(
        articles=tuple(articles),
        next=str(shown[-1]) if len(places) > limit else None,
        ranked=ranked,
    )


def found_by(connection: sa.Connection, text: str) -> sa.ColumnElement[bool]:
    """Return the condition on a row of ``articles`` that *text* finds it.  Raises BadSearch."""
    index = _INDEXES[connection.dialect.name](connection, read_words(text), Filters())
    keys = sa.select(index.key).where(index.matches())
    ids = sa.select(SEARCH_INDEX.c.article_id).where(SEARCH_INDEX.c.search_key.in_(keys))
    return _ARTICLES.c.id.in_(ids)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an article stands among those that were found."""

    key: int
    rank: float | None = None

    def __str__(self) -> str:
        return f"{self.key}" if self.rank is None else f"{self.key}:{self.rank!r}"

    @classmethod
    def read(cls, text: str | None, order: Order) -> _Place | None:
        if text is None:
            return None
        key, colon, rank = text.partition(":")
        try:
            number = int(key)
            if bool(colon) != (order == "relevance") or abs(number) > _GREATEST_KEY:
                raise ValueError
            place = cls(number, float(rank) if colon else None)
            # "nan" and "inf" are numbers too, and stand nowhere.
            if not isfinite(place.rank or 0):
                raise ValueError
            return place
        except ValueError:
            raise not_a_place(text) from None


class _Index(ABC):
    """The index of a database, asked for *words* and *filters*."""

    def __init__(self, connection: sa.Connection, words: Words, filters: Filters) -> None:
        self._connection = connection
        self._words = words
        self._filters = filters

    key: sa.ColumnElement[int]

    @abstractmethod
    def matches(self) -> sa.ColumnElement[bool]:
        """Return what is true of an article that fits."""

    @abstractmethod
    def rank(self) -> sa.ColumnElement[float]:
        """Return how well a match fits; less is better."""

    def newest(self, limit: int, begin: _Place | None) -> list[_Place]:
        chosen = self._chosen(self.key).order_by(self.key.desc()).limit(limit)
        if begin is not None:
            chosen = chosen.where(self.key < begin.key)
        return [_Place(key) for key in self._connection.scalars(chosen)]

    def best(self, limit: int, begin: _Place | None, floor: int | None) -> list[_Place]:
        chosen = self._chosen(self.key.label("key"), self.rank().label("rank"))
        if floor is not None:
            chosen = chosen.where(self.key >= floor)
        ranked = chosen.subquery()
        page = sa.select(ranked).order_by(ranked.c.rank, ranked.c.key.desc()).limit(limit)
        if begin is not None:
            page = page.where(
                sa.or_(
                    ranked.c.rank > begin.rank,
                    sa.and_(ranked.c.rank == begin.rank, ranked.c.key < begin.key),
                )
            )
        return [_Place(row.key, row.rank) for row in self._connection.execute(page)]

    def floor(self) -> int | None:
        """Return the key of the oldest match that is ranked, None where all are."""
        within = self._chosen(self.key).order_by(self.key.desc()).offset(RANKED - 1).limit(2)
        found = self._connection.scalars(within).all()
        return found[0] if len(found) == 2 else None

    def _chosen(self, *columns: sa.ColumnElement[Any]) -> sa.Select[Any]:
        chosen = sa.select(*columns).where(self.matches())
        if self._filters.since:
            chosen = chosen.where(self.key >= _key(day_begins(self._filters.since)))
        if self._filters.until:
            # Without a date it is in no period.
            chosen = chosen.where(
                self.key < _key(day_ends(self._filters.until)),
                self.key > UNDATED // 2,
            )
        return chosen

    def author_ids(self) -> list[int]:
        """Return who has one of the names asked for."""
        # In any case, as everywhere: one name may be written in two.
        called = sa.select(_AUTHORS.c.id).where(is_called(self._filters.authors))
        return list(self._connection.scalars(called))


class _Fts5(_Index):
    key = ARTICLE_SEARCH.c.rowid

    def matches(self) -> sa.ColumnElement[bool]:
        match: sa.ColumnElement[bool] = sa.literal_column("article_search").op("MATCH")(
            fts5_expression(self._words, self._filter_words())
        )
        return match

    def rank(self) -> sa.ColumnElement[float]:
        return sa.func.bm25(sa.literal_column("article_search"), *_WEIGHTS, type_=sa.Float)

    def _filter_words(self) -> list[list[str]]:
        """Return the words that stand for the filters; one of each list has to occur."""
        filters = self._filters
        choices = [
            [f"fe{_hex(each)}0" for each in filters.editions],
            [f"fs{_hex(each)}0" for each in filters.sections],
            [f"fl{_hex(each)}0" for each in in_small_letters(filters.labels)],
        ]
        if filters.authors:
            choices.append([f"fa{each}0" for each in self.author_ids()] or ["fa0"])
        return [choice for choice in choices if choice]


class _Vectors(_Index):
    key = SEARCH_INDEX.c.search_key

    def matches(self) -> sa.ColumnElement[bool]:
        matches: sa.ColumnElement[bool] = SEARCH_INDEX.c.words.op("@@")(self._query())
        return matches

    def rank(self) -> sa.ColumnElement[float]:
        # ts_rank_cd weighs nearness too, and costs as much; of one word it says less.
        # In the width in which Python has it, so that the next page knows its place again.
        return -sa.cast(sa.func.ts_rank(SEARCH_INDEX.c.words, self._query()), sa.Double)

    def _query(self) -> sa.ColumnElement[Any]:
        wanted = [" | ".join(map(_distance, choice)) for choice in self._words.all_of]
        wanted += [f"!({_distance(term)})" for term in self._words.none_of]
        wanted += [" | ".join(choice) for choice in self._filter_words()]
        # As the index has the words, so that the server need not look at them again.
        return sa.cast(sa.literal(" & ".join(f"({each})" for each in wanted)), TSQUERY)

    def _filter_words(self) -> list[list[str]]:
        filters = self._filters
        choices = [
            [_lexeme(f"=e:{each}") for each in filters.editions],
            [_lexeme(f"=s:{each}") for each in filters.sections],
            [_lexeme(f"=l:{each}") for each in in_small_letters(filters.labels)],
        ]
        if filters.authors:
            choices.append([_lexeme(f"=a:{each}") for each in self.author_ids() or [0]])
        given = [choice for choice in choices if choice]
        if not given and not self._words.all_of:
            given = [[_lexeme(f"=e:{each}") for each in _EDITIONS]]
        return given


_INDEXES: Final[dict[str, type[_Index]]] = {"sqlite": _Fts5, "postgresql": _Vectors}


def _articles(connection: sa.Connection, keys: Sequence[int]) -> list[FoundArticle]:
    """Return the articles with *keys*, in that order."""
    listed = [
        ARTICLE_LIST.c[name]
        for name in FoundArticle.__dataclass_fields__
        if name not in ("body", "captions")
    ]
    found = {}
    captions: dict[int, list[str]] = {}
    for some in chunks(keys):
        chosen = (
            sa.select(SEARCH_INDEX.c.search_key, _ARTICLES.c.body, *listed)
            .join(_ARTICLES, _ARTICLES.c.id == SEARCH_INDEX.c.article_id)
            .join(ARTICLE_LIST, ARTICLE_LIST.c.id == _ARTICLES.c.id)
            .where(SEARCH_INDEX.c.search_key.in_(some))
        )
        for row in connection.execute(chosen):
            values = dict(row._mapping)
            found[values.pop("search_key")] = values
        pictured = (
            sa.select(_IMAGES.c.article_id, _IMAGES.c.caption)
            .join(SEARCH_INDEX, SEARCH_INDEX.c.article_id == _IMAGES.c.article_id)
            .where(SEARCH_INDEX.c.search_key.in_(some), _IMAGES.c.caption.is_not(None))
            .order_by(_IMAGES.c.article_id, _IMAGES.c.position)
        )
        for article_id, caption in connection.execute(pictured):
            captions.setdefault(article_id, []).append(caption)
    return [
        FoundArticle(captions=tuple(captions.get(found[key]["id"], ())), **found[key])
        for key in keys
    ]


def _key(moment: datetime) -> int:
    """Return the least key of an article published in the minute of *moment*."""
    return int(moment.timestamp()) // 60 * PER_MINUTE


def fts5_expression(words: Words, filters: Sequence[Sequence[str]] = ()) -> str:
    """Return what ``article_search`` is to MATCH: *words*, and one word of each of *filters*."""
    if not filters and not words.all_of:
        # FTS5 excludes only from something: from all that there is.
        filters = [[f"fe{_hex(each)}0" for each in _EDITIONS]]
    wanted = [_any(choice) for choice in words.all_of]
    wanted += [f"filters : ({' OR '.join(choice)})" for choice in filters]
    expression = " AND ".join(f"({each})" for each in wanted)
    return f"({expression}) NOT ({_any(words.none_of)})" if words.none_of else expression


def _any(terms: Sequence[Term]) -> str:
    """Return that one of *terms* occurs in a text, for FTS5."""
    return f"{{{_SEARCHED}}} : ({' OR '.join(map(_phrase, terms))})"


def _phrase(term: Term) -> str:
    """Return *term* for FTS5; its pieces are letters and digits."""
    return f'"{" ".join(term.pieces)}"{" *" if term.is_beginning else ""}'


def _distance(term: Term) -> str:
    """Return *term* for PostgreSQL; its pieces are letters and digits."""
    last = len(term.pieces) - 1
    words = [
        _lexeme(_indexed(piece, beginning=term.is_beginning and place == last))
        for place, piece in enumerate(term.pieces)
    ]
    return f"{' <-> '.join(words)}{':*' if term.is_beginning else ''}"


def _indexed(piece: str, *, beginning: bool) -> str:
    """Return *piece* as PostgreSQL's index has it; see migration 0007."""
    if len(piece) == 2 and piece.endswith("s") and not beginning:
        return f"{piece}0"
    return stem(piece)[:_LONGEST]


def _lexeme(text: str) -> str:
    """Return *text* as a lexeme in the text of a tsquery."""
    doubled = text.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _hex(text: str) -> str:
    return text.encode().hex()
