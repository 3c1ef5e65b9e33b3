"""Fills a database with an invented record: twenty years, and what came with each article."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import psycopg

from benchmarks.asking.words import Words
from benchmarks.schedule.filling import connect, stamper, tidy
from hanicrawler.site import ArticleAddress
from hanicrawler.storage import database_url, downgrade, open_database, upgrade

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from benchmarks.schedule.filling import Connection

    Row = Mapping[str, object]
    Rows = dict[str, list[Row]]

SEED: Final = 1988
WITHOUT_SEARCH: Final = "0005"
"""The last revision of the tables before full-text search."""
SPAN: Final = timedelta(days=20 * 365)
BATCH: Final = 5_000
KNOWN_ID: Final = 1_218_475
"""The article around which the question looks by default: the newest but twenty-five."""
SECTIONS: Final = {
    "e_national": 30,
    "e_international": 20,
    "e_business": 16,
    "e_northkorea": 14,
    "english_editorials": 8,
    "e_entertainment": 8,
    "e_culture": 4,
}
"""Code to its share in percent."""
LABELS: Final = {
    None: 80,
    "Photo": 9,
    "News analysis": 4,
    "Column": 3,
    "Interview": 2,
    "Reporter’s notebook": 2,
}
CREDITS: Final = (
    "Yonhap News", "Yonhap", "KCNA/Yonhap", "AP/Yonhap", "Reuters/Yonhap", "photo pool", None,
    "Kim Na-ru/The Hankyoreh", "Hankyoreh archives", "courtesy of the ministry", "AFP/Yonhap",
)  # fmt: skip
PLACES: Final = ("Washington", "Beijing", "Tokyo", "Berlin", "Busan", "Gwangju", "Daegu", "Jeju")
KNOWN_AUTHOR: Final = 60
"""The number of the author about whom the questions ask by default: one who writes much."""
FAMILY: Final = (
    "Bae Bang Cheon Do Eom Gu Ham Im Jeon Joo Kwak Ma Nam Ok Paik Ryu Seo Sim Tak Yoon".split()
)
GIVEN: Final = "ae bi chan da eun ga hye in ji ki mi na ri sae tae u won yul".split()
AUTHORS: Final = 1_200
RANKED: Final = 10
RANKING_EVERY: Final = timedelta(hours=1)
RANKINGS: Final = 365 * 24
RUNS: Final = 5_000
EDITED: Final = 0.03
GONE: Final = 0.002
LOST: Final = 0.1
"""Of so many ids of Korean articles, in another sequence on the site, an English page was named
that is not stored."""


class Dated(NamedTuple):
    """What other rows need of an article."""

    id: int
    edition: str
    source_id: int
    url: str
    headline: str
    published: datetime


def fill(database: str, articles: int, *, now: datetime | None = None) -> None:
    """Make *database* and fill it with so many *articles*, up to *now* (aware).

    A server then counts what it has, as it does by itself; SQLite does not, and nobody tells it to.
    """
    url = database_url(database)
    open_database(url).dispose()
    downgrade(url, WITHOUT_SEARCH)
    record = Record(articles, now or datetime.now(UTC))
    with closing(connect(database)) as connection:
        for batch in record.batches():
            for table, rows in batch.items():
                write(connection, table, rows)
        connection.commit()
    upgrade(url)  # which indexes all at once, in a fraction of the time of one by one
    if url.get_backend_name() == "postgresql":
        with closing(connect(database)) as connection:
            connection.commit()
            tidy(connection)
    os.sync()


class Record:
    """The rows of an invented record, the same ones for the same size and moment."""

    def __init__(self, articles: int, now: datetime) -> None:
        self._random = Random(SEED)
        self._words = Words(self._random, min(120_000, articles + 1_000))
        self._articles = articles
        self._now = now
        self._recent: list[Dated] = []

    def batches(self) -> Iterator[Rows]:
        """Give rows by table: what others refer to comes first."""
        yield {"authors": self._authors()}
        numbers = iter(range(self._articles))
        while some := list(islice(numbers, BATCH)):
            batch: Rows = {name: [] for name in _OF_ARTICLES}
            for number in some:
                self._article(number, batch)
            yield batch
        yield {"most_viewed": list(self._rankings())}
        yield {"crawls": list(self._runs()), "problems": list(self._problems())}

    def _article(self, number: int, batch: Rows) -> None:
        random, words = self._random, self._words
        korean = number % 10 == 9 and number + 1 < self._articles
        edition = "ko" if korean else "en"
        section = "politics" if korean else _one_of(random, SECTIONS)
        address = ArticleAddress(edition, section, KNOWN_ID + 25 - self._articles + number)
        done = (number + 1) / self._articles
        published = self._now - SPAN + (SPAN - timedelta(hours=4)) * done
        if korean:
            published -= timedelta(hours=random.randrange(2, 30))
        label = "Editorial" if section == "english_editorials" else _one_of(random, LABELS)
        seen = published + timedelta(minutes=7)
        text = {
            "headline": words.headline(korean),
            "deck": None if random.random() < 0.3 else words.sentence(korean),
            "body": words.body(korean),
            "byline": None,
            "content_hash": f"{number:064x}",
        }
        edited = random.random() < EDITED
        gone = self._now - random.random() * (self._now - published)
        batch["articles"].append({
            "id": number + 1,
            "edition": edition,
            "source_id": address.source_id,
            "url": address.url,
            "section": section,
            "section_name": section,
            "label": None if korean else label,
            "published_at": published,
            "original_source_id": address.source_id - 1 if number and number % 10 == 0 else None,
            "revision": 1 + edited,
            "first_seen_at": seen,
            "last_seen_at": self._now,
            "captured_at": seen,
            "gone_at": gone if random.random() < GONE else None,
            "template": "english-next",
            "layers": "{}",
            **text,
        })  # fmt: skip
        one = Dated(
            number + 1, edition, address.source_id, address.url, str(text["headline"]), published
        )
        self._versions(one, text, edited, batch)
        self._signed(one, korean, batch)
        self._surroundings(one, batch)
        batch["pages"] += self._pages(one, section)
        self._recent = [*self._recent[-199:], one]

    def _versions(self, one: Dated, text: Row, edited: bool, batch: Rows) -> None:
        seen = one.published + timedelta(minutes=7)
        row = {"article_id": one.id, "number": 1, "seen_at": seen, "silent": False, **text}
        if edited:
            first = {**row, "headline": self._words.headline(), "content_hash": f"{one.id:063x}f"}
            later = seen + timedelta(hours=self._random.randrange(1, 48))
            silent = self._random.random() < 0.5
            batch["revisions"].append(first)
            row = {**row, "number": 2, "seen_at": min(later, self._now), "silent": silent}
        batch["revisions"].append(row)

    def _signed(self, one: Dated, korean: bool, batch: Rows) -> None:
        random = self._random
        count = random.choices((0, 1, 2, 3), (15, 65, 17, 3))[0]
        signed: set[int] = set()
        for position in range(1, count + 1):
            # Some write much more than others, an agency the most.
            author = 1 if random.random() < 0.08 else 1 + int(AUTHORS * random.random() ** 1.6)
            if author in signed:
                continue
            signed.add(author)
            place = PLACES[author % len(PLACES)] if author > 1 and author % 9 == 0 else None
            role = None if author == 1 else f"{place} correspondent" if place else "staff reporter"
            batch["bylines"].append({
                "article_id": one.id, "position": position, "author_id": author, "role": role,
                "place": place,
            })  # fmt: skip

    def _surroundings(self, one: Dated, batch: Rows) -> None:
        random = self._random
        for position in range(1, random.choices((0, 1, 2), (45, 45, 10))[0] + 1):
            credit = CREDITS[int(len(CREDITS) ** random.random()) - 1]
            caption = self._words.sentence() + (f" ({credit})" if credit else "")
            batch["images"].append({
                "article_id": one.id, "position": position, "caption": caption, "credit": credit,
                "url": f"https://img.hani.co.kr/imgdb/{one.id}/{position}.jpg",
            })  # fmt: skip
        others = random.sample(self._recent, min(len(self._recent), random.randrange(6)))
        for position, other in enumerate(others, 1):
            batch["related_stories"].append({
                "article_id": one.id, "position": position, "edition": other.edition,
                "source_id": other.source_id, "url": other.url, "headline": other.headline,
            })  # fmt: skip

    def _pages(self, one: Dated, section: str) -> Iterator[Row]:
        page = {
            "kind": "article", "edition": one.edition, "section": section,
            "discovered_at": one.published, "failures": 0, "attempts": 0,
        }  # fmt: skip
        yield {
            **page, "url": one.url, "source_id": one.source_id, "status": 200,
            "fetched_at": one.published + timedelta(minutes=7), "due_at": None,
        }  # fmt: skip
        if one.edition == "ko" and self._random.random() < LOST:
            address = ArticleAddress("en", "e_national", one.source_id)
            status, failures = self._random.choice(((404, 1), (500, 4), (None, 0)))
            fetched = one.published if failures else None
            yield {
                **page, "edition": "en", "section": address.section, "url": address.url,
                "source_id": address.source_id, "status": status, "fetched_at": fetched,
                "due_at": None, "failures": failures,
            }  # fmt: skip

    def _authors(self) -> list[Row]:
        random = self._random
        names = ["Yonhap News"]
        while len(names) < AUTHORS:
            given = (
                f"{random.choice(GIVEN).capitalize()}-{random.choice(GIVEN)}{random.choice(GIVEN)}"
            )
            name = f"{random.choice(FAMILY)} {given}"
            if len(names) + 1 == KNOWN_AUTHOR:
                name = "Paik Dan-bi"
            if name not in names:
                names.append(name)
        return [{"id": n, "name": name, "language": "en"} for n, name in enumerate(names, 1)]

    def _rankings(self) -> Iterator[Row]:
        english = [one for one in self._recent if one.edition == "en"]
        for number in range(min(RANKINGS, self._articles)):
            seen = self._now - timedelta(minutes=20) - RANKING_EVERY * number
            for position in range(1, RANKED + 1):
                one = english[(number // 5 + position * 7) % len(english)]
                yield {
                    "edition": "en", "seen_at": seen, "position": position,
                    "source_id": one.source_id, "url": one.url, "headline": one.headline,
                }  # fmt: skip

    def _runs(self) -> Iterator[Row]:
        for number in range(min(RUNS, self._articles)):
            at = self._now - timedelta(minutes=30) * (min(RUNS, self._articles) - number)
            yield {
                "id": number + 1, "spider": "hani", "arguments": "{}", "started_at": at,
                "finished_at": at + timedelta(seconds=40), "outcome": "healthy", "new": number % 3,
                "changed": 0, "gone": 0, "failed": 0, "problems": 0, "requests": 12,
                "seconds": 40.0, "shared": False,
            }  # fmt: skip

    def _problems(self) -> Iterator[Row]:
        for number in range(min(2_000, self._articles)):
            yield {
                "id": number + 1, "crawl_id": 1, "stage": "fetch", "error": "no page",
                "url": f"https://english.hani.co.kr/arti/{number}.html",
                "code": f"http_{500 + number % 4}", "seen_at": self._now - timedelta(hours=number),
                "resolved_at": self._now if number % 2 else None,
            }  # fmt: skip


_OF_ARTICLES: Final = ("articles", "revisions", "bylines", "images", "related_stories", "pages")


def write(connection: Connection, table: str, rows: Iterable[Row]) -> None:
    """Insert *rows*, which all have the same columns, as quickly as the database takes them."""
    rows = list(rows)
    if not rows:
        return
    columns = list(rows[0])
    convert = _value(connection)
    values = ([convert(row[column]) for column in columns] for row in rows)
    if isinstance(connection, psycopg.Connection):
        into = f"COPY {table} ({', '.join(columns)}) FROM STDIN"
        with connection.cursor().copy(into.encode()) as copy:
            for each in values:
                copy.write_row(each)
        return
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)


def _value(connection: Connection) -> Callable[[Any], Any]:
    """Return how the database takes a value: SQLite a moment as text."""
    convert = stamper(connection)
    return lambda value: convert(value) if isinstance(value, datetime) else value


def _one_of(random: Random, shares: Mapping[Any, int]) -> Any:
    return random.choices(list(shares), list(shares.values()))[0]
