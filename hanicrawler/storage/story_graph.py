"""The graph of related stories, walked from one article: each level is one question."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.storage.engine import reading
from hanicrawler.storage.keys import select_by_key
from hanicrawler.storage.models import ArticleRow, RelatedRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hanicrawler.storage.keys import Key

MOST_STORIES: Final = 2000
"""How many stories a graph has at most where nobody says; a person can follow far fewer."""

_ARTICLES: Final = table_of(ArticleRow)
_RELATED: Final = table_of(RelatedRow)
_STORY: Final = ("id", "edition", "source_id", "url", "headline", "published_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story of the graph."""

    key: str
    """What edges call it: ``en:1218660``, or the URL of a page that is no article of the site."""
    id: int | None
    """``articles.id``; None until it is stored."""
    edition: str | None
    source_id: int | None
    url: str
    headline: str
    """Its own, or the link's words until it is stored; may be empty then."""
    published_at: datetime | None
    """Aware, UTC; None until it is stored."""
    depth: int
    """How many steps it is from where the walk began."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLinkage:
    """An edge: an article names a story."""

    source: str
    """The key of the article that names the other."""
    target: str
    """The key of the story it names."""
    position: int
    """From 1, in printed order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryGraph:
    """The stories that can be reached from an article, and who names whom."""

    stories: tuple[Story, ...]
    """The nearest first, each once; the first is where the walk began."""
    edges: tuple[StoryLinkage, ...]
    """Both ends are among the stories.  What the farthest stories name was not asked."""
    complete: bool
    """False where the bound was reached: more stories are within the depth."""

    @property
    def root(self) -> Story:
        """Where the walk began."""
        return self.stories[0]


@dataclass(slots=True)
class _Walk:
    """A walk so far."""

    most: int
    stories: dict[str, Story] = field(default_factory=dict)
    edges: dict[tuple[str, str, int], StoryLinkage] = field(default_factory=dict)
    complete: bool = True

    def meet(self, story: Story) -> Story | None:
        """Take up *story* where it is new and there is room; return it where it is new."""
        if story.key in self.stories:
            return None
        if len(self.stories) >= self.most:
            self.complete = False
            return None
        self.stories[story.key] = story
        return story

    def join(self, source: str, target: str, position: int) -> None:
        """Take up an edge where both its ends were taken up."""
        if source in self.stories and target in self.stories:
            edge = StoryLinkage(source=source, target=target, position=position)
            self.edges.setdefault((source, target, position), edge)


def walk_stories(
    engine: sa.Engine, id_: int, *, depth: int, backwards: bool, most: int
) -> StoryGraph | None:
    """Return the stories within *depth* steps of the article *id_*, breadth first.

    A step goes from an article to a story it names; *backwards*, to those that name it too.
    At most *most* stories.  None where no such article is stored.  Raises DatabaseError.
    """
    walk = _Walk(most)
    with reading(engine) as connection:
        asked = sa.select(*(_ARTICLES.c[name] for name in _STORY)).where(_ARTICLES.c.id == id_)
        row = connection.execute(asked).one_or_none()
        if row is None:
            return None
        level = [_story(row._mapping, 0)]
        walk.meet(level[0])
        for step in range(1, depth + 1):
            level = _next_level(connection, walk, level, step, backwards=backwards)
            if not level or not walk.complete:
                break
    return StoryGraph(
        stories=tuple(walk.stories.values()),
        edges=tuple(walk.edges.values()),
        complete=walk.complete,
    )


def _next_level(
    connection: sa.Connection, walk: _Walk, level: Sequence[Story], step: int, *, backwards: bool
) -> list[Story]:
    """Take up what *level* names, and who names it; return the stories that are new."""
    met: list[Story | None] = []
    for source, story, position in _named(connection, level, step):
        met.append(walk.meet(story))
        walk.join(source, story.key, position)
    if backwards:
        for story, target, position in _namers(connection, level, step, walk):
            met.append(walk.meet(story))
            walk.join(story.key, target, position)
    return [story for story in met if story is not None]


def _named(
    connection: sa.Connection, level: Sequence[Story], step: int
) -> Iterator[tuple[str, Story, int]]:
    """Give what the articles of *level* name, in their order and in printed order."""
    keys = {story.id: story.key for story in level if story.id is not None}
    for chunk in chunks(keys):
        order = {id_: number for number, id_ in enumerate(chunk)}
        target = sa.and_(
            _ARTICLES.c.edition == _RELATED.c.edition,
            _ARTICLES.c.source_id == _RELATED.c.source_id,
        )
        asked = (
            sa.select(
                _RELATED.c.article_id,
                _RELATED.c.position,
                _ARTICLES.c.id,
                _RELATED.c.edition,
                _RELATED.c.source_id,
                sa.func.coalesce(_ARTICLES.c.url, _RELATED.c.url).label("url"),
                sa.func.coalesce(_ARTICLES.c.headline, _RELATED.c.headline).label("headline"),
                _ARTICLES.c.published_at,
            )
            .select_from(_RELATED.outerjoin(_ARTICLES, target))
            .where(_RELATED.c.article_id.in_(chunk))
        )
        rows = connection.execute(asked).all()
        for row in sorted(rows, key=lambda row: (order[row.article_id], row.position)):
            yield keys[row.article_id], _story(row._mapping, step), row.position


def _namers(
    connection: sa.Connection, level: Sequence[Story], step: int, walk: _Walk
) -> Iterator[tuple[Story, str, int]]:
    """Give the articles that name those of *level*, the oldest stored first."""
    keys: dict[Key, str] = {
        (story.edition, story.source_id): story.key
        for story in level
        if story.edition is not None and story.source_id is not None
    }
    columns = (_RELATED.c.article_id, *(_RELATED.c[name] for name in ("edition", "source_id")))
    links = list(select_by_key(connection, _RELATED, (*columns, _RELATED.c.position), keys))
    links.sort(key=lambda link: (link.article_id, link.position))
    # No more than can be taken up: an article that half of all others name has many.
    wanted = list(dict.fromkeys(link.article_id for link in links))[: walk.most + 1]
    stories = {story.id: story for story in _stored(connection, wanted, step)}
    for link in links:
        if link.article_id in stories:
            target = keys[link.edition, link.source_id]
            yield stories[link.article_id], target, link.position


def _stored(connection: sa.Connection, ids: Iterable[int], step: int) -> Iterator[Story]:
    for chunk in chunks(ids):
        asked = sa.select(*(_ARTICLES.c[name] for name in _STORY)).where(_ARTICLES.c.id.in_(chunk))
        for row in connection.execute(asked):
            yield _story(row._mapping, step)


def _story(row: Any, step: int) -> Story:
    values = {name: row[name] for name in _STORY}
    edition, source_id = values["edition"], values["source_id"]
    key = values["url"] if source_id is None else f"{edition}:{source_id}"
    return Story(key=key, depth=step, **values)
