"""Captures that come after later ones, or anew: the articles they belong to are told again.

An archive gives the past in any order, and a reparse gives what was read before once more.  For
the articles concerned all captures that are known are put in order, and the rows made what they
would be had the captures come so.

What a capture said is corrected where its bytes are read anew, by a better parser.  Captures of
the same text that are not read anew (their bytes are no longer kept) say then what it says: the
newspaper changed nothing between them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from hanicrawler.items import Article
from hanicrawler.storage.captures import captured, noted, preferred, stored_captures
from hanicrawler.storage.rows import REVISIONS, TEXT, VALUES, Stored, lists_of, values_of
from hanicrawler.storage.sql import Row, among, chunks
from hanicrawler.storage.timeline import Captured, Timeline

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from hanicrawler.items import Fetch, Problem
    from hanicrawler.storage.articles import Articles, Seen
    from hanicrawler.storage.captures import Captures
    from hanicrawler.storage.keys import Key
    from hanicrawler.storage.pages import Pages
    from hanicrawler.storage.problems import Problems

_PLACE: Final = ("number", "seen_at", "silent")

Place = tuple["datetime", int]


class Late:
    """The articles of a batch that are told again."""

    def __init__(
        self,
        connection: sa.Connection,
        keys: Collection[Key],
        articles: Articles,
        pages: Pages,
        crawl_id: int | None,
    ) -> None:
        self._articles = articles
        self._pages = pages
        self._crawl_id = crawl_id
        self._logs = stored_captures(connection, keys)
        self._timelines = {key: Timeline.of(log.values()) for key, log in self._logs.items()}
        self._given: defaultdict[Key, dict[Place, Article]] = defaultdict(dict)
        self._revisions = _revisions(connection, articles, keys)
        self._touched: defaultdict[Key, dict[Place, Captured]] = defaultdict(dict)
        self._bodies: dict[tuple[Any, ...], Problem] = {}
        self._urls: defaultdict[Key, set[str]] = defaultdict(set)
        for key, log in self._logs.items():
            self._urls[key] |= {problem.url for c in log.values() for problem in c.problems}

    def __contains__(self, key: Key | None) -> bool:
        return key in self._logs

    def urls(self) -> list[str]:
        """Return under which URLs the captures' problems were noted."""
        return [url for urls in self._urls.values() for url in urls]

    def read(self, key: Key, article: Article) -> Seen:
        """Take up *article*, read from a page; return what it is against what was known."""
        log = self._logs[key]
        fetch = _where_it_is_kept(article.fetch, log)
        if fetch is not article.fetch:
            article = replace(article, fetch=fetch)
        new = captured(article, self._crawl_id)
        assert new is not None
        old = log.get(new.place)
        if old is not None and _loses(new, old):
            return "unchanged"
        before = self._timelines[key]
        self._put(key, new)
        self._given[key][new.place] = article
        self._urls[key] |= {article.url, article.fetch.url, *(p.url for p in article.problems)}
        self._articles.sign(article)
        self._correct(key, new, old)
        return self._tell(key, article, before, new)

    def fetched(self, key: Key, fetch: Fetch) -> None:
        """Take up a fetch that brought no page to read."""
        fetch = _where_it_is_kept(fetch, self._logs[key])
        new = captured(fetch, self._crawl_id)
        if new is None:
            return
        old = self._logs[key].get(new.place)
        if old is not None:
            if old.content_hash is not None:
                return  # it was read, if not by today's parser
            new.problems = old.problems if new.body_hash is None else ()
        self._urls[key].add(fetch.url)
        self._put(key, new)
        self._tell(key, fetch, self._timelines[key], new)

    def met(self, key: Key, problem: Problem) -> bool:
        """Take up *problem* of a capture; False where it is of none that is known."""
        found = [c for c in self._logs[key].values() if c.at == problem.seen_at]
        unread = [c for c in found if c.content_hash is None]
        if not unread:
            return bool(found)
        self._urls[key].add(problem.url)
        capture, told = unread[-1], noted(problem)
        others = tuple([each for each in capture.problems if each[:3] != told[:3]])
        capture.problems = (*others, told)
        self._touched[key][capture.place] = capture
        if capture.kept is not None:
            problem = replace(problem, kept=capture.kept)
        self._bodies[(*told[:3], problem.seen_at)] = problem
        self._timelines[key] = Timeline.of(self._logs[key].values())
        return True

    def write(self, captures: Captures, problems: Problems) -> None:
        """Hand over what is to be written."""
        for key, timeline in self._timelines.items():
            for capture in self._touched[key].values():
                captures.saw(key, capture)
            if stored := self._articles.held(key):
                self._rewrite(key, stored, timeline)
            problems.retold(self._urls[key], timeline, self._bodies)

    def _put(self, key: Key, capture: Captured) -> None:
        self._logs[key][capture.place] = capture
        self._touched[key][capture.place] = capture

    def _correct(self, key: Key, new: Captured, old: Captured | None) -> None:
        """Let the other captures of the same bytes, and of the same text, say the same."""
        log = self._logs[key]
        superseded = set()
        if old is not None and old.content_hash != new.content_hash:
            superseded.add(old.content_hash)
        for capture in log.values():
            # The text alone: whether a printed time is possible hangs on when the page came.
            same_bytes = new.body_hash is not None and capture.body_hash == new.body_hash
            if same_bytes and capture.content_hash not in (None, new.content_hash):
                superseded.add(capture.content_hash)
                capture.content_hash = new.content_hash
                self._touched[key][capture.place] = capture
        superseded.discard(None)
        for capture in log.values() if superseded else ():
            is_anew = self._crawl_id is not None and capture.crawl_id == self._crawl_id
            if capture.content_hash in superseded and not is_anew and capture is not new:
                capture.content_hash = new.content_hash
                self._touched[key][capture.place] = capture

    def _tell(self, key: Key, entry: Article | Fetch, before: Timeline, new: Captured) -> Seen:
        """Make the article's row what its captures come to."""
        after = self._timelines[key] = Timeline.of(self._logs[key].values())
        fetch = entry.fetch if isinstance(entry, Article) else entry
        stored = self._articles.held(key)
        posted = _posted(entry, stored, after)
        self._pages.told(fetch, key, after, new, posted)
        if after.shown is None:
            return "unchanged"
        if stored is None:
            if not isinstance(entry, Article):
                return "unchanged"
            self._articles.hold(_made(key, entry, after))
            return "new"
        changes = self._show(key, stored, after)
        if len(after.versions) > len(before.versions):
            return "changed"
        texts = [version.first.content_hash for version in after.versions]
        corrected = texts != [version.first.content_hash for version in before.versions]
        return "updated" if changes or corrected else "unchanged"

    def _show(self, key: Key, stored: Stored, timeline: Timeline) -> bool:
        """Let *stored* be the article as *timeline* shows it; return whether it says else now."""
        shown = timeline.shown
        assert shown is not None
        assert timeline.last_seen_at is not None
        times = (len(timeline.versions), timeline.versions[0].seen_at, timeline.last_seen_at,
                 shown.at, timeline.gone_at)  # fmt: skip
        was = (stored.revision, stored.first_seen_at, stored.last_seen_at,
               stored.captured_at, stored.gone_at)  # fmt: skip
        said = (stored.values, stored.layers, stored.lists)
        if article := self._given[key].get(shown.place):
            stored.values, stored.lists = values_of(article), lists_of(article)
            stored.layers = dict(article.layers)
        elif stored["content_hash"] != shown.content_hash:
            stored.values = self._words(key, stored, shown)
        (stored.revision, stored.first_seen_at, stored.last_seen_at,
         stored.captured_at, stored.gone_at) = times  # fmt: skip
        differs = said != (stored.values, stored.layers, stored.lists)
        if differs or times != was:
            self._articles.change(stored)
        return differs

    def _words(self, key: Key, stored: Stored, shown: Captured) -> tuple[Any, ...]:
        """Return the row's values with the text of *shown*, whose page is not at hand.

        The text is known from its revision; the rest stays until the page is read again.
        """
        text = self._text(key, shown, shown.at)
        if text is None:
            return stored.values
        return tuple([text.get(name, stored[name]) for name in VALUES])

    def _rewrite(self, key: Key, stored: Stored, timeline: Timeline) -> None:
        """Have the revisions written anew, where they are not as *timeline* has them."""
        rows: list[Row] = []
        for number, version in enumerate(timeline.versions, 1):
            text = self._text(key, version.first, version.seen_at)
            if text is None:
                return  # a text that is not known any more: better the old rows than none
            text["modified_at"] = version.first.modified_at
            rows.append(text | {"number": number, "seen_at": version.seen_at,
                                "silent": version.silent})  # fmt: skip
        if rows and rows != self._revisions.get(key, []):
            self._articles.rewrite(stored, rows)

    def _text(self, key: Key, capture: Captured, seen_at: datetime) -> Row | None:
        """Return the words of *capture*: from its page, or else from a revision that has them."""
        if article := self._given[key].get(capture.place):
            return {name: getattr(article, name) for name in TEXT}
        same = [
            row for row in self._revisions.get(key, [])
            if row["content_hash"] == capture.content_hash
        ]  # fmt: skip
        same.sort(key=lambda row: abs(row["seen_at"] - seen_at))
        if same:
            return {name: same[0][name] for name in TEXT}
        for article in self._given[key].values():
            if article.content_hash == capture.content_hash:
                return {name: getattr(article, name) for name in TEXT}
        return None


def _where_it_is_kept(fetch: Fetch, log: Mapping[Place, Captured]) -> Fetch:
    """Return *fetch* with the better place, where the very response is kept in two."""
    old = log.get((fetch.fetched_at, fetch.status or 200))
    if old is None or old.kept is None or old.body_hash != fetch.body_hash:
        return fetch
    kept = preferred(fetch.kept, old.kept)
    return fetch if kept == fetch.kept else replace(fetch, kept=kept)


def _loses(new: Captured, old: Captured) -> bool:
    """Tell whether of two pages of one moment the stored one holds, whichever came first."""
    if old.content_hash is None or None in (new.body_hash, old.body_hash):
        return False
    return str(new.body_hash) < str(old.body_hash)


def _made(key: Key, article: Article, timeline: Timeline) -> Stored:
    """Return the new article that *article*, the only page of it that was read, is."""
    first, shown = timeline.versions[0], timeline.shown
    assert shown is not None
    assert timeline.last_seen_at is not None
    return Stored(
        key=key,
        id=None,
        revision=len(timeline.versions),
        first_seen_at=first.seen_at,
        last_seen_at=timeline.last_seen_at,
        captured_at=shown.at,
        gone_at=timeline.gone_at,
        values=values_of(article),
        layers=dict(article.layers),
        lists=lists_of(article),
    )


def _posted(entry: Article | Fetch, stored: Stored | None, timeline: Timeline) -> datetime | None:
    """Return when the article was posted, else first seen; None where it was never read."""
    if stored is not None and stored["published_at"] is not None:
        posted: datetime = stored["published_at"]
        return posted
    if isinstance(entry, Article) and entry.published_at is not None:
        return entry.published_at
    return timeline.versions[0].seen_at if timeline.versions else None


def _revisions(
    connection: sa.Connection, articles: Articles, keys: Iterable[Key]
) -> dict[Key, list[Row]]:
    """Return the stored revisions of the articles *keys*, the oldest first."""
    ids = {stored.id: key for key in keys if (stored := articles.held(key)) and stored.id}
    found: dict[Key, list[Row]] = {}
    columns = [REVISIONS.c[name] for name in ("article_id", *TEXT, *_PLACE)]
    for chunk in chunks(ids):
        for row in connection.execute(
            sa.select(*columns)
            .where(among(connection, REVISIONS.c.article_id, chunk))
            .order_by(REVISIONS.c.article_id, REVISIONS.c.number)
        ):
            values = dict(row._mapping)
            found.setdefault(ids[values.pop("article_id")], []).append(values)
    return found
