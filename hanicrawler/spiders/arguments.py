"""What ``scrapy crawl hani -a NAME=VALUE`` takes, read and checked before anything runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from hanicrawler.normalize.dates import KST
from hanicrawler.site import (
    ArticleAddress,
    Edition,
    Root,
    article_address,
    is_section_name,
    on_site,
    section_url,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Final = ("sections", "since", "until", "urls", "related_depth", "originals")
MAX_DEPTH: Final = 5
_YES_NO: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_BETWEEN_URLS: Final = re.compile(r",\s*(?=https?://)")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class ArgumentError(ValueError):
    """Raised for arguments that cannot be obeyed; the message is one line."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an edition."""

    edition: Edition
    code: str

    @property
    def url(self) -> str:
        """The address of the section's front."""
        return section_url(self.edition, self.code)

    def __str__(self) -> str:
        return self.code if self.edition == "en" else f"{self.edition}:{self.code}"


@dataclass(frozen=True, slots=True)
class Period:
    """From the first moment of day *since* to the last of day *until*, in Korea."""

    since: date | None = None
    until: date | None = None
    start: datetime | None = field(init=False)
    """Aware, UTC; the first moment inside."""
    end: datetime | None = field(init=False)
    """Aware, UTC; the first moment after."""

    def __post_init__(self) -> None:
        start = None if self.since is None else _midnight(self.since)
        end = None if self.until is None else _midnight(self.until + timedelta(days=1))
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None

    def __contains__(self, moment: datetime) -> bool:
        return not self.before(moment) and not self.after(moment)

    def before(self, moment: datetime) -> bool:
        """Tell whether *moment* is older than the period."""
        return self.start is not None and moment < self.start

    def after(self, moment: datetime) -> bool:
        """Tell whether *moment* is later than the period."""
        return self.end is not None and moment >= self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a run was asked for."""

    sections: tuple[Section, ...] = ()
    """Only these; empty for all the site names."""
    period: Period = Period()
    urls: tuple[ArticleAddress, ...] = ()
    """Just these."""
    related_depth: int = 1
    """How far related stories and most viewed articles are followed."""
    originals: bool = False
    """Whether the Korean originals are fetched too."""

    @property
    def is_plain(self) -> bool:
        """True for a scheduled run: the feed, the front page and the newest of each section."""
        return not (self.sections or self.period or self.urls)

    @property
    def editions(self) -> frozenset[Edition]:
        """The editions whose articles are followed wherever a list or an article names them."""
        english: set[Edition] = {"en"}
        return frozenset(english.union(section.edition for section in self.sections))


def read_arguments(given: Mapping[str, str], root: Root | None = None) -> Arguments:
    """Return what the arguments *given* ask for.

    URLs may name *root* instead of the site.  Raises ArgumentError, with one line that says
    what is wrong, for anything that cannot be obeyed.
    """
    if unknown := sorted(set(given) - set(NAMES)):
        known = ", ".join(NAMES)
        raise ArgumentError(f"unknown argument {unknown[0]!r}: the arguments are {known}")
    since, until = _day("since", given), _day("until", given)
    if since and until and since > until:
        raise ArgumentError(f"since={since} is after until={until}")
    sections = tuple(dict.fromkeys(map(_section, _listed("sections", given))))
    urls = _urls(given, root)
    if urls and (others := [name for name in ("sections", "since", "until") if name in given]):
        raise ArgumentError(f"urls and {others[0]} contradict each other: urls means just these")
    plain = not (sections or since or until or urls)
    return Arguments(
        sections=sections,
        period=Period(since, until),
        urls=urls,
        related_depth=_depth(given, default=1 if plain else 0),
        originals=_yes_no("originals", given),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), KST).astimezone(UTC)


def _listed(name: str, given: Mapping[str, str]) -> list[str]:
    if name not in given:
        return []
    words = [word.strip() for word in given[name].split(",")]
    if not all(words):
        raise ArgumentError(f"{name}={given[name]} has an empty name in it")
    return words


def _section(text: str) -> Section:
    # English unless it says otherwise: a Korean code is known by its slash or its prefix.
    prefix, colon, code = text.rpartition(":")
    if not is_section_name(code) or (colon and prefix not in ("en", "ko")):
        raise ArgumentError(
            f"section {text!r} is malformed: a section reads like e_business, "
            "politics/assembly or ko:politics"
        )
    if prefix:
        return Section("ko" if prefix == "ko" else "en", code)
    return Section("ko" if "/" in code else "en", code)


def _day(name: str, given: Mapping[str, str]) -> date | None:
    if name not in given:
        return None
    text = given[name].strip()
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        day = date.fromisoformat(text)
        for end in (day, day + timedelta(days=1)):
            _midnight(end)
    except (ValueError, OverflowError):
        raise ArgumentError(f"{name}={text} is no day: write YYYY-MM-DD, 2024-06-30") from None
    return day


def _urls(given: Mapping[str, str], root: Root | None) -> tuple[ArticleAddress, ...]:
    if "urls" not in given:
        return ()
    addresses: dict[tuple[Edition, int], ArticleAddress] = {}
    for text in _BETWEEN_URLS.split(given["urls"].strip()):
        url = text.strip().rstrip(",")
        url = root.to_site(url) if root else url
        if not on_site(url):
            raise ArgumentError(f"{url or 'the empty URL'!r} is not on the site hani.co.kr")
        if (address := article_address(url)) is None:
            raise ArgumentError(f"{url} names no article of the site")
        addresses.setdefault(address.key, address)
    return tuple(addresses.values())


def _depth(given: Mapping[str, str], *, default: int) -> int:
    if "related_depth" not in given:
        return default
    text = given["related_depth"].strip()
    if not re.fullmatch(r"\d", text, re.ASCII) or int(text) > MAX_DEPTH:
        raise ArgumentError(f"related_depth={text} is no number from 0 to {MAX_DEPTH}")
    return int(text)


def _yes_no(name: str, given: Mapping[str, str]) -> bool:
    text = given.get(name, "0").strip().lower()
    if text not in _YES_NO:
        raise ArgumentError(f"{name}={text} is neither 1 nor 0")
    return _YES_NO[text]
