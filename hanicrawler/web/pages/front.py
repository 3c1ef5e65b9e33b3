"""The front page: what is new, most viewed and edited, and how much there is."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from hanicrawler.site import EDITIONS
from hanicrawler.web.kept import kept
from hanicrawler.web.shown import Asked, Shown
from hanicrawler.web.wording import seoul_day

if TYPE_CHECKING:
    from datetime import date

    from hanicrawler.ask import Archive
    from hanicrawler.storage.shelves import ShelvedArticle

STORIES: Final = 25
EDITS: Final = 5
SECTIONS: Final = 14


def front(archive: Archive, asked: Asked) -> Shown:
    """Show the newest articles of an edition, by default the greatest that is stored."""
    totals = kept(archive, "totals", archive.totals)
    stored = [edition for edition in EDITIONS if totals.articles.get(edition)]
    edition = asked.one("edition")
    if edition not in stored:
        edition = max(stored, key=lambda one: totals.articles[one], default="en")
    stories = archive.latest(edition, STORIES)
    fresh = archive.freshness()
    shelves = kept(archive, "shelves", archive.shelves)
    return Shown(
        "front.html",
        {
            "articles": sum(totals.articles.values()),
            "days": _by_day(stories[1:]),
            "edition": edition,
            "editions": stored,
            "edits": archive.edits(limit=EDITS).rows,
            "fresh": fresh,
            "gaps": len(archive.gaps()),
            "lead": stories[0] if stories else None,
            "newest_at": fresh.newest.published_at if fresh.newest else None,
            "ranking": next(iter(archive.rankings([edition])), None),
            "sections": [one for one in shelves if one.edition == edition][:SECTIONS],
            "totals": totals,
        },
    )


def _by_day(stories: list[ShelvedArticle]) -> list[tuple[date | None, list[ShelvedArticle]]]:
    """Return *stories* by the day in Korea on which each was posted."""

    def day(story: ShelvedArticle) -> date | None:
        return seoul_day(story.published_at) if story.published_at else None

    return [(each, list(group)) for each, group in groupby(stories, day)]
