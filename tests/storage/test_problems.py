"""Problems: opened, refreshed, resolved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from hanicrawler.items import Problem
from hanicrawler.storage import Writer, problem_body, start_crawl
from hanicrawler.storage.problems import storable
from hanicrawler.storage.run_models import ProblemRow

HOUR = timedelta(hours=1)


def test_an_open_problem_is_refreshed_not_doubled(
    engine: sa.Engine, article: Any, rows: Any
) -> None:
    at = article(1).fetch.fetched_at
    first = Problem(url="https://x.example/", stage="parse", code="no_body", error="a", seen_at=at)
    runs = [start_crawl(engine, spider="hani", arguments={}, started_at=at) for _ in range(2)]
    Writer(engine, runs[0]).write([first])
    Writer(engine, runs[1]).write([replace(first, error="b", seen_at=at + HOUR, body=b"<p>")])
    Writer(engine, runs[0]).write([replace(first, error="late", seen_at=at - HOUR)])

    (row,) = rows("problems")
    assert (row["error"], row["seen_at"], row["crawl_id"]) == ("b", at + HOUR, runs[1])
    assert row["body"] is not None


def test_the_raw_bytes_come_back(writer: Writer, engine: sa.Engine, article: Any) -> None:
    raw = b"\xff\xfe\0<html>" * 1000
    at = article(1).fetch.fetched_at
    problem = Problem(url="https://x.example/", stage="parse", code="no_body", error="e",
                      seen_at=at, body=raw)  # fmt: skip
    writer.write([problem, replace(problem, code="other", body=None)])

    with sa.orm.Session(engine) as session:
        with_body, without = session.scalars(sa.select(ProblemRow).order_by(ProblemRow.code))
        assert with_body.body is not None
        assert len(with_body.body) < len(raw) / 10
        assert problem_body(with_body) == raw
        assert problem_body(without) is None


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "later"])
def test_storing_an_article_resolves_its_problems(
    writer: Writer, article: Any, rows: Any, together: bool
) -> None:
    seen = article(5)
    at = seen.fetch.fetched_at
    opened = [
        Problem(url=seen.url, stage=stage, code="bad", error="e", seen_at=at - HOUR)
        for stage in ("discover", "fetch", "parse", "normalise", "store")
    ]
    other = replace(opened[2], url=article(6).url)
    batches = [[*opened, other, seen]] if together else [[*opened, other], [seen]]
    for batch in batches:
        writer.write(batch)

    resolved = {(r["url"], r["stage"]): r["resolved_at"] for r in rows("problems")}
    assert resolved == {
        (seen.url, "discover"): None,
        (seen.url, "fetch"): at,
        (seen.url, "parse"): at,
        (seen.url, "normalise"): at,
        (seen.url, "store"): at,
        (other.url, "parse"): None,
    }
    for batch in batches:
        writer.write(batch)
    assert len(rows("problems")) == 6


def test_a_problem_that_is_still_there_stays_open(writer: Writer, article: Any, rows: Any) -> None:
    seen = article(5)
    at = seen.fetch.fetched_at
    date = Problem(url=seen.url, stage="normalise", code="impossible_date", error="e", seen_at=at)
    byline = replace(date, code="odd_byline")
    writer.write([replace(seen, problems=(date, byline))])

    again = article(5, at=at + HOUR, problems=(replace(date, seen_at=at + HOUR),))
    writer.write([again])

    found = {r["code"]: (r["seen_at"], r["resolved_at"]) for r in rows("problems")}
    assert found == {"impossible_date": (at + HOUR, None), "odd_byline": (at, at + HOUR)}


def test_a_problem_may_come_back(writer: Writer, article: Any, rows: Any) -> None:
    seen = article(5)
    at = seen.fetch.fetched_at
    problem = Problem(url=seen.url, stage="fetch", code="http_500", error="e", seen_at=at - HOUR)

    writer.write([problem, seen, replace(problem, seen_at=at + HOUR)])

    resolved = sorted(str(row["resolved_at"]) for row in rows("problems"))
    assert resolved == [str(at), "None"]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("one\n two\t x ", "one two x"),
        ("a\0b", "a�b"),
        ("a\ud800b", "a���b"),
        ("판" * 10, "판" * 3),
    ],
    ids=["lines", "nul", "surrogate", "long"],
)
def test_any_text_becomes_one_storable_line(text: str, clean: str) -> None:
    assert storable(text, 11) == clean
