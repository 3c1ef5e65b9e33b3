"""What the captures of one article come to, in whichever order they were learnt of.

A pure fold over the captures in the order of their times: the versions that were seen, since
when the article is gone, what was wrong from when to when.  A live crawl takes the same steps
one at a time; archives may bring any capture at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from hanicrawler.items import Kept

GONE: Final = (404, 410)
"""The statuses by which the site says that an article is gone."""

ENDED_BY_STORING: Final = frozenset({"fetch", "parse", "normalise", "store"})
"""Stages of the problems that end when the article is stored without them."""
# Not what was noted of an article that is stored all the same.
ENDED_BY_READING: Final = frozenset({"fetch", "discover", "parse"})
"""Stages of the problems that end when the page came as it is stored."""


class NotedProblem(NamedTuple):
    """What was wrong with a capture."""

    url: str
    stage: str
    code: str
    error: str


@dataclass(slots=True)
class Captured:
    """A response of an article's page, and what it gave; the columns of ``captures``."""

    at: datetime
    status: int
    body_hash: str | None = None
    content_hash: str | None = None
    """None where nothing was read: not modified, the same bytes again, unreadable, gone."""
    modified_at: datetime | None = None
    modified_text: str | None = None
    """None with a *modified_at*: what the page printed then is not known."""
    revisit_of: datetime | None = None
    problems: tuple[NotedProblem, ...] = ()
    kept: Kept | None = None
    crawl_id: int | None = None

    @property
    def place(self) -> tuple[datetime, int]:
        """Where it stands among the article's captures; no two share a place."""
        return self.at, self.status

    @property
    def says_same(self) -> bool:
        """Whether it says that the page is as it was, without giving it."""
        known = self.body_hash is not None or self.revisit_of is not None
        return self.content_hash is None and (self.status == 304 or known)

    @property
    def is_whole(self) -> bool:
        """Whether it brought the very bytes that were known, which an archive keeps anew."""
        is_kept = None not in (self.body_hash, self.kept) and self.revisit_of is None
        return is_kept and self.status == 200 and self.content_hash is None

    def stood_still(self, before: Captured) -> bool:
        """Tell whether the site's own time of change is the one of the capture *before*."""
        if self.modified_at != before.modified_at:
            return False
        texts = (self.modified_text, before.modified_text)
        is_unknown = self.modified_at is not None and None in texts
        return is_unknown or texts[0] == texts[1]


@dataclass(frozen=True, slots=True)
class Version:
    """A text of the article, from when it was first seen."""

    first: Captured
    """The capture that shows it first; of a revisit, the one that it says it repeats."""
    seen_at: datetime
    silent: bool


@dataclass(slots=True)
class Episode:
    """A problem from when it was met to when it was over."""

    problem: NotedProblem
    """As last met."""
    seen_at: datetime
    """When it was last met."""
    resolved_at: datetime | None = None


@dataclass(slots=True)
class Timeline:
    """The captures of an article in their order, and what they come to."""

    captures: list[Captured]
    versions: list[Version] = field(default_factory=list)
    shown: Captured | None = None
    """The capture that shows the article as last seen; None where none was read."""
    last_seen_at: datetime | None = None
    """When it was last seen live; None where it never was."""
    gone_at: datetime | None = None
    episodes: list[Episode] = field(default_factory=list)
    repeated: dict[tuple[datetime, int], Captured] = field(default_factory=dict)
    """By the place of a capture that says that the page is as it was: the one that gave it."""

    @classmethod
    def of(cls, captures: Iterable[Captured]) -> Timeline:
        """Return what *captures*, in any order, come to."""
        timeline = cls(sorted(captures, key=lambda capture: capture.place))
        timeline._fold()
        return timeline

    @property
    def newest_read(self) -> Captured | None:
        """The last capture whose page was read."""
        return next((c for c in reversed(self.captures) if c.content_hash is not None), None)

    @property
    def reads(self) -> int:
        """How many captures gave a page that was read."""
        return sum(capture.content_hash is not None for capture in self.captures)

    @property
    def newest_whole(self) -> Captured | None:
        """The last capture that brought the page itself, whether or not it had to be read."""
        brought = (c for c in reversed(self.captures) if c.content_hash or c.is_whole)
        return next(brought, None)

    @property
    def failures(self) -> int:
        """How many captures brought nothing since the last one that did."""
        number = 0
        for capture in self.captures:
            brought = capture.content_hash is not None or capture.says_same
            number = 0 if brought else number + 1
        return number

    def is_last_word(self, capture: Captured) -> bool:
        """Tell whether nothing later than *capture* brought the page, or said that it is so."""
        later = (c for c in self.captures if c.place > capture.place)
        return not any(c.content_hash is not None or c.says_same for c in later)

    def _fold(self) -> None:
        # What a revisit repeats came before it, whatever brings the same bytes after it.
        by_body: dict[str, Captured] = {}
        by_time: dict[datetime, Captured] = {}
        still_open: dict[tuple[str, str, str], Episode] = {}
        before: Captured | None = None
        for capture in self.captures:
            read: Captured | None = capture if capture.content_hash is not None else None
            if read is not None:
                by_time[read.at] = read
                if read.body_hash is not None:
                    by_body[read.body_hash] = read
            elif capture.says_same:
                read = by_body.get(capture.body_hash or "") or (
                    by_time.get(capture.revisit_of) if capture.revisit_of else None
                )
                if read and before and read.body_hash and read.body_hash == before.body_hash:
                    read = before  # whichever of them a revisit names
                if read is not None:
                    self.repeated[capture.place] = read
            if read is not None:
                if before is None or before.content_hash != read.content_hash:
                    silent = before is not None and read.stood_still(before)
                    self.versions.append(Version(read, capture.at, silent))
                self.shown = before = read
            if read is not None or capture.says_same:
                self.last_seen_at = capture.at
                self.gone_at = None
            elif capture.status in GONE and self.last_seen_at and self.gone_at is None:
                self.gone_at = capture.at
            self._note_problems(capture, still_open)

    def _note_problems(
        self, capture: Captured, still_open: dict[tuple[str, str, str], Episode]
    ) -> None:
        has_now = {problem[:3] for problem in capture.problems}
        ended: frozenset[str] = frozenset()
        if capture.content_hash is not None:
            ended = ENDED_BY_STORING
        elif capture.says_same:
            ended = ENDED_BY_READING
        for key in [key for key in still_open if key[1] in ended and key not in has_now]:
            still_open.pop(key).resolved_at = capture.at
        for problem in capture.problems:
            episode = still_open.get(problem[:3])
            if episode is None:
                episode = still_open[problem[:3]] = Episode(problem, capture.at)
                self.episodes.append(episode)
            episode.problem, episode.seen_at = problem, capture.at
