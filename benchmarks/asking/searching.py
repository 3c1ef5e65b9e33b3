"""Searches of the kinds that people make, drawn from what is stored."""

from __future__ import annotations

import re
import time
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Final, NamedTuple

from benchmarks.asking.words import COMMON, ENTITIES, TOPICS
from hanicrawler.ask import Filters
from hanicrawler.ask.search import find_articles
from hanicrawler.storage import database_url, open_read_only, totals
from hanicrawler.storage.reading import read_full

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.storage import Order

SEED: Final = 1988
EACH: Final = 60
"""Searches of a kind, no two alike where the kind allows."""
DRAWN: Final = 400
"""Articles that the words are drawn from."""
VERY_COMMON: Final = ("the", "Korea", "government", "said", "year", "Seoul", "president", "new")

_TOPICS: Final = TOPICS.split()
_WORD: Final = re.compile(r"[A-Za-z]{4,}")
_SENTENCE: Final = re.compile(r"[^.!?\n]+")


class Search(NamedTuple):
    """One search."""

    words: str
    filters: Filters = Filters()
    order: Order = "newest"

    def make(self, engine: sa.Engine) -> int:
        """Search as ``Archive.search`` does, snippets included; return how many were found."""
        return len(find_articles(engine, self.words, self.filters, self.order, 20, None).hits)


def kinds(engine: sa.Engine) -> dict[str, list[Search]]:
    """Return the searches of each kind, the same for the same record."""
    random = Random(SEED)
    bodies, names, sections = _drawn(engine, random)
    known = {word.lower() for word in (*COMMON.split(), *_TOPICS)}
    uncommon = [
        word for body in bodies for word in _WORD.findall(body) if word.lower() not in known
    ]
    phrases = [
        " ".join(words[start : start + 3])
        for body in bodies
        for words in [random.choice(_SENTENCE.findall(body)).split()]
        if len(words) > 6
        for start in [random.randrange(len(words) - 3)]
    ]
    topics = [random.choice(_TOPICS) for _ in range(EACH)]
    common = [random.choice(VERY_COMMON) for _ in range(EACH)]
    return {
        "uncommon word": [Search(word) for word in _some(random, uncommon)],
        "uncommon word, ranked": [
            Search(word, order="relevance") for word in _some(random, uncommon)
        ],
        "name": [Search(f'"{name}"') for name in _some(random, names)],
        "known phrase": [Search(f'"{random.choice(ENTITIES)}"') for _ in range(EACH)],
        "three words of a sentence": [Search(f'"{words}"') for words in _some(random, phrases)],
        "two topics": [Search(f"{random.choice(_TOPICS)} {topic}") for topic in topics],
        "topic -topic": [Search(f"{topic} -{random.choice(_TOPICS)}") for topic in topics],
        "topic OR topic": [Search(f"{topic} OR {random.choice(_TOPICS)}") for topic in topics],
        "beginning of five letters": [
            Search(f"{word[:5]}*") for word in _some(random, [w for w in uncommon if len(w) > 6])
        ],
        "very common word": [Search(word) for word in common],
        "very common word, of an author": [
            Search(word, Filters(authors=(name,)))
            for word, name in zip(common, _some(random, names), strict=False)
        ],
        "very common word, of a section and year": [
            Search(word, Filters(sections=(random.choice(sections),), since=since, until=until))
            for word in common
            for since, until in [_year(random)]
        ],
        "very common word, ranked": [Search(word, order="relevance") for word in common],
    }


def costs(url: str) -> dict[str, list[float]]:
    """Return the milliseconds of each search, by its kind.

    The kinds take turns; a first pass warms the files and is not counted.
    """
    engine = open_read_only(database_url(url))
    try:
        made = kinds(engine)
        found: dict[str, list[float]] = {kind: [] for kind in made}
        for is_counted in (False, True):
            for number in range(EACH):
                for kind, searches in made.items():
                    if number >= len(searches):
                        continue
                    began = time.perf_counter()
                    searches[number].make(engine)
                    if is_counted:
                        found[kind].append((time.perf_counter() - began) * 1000)
        return found
    finally:
        engine.dispose()


def _drawn(engine: sa.Engine, random: Random) -> tuple[list[str], list[str], list[str]]:
    """Return bodies, names of authors and sections of some articles."""
    bodies, names, sections = [], [], []
    for number in sorted(random.sample(range(1, _last(engine)), DRAWN)):
        article = read_full(engine, number, None)
        if article is None:
            continue
        bodies.append(article.body)
        names += [each.name for each in article.authors]
        sections.append(article.section or "e_national")
    return bodies, names, sections


def _last(engine: sa.Engine) -> int:
    return sum(totals(engine).articles.values())


def _year(random: Random) -> tuple[date, date]:
    year = random.randint(2008, 2023)
    return date(year, 1, 1), date(year, 12, 31)


def _some(random: Random, given: list[str]) -> list[str]:
    different = sorted(set(given))
    return random.sample(different, min(EACH, len(different)))
