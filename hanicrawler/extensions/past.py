"""What a run is judged by of the runs and articles before it: asked only where it matters."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from hanicrawler.extensions import drift, quiet
from hanicrawler.extensions.health import History
from hanicrawler.storage import (
    DatabaseError,
    earlier_coverage,
    latest_moment,
    newest_published,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    import sqlalchemy as sa

    from hanicrawler.extensions.drift import Coverage
    from hanicrawler.extensions.health import Thresholds

logger = logging.getLogger(__name__)


def history(
    engine: sa.Engine,
    crawl_id: int,
    *,
    spider: str,
    arguments: Mapping[str, str],
    started_at: datetime,
    now: datetime,
    coverage: Coverage,
    thresholds: Thresholds,
) -> History:
    """Return what the run's health is judged by; what needs no look is left out.

    A database that cannot be asked is no reason to end otherwise: then nothing is judged by it.
    """
    try:
        return History(
            now=now,
            coverage=coverage,
            earlier=earlier_coverage(
                engine, crawl_id, spider=spider, arguments=arguments, runs=drift.RUNS
            )
            if coverage and thresholds.drift is not None
            else [],
            # A run that was asked for one section, or for a period, is silent on all others.
            published=[] if arguments else newest_published(engine, quiet.moments(now)),
            latest=max(started_at, latest_moment(engine, crawl_id) or started_at),
        )
    except DatabaseError as error:
        logger.error("Earlier runs could not be looked at: %s", error)
        return History()
