"""The settings that are numbers or switches: what each may be, and reading them.

They come as text from the environment and from ``-s``.  A slip in one is to be wrong use that
is said before anything runs, and not a rule that is never met.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class SettingError(ValueError):
    """Raised for a setting that cannot be meant; its message is one line that names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a number may be."""

    whole: bool = False
    least: float = 0.0
    most: float = math.inf
    above: float | None = None
    """More than this, where there is no least."""
    may_be_off: bool = False
    """None and the empty text switch off what the number bounds."""

    def allows(self, value: float) -> bool:
        """Tell whether the setting may be *value*."""
        if not math.isfinite(value) or (self.whole and value != int(value)):
            return False
        return self.least <= value <= self.most and (self.above is None or value > self.above)

    def __str__(self) -> str:
        noun = "whole number" if self.whole else "number"
        if self.most < math.inf:
            return f"{noun} from {self.least:g} to {self.most:g}"
        if self.above is not None:
            return f"{noun} above {self.above:g}"
        return f"{noun} of at least {self.least:g}"


_COUNT: Final = Kind(whole=True, least=1)
_BUDGET: Final = Kind(whole=True, least=1, may_be_off=True)
_SHARE: Final = Kind(most=1, may_be_off=True)
_ABOVE: Final = Kind(above=0)
_BOUND: Final = Kind(may_be_off=True)

NUMBERS: Final[dict[str, Kind]] = {
    "HANICRAWLER_ATTEMPTS": _COUNT,
    "HANICRAWLER_LIST_PAGES": _COUNT,
    "HANICRAWLER_LEASE": _COUNT,
    "HANICRAWLER_MAX_REQUESTS": _BUDGET,
    "HANICRAWLER_MAX_BYTES": _BUDGET,
    "HANICRAWLER_MAX_SECONDS": Kind(above=0, may_be_off=True),
    "HANICRAWLER_GIVE_UP": Kind(whole=True),
    "HANICRAWLER_FAILED_PAGES": Kind(whole=True, may_be_off=True),
    "HANICRAWLER_FAILED_SHARE": _SHARE,
    "HANICRAWLER_MAX_PROBLEMS": Kind(whole=True, may_be_off=True),
    "HANICRAWLER_DRIFT": _SHARE,
    "HANICRAWLER_QUIET_FACTOR": _BOUND,
    "HANICRAWLER_QUIET_HOURS": _BOUND,
    "HANICRAWLER_ARCHIVE_FILE_MB": _ABOVE,
    "HANICRAWLER_ARCHIVE_MAX_GB": Kind(above=0, may_be_off=True),
    "HANICRAWLER_ARCHIVE_MAX_DAYS": Kind(above=0, may_be_off=True),
}
"""Every setting of ours that is a number."""

SCRAPYS: Final[dict[str, Kind]] = {
    "CONCURRENT_REQUESTS": _COUNT,
    "CONCURRENT_REQUESTS_PER_DOMAIN": _COUNT,
    "DOWNLOAD_DELAY": Kind(),
    "DOWNLOAD_TIMEOUT": Kind(above=0),
    "DOWNLOAD_MAXSIZE": Kind(whole=True),
    "RETRY_TIMES": Kind(whole=True),
}
"""Settings of Scrapy's that a run depends on; none at a time, for one, would wait for ever."""

SWITCHES: Final = ("HANICRAWLER_SHARED", "HANICRAWLER_SECOND_READER")
"""Every setting of ours that is on or off."""

# As int() and float() take them, but for the underscores and digits of other scripts.
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_WHOLE: Final = re.compile(r"[+-]?\d+", re.ASCII)


def check(settings: BaseSettings) -> None:
    """Raise SettingError for the first number or switch that cannot be meant."""
    for name in (*NUMBERS, *SCRAPYS):
        number(settings, name)
    for name in SWITCHES:
        try:
            settings.getbool(name)
        except ValueError:
            value = settings.get(name)
            raise SettingError(f"{name}: {value!r} is neither 1 (on) nor 0 (off)") from None


def number(settings: BaseSettings, name: str) -> float | None:
    """Return the number that the setting *name* is; None where it is off.

    Raises SettingError where it is no number, or one that cannot be meant.
    """
    kind, value = (NUMBERS | SCRAPYS)[name], settings.get(name)
    if value is None or value == "":
        if kind.may_be_off:
            return None
        raise SettingError(f"{name}: must be a {kind}")
    found = _read(value, whole=kind.whole)
    if found is None or not kind.allows(found):
        raise SettingError(f"{name}: {value!r} is no {kind}")
    return found


def _read(value: object, *, whole: bool) -> float | None:
    if isinstance(value, str):
        text = value.strip()
        fits = (_WHOLE if whole else _NUMBER).fullmatch(text)
        return float(text) if fits else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)
