"""What the database knows of the archive's files."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hanicrawler.items import Fetch, Kept, Problem
from hanicrawler.storage import Frontier, forget_archived, needed_files

if TYPE_CHECKING:
    import sqlalchemy as sa

    from hanicrawler.storage import Writer

HOUR = timedelta(hours=1)
FIRST = Kept(file="a-00001.warc.gz", offset=512)
SECOND = Kept(file="a-00002.warc.gz", offset=2**33)


def reference(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["archive_file"], row["archive_offset"], row["archived_at"]


def test_a_page_knows_the_record_of_its_last_response(
    writer: Writer, engine: sa.Engine, article: Any, rows: Any
) -> None:
    seen = article(5, fetch={"kept": FIRST, "body_hash": "c" * 64})
    at = seen.fetch.fetched_at
    writer.write([seen])
    assert reference(rows("pages")[0]) == (FIRST.file, FIRST.offset, at)

    writer.write([article(5, at=at + HOUR, fetch={"kept": SECOND, "body_hash": "d" * 64})])

    assert reference(rows("pages")[0]) == (SECOND.file, SECOND.offset, at + HOUR)
    (known,) = Frontier(engine).known([("en", 5)]).values()
    assert (known.archive_file, known.archived_at) == (SECOND.file, at + HOUR)


def test_what_brought_nothing_new_leaves_the_record(
    writer: Writer, article: Any, rows: Any
) -> None:
    seen = article(5, fetch={"kept": FIRST, "body_hash": "c" * 64})
    at, url = seen.fetch.fetched_at, seen.url
    writer.write([seen])
    no_answer = Fetch(url=url, kind="article", fetched_at=at + HOUR, status=None)
    unreadable = replace(no_answer, fetched_at=at + 2 * HOUR, status=200, kept=SECOND)
    not_modified = replace(no_answer, fetched_at=at + 3 * HOUR, status=304)
    same = {"kept": SECOND, "body_hash": "c" * 64, "revisit_of": at}

    writer.write([no_answer, unreadable, not_modified, article(5, at=at + 4 * HOUR, fetch=same)])

    assert reference(rows("pages")[0]) == (FIRST.file, FIRST.offset, at)


def test_a_page_that_came_while_nothing_was_kept_has_no_record(
    writer: Writer, article: Any, rows: Any
) -> None:
    seen = article(5, fetch={"kept": FIRST})

    writer.write([seen, article(5, at=seen.fetch.fetched_at + HOUR)])

    assert reference(rows("pages")[0]) == (None, None, None)


def test_a_problem_names_the_record_instead_of_keeping_the_bytes(
    writer: Writer, article: Any, rows: Any
) -> None:
    problem = Problem(url="https://x.example/", stage="parse", code="no_body", error="e",
                      seen_at=article(1).fetch.fetched_at, kept=FIRST)  # fmt: skip

    writer.write([problem])

    (row,) = rows("problems")
    assert (row["archive_file"], row["archive_offset"]) == (FIRST.file, FIRST.offset)
    assert row["body"] is None


def test_files_that_open_problems_point_into_are_needed(
    writer: Writer, engine: sa.Engine, article: Any
) -> None:
    seen = article(5)
    at = seen.fetch.fetched_at
    resolved = Problem(url=seen.url, stage="parse", code="no_body", error="e",
                       seen_at=at - HOUR, kept=FIRST)  # fmt: skip
    still_open = replace(resolved, url="https://x.example/", kept=SECOND)
    nowhere = replace(resolved, url="https://y.example/", kept=None)

    writer.write([resolved, still_open, nowhere])
    assert needed_files(engine) == {FIRST.file, SECOND.file}
    writer.write([seen])

    assert needed_files(engine) == {SECOND.file}


def test_nothing_points_into_a_file_that_is_forgotten(
    writer: Writer, engine: sa.Engine, article: Any, rows: Any
) -> None:
    old, new = article(5, fetch={"kept": FIRST}), article(6, fetch={"kept": SECOND})
    problem = Problem(url="https://x.example/", stage="parse", code="no_body", error="e",
                      seen_at=old.fetch.fetched_at, kept=FIRST)  # fmt: skip
    writer.write([old, new, problem])

    forget_archived(engine, [FIRST.file, "never-heard-of.warc.gz"])

    by_id = {row["source_id"]: reference(row) for row in rows("pages")}
    assert by_id[5] == (None, None, None)
    assert by_id[6] == (SECOND.file, SECOND.offset, new.fetch.fetched_at)
    (row,) = rows("problems")
    assert (row["archive_file"], row["archive_offset"]) == (None, None)
    files = {row["archive_file"] for row in rows("captures")}
    assert FIRST.file not in files
