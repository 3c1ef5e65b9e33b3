"""The ids of authors, remembered between batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from hanicrawler.storage.models import AuthorRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import chunks, upsert

if TYPE_CHECKING:
    from collections.abc import Iterable

Name = tuple[str, str]
"""Name and language."""

REMEMBERED: Final = 20_000
"""Authors kept in memory; the newspaper has had a few thousand."""

_AUTHORS: Final = table_of(AuthorRow)


class AuthorIds:
    """The ids of authors.

    What a transaction made is remembered only once it has committed.
    """

    def __init__(self) -> None:
        self._known: dict[Name, int] = {}
        self._pending: dict[Name, int] = {}

    def resolve(self, connection: sa.Connection, names: Iterable[Name]) -> dict[Name, int]:
        """Return the id of each of *names*, storing those that are new."""
        wanted = dict.fromkeys(names)
        ids = {name: self._known[name] for name in wanted if name in self._known}
        if missing := [name for name in wanted if name not in ids]:
            found = _stored(connection, missing)
            fresh = [name for name in missing if name not in found]
            if fresh:
                rows = [{"name": name, "language": language} for name, language in fresh]
                upsert(connection, _AUTHORS, rows, ("name", "language"))
                found |= _stored(connection, fresh)
            self._pending |= found
            ids |= found
        return ids

    def committed(self) -> None:
        """Remember what the transaction that has just committed has learnt."""
        self._known |= self._pending
        self._pending = {}
        while len(self._known) > REMEMBERED:
            del self._known[next(iter(self._known))]

    def rolled_back(self) -> None:
        """Forget everything: an author may have been deleted since."""
        self._known = {}
        self._pending = {}


def _stored(connection: sa.Connection, names: list[Name]) -> dict[Name, int]:
    wanted = set(names)
    found: dict[Name, int] = {}
    columns = (_AUTHORS.c.id, _AUTHORS.c.name, _AUTHORS.c.language)
    for chunk in chunks(name for name, _ in names):
        for row in connection.execute(sa.select(*columns).where(_AUTHORS.c.name.in_(chunk))):
            if (row.name, row.language) in wanted:
                found[row.name, row.language] = row.id
    return found
