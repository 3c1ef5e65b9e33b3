"""What every table shares: names of constraints, types, the checks that catch nonsense."""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase

from hanicrawler.site import EDITIONS
from hanicrawler.storage.types import PlainText, UtcDateTime

NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
"""A constraint that the database names itself cannot be found by a later migration."""

MAX_URL: Final = 2000
"""Characters.  PostgreSQL indexes no value of more than about 2,700 bytes."""
MAX_NAME: Final = 200
"""Characters of an author's name, for the same reason."""
MAX_SOURCE_ID: Final = 2**31 - 1
"""What PostgreSQL's ``integer`` holds; SQLite would take more."""


class Base(DeclarativeBase):
    """The base of every model."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map = {str: PlainText, datetime: UtcDateTime}  # noqa: RUF012 (SQLAlchemy's way)


def table_of(model: type[Base]) -> sa.Table:
    """Return the table of *model*, for statements of the Core."""
    return cast("sa.Table", model.__table__)


def one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    """Return the check that *column* is NULL or one of *values*."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=column)


def known_edition() -> sa.CheckConstraint:
    """Return the check that ``edition`` is one the site has."""
    return one_of("edition", EDITIONS)


def not_blank(column: str) -> sa.CheckConstraint:
    """Return the check that *column* has something in it besides spaces."""
    return sa.CheckConstraint(f"trim({column}) <> ''", name=column)


def at_least(column: str, least: int) -> sa.CheckConstraint:
    """Return the check that *column* is NULL or not below *least*."""
    return sa.CheckConstraint(f"{column} >= {least}", name=column)


def id_in_range(column: str = "source_id") -> sa.CheckConstraint:
    """Return the check that *column* is NULL or an id the site could give."""
    return sa.CheckConstraint(f"{column} BETWEEN 1 AND {MAX_SOURCE_ID}", name=column)


def fits_an_index(column: str = "url", most: int = MAX_URL) -> sa.CheckConstraint:
    """Return the check that *column* is neither empty nor longer than an index takes."""
    return sa.CheckConstraint(f"length({column}) BETWEEN 1 AND {most}", name=column)


def key_is_whole() -> sa.CheckConstraint:
    """Return the check that edition and id of a linked article are known together or not at all."""
    return sa.CheckConstraint("(edition IS NULL) = (source_id IS NULL)", name="key")
