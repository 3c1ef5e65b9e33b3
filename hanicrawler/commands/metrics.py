"""The last run in numbers, as a file that Prometheus's node_exporter picks up.

The textfile collector reads whatever ends in ``.prom`` in its folder, at any moment: the file
is written beside and renamed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hanicrawler.extensions.limits import SettingError

if TYPE_CHECKING:
    from datetime import datetime

    from scrapy.settings import BaseSettings

    from hanicrawler.commands.ended import Ended

SETTING: Final = "HANICRAWLER_METRICS"
LAST_HEALTHY: Final = "hanicrawler_last_healthy_run_timestamp_seconds"

COUNTS: Final = {
    "found": "Articles that lists and feeds named",
    "fetched": "Pages that came",
    "not_modified": "Pages the site said are unchanged",
    "new": "Articles stored for the first time",
    "changed": "Articles with a new revision",
    "gone": "Articles the site said are gone",
    "failed": "Pages that could not be had",
    "unreadable": "Article pages that came and could not be read",
    "problems": "Problems recorded",
    "bytes": "Bytes received",
    "requests": "Requests sent",
}
"""The columns of crawls that become gauges, and what each counts in the last run."""

_LAST_HEALTHY_LINE: Final = re.compile(rf"^{LAST_HEALTHY} (\S+)$", re.MULTILINE)


def check(settings: BaseSettings) -> None:
    """Raise SettingError where the file that *settings* name cannot be written."""
    file = _file(settings)
    if file is None:
        return
    folder = file.absolute().parent
    if file.suffix != ".prom":
        raise SettingError(f"{SETTING}: {file} must end in .prom: node_exporter reads no other")
    if not folder.is_dir():
        raise SettingError(f"{SETTING}: no folder {folder}: make it with mkdir -p")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingError(f"{SETTING}: not allowed to write in {folder}: check its rights")
    if file.is_dir():
        raise SettingError(f"{SETTING}: {file} is a folder")


def last_healthy(settings: BaseSettings) -> float | None:
    """Return when the file says that the last healthy run ended, in seconds since 1970.

    None where there is no file, or it does not say.
    """
    file = _file(settings)
    if file is None:
        return None
    try:
        found = _LAST_HEALTHY_LINE.search(file.read_text("utf-8"))
        return float(found[1]) if found else None
    except (OSError, ValueError):
        return None


def write(
    settings: BaseSettings, ended: Ended, *, status: int, at: datetime, healthy_at: float | None
) -> str | None:
    """Write the file that *settings* name about a run that *ended* so at *at*.

    *healthy_at* is when a healthy run last ended, in seconds since 1970; None leaves it out.
    Returns one line where the file could not be written, else None.
    """
    file = _file(settings)
    if file is None:
        return None
    # Imported late: most runs write none.
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

    registry = CollectorRegistry()

    def gauge(name: str, meaning: str, value: float) -> None:
        Gauge(name, meaning, registry=registry).set(value)

    run = "hanicrawler_last_run"
    gauge(f"{run}_timestamp_seconds", "When the last run ended", at.timestamp())
    gauge(f"{run}_duration_seconds", "How long it took", ended.counts.get("seconds", 0))
    gauge(f"{run}_healthy", "1 where nothing was wrong, else 0", int(ended.is_healthy))
    gauge(f"{run}_exit_status", "With which status it ended", status)
    for name, meaning in COUNTS.items():
        gauge(f"{run}_{name}", f"{meaning}, in the last run", ended.counts.get(name, 0))
    if healthy_at is not None:
        gauge(LAST_HEALTHY, "When a run last ended with nothing wrong", healthy_at)
    alarms = Gauge("hanicrawler_alarm", "What is wrong", ["code"], registry=registry)
    for code in ended.alarms:
        alarms.labels(code).set(1)
    try:
        write_to_textfile(str(file), registry)
    except OSError as error:
        return f"{SETTING}: {file} could not be written: {error.strerror}"
    return None


def _file(settings: BaseSettings) -> Path | None:
    path = settings.get(SETTING)
    return Path(path) if path else None
