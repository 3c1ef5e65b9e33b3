"""What is wrong with a run: a pure function of its stats, of thresholds and of earlier runs.

Scrapy ends with "finished" when every page failed.  A scheduled run needs better: each
finding is a reason to end with a status other than 0, in words that say what to do.  What each
code means and which setting moves its threshold, docs/alarms.md says.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hanicrawler.extensions import endings
from hanicrawler.extensions.clock import clock
from hanicrawler.extensions.drift import drift
from hanicrawler.extensions.finding import Finding
from hanicrawler.extensions.quiet import quiet
from hanicrawler.extensions.thresholds import Thresholds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hanicrawler.extensions.drift import Coverage

__all__ = ["ASKED_FOR", "OUTCOMES", "Finding", "History", "Thresholds", "findings", "outcome"]

WAITING: Final = "site_asks_to_wait"
"""The way to end of a run that the site asked to come back later."""

ASKED_FOR: Final = frozenset(
    {
        "finished",
        "closespider_itemcount",
        "closespider_pagecount",
        "closespider_timeout",
        "budget_requests",
        "budget_bytes",
        "budget_seconds",
        WAITING,
    }
)
"""Ways to end that are no failure: nothing was left, a limit the user set was reached, or the
site asked for it."""

FEW: Final = 3
"""New articles of which none could be had that are enough for an alarm: one or two say little."""

OUTCOMES: Final = ("healthy", "unhealthy", "interrupted", "writer_failed", "waiting", "killed")
"""What crawls.outcome may be; that a run was killed, only a later one can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a run is judged by beside its own stats; what was not asked for is empty."""

    now: datetime | None = None
    """When the run ended, aware."""
    coverage: Coverage = field(default_factory=dict)
    """Of this run."""
    earlier: Sequence[Coverage] = ()
    """Of the runs before that asked for the same and stored articles, the newest first."""
    published: Sequence[datetime | None] = ()
    """When the newest article was published of those out by each of ``quiet.moments(now)``."""
    latest: datetime | None = None
    """The latest moment at which a run of before, or this one, says it began or ended."""


_NOTHING: Final = History()
_USUAL: Final = Thresholds()


def outcome(stats: Mapping[str, Any], found: Sequence[Finding]) -> str:
    """Return the run's outcome in one word, one of OUTCOMES, for the crawls table."""
    reason = stats.get("finish_reason")
    if reason == "shutdown":
        return "interrupted"
    if reason == "writer_failed":
        return "writer_failed"
    if found:
        return "unhealthy"
    return "waiting" if reason == WAITING else "healthy"


def findings(
    stats: Mapping[str, Any], thresholds: Thresholds = _USUAL, history: History = _NOTHING
) -> list[Finding]:
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
        *_articles(stats, thresholds),
        *_refused(stats),
        *_problems(stats, thresholds),
        *_exceptions(stats),
        *_record(stats),
        *_archive(stats),
    ]
    # A run that was ended, or read nothing, may just not have come to what is new.
    has_read = reason == "finished" and all(each.code != "no_list_read" for each in found)
    found += _past(thresholds, history, has_read=has_read)
    if refusal := endings.refusal(stats):
        found.insert(0, Finding("site_refuses", refusal.words, refusal.advice))
    elif reason not in ASKED_FOR:
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
    if stats.get("finish_reason") == WAITING:
        # The lists that could not be had are those that are to be asked for later.
        return []
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
    known = stats.get("hani/sections_known", 0)
    if known and stats.get("hani/sections_lost", 0) >= known:
        words = f"Of {_pages(known, 'section')} no list could be read, so articles are missing."
        return [Finding("no_section_read", words, "Has the site changed its sections or lists?")]
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


def _articles(stats: Mapping[str, Any], thresholds: Thresholds) -> list[Finding]:
    found = [] if stats.get("finish_reason") == WAITING else _fetches(stats, thresholds)
    if unreadable := stats.get("hani/unreadable", 0):
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


def _fetches(stats: Mapping[str, Any], thresholds: Thresholds) -> list[Finding]:
    failed = stats.get("hani/failed", 0)
    tried = stats.get("hani/fetched", 0) + failed + stats.get("hani/gone", 0)
    came = stats.get("hani/parsed", 0) + stats.get("hani/articles_unchanged", 0)
    # What is looked at again may be gone, and one page may be out of reach: neither says much.
    found = tried - stats.get("hani/lost_again", 0)
    if found >= FEW and not came:
        words = f"{_pages(found, 'article')} found and none could be fetched and read."
        return [Finding("nothing_parsed", words, "The problems table says why.")]
    if _too_many(failed, tried, thresholds):
        words = f"{failed} of {_pages(tried, 'article')} could not be fetched."
        return [Finding("fetches_failed", words, "The next run tries them again.")]
    if lost := stats.get("hani/asked_lost", 0):
        words = f"{_pages(lost, 'article')} of those asked for could not be fetched."
        return [Finding("asked_lost", words, "The problems table says why.")]
    return []


def _too_many(failed: int, tried: int, thresholds: Thresholds) -> bool:
    pages, share = thresholds.failed_pages, thresholds.failed_share
    if pages is None or share is None:
        return False
    return failed >= max(pages, 1) and failed > share * tried


def _refused(stats: Mapping[str, Any]) -> list[Finding]:
    refused = stats.get("hani/refused", 0)
    if not refused:
        return []
    words = f"The database refused {_pages(refused, 'article')}."
    return [Finding("articles_refused", words, "The problems table says why.")]


def _problems(stats: Mapping[str, Any], thresholds: Thresholds) -> list[Finding]:
    problems, most = stats.get("hani/problems", 0), thresholds.max_problems
    if most is None or problems <= most:
        return []
    words = f"{_pages(problems, 'problem')} were noted in this run, more than {most:g}."
    return [Finding("too_many_problems", words, "The problems table says what and where.")]


def _past(thresholds: Thresholds, history: History, *, has_read: bool) -> list[Finding]:
    """Return what only a look at earlier runs and articles tells."""
    found = []
    if thresholds.drift is not None and history.earlier:
        found.append(drift(history.coverage, history.earlier, thresholds.drift))
    if history.now is not None:
        found.append(clock(history.now, history.latest))
        factor, hours = thresholds.quiet_factor, thresholds.quiet_hours
        if has_read and factor is not None and hours is not None:
            found.append(quiet(history.now, history.published, factor, hours))
    return [finding for finding in found if finding is not None]


def _record(stats: Mapping[str, Any]) -> list[Finding]:
    error = stats.get("hani/record_error")
    if not error:
        return []
    words = f"The run's own record could not be written: {error}."
    advice = "What it counted is stored; the run will look like one that was killed."
    return [Finding("record_failed", words, advice)]


def _archive(stats: Mapping[str, Any]) -> list[Finding]:
    error = stats.get("hani/archive_error")
    if not error:
        return []
    words = f"The archive could not be written to ({error}), so the run went on without it."
    advice = "Make room, or see to the folder's rights: the next run keeps what it fetches."
    return [Finding("archive_failed", words, advice)]


def _exceptions(stats: Mapping[str, Any]) -> list[Finding]:
    count = stats.get("spider_exceptions/count", 0) + stats.get("hani/item_errors", 0)
    if not count:
        return []
    words = f"{_pages(count, 'page')} met an error in hanicrawler itself."
    advice = "Please report it with what the problems table says of it."
    return [Finding("spider_exceptions", words, advice)]


def _pages(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
