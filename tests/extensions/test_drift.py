"""A field that fades is seen after a few articles, and an ordinary newspaper raises no alarm."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import comb
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hanicrawler.extensions.drift import Coverage, drift, tail

LEAST = 0.3

FOUND_ON = {"headline": 1.0, "deck": 0.75, "byline": 0.8, "images": 0.9, "label": 0.15}
BY_TEMPLATE = {"headline", "deck"}


def run(articles: int, template: str = "english-next", **found: int) -> Coverage:
    """Return the coverage of a run in which so many of the articles had each field."""
    coverage: Counter[tuple[str, str, str]] = Counter()
    known = template != "unknown"
    for field in FOUND_ON:
        had = found.get(field, articles)
        layer = "template" if known and field in BY_TEMPLATE else "landmark"
        coverage[template, field, layer] += had
        coverage[template, field, "absent"] += articles - had
    return +coverage


def of_chance(random: Random, articles: int, rates: dict[str, float] = FOUND_ON) -> Coverage:
    """Return the coverage of a run of a newspaper that has its fields at these rates."""
    had = {
        field: sum(random.random() < rate for _ in range(articles)) for field, rate in rates.items()
    }
    return run(articles, **had)


def months(runs: int = 50, articles: int = 2) -> list[Coverage]:
    return [run(articles) for _ in range(runs)]


def test_a_run_like_those_before_it_is_no_alarm() -> None:
    assert drift(run(5), months(), LEAST) is None


def test_a_field_that_is_gone_names_itself_its_template_and_both_shares() -> None:
    found = drift(run(4, byline=0), months(), LEAST)

    assert found is not None
    assert found.code == "drift"
    assert found.words == (
        "Much less was found in the last 4 english-next articles than in the 100 before:"
        " byline 100 % to 0 %."
    )


@pytest.mark.parametrize("articles", [3, 4])
def test_a_redesign_is_seen_after_a_few_articles_though_every_field_is_still_found(
    articles: int,
) -> None:
    found = drift(run(articles, "unknown"), months(articles=4), LEAST)

    assert found is not None
    assert f"read by a template in the last {articles} articles" in found.words
    assert "headline 100 % to 0 %, deck 100 % to 0 %" in found.words
    assert "byline" not in found.words


def test_a_redesign_is_seen_over_several_runs_of_one_article_each() -> None:
    earlier = [*[run(1, "unknown")] * 3, *months(articles=1)]

    assert drift(run(1, "unknown"), earlier, LEAST) is not None
    assert drift(run(1, "unknown"), earlier[1:], LEAST) is None


def test_the_alarm_ends_with_the_first_article_that_is_as_before() -> None:
    earlier = [*[run(1, byline=0)] * 8, *months()]

    assert drift(run(1, byline=0), earlier, LEAST) is not None
    assert drift(run(1), earlier, LEAST) is None


def test_the_alarm_ends_when_the_runs_before_look_alike() -> None:
    assert drift(run(4, "unknown"), [run(2, "unknown")] * 50, LEAST) is None


def test_two_photo_stories_on_a_quiet_day_are_no_alarm() -> None:
    random = Random(1)
    usual = [of_chance(random, 2) for _ in range(50)]

    assert drift(run(2, byline=0, deck=0), usual, LEAST) is None


def test_a_batch_of_editorials_is_no_alarm() -> None:
    random = Random(2)
    usual = [of_chance(random, 2) for _ in range(50)]

    assert drift(run(6, byline=0), usual, LEAST) is None


def test_a_fall_that_is_sure_but_small_is_no_alarm() -> None:
    before = [run(300, byline=240)] * 50

    assert drift(run(300, byline=180), before, LEAST) is None
    assert drift(run(300, byline=180), before, 0.15) is not None


def test_too_few_articles_before_say_nothing() -> None:
    assert drift(run(20, byline=0), [run(29)], LEAST) is None
    assert drift(run(20, byline=0), [run(30)], LEAST) is not None


def test_more_than_was_usual_is_no_alarm() -> None:
    assert drift(run(20), [run(40, byline=0)], LEAST) is None


def test_runs_from_further_back_than_fifty_do_not_count() -> None:
    recent = [run(1, byline=0)] * 50

    assert drift(run(30, byline=0), [*recent, *[run(100)] * 20], LEAST) is None


def test_new_articles_that_have_not_been_modified_yet_are_no_alarm() -> None:
    old = {("english-next", "modified", "template"): 300}
    new = {("english-next", "modified", "absent"): 8}

    assert drift(new, [old], LEAST) is None


def test_a_template_that_loses_a_field_is_seen_beside_others_that_keep_it() -> None:
    usual = Counter(run(30)) + Counter(run(30, "korean-next"))
    now = Counter(run(10, byline=0)) + Counter(run(90, "korean-next"))

    found = drift(now, [usual], LEAST)

    assert found is not None
    assert found.words.count("byline") == 1
    assert "english-next articles" in found.words


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_thousands_of_runs_of_a_steady_newspaper_raise_no_alarm(seed: int) -> None:
    random = Random(seed)
    # A first run fetches hundreds of articles, those after it a few.
    history = [of_chance(random, 300)]
    for _ in range(1000):
        this = of_chance(random, random.choice((1, 1, 1, 1, 2, 2, 3, 6)))
        assert drift(this, history, LEAST) is None
        history = [this, *history[:80]]


@pytest.mark.parametrize("seed", range(20))
def test_a_byline_that_vanishes_is_seen_within_a_dozen_articles(seed: int) -> None:
    random = Random(seed)
    history = [of_chance(random, 2) for _ in range(80)]
    for articles in range(1, 13):  # noqa: B007
        this = of_chance(random, 1, {**FOUND_ON, "byline": 0.0})
        if drift(this, history, LEAST):
            break
        history = [this, *history]
    else:
        pytest.fail("a dozen articles without a byline and no alarm")
    assert articles > 4


SIZES = st.integers(min_value=1, max_value=40)


@given(SIZES, st.data())
def test_the_tail_is_the_sum_of_the_binomial(articles: int, data: st.DataObject) -> None:
    had = data.draw(st.integers(min_value=0, max_value=articles))
    share = Fraction(data.draw(st.integers(min_value=1, max_value=99)), 100)
    exact = sum(
        comb(articles, number) * share**number * (1 - share) ** (articles - number)
        for number in range(had + 1)
    )

    assert tail(had, articles, float(share)) == pytest.approx(float(exact), rel=1e-9)


def test_the_tail_of_many_thousand_articles_is_no_overflow() -> None:
    assert tail(20_000, 40_000, 0.5) == pytest.approx(0.5, abs=0.01)
    assert tail(10_000, 40_000, 0.5) < 1e-300


COVERAGE = st.dictionaries(
    st.tuples(
        st.sampled_from(["unknown", "english-next"]),
        st.sampled_from(["byline", "deck", "modified"]),
        st.sampled_from(["template", "landmark", "metadata", "absent"]),
    ),
    st.integers(min_value=0, max_value=60),
)


@given(COVERAGE, st.lists(COVERAGE, max_size=80), st.floats(min_value=0, max_value=1))
@example({}, [], 0.3)
@example({("unknown", "deck", "absent"): 0}, [{("unknown", "deck", "template"): 0}], 0.0)
def test_any_coverage_at_all_is_judged(
    this: Coverage, earlier: list[Coverage], least: float
) -> None:
    found = drift(this, earlier, least)

    assert found is None or (found.words.endswith(".") and found.advice.endswith("."))
