"""What is wrong with a run: a pure function of its stats.

Scrapy ends with "finished" when every page failed.  A scheduled run needs better: each
finding is a reason to end with a status other than 0, in words that say what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hanicrawler.extensions import endings

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED_FOR: Final = frozenset(
    {"finished", "closespider_itemcount", "closespider_pagecount", "closespider_timeout"}
)
"""Ways to end that are no failure: nothing was left, or a limit the user set was reached."""

MANY: Final = 5
"""Failed fetches from which on a tenth of all is too many."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a run."""

    code: str
    words: str
    """What happened."""
    advice: str
    """What to do about it."""

    def __str__(self) -> str:
        return f"{self.words} {self.advice}"


def outcome(stats: Mapping[str, Any], found: list[Finding]) -> str:
    """Return the run's outcome in one word, for the crawls table."""
    reason = stats.get("finish_reason")
    if reason == "shutdown":
        return "interrupted"
    if reason == "writer_failed":
        return "writer_failed"
    if reason == endings.WAITS and not found:
        return "waiting"
    return "unhealthy" if found else "healthy"


def findings(stats: Mapping[str, Any]) -> list[Finding]:
    """Return what went wrong in a run that ended with *stats*; empty for a healthy one."""
    reason = stats.get("finish_reason")
    if reason == "writer_failed":
        error = stats.get("hani/writer_error", "")
        return [
            Finding(
                "writer_failed",
                f"The database could not be written to: {error}.",
                "The run was ended; what it counted is stored, and the next run carries on.",
            )
        ]
    found = [
        *_sections(stats),
        *_lists(stats),
        *_articles(stats),
        *_refused(stats),
        *_exceptions(stats),
    ]
    if refusal := endings.refusal(stats):
        found.insert(0, Finding(*refusal))
    elif reason not in ASKED_FOR | endings.PLANNED:
        found.insert(0, _ended_early(reason))
    return found


def _ended_early(reason: object) -> Finding:
    if reason == "shutdown":
        words = "The run was told to stop before it was done."
        return Finding("ended_early", words, "What it counted is stored; run it again to carry on.")
    if reason is None:
        words = "The run was told to stop before it could begin."
        return Finding("ended_early", words, "Run it again.")
    words = f"The run ended early ({reason})."
    return Finding("ended_early", words, "See the log: run it again with --logfile FILE.")


def _sections(stats: Mapping[str, Any]) -> list[Finding]:
    missing = stats.get("hani/sections_missing") or []
    if not missing:
        return []
    names = ", ".join(missing)
    words = f"The site has no section {names}."
    return [Finding("section_missing", words, "Look up the name in the section's address.")]


def _lists(stats: Mapping[str, Any]) -> list[Finding]:
    failed = stats.get("hani/lists_failed", 0)
    if not stats.get("hani/lists_read", 0):
        if not failed and not stats.get("hani/lists_missing", 0):
            return []
        return [
            Finding(
                "no_list_read",
                "No feed, front page or list could be read, so no article was found.",
                "Is the site reachable from here?",
            )
        ]
    if failed:
        return [
            Finding(
                "list_unreadable",
                f"{_pages(failed, 'feed, front or list page')} could not be read,"
                " so articles may be missing.",
                "Run it again later.",
            )
        ]
    if any(stats.get(f"hani/{name}") for name in ("found", "lists_unchanged", "sections_missing")):
        return []
    words = "The lists that were read name no article."
    return [Finding("nothing_found", words, "Has the site changed its lists?")]


def _articles(stats: Mapping[str, Any]) -> list[Finding]:
    unreadable = stats.get("hani/unreadable", 0)
    failed = stats.get("hani/failed", 0)
    gone = stats.get("hani/gone", 0)
    tried = stats.get("hani/fetched", 0) + failed + gone
    parsed = stats.get("hani/parsed", 0)
    found = []
    if tried and not parsed and not stats.get("hani/articles_unchanged", 0):
        found.append(
            Finding(
                "nothing_parsed",
                f"{_pages(tried, 'article')} found and none could be fetched and read.",
                "The problems table says why.",
            )
        )
    elif failed >= MANY and failed * 10 > tried:
        found.append(
            Finding(
                "fetches_failed",
                f"{failed} of {_pages(tried, 'article')} could not be fetched.",
                "The next run tries them again.",
            )
        )
    elif lost := stats.get("hani/asked_lost", 0):
        found.append(
            Finding(
                "asked_lost",
                f"{_pages(lost, 'article')} of those asked for could not be fetched.",
                "The problems table says why.",
            )
        )
    if unreadable:
        found.append(
            Finding(
                "unreadable_articles",
                f"{_pages(unreadable, 'article page')} lacked what every article has"
                " or could not be read.",
                "They are kept in the problems table with their raw bytes;"
                " has the site changed its pages?",
            )
        )
    return found


def _refused(stats: Mapping[str, Any]) -> list[Finding]:
    refused = stats.get("hani/refused", 0)
    if not refused:
        return []
    words = f"The database refused {_pages(refused, 'article')}."
    return [Finding("articles_refused", words, "The problems table says why.")]


def _exceptions(stats: Mapping[str, Any]) -> list[Finding]:
    count = stats.get("spider_exceptions/count", 0) + stats.get("hani/item_errors", 0)
    if not count:
        return []
    words = f"{_pages(count, 'page')} met an error in hanicrawler itself."
    advice = "Please report it with what the problems table says of it."
    return [Finding("spider_exceptions", words, advice)]


def _pages(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
