"""A batch of entries inside a transaction: look up at once, apply in order, write at once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from hanicrawler.items import (
    Article,
    Discovered,
    Fetch,
    ListWalk,
    Passed,
    Problem,
    Ranking,
    ReadTo,
)
from hanicrawler.storage.articles import Articles
from hanicrawler.storage.captures import Captures, captured
from hanicrawler.storage.gaps import Gaps
from hanicrawler.storage.keys import Entry, Key, page_key, problem_key
from hanicrawler.storage.late import Late
from hanicrawler.storage.pages import Pages, Standing, standing_after
from hanicrawler.storage.problems import Problems
from hanicrawler.storage.rankings import Rankings
from hanicrawler.storage.readings import Readings
from hanicrawler.storage.timeline import GONE
from hanicrawler.storage.types import aware

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import sqlalchemy as sa

    from hanicrawler.storage.authors import AuthorIds
    from hanicrawler.storage.revisits import Revisits

Outcome = Literal["new", "changed", "updated", "unchanged", "refused", "stored"]
"""What became of an entry: of an article the first four, of anything else ``stored``; and of
either ``refused``, where the database would not take it."""


def store(
    connection: sa.Connection,
    batch: Sequence[Entry],
    authors: AuthorIds,
    crawl_id: int | None,
    revisits: Revisits,
    planned_from: datetime | None = None,
) -> list[Outcome]:
    """Store *batch* in the transaction of *connection*; return what became of each entry.

    The number of statements does not grow with the batch.  *planned_from* is the moment from
    which on fetches are planned, where the batch is of the past.  Raises what the driver or a
    column type raises where an entry cannot be stored; the caller rolls back.
    """
    told = _Batch(connection, batch, authors, crawl_id, revisits, planned_from)
    outcomes = [told.take(entry) for entry in batch]
    told.write()
    return outcomes


class _Batch:
    """What a batch needs to know, looked up at once."""

    def __init__(
        self,
        connection: sa.Connection,
        batch: Sequence[Entry],
        authors: AuthorIds,
        crawl_id: int | None,
        revisits: Revisits,
        planned_from: datetime | None,
    ) -> None:
        self._authors = authors
        self._crawl_id = crawl_id
        keys: list[Key] = []
        named: list[tuple[str, Key | None]] = []
        visited: list[Key] = []
        urls: list[str] = []
        for entry in batch:
            if isinstance(entry, Article):
                keys.append((entry.edition, entry.source_id))
                named.append((entry.fetch.url, keys[-1]))
                urls += (entry.url, entry.fetch.url, *(problem.url for problem in entry.problems))
            elif isinstance(entry, Problem):
                urls.append(entry.url)
                if key := problem_key(entry):
                    named.append((entry.url, key))
            elif isinstance(entry, Fetch | Discovered | Passed):
                named.append((entry.url, page_key(entry)))
                if isinstance(entry, Fetch):
                    visited += filter(None, named[-1][1:])
                    urls.append(entry.url)
        self.pages = Pages(connection, named, visited, revisits, planned_from)
        late = _late(batch, self.pages)
        self.articles = Articles(connection, [*keys, *late])
        late |= _corrected(batch, self.pages, self.articles)
        self.captures = Captures(connection)
        self.late = Late(connection, late, self.articles, self.pages, crawl_id)
        noted = urls + self.pages.urls() + self.articles.urls() + self.late.urls()
        self.problems = Problems(connection, noted, crawl_id)
        self.rankings = Rankings(connection, crawl_id)
        self.gaps = Gaps(connection, crawl_id)
        self.readings = Readings(connection, crawl_id)

    def take(self, entry: Entry) -> Outcome:
        """Take *entry* up; return what becomes of it."""
        match entry:
            case Article():
                return self._article(entry)
            case Fetch():
                self._fetch(entry)
            case Discovered():
                self.pages.discovered(entry, page_key(entry))
            case Passed():
                self.pages.passed(entry.url, page_key(entry))
            case ListWalk():
                self.gaps.walked(entry)
            case Problem():
                self._problem(entry)
            case Ranking():
                self.rankings.saw(entry.edition, entry.seen_at, entry.links)
            case ReadTo():
                self.readings.reached(entry)
        return "stored"

    def write(self) -> None:
        """Write what the batch comes to."""
        self.late.write(self.captures, self.problems)
        self.articles.write(self._authors)
        self.pages.write()
        self.problems.write()
        self.rankings.write()
        self.gaps.write()
        self.captures.write()
        self.readings.write()

    def _article(self, article: Article) -> Outcome:
        fetch = article.fetch
        key = (article.edition, article.source_id)
        self.rankings.saw(article.edition, fetch.fetched_at, article.most_viewed)
        if key in self.late:
            return self.late.read(key, article)
        urls = {article.url, fetch.url, *self.articles.url_of(key), *self.pages.url_of(key)}
        outcome = self.articles.saw(article)
        posted = aware(article.published_at or self.articles.first_seen(key))
        self.pages.fetched(fetch, key, posted=posted)
        self.problems.stored(urls, article.problems, fetch.fetched_at)
        if capture := captured(article, self._crawl_id):
            self.captures.saw(key, capture)
        return outcome

    def _fetch(self, fetch: Fetch) -> None:
        key = page_key(fetch)
        if key and key in self.late and fetch.status is not None:
            self.late.fetched(key, fetch)
            return
        self.pages.fetched(fetch, key)
        if key:
            self.articles.fetched(fetch, key)
            if capture := captured(fetch, self._crawl_id):
                self.captures.saw(key, capture)
        if fetch.says_same or fetch.body_hash is not None:
            self.problems.read(fetch.url, fetch.fetched_at)

    def _problem(self, problem: Problem) -> None:
        key = problem_key(problem)
        if key and key in self.late and self.late.met(key, problem):
            return
        self.problems.met(problem)
        if key:
            self.captures.met(key, problem)


def coverage_of(
    batch: Sequence[Entry], outcomes: Sequence[Outcome]
) -> Counter[tuple[str, str, str]]:
    """Return template, field and layer of the articles in *batch* that are new or changed."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for entry, outcome in zip(batch, outcomes, strict=True):
        # The same article again and again would hide all others.
        if isinstance(entry, Article) and outcome in ("new", "changed"):
            counts.update((entry.template, name, layer) for name, layer in entry.layers.items())
    return counts


def _late(batch: Sequence[Entry], pages: Pages) -> set[Key]:
    """Return of which articles *batch* has a capture that is not later than all before.

    Or one that says that the page is as it was at some time, and not as it was last.
    """
    late: set[Key] = set()
    newest: dict[Key, datetime | None] = {}
    standing: dict[Key, Standing] = {}
    for entry in batch:
        match entry:
            case Article():
                key: Key | None = (entry.edition, entry.source_id)
                url, at = entry.fetch.url, entry.fetch.fetched_at
            case Fetch() if entry.status is not None:
                key, url, at = page_key(entry), entry.url, entry.fetched_at
            case Problem():
                key, url, at = problem_key(entry), entry.url, entry.seen_at
            case _:
                continue
        if key is None:
            continue
        if key not in newest:
            newest[key], standing[key] = pages.fetched_at(url, key), pages.standing(key)
        last = newest[key]
        if isinstance(entry, Article):
            standing[key] = standing_after(entry.fetch)
        elif isinstance(entry, Fetch):
            if not standing[key].is_repeated_by(entry):
                late.add(key)
            if entry.body_hash is not None and entry.status == 200 and entry.revisit_of is None:
                standing[key] = standing_after(entry)
        if isinstance(entry, Problem):
            if last is not None and at < last:
                late.add(key)
        elif last is not None and at <= last:
            late.add(key)
        else:
            newest[key] = at
    return late


def _corrected(batch: Sequence[Entry], pages: Pages, articles: Articles) -> set[Key]:
    """Return of which articles *batch* has the same bytes as before, read in another way."""
    corrected: set[Key] = set()
    before: dict[Key, tuple[str | None, str]] = {}
    for entry in batch:
        if not isinstance(entry, Article):
            continue
        key = (entry.edition, entry.source_id)
        if key not in before and (stored := articles.held(key)):
            before[key] = (pages.body_hash(key), stored["content_hash"])
        now = (entry.fetch.body_hash, entry.content_hash)
        if key in before and now[0] is not None and now[0] == before[key][0] and now != before[key]:
            corrected.add(key)
        before[key] = now
    return corrected


def tally(batch: Sequence[Entry], outcomes: Sequence[Outcome]) -> Counter[str]:
    """Return what the run counts of *batch*: COUNTED_WITH_THE_WORK, and the ``refused``."""
    counts: Counter[str] = Counter()
    for entry, outcome in zip(batch, outcomes, strict=True):
        if outcome == "refused":
            counts["refused"] += not isinstance(entry, Problem)
            counts["problems"] += 1
            continue
        match entry:
            case Article():
                counts[outcome] += 1
                counts["problems"] += len(entry.problems)
            case Problem():
                counts["problems"] += 1
            case Fetch(kind="article") if entry.status in GONE:
                counts["gone"] += 1
    return counts
