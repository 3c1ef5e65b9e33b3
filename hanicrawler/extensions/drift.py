"""Drift: a field is found, or read by a template, much more seldom than it was.

A page that lost its byline parses without an error, and so does one whose markup is new, as
long as the landmarks find what they look for.  Only a run's own past tells that something has
changed.  The articles of a run, and those of the last few runs together, are held against the
runs before: the alarm is raised where a share fell far *and* chance does not make it fall so in
a million tries.  Two photo stories on a quiet day, or a batch of editorials, are no such thing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, fsum, lgamma, log, log1p
from typing import Final, NamedTuple

from hanicrawler.extensions.finding import Finding

Coverage = Mapping[tuple[str, str, str], int]
"""Template, field and layer to the number of articles, of one run."""

BASELINE_RUNS: Final = 50
"""How many earlier runs say what is usual: about a week's, of those that stored articles."""
BASELINE_ARTICLES: Final = 30
"""Fewer earlier articles say nothing yet."""
RECENT_ARTICLES: Final = 20
"""How many articles the last runs are looked at together for: a run mostly has one or two."""
RUNS: Final = BASELINE_RUNS + RECENT_ARTICLES
"""Earlier runs that are of use."""
CHANCE: Final = 1e-6
"""A fall is no accident where one as deep is less likely than this."""

UNWATCHED: Final = frozenset({"modified"})
"""An article has hardly been changed yet when it is new, and mostly has been when it is old: a
first run reads old ones, those after it new ones."""
UNKNOWN: Final = "unknown"
"""What is read without a template has many forms, whose mixture is no rule of its own."""


class Watch(NamedTuple):
    """A share that is watched."""

    field: str
    template: str | None = None
    """Only the articles of this one; None for all."""
    by_template: bool = False
    """How often the template layer gave the field, and not whether any layer did."""

    @property
    def is_general(self) -> bool:
        """Tell whether it is of all articles and all layers."""
        return self.template is None and not self.by_template


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of some articles had it."""

    had: int = 0
    articles: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.had + other.had, self.articles + other.articles)

    def __sub__(self, other: Tally) -> Tally:
        return Tally(self.had - other.had, self.articles - other.articles)

    def __str__(self) -> str:
        return f"{100 * self.had / self.articles:.0f} %"


@dataclass(frozen=True, slots=True)
class Fall:
    """A share that fell, from what to what."""

    watch: Watch
    before: Tally
    now: Tally
    chance: float
    """How likely the articles of before would look so."""

    def __str__(self) -> str:
        return f"{self.watch.field} {self.before} to {self.now}"

    @property
    def where(self) -> str:
        """Return in words what it is a share of, without the field."""
        way = "read by a template" if self.watch.by_template else "found"
        kind = f"{self.watch.template} articles" if self.watch.template else "articles"
        return (
            f"Much less was {way} in the last {self.now.articles} {kind}"
            f" than in the {self.before.articles} before"
        )


def drift(this: Coverage, earlier: Sequence[Coverage], least: float) -> Finding | None:
    """Return the finding that a share fell by at least *least*, None where none did.

    *this* is the run's own coverage; *earlier* that of the runs before it that asked for the
    same and stored articles, the newest first.
    """
    falls = sorted(_falls(this, earlier, least), key=lambda fall: fall.chance)
    # What is known of a template's own articles says more than the same of all articles.
    exact = {fall.watch.field for fall in falls if fall.watch.template}
    falls = [fall for fall in falls if not fall.watch.is_general or fall.watch.field not in exact]
    if not falls:
        return None
    together: dict[str, list[str]] = {}
    for fall in falls:
        together.setdefault(fall.where, []).append(str(fall))
    words = [f"{where}: {', '.join(fields)}." for where, fields in together.items()]
    advice = (
        "Has the site changed its pages? Compare a new article with its page; docs/templates.md"
        " says how to teach hanicrawler a new form."
    )
    return Finding("drift", " ".join(words), advice)


def tail(had: int, articles: int, share: float) -> float:
    """Return how likely at most *had* of *articles* have what a *share* of all has.

    Exact, but for the last digits: by logarithms, so that a run of many thousand articles
    costs no more than one of twenty.
    """
    all_ways = lgamma(articles + 1)
    return fsum(
        exp(
            all_ways
            - lgamma(number + 1)
            - lgamma(articles - number + 1)
            + number * log(share)
            + (articles - number) * log1p(-share)
        )
        for number in range(had + 1)
    )


def _falls(this: Coverage, earlier: Sequence[Coverage], least: float) -> Iterator[Fall]:
    coverages = (this, *earlier[:RUNS])
    windows = list(_windows([_articles(coverage) for coverage in coverages]))
    own = _tallies(this)
    # Whether it is all right again, this run's own articles say.
    suspects = [watch for watch, tally in own.items() if tally.had < tally.articles]
    tallies = [_tallies(coverage, set(suspects)) for coverage in coverages] if suspects else []
    for watch in suspects:
        sums = [Tally(), *accumulate(tally.get(watch, Tally()) for tally in tallies)]
        falls = [fall for runs in windows if (fall := _fall(watch, sums, runs, least)) is not None]
        if falls:
            yield min(falls, key=lambda fall: fall.chance)


def _fall(watch: Watch, sums: Sequence[Tally], runs: int, least: float) -> Fall | None:
    """Return how far the last *runs* runs fell below those before them, None for not enough."""
    now = sums[runs]
    before = sums[min(runs + BASELINE_RUNS, len(sums) - 1)] - now
    if before.articles < BASELINE_ARTICLES:
        return None
    fell = before.had / before.articles - now.had / now.articles
    if fell < least - 1e-9 or fell <= 0:
        return None
    # One of each kind is added, so that what was never seen is not held to be impossible.
    share = (before.had + 1) / (before.articles + 2)
    chance = tail(now.had, now.articles, share)
    return Fall(watch, before, now, chance) if chance < CHANCE else None


def _windows(articles: Sequence[int]) -> Iterator[int]:
    """Give the numbers of runs to look at together: one, and more while they are small."""
    for runs, total in enumerate(accumulate(articles), 1):
        if runs > 1 and total > RECENT_ARTICLES:
            return
        yield runs


def _articles(coverage: Coverage) -> int:
    """Return how many articles were covered: each of them has every field."""
    fields: Counter[str] = Counter()
    for (_, field, _), articles in coverage.items():
        fields[field] += articles
    return max(fields.values(), default=0)


def _tallies(coverage: Coverage, wanted: Container[Watch] | None = None) -> dict[Watch, Tally]:
    """Return the shares of *coverage* that are watched, or those of them that are *wanted*."""
    found: dict[Watch, Tally] = {}
    for (template, field, layer), articles in coverage.items():
        if field not in UNWATCHED:
            for watch in _watches(field, template):
                if wanted is None or watch in wanted:
                    has = layer == "template" if watch.by_template else layer != "absent"
                    tally = Tally(articles if has else 0, articles)
                    found[watch] = found.get(watch, Tally()) + tally
    return found


def _watches(field: str, template: str) -> tuple[Watch, ...]:
    general = (Watch(field), Watch(field, by_template=True))
    return general if template == UNKNOWN else (*general, Watch(field, template))
