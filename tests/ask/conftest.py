"""The storage's databases, opened for asking."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hanicrawler import open_archive
from tests.storage.conftest import (  # noqa: F401 (fixtures are found by their names)
    article,
    engine,
    migrated_file,
    migrated_shape,
    migrated_template,
    spare_databases,
    stored_at,
    writer,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from hanicrawler import Archive


@pytest.fixture
def archive(engine: sa.Engine) -> Iterator[Archive]:  # noqa: F811
    """What ``writer`` wrote, on each database."""
    with open_archive(engine.url.render_as_string(hide_password=False)) as opened:
        yield opened
