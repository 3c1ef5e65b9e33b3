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
from hanicrawler.storage.articles import GONE, Articles
from hanicrawler.storage.gaps import Gaps
from hanicrawler.storage.keys import Entry, Key, page_key
from hanicrawler.storage.pages import Pages
from hanicrawler.storage.problems import Problems
from hanicrawler.storage.rankings import Rankings
from hanicrawler.storage.readings import Readings
from hanicrawler.storage.types import aware

if TYPE_CHECKING:
    from collections.abc import Sequence

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
) -> list[Outcome]:
    """Store *batch* in the transaction of *connection*; return what became of each entry.

    The number of statements does not grow with the batch.  Raises what the driver or a column
    type raises where an entry cannot be stored; the caller rolls back.
    """
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
        elif isinstance(entry, Fetch | Discovered | Passed):
            named.append((entry.url, page_key(entry)))
            if isinstance(entry, Fetch):
                visited += filter(None, named[-1][1:])
                urls.append(entry.url)
    articles = Articles(connection, keys)
    pages = Pages(connection, named, visited, revisits)
    problems = Problems(connection, urls + articles.urls(), crawl_id)
    rankings = Rankings(connection)
    gaps = Gaps(connection, crawl_id)
    readings = Readings(connection, crawl_id)
    outcomes: list[Outcome] = []
    for entry in batch:
        outcome: Outcome = "stored"
        match entry:
            case Article():
                outcome = _article(entry, articles, pages, problems, rankings)
            case Fetch():
                key = page_key(entry)
                pages.fetched(entry, key)
                if key:
                    articles.fetched(entry, key)
                if entry.body_hash is not None or entry.status == 304:
                    problems.read(entry.url, entry.fetched_at)
            case Discovered():
                pages.discovered(entry, page_key(entry))
            case Passed():
                pages.passed(entry.url, page_key(entry))
            case ListWalk():
                gaps.walked(entry)
            case Problem():
                problems.met(entry)
            case Ranking():
                rankings.saw(entry.edition, entry.seen_at, entry.links)
            case ReadTo():
                readings.reached(entry)
        outcomes.append(outcome)
    articles.write(authors)
    pages.write()
    problems.write()
    rankings.write()
    gaps.write()
    readings.write()
    return outcomes


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


def _article(
    article: Article, articles: Articles, pages: Pages, problems: Problems, rankings: Rankings
) -> Outcome:
    """Take up *article*; of one that is late, only the ranking on its page says anything new."""
    fetch = article.fetch
    key = (article.edition, article.source_id)
    rankings.saw(article.edition, fetch.fetched_at, article.most_viewed)
    if articles.is_late(article):
        return "unchanged"
    same_bytes = fetch.body_hash is not None and fetch.body_hash == pages.body_hash(key)
    urls = {article.url, fetch.url, *articles.url_of(key)}
    outcome = articles.saw(article, same_bytes)
    pages.fetched(fetch, key, posted=aware(article.published_at or articles.first_seen(key)))
    problems.stored(urls, article.problems, fetch.fetched_at)
    return outcome
