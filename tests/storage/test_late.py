"""The order in which captures are learnt of does not matter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.items import Fetch, Kept, Problem, Ranking, StoryLink
from hanicrawler.storage import Writer, database_url, open_database, start_crawl
from hanicrawler.storage.schema import Base
from tests.storage.conftest import NOON, article_url, make

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hanicrawler.storage import Entry

HOUR = timedelta(hours=1)
TEXTS = ("Talks resume", "Talks fail", "Talks end")
OURS = {"id", "crawl_id", "article_id", "author_id"}
"""Columns whose values are of our making, or name the run."""

Capture = tuple["Entry", ...]
"""What one response gives, in the order in which a crawl hands it over."""


def page(
    source_id: int, at: datetime, text: int, *, label: str | None = None, odd: bool
) -> Capture:
    """Return a page with the *text*-th headline; *odd* with a byline that nobody can read."""
    ranking = tuple(
        StoryLink(url=article_url(n), headline=f"Story {n}", edition="en", source_id=n)
        for n in (900 + text, 901)
    )
    url = article_url(source_id, "e_national" if text and source_id == 2 else "e_northkorea")
    problem = Problem(
        url=url, stage="normalise", code="unread_byline", error=f"{url}: {text}", seen_at=at
    )
    found = make(
        source_id,
        url=url,
        at=at,
        headline=TEXTS[text],
        label=label,
        modified_at=NOON - timedelta(days=1, minutes=text // 2),
        authors=make(source_id).authors[: 1 + text % 2],
        most_viewed=ranking,
        problems=(problem,) if odd else (),
        fetch={"body_hash": f"{text}{label}{odd}{source_id}".ljust(64, "0"), "etag": f'"{text}"',
               "kept": Kept(file="a.warc.gz", offset=int(at.timestamp()))},
    )  # fmt: skip
    return (found,)


def answer(source_id: int, at: datetime, status: int) -> Capture:
    url = article_url(source_id)
    fetch = Fetch(url=url, kind="article", fetched_at=at, status=status)
    if status == 304:
        return (fetch,)
    stage, code = ("parse", "no_body") if status == 200 else ("fetch", f"http_{status}")
    kept = Kept(file="a.warc.gz", offset=int(at.timestamp()))
    problem = Problem(url=url, stage=stage, code=code, error=f"{url}: {at}", seen_at=at, kept=kept)  # type: ignore[arg-type]
    return (replace(fetch, kept=kept), problem)


def ranking(at: datetime, number: int) -> Capture:
    link = StoryLink(url=article_url(number), headline="R", edition="en", source_id=number)
    return (Ranking(edition="en", seen_at=at, links=(link,)),)


@st.composite
def captures(draw: st.DrawFn) -> list[Capture]:
    """Draw captures of two articles and of rankings, in the order of their times."""
    found: list[Capture] = []
    for number in range(draw(st.integers(2, 9))):
        at = NOON + number * HOUR
        source_id = draw(st.sampled_from((1, 1, 1, 2)))
        kind = draw(st.sampled_from(("page", "page", "page", "answer", "ranking")))
        if kind == "page":
            text, label = draw(st.integers(0, 2)), draw(st.sampled_from((None, "Photo")))
            found.append(page(source_id, at, text, label=label, odd=draw(st.booleans())))
        elif kind == "answer":
            found.append(answer(1, at, draw(st.sampled_from((200, 304, 404, 410, 500)))))
        else:
            found.append(ranking(at, draw(st.integers(901, 902))))
    return found


def empty(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(sa.delete(table))


def contents(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return what every table says, in an order of its own, article and author by their names."""
    tables = Base.metadata.tables
    articles, authors = tables["articles"], tables["authors"]
    found = {}
    with engine.connect() as connection:
        for name, table in tables.items():
            columns: list[Any] = [column for column in table.c if column.name not in OURS]
            source: Any = table
            if "article_id" in table.c and name != "search_index":
                columns.append(articles.c.source_id.label("of_article"))
                source = source.join(articles, articles.c.id == table.c.article_id)
            if "author_id" in table.c:
                columns.append(authors.c.name.label("of_author"))
                source = source.join(authors, authors.c.id == table.c.author_id)
            rows = connection.execute(sa.select(*columns).select_from(source))
            found[name] = sorted((tuple(row) for row in rows), key=repr)
    return found


def write(engine: sa.Engine, batches: Sequence[Sequence[Entry]]) -> dict[str, Any]:
    empty(engine)
    writer = Writer(engine, None)
    for batch in batches:
        writer.write(batch)
    return contents(engine)


def check(engine: sa.Engine, found: list[Capture], seed: int, size: int) -> None:
    live = write(engine, found)

    mixed = random.Random(seed).sample(found, len(found))
    entries = [entry for capture in mixed for entry in capture]
    batches = [entries[start : start + size] for start in range(0, len(entries), size)]
    told = write(engine, batches)

    for name, rows in live.items():
        assert told[name] == rows, name
    for batch in batches:
        Writer(engine, None).write(batch)
    for name, rows in live.items():
        assert contents(engine)[name] == rows, f"{name}, written twice"


MIXED = {"found": captures(), "seed": st.integers(0, 999), "size": st.sampled_from((1, 3, 50))}


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(**MIXED)
def test_captures_in_any_order_come_to_what_a_live_crawl_stores(
    found: list[Capture], seed: int, size: int, sqlite: sa.Engine
) -> None:
    check(sqlite, found, seed, size)


@settings(max_examples=15, deadline=None)
@given(**MIXED)
def test_they_do_on_postgresql_too(
    found: list[Capture], seed: int, size: int, postgresql: sa.Engine
) -> None:
    check(postgresql, found, seed, size)


def test_a_better_parser_corrects_every_version_and_makes_none(
    writer: Writer, engine: sa.Engine, rows: Any
) -> None:
    """Each page prints the same text; the worse parser took a part of the byline for text."""
    crawl = start_crawl(engine, spider="hani", arguments={}, started_at=NOON)
    bytes_ = [{"body_hash": str(n) * 64} for n in range(3)]
    pages = [
        make(1, at=NOON + n * HOUR, headline="Talks By", fetch=b) for n, b in enumerate(bytes_)
    ]
    Writer(engine, crawl).write(pages)
    again = start_crawl(engine, spider="reparse", arguments={}, started_at=NOON)

    read = [make(1, at=p.fetch.fetched_at, headline="Talks", fetch=b)
            for p, b in zip(pages, bytes_, strict=True)]  # fmt: skip
    for one in random.Random(3).sample(read, 3):
        Writer(engine, again).write([one])

    found = rows("revisions", "number", "headline", "seen_at")
    assert [(r["number"], r["headline"], r["seen_at"]) for r in found] == [(1, "Talks", NOON)]
    (row,) = rows("articles", "headline", "revision", "content_hash", "captured_at")
    assert row == {"headline": "Talks", "revision": 1, "content_hash": read[0].content_hash,
                   "captured_at": NOON + 2 * HOUR}  # fmt: skip


def test_what_is_no_longer_kept_says_what_the_same_text_says_elsewhere(
    engine: sa.Engine, rows: Any
) -> None:
    """Of three pages of one text only the last can be read anew."""
    first = start_crawl(engine, spider="hani", arguments={}, started_at=NOON)
    pages = [make(1, at=NOON + n * HOUR, headline="Talks By", fetch={"body_hash": str(n) * 64})
             for n in range(3)]  # fmt: skip
    Writer(engine, first).write(pages)
    again = start_crawl(engine, spider="reparse", arguments={}, started_at=NOON)

    Writer(engine, again).write([make(1, at=NOON + 2 * HOUR, headline="Talks",
                                      fetch={"body_hash": "2" * 64})])  # fmt: skip

    assert [(r["number"], r["headline"]) for r in rows("revisions")] == [(1, "Talks")]
    assert {row["content_hash"] for row in rows("captures")} == {
        rows("articles")[0]["content_hash"]
    }


def test_the_same_bytes_may_say_a_time_that_is_possible_only_later(
    engine: sa.Engine, rows: Any
) -> None:
    """A page captured before the time of change that it prints, and again after it."""
    bytes_ = {"body_hash": "a" * 64}
    url = article_url(1)
    problem = Problem(
        url=url, stage="normalise", code="impossible_date", error=f"{url}: later", seen_at=NOON
    )
    early = make(1, at=NOON, modified_at=None, problems=(problem,), fetch=bytes_)
    late = make(1, at=NOON + HOUR, fetch=bytes_)
    live = write(engine, [[early], [late]])

    for batches in ([[late], [early]], [[late, early]], [[early], [late], [early]]):
        assert write(engine, batches) == live
    assert [(p["code"], p["resolved_at"]) for p in rows("problems")] == [
        ("impossible_date", NOON + HOUR)
    ]
    assert rows("articles", "modified_at") == [{"modified_at": late.modified_at}]


def test_a_page_that_can_be_read_now_ends_its_problem(engine: sa.Engine, rows: Any) -> None:
    Writer(engine, None).write(answer(1, NOON, 200))
    assert [(p["code"], p["resolved_at"]) for p in rows("problems")] == [("no_body", None)]

    read = make(1, at=NOON, fetch={"body_hash": "a" * 64})
    assert Writer(engine, None).write([read]) == ["new"]

    assert [(p["code"], p["resolved_at"]) for p in rows("problems")] == [("no_body", NOON)]
    assert rows("pages", "failures", "body_hash") == [{"failures": 0, "body_hash": "a" * 64}]


def test_a_page_that_can_no_longer_be_read_leaves_what_was_read(
    engine: sa.Engine, rows: Any
) -> None:
    read = make(1, at=NOON, fetch={"body_hash": "a" * 64})
    Writer(engine, None).write([read])
    before = rows("articles"), rows("revisions"), rows("pages"), rows("captures")

    Writer(engine, None).write(answer(1, NOON, 200))

    assert (rows("articles"), rows("revisions"), rows("pages"), rows("captures")) == before


@pytest.mark.parametrize("body_hash", ["0" * 64, None])
@pytest.mark.parametrize("size", [1, 4])
def test_a_revisit_shows_the_version_it_says_it_repeats(
    engine: sa.Engine, rows: Any, size: int, body_hash: str | None
) -> None:
    """The newspaper went back to its first text; the archive did not keep it a second time.

    Later it did: that takes nothing from what was known.
    """
    old, new, again = (
        make(1, at=NOON + hours * HOUR, headline=TEXTS[n], fetch={"body_hash": str(n) * 64,
             "etag": f'"{n}"', "kept": Kept(file="a.warc.gz", offset=hours)})
        for hours, n in ((0, 0), (1, 1), (3, 0))
    )  # fmt: skip
    back = Fetch(url=old.url, kind="article", fetched_at=NOON + 2 * HOUR, status=200,
                 revisit_of=NOON, body_hash=body_hash)  # fmt: skip
    for captures in ((old, new, back), (old, new, back, again)):
        for order in permutations(captures):
            empty(engine)
            for start in range(0, len(order), size):
                Writer(engine, None).write(order[start : start + size])

            found = rows("revisions", "number", "headline", "seen_at")
            assert [(r["headline"], r["seen_at"]) for r in found] == [
                (TEXTS[0], NOON),
                (TEXTS[1], NOON + HOUR),
                (TEXTS[0], NOON + 2 * HOUR),
            ]
            (article,) = rows("articles", "headline", "revision", "last_seen_at")
            assert (article["headline"], article["revision"]) == (TEXTS[0], 3)
            hours = 3 if again in captures else 2
            assert article["last_seen_at"] == NOON + hours * HOUR
            (page,) = rows("pages", "etag", "body_hash", "archive_offset", "archived_at")
            hours = 3 if again in captures else 0
            assert (page["body_hash"], page["archive_offset"]) == ("0" * 64, hours)
            assert page["archived_at"] == NOON + hours * HOUR
            # By the tag of the other text the site would be taken to show the first one.
            assert page["etag"] != '"1"'


def test_a_revisit_without_a_hash_tells_that_the_article_was_live(
    engine: sa.Engine, rows: Any
) -> None:
    """Other people's archives name a digest that is none of ours, and a moment."""
    read = make(1, at=NOON, fetch={"body_hash": "0" * 64, "kept": Kept(file="a", offset=1)})
    gone = answer(1, NOON + HOUR, 404)
    same = Fetch(url=read.url, kind="article", fetched_at=NOON + 2 * HOUR, status=200,
                 revisit_of=NOON)  # fmt: skip
    for order in permutations([(read,), gone, (same,)]):
        empty(engine)
        for capture in order:
            Writer(engine, None).write(capture)

        (article,) = rows("articles", "last_seen_at", "gone_at", "revision")
        assert article == {"last_seen_at": NOON + 2 * HOUR, "gone_at": None, "revision": 1}
        assert [row["resolved_at"] for row in rows("problems")] == [NOON + 2 * HOUR]


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    engine = open_database(database_url(str(tmp_path_factory.mktemp("late") / "late.db")))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql(postgres_server: Any) -> Iterator[sa.Engine]:
    name = postgres_server.create()
    engine = open_database(database_url(postgres_server.url(name)))
    yield engine
    engine.dispose()
    postgres_server.drop(name)


OURS_KEPT = Kept(file="a.warc.gz", offset=9)
THEIRS = Kept(file="/mnt/a.warc.gz", offset=5)
COPY = Kept(file="/mnt/b.warc.gz", offset=5)
PIPED = Kept(file="-", offset=0)


@pytest.mark.parametrize(
    ("places", "noted"),
    [
        ((OURS_KEPT, THEIRS), OURS_KEPT),
        ((THEIRS, COPY), THEIRS),
        ((COPY, PIPED), COPY),
        ((OURS_KEPT, PIPED), OURS_KEPT),
    ],
)
def test_of_a_response_kept_twice_one_place_is_noted_whichever_was_read_first(
    engine: sa.Engine, rows: Any, places: tuple[Kept, Kept], noted: Kept
) -> None:
    for order in (places, places[::-1]):
        empty(engine)
        for kept in order:
            read, unread = page(1, NOON, 1, odd=False)[0], answer(2, NOON, 200)
            read = replace(read, fetch=replace(read.fetch, kept=kept))  # type: ignore[union-attr]
            lost = [replace(each, kept=kept) for each in unread]  # type: ignore[call-arg]
            Writer(engine, None).write([read, *lost])

        for table in ("pages", "captures"):
            found = [(row["archive_file"], row["archive_offset"]) for row in rows(table)]
            assert found[0] == (noted.file, noted.offset), table
            assert table == "pages" or found == [(noted.file, noted.offset)] * 2


def test_a_problem_that_is_over_is_kept_where_it_was(engine: sa.Engine, rows: Any) -> None:
    fetch, problem = answer(1, NOON, 404)
    fetch = replace(fetch, kept=None)  # type: ignore[call-arg]
    Writer(engine, None).write([fetch, problem])
    later, earlier = (page(1, NOON + shift, 0, odd=False)[0] for shift in (HOUR, -HOUR))
    Writer(engine, None).write([later, earlier])

    (noted,) = rows("problems")
    assert noted["resolved_at"] == NOON + HOUR
    assert noted["archive_file"] == "a.warc.gz"
