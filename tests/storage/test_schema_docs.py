"""docs/schema.md says of every table, view and column what the models say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from hanicrawler.storage import models, run_models
from hanicrawler.storage.schema import Base
from hanicrawler.storage.views import VIEWS

DOCS = (Path(__file__).parent.parent.parent / "docs" / "schema.md").read_text("utf-8")
TABLES = [*Base.metadata.tables.values(), *VIEWS.tables.values()]
MODULES = (models, run_models)


def section(name: str) -> str:
    found = re.search(rf"^### `{name}`\n(.*?)(?=^##|\Z)", DOCS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/schema.md has no {name}"
    return found[1]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_docs_show_what_the_models_say(table: sa.Table) -> None:
    text = section(table.name)

    assert f"\n{table.comment}.\n" in text
    shown = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", text, re.MULTILINE)
    assert shown == [(column.name, column.comment) for column in table.c]


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_the_docs_say_what_may_be_null(table: sa.Table) -> None:
    shown = re.findall(r"^\| `(\w+)` \| [^|]+ \| (yes|no) \|", section(table.name), re.MULTILINE)

    assert shown == [(column.name, "yes" if column.nullable else "no") for column in table.c]


def test_the_docs_name_no_table_that_is_not_there() -> None:
    assert set(re.findall(r"^### `(\w+)`", DOCS, re.MULTILINE)) == {t.name for t in TABLES}


@pytest.mark.parametrize("name", VIEWS.tables)
def test_views_have_the_columns_they_are_said_to_have(engine: sa.Engine, name: str) -> None:
    found = [column["name"] for column in sa.inspect(engine).get_columns(name)]

    assert found == [column.name for column in VIEWS.tables[name].c]


@pytest.mark.parametrize(
    "query",
    re.findall(r"```sql\n(.*?)```", DOCS, re.DOTALL),
    ids=lambda query: query.split("\n")[1][:30],
)
def test_the_questions_of_the_docs_can_be_asked(engine: sa.Engine, query: str) -> None:
    with engine.connect() as connection:
        assert connection.execute(sa.text(query)).all() == []
