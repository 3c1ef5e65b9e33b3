"""One history of the schema, on both databases."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from hanicrawler.items import Fetch, StoryLink
from hanicrawler.storage import (
    DatabaseError,
    Writer,
    current,
    database_url,
    downgrade,
    head,
    upgrade,
)
from hanicrawler.storage.migrate import alembic_config, migrating
from hanicrawler.storage.schema import Base
from hanicrawler.storage.views import VIEWS

CHECKOUT = Path(__file__).parent.parent.parent


def names(url: sa.URL) -> tuple[list[str], list[str]]:
    engine = sa.create_engine(url)
    found = sa.inspect(engine)
    # FTS5 names the tables it keeps its index in after its own.
    tables = [name for name in found.get_table_names() if not name.startswith("article_search_")]
    views = found.get_view_names()
    engine.dispose()
    return sorted(tables), sorted(views)


def test_the_known_head_is_the_head_of_the_scripts() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == head()


def test_models_and_migrations_agree(stored_at: sa.URL) -> None:
    with migrating(stored_at) as connection:
        command.check(alembic_config(connection))


def test_a_column_that_no_migration_makes_is_noticed(stored_at: sa.URL) -> None:
    with migrating(stored_at) as connection:
        connection.execute(sa.text("DROP VIEW ranking_history"))
        connection.execute(sa.text("ALTER TABLE most_viewed DROP COLUMN headline"))
        with pytest.raises(Exception, match="headline"):
            command.check(alembic_config(connection))


def test_down_leaves_nothing_and_up_makes_all_again(stored_at: sa.URL) -> None:
    before = names(stored_at)

    downgrade(stored_at, "base")
    assert names(stored_at) == (["alembic_version"], [])
    assert current(stored_at) is None

    upgrade(stored_at)
    upgrade(stored_at)
    assert names(stored_at) == before
    on_sqlite = stored_at.get_backend_name() == "sqlite"
    searched = ["search_due", "search_index", *(["article_search"] if on_sqlite else [])]
    assert before == (
        sorted([*Base.metadata.tables, "alembic_version", *searched]),
        sorted([*VIEWS.tables, *(["search_texts"] if on_sqlite else [])]),
    )


def test_every_step_down_can_be_gone_up_again(stored_at: sa.URL) -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    for script in scripts.walk_revisions():
        downgrade(stored_at, script.down_revision or "base")  # type: ignore[arg-type]
        upgrade(stored_at, script.revision)
        downgrade(stored_at, script.down_revision or "base")  # type: ignore[arg-type]
    upgrade(stored_at)
    assert current(stored_at) == head()


def test_a_migration_that_fails_changes_nothing(
    stored_at: sa.URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    downgrade(stored_at, "base")
    before = names(stored_at)
    execute = sa.Connection.execute

    def failing(self: sa.Connection, statement: Any, *rest: Any, **options: Any) -> Any:
        if "story_graph" in str(statement):
            statement = sa.text("SELECT * FROM nowhere")
        return execute(self, statement, *rest, **options)

    with monkeypatch.context() as patch:
        patch.setattr(sa.Connection, "execute", failing)
        with pytest.raises(DatabaseError, match="nowhere"):
            upgrade(stored_at)

    assert names(stored_at) == before
    upgrade(stored_at)


def test_an_unknown_revision_is_one_line(stored_at: sa.URL) -> None:
    with pytest.raises(DatabaseError) as caught:
        downgrade(stored_at, "0815")
    assert "0815" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_copying_a_table_deletes_no_row_that_refers_to_it(
    stored_at: sa.URL, engine: sa.Engine, writer: Any, article: Any, rows: Any
) -> None:
    """As SQLite does where a later migration changes a column."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations

    writer.write([article(1)])
    before = rows("bylines"), rows("revisions"), rows("article_list")
    engine.dispose()

    with migrating(stored_at) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("articles", recreate="auto") as batch:
            batch.alter_column("deck", existing_type=sa.Text(), server_default="")

    assert (rows("bylines"), rows("revisions"), rows("article_list")) == before
    assert len(before[0]) == 2


def test_the_past_that_was_stored_before_captures_were_noted_takes_late_ones(
    stored_at: sa.URL, engine: sa.Engine, writer: Any, article: Any, rows: Any
) -> None:
    """What is known of an older record is enough to put a capture where it belongs."""
    at, hour = article(1).fetch.fetched_at, timedelta(hours=1)
    link = StoryLink(url=article(9).url, headline="One", edition="en", source_id=9)
    seen = [
        article(1, headline=f"Version {n}", at=at + 2 * n * hour, most_viewed=(link,),
                fetch={"body_hash": str(n) * 64})
        for n in range(2)
    ]  # fmt: skip
    gone = Fetch(url=seen[0].url, kind="article", fetched_at=at + 4 * hour, status=404)
    writer.write([*seen, replace(gone, fetched_at=at + 3 * hour, status=304), gone])
    before = {name: rows(name) for name in ("articles", "revisions", "most_viewed", "pages")}
    captures = rows("captures", "captured_at", "status", "content_hash")
    engine.dispose()
    downgrade(stored_at, "0007")
    upgrade(stored_at)

    assert {name: rows(name) for name in before} == before
    assert rows("captures", "captured_at", "status", "content_hash") == captures
    assert [row["seen_at"] for row in rows("ranking_sightings")] == [at]

    Writer(engine, None).write([article(1, headline="Between", at=at + hour)])

    found = [(row["number"], row["headline"]) for row in rows("revisions")]
    assert found == [(1, "Version 0"), (2, "Between"), (3, "Version 1")]
    (row,) = rows("articles", "headline", "gone_at", "last_seen_at", "revision")
    assert row == {"headline": "Version 1", "gone_at": at + 4 * hour,
                   "last_seen_at": at + 3 * hour, "revision": 3}  # fmt: skip


def test_a_migration_leaves_no_row_that_refers_to_nothing(stored_at: sa.URL, rows: Any) -> None:
    with pytest.raises(DatabaseError) as caught, migrating(stored_at) as connection:
        connection.execute(sa.text("INSERT INTO coverage VALUES (7, 't', 'body', 'absent', 1)"))
    assert "coverage" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert rows("coverage") == []


def test_every_constraint_and_index_has_the_name_we_gave(stored_at: sa.URL) -> None:
    engine = sa.create_engine(stored_at)
    found = sa.inspect(engine)
    for table in Base.metadata.tables:
        given = [
            found.get_pk_constraint(table)["name"],
            *[key["name"] for key in found.get_foreign_keys(table)],
            *[key["name"] for key in found.get_unique_constraints(table)],
            *[key["name"] for key in found.get_check_constraints(table)],
            *[index["name"] for index in found.get_indexes(table)],
        ]
        for name in given:
            assert re.fullmatch(rf"(pk|fk|uq|ck|ix)_{table}(_\w+)?", str(name)), name
    engine.dispose()


def test_migrations_import_nothing_of_ours() -> None:
    for script in (CHECKOUT / "migrations" / "versions").glob("*.py"):
        assert "hanicrawler" not in script.read_text("utf-8"), script.name


@pytest.mark.slow
def test_the_plain_alembic_command_works_in_a_checkout(database: str) -> None:
    def alembic(*arguments: str) -> str:
        return subprocess.run(
            [sys.executable, "-m", "alembic", *arguments],
            cwd=CHECKOUT,
            env={**os.environ, "HANICRAWLER_DATABASE": database},
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    alembic("upgrade", "head")
    assert current(database_url(database)) == head()
    assert "No new upgrade operations detected" in alembic("check")
    assert head() in alembic("current")
    alembic("downgrade", "base")
    assert current(database_url(database)) is None
