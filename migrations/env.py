"""How Alembic runs our migrations.

``hanicrawler.storage.migrate`` hands over a connection; the plain ``alembic`` command, in a
checkout, works on the database that HANICRAWLER_DATABASE names.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Literal

from alembic import context

from hanicrawler.storage import models, run_models  # noqa: F401 (they fill the metadata)
from hanicrawler.storage.migrate import migrating
from hanicrawler.storage.schema import Base
from hanicrawler.storage.types import JsonText, PlainText, UtcDateTime
from hanicrawler.storage.urls import database_url

SEARCH_TABLES = ("search_", "article_search")
"""How the names begin of what full-text search has, FTS5's own tables included."""

if TYPE_CHECKING:
    import sqlalchemy as sa
    from alembic.autogenerate.api import AutogenContext

PLAIN: dict[type, str] = {
    UtcDateTime: "sa.DateTime(timezone=True)",
    PlainText: "sa.Text()",
    JsonText: "sa.Text()",
}
"""Our column types as a migration writes them: none of ours is imported there, so that an old
migration still runs when the code has moved on."""


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Return how a new migration writes *item*; False leaves it to Alembic."""
    return PLAIN.get(type(item), False) if kind == "type" else False


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Tell whether the models know *name*: the tables of the search are not theirs."""
    return not (kind == "table" and name and name.startswith(SEARCH_TABLES))


def run(connection: sa.Connection) -> None:
    """Run the migrations inside the transaction of *connection*."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,  # SQLite alters a table by copying it
        render_item=render_item,
        include_name=include_name,
        transactional_ddl=True,  # SQLite's too: all of an upgrade holds, or nothing
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("these migrations need a database: run them without --sql")

given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrating(database_url(os.environ.get("HANICRAWLER_DATABASE"))) as own:
        run(own)
