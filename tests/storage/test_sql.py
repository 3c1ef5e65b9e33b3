"""Statements with many values at once say the same on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from hanicrawler.storage.models import AuthorRow
from hanicrawler.storage.schema import table_of
from hanicrawler.storage.sql import among, upsert

AUTHORS = table_of(AuthorRow)
ODD = ("Kim", 'a "word"', "back\\slash", "{Kim,Lee}", "NULL", "a,b", " ", "\u3000", "한겨레", "%s")


def test_words_come_back_as_they_were_and_are_found_among_many(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        rows = [{"name": name, "language": "en"} for name in ODD]
        upsert(connection, AUTHORS, rows, ("name", "language"))
        upsert(connection, AUTHORS, rows, ("name", "language"))
        for number in range(len(ODD) + 1):
            wanted = among(connection, AUTHORS.c.name, [*ODD[:number], "Nobody"])
            found = connection.scalars(sa.select(AUTHORS.c.name).where(wanted)).all()
            assert sorted(found) == sorted(ODD[:number])
        ids = connection.scalars(sa.select(AUTHORS.c.id)).all()
        assert len(ids) == len(ODD)
        chosen = among(connection, AUTHORS.c.id, [*ids, 2**31 - 1])
        assert len(connection.execute(sa.select(AUTHORS.c.id).where(chosen)).all()) == len(ODD)
