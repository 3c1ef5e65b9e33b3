"""What is viewed most: the ranking, what is new and rising in it, how the places moved."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hanicrawler.web import charts
from hanicrawler.web.shown import Asked, Shown

if TYPE_CHECKING:
    from datetime import datetime

    from hanicrawler.ask import Archive, Career, Ranking

BACK: Final = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
"""How far back a ranking is compared."""
STORIES: Final = charts.KINDS
"""How many stories' ways are drawn: as many as there are colours."""


def trends(archive: Archive, asked: Asked) -> Shown:
    """Show the rankings as they stand, against a day, a week or a month before (``?back=week``)."""
    back = asked.one("back") if asked.one("back") in BACK else "day"
    rankings = archive.rankings(back=BACK[back])
    return Shown(
        "trends.html",
        {
            "rankings": [(ranking, _ways(archive, ranking, BACK[back])) for ranking in rankings],
            "back": back,
            "backs": tuple(BACK),
        },
    )


def _ways(archive: Archive, ranking: Ranking, back: timedelta) -> charts.Lines | None:
    """Return the drawing of how the stories of *ranking* came to their places."""
    stories = [one for one in ranking.stories if one.source_id][:STORIES]
    careers = [archive.ranking_history(f"{ranking.edition}:{one.source_id}") for one in stories]
    earliest = min((stay.since for one in careers for stay in one.stays), default=ranking.seen_at)
    begin = max(ranking.seen_at - back, earliest)
    if begin == ranking.seen_at:
        return None  # one ranking is no way
    # What stands now is drawn on a little, to be seen.
    end = ranking.seen_at + (ranking.seen_at - begin) / 8
    places = max((one.position for one in ranking.stories), default=0)
    return charts.lines([_runs(one, begin, end) for one in careers], begin, end, places)


def _runs(career: Career, begin: datetime, end: datetime) -> list[charts.Run]:
    """Return the places of a story between two moments: when it came to each, and left it.

    Where it stood in no place for a while, another run begins.
    """
    runs: list[charts.Run] = []
    for stay in reversed(career.stays):
        since, until = max(stay.since, begin), min(stay.until or end, end)
        if since >= until:
            continue
        if not runs or runs[-1][-1][0] != since:
            runs.append([])
        runs[-1] += [(since, stay.position), (until, stay.position)]
    return runs
