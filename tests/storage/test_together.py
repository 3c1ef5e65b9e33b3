"""Several writers of one database, and a server that goes away."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from hanicrawler.storage import (
    DatabaseUnreachable,
    Writer,
    database_url,
    open_database,
    totals,
)
from hanicrawler.storage import (
    retries as retries_module,
)

if TYPE_CHECKING:
    from hanicrawler.items import Article

WRITER = textwrap.dedent(
    """
    import hashlib, sys
    from datetime import UTC, datetime, timedelta
    from hanicrawler.items import Article, Byline, Discovered, Fetch, Problem, StoryLink
    from hanicrawler.storage import Writer, database_url, open_database

    name, url = sys.argv[1:]
    at = datetime(2026, 3, 1, tzinfo=UTC)

    def article(number, version):
        address = f"https://english.hani.co.kr/arti/english_edition/e_national/{number}.html"
        words = f"Version {version} of {number}"
        seen = at + timedelta(hours=version)
        link = StoryLink(url=address, headline=f"Most viewed {version}")
        return Article(
            edition="en", source_id=number, url=address, section="e_national",
            section_name=None, label=None, headline=words, deck=None, body=words, byline=None,
            authors=(Byline(name=f"Author {number % 7}", language="en"),), template="english-2018",
            content_hash=hashlib.sha256(words.encode()).hexdigest(), most_viewed=(link,),
            fetch=Fetch(url=address, kind="article", fetched_at=seen, status=200),
        )

    engine = open_database(database_url(url))
    writer = Writer(engine, None)
    sys.stdin.readline()
    numbers = range(1, 101) if name == "up" else range(100, 0, -1)
    for version in range(3):
        batch = [article(number, version) for number in numbers]
        for start in range(0, 100, 20):
            outcomes = writer.write(batch[start : start + 20])
            assert set(outcomes) <= {"new", "changed", "unchanged"}, outcomes
    engine.dispose()
    """
)


@pytest.mark.slow
def test_two_writers_lose_nothing_and_double_nothing(
    stored_at: sa.URL, engine: sa.Engine, rows: Any
) -> None:
    target = stored_at.render_as_string(hide_password=False)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, target], stdin=subprocess.PIPE, text=True
        )
        for name in ("up", "down")
    ]
    for process in writers:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in writers:
        process.communicate()
    assert [process.returncode for process in writers] == [0, 0]

    found = rows("articles", "source_id", "headline", "revision")
    assert sorted(row["source_id"] for row in found) == list(range(1, 101))
    assert all(row["headline"] == f"Version 2 of {row['source_id']}" for row in found)
    with engine.connect() as connection:
        strays = connection.scalar(
            sa.text(
                "SELECT count(*) FROM articles a WHERE a.revision <>"
                " (SELECT count(*) FROM revisions r WHERE r.article_id = a.id)"
                " OR a.content_hash <> (SELECT r.content_hash FROM revisions r"
                " WHERE r.article_id = a.id AND r.number = a.revision)"
            )
        )
        repeated = connection.scalar(
            sa.text(
                "SELECT count(*) FROM revisions r JOIN revisions n ON n.article_id = r.article_id"
                " AND n.number = r.number + 1 AND n.content_hash = r.content_hash"
            )
        )
    assert (strays, repeated) == (0, 0)
    assert len(rows("pages")) == 100
    assert len(rows("authors")) == 7
    assert len(rows("bylines")) == 100
    assert next(row["headline"] for row in rows("most_viewed", "headline")) == "Most viewed 0"


@pytest.fixture
def served(postgres_server: Any, migrated_template: str) -> Any:
    name = postgres_server.create(migrated_template)
    engine = open_database(database_url(postgres_server.url(name)))
    yield engine
    engine.dispose()
    postgres_server.drop(name)


def _end_connection(engine: sa.Engine, times: int) -> list[int]:
    """End the writer's connection in the middle of its work, the first *times* times."""
    ended: list[int] = []

    @sa.event.listens_for(engine, "before_cursor_execute")
    def end(connection: sa.Connection, cursor: Any, statement: str, *_: object) -> None:
        if statement.startswith("INSERT INTO revisions") and len(ended) < times:
            ended.append(cursor.connection.info.backend_pid)
            killer = sa.create_engine(engine.url, poolclass=sa.NullPool)
            with killer.connect() as other:
                other.execute(
                    sa.text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": ended[-1]}
                )
            killer.dispose()

    return ended


def test_a_lost_connection_is_made_anew_and_the_batch_written_once(
    served: sa.Engine, article: Any
) -> None:
    batch: list[Article] = [article(1), article(2)]
    ended = _end_connection(served, times=1)

    assert Writer(served, None).write(batch) == ["new", "new"]

    assert len(ended) == 1
    assert totals(served).articles == {"en": 2}
    assert totals(served).revisions == 2


def test_a_server_that_stays_away_is_an_error_and_nothing_is_stored(
    served: sa.Engine, article: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retries_module, "WAITS", (0.0, 0.0))
    ended = _end_connection(served, times=3)
    writer = Writer(served, None)

    with pytest.raises(DatabaseUnreachable) as caught:
        writer.write([article(1)])

    assert "\n" not in str(caught.value)
    assert len(ended) == 3
    assert totals(served).articles == {}
    assert writer.write([article(1)]) == ["new"]


@pytest.mark.slow
def test_a_killed_writer_has_stored_what_it_counted_and_nothing_half(
    stored_at: sa.URL, engine: sa.Engine, rows: Any
) -> None:
    target = stored_at.render_as_string(hide_password=False)
    counting = WRITER.replace("range(1, 101)", "range(1, 10001)").replace(
        "range(0, 100, 20)", "range(0, 10000, 20)"
    )
    counting = counting.replace("assert set(outcomes)", "print(len(outcomes), flush=True)\n        assert set(outcomes)")  # fmt: skip # noqa: E501
    process = subprocess.Popen(
        [sys.executable, "-c", counting, "up", target],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    counted = sum(int(process.stdout.readline()) for _ in range(10))
    process.kill()
    counted += sum(int(line) for line in process.stdout)
    process.wait()
    process.stdin.close()
    process.stdout.close()

    stored = len(rows("articles", "id"))
    assert counted <= stored <= counted + 20
    assert stored % 20 == 0
    assert len(rows("revisions", "number")) == len(rows("bylines", "position")) == stored
    assert len(rows("pages", "id")) == stored
