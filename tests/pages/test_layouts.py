"""Whatever the elements, classes and order of boxes: every field comes out."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hanicrawler.pages import read_article

from . import layouts

if TYPE_CHECKING:
    from hanicrawler.items import StoryLink


def check(page: str) -> None:
    article = read_article(page.encode(), layouts.URL)

    assert article.template == "unknown"
    assert article.headline == layouts.HEADLINE
    assert article.posted_text == layouts.STAMP
    assert article.modified_text == layouts.CHANGED
    assert article.deck == layouts.DECK
    assert article.paragraphs == layouts.PARAGRAPHS
    assert [(image.url, image.caption) for image in article.images] == [
        (layouts.PICTURE, layouts.CAPTION)
    ]
    assert article.byline_text == layouts.BYLINE
    assert article.contact == layouts.CONTACT
    assert article.original_url == layouts.ORIGINAL
    assert article.section_name == "National"
    assert listed(article.related) == [(n, layouts.title(n)) for n in layouts.RELATED]
    assert listed(article.most_viewed) == [(n, layouts.title(n)) for n in layouts.VIEWED]
    assert set(article.layers.values()) <= {"landmark", "absent"}


def listed(links: tuple[StoryLink, ...]) -> list[tuple[int | None, str]]:
    return [(link.source_id, link.headline) for link in links]


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_an_article_in_a_layout_nobody_has_seen_gives_every_field(data: st.DataObject) -> None:
    check(layouts.Layout(lambda choices: data.draw(st.sampled_from(choices))).page())


@pytest.mark.parametrize("seed", range(40))
def test_the_same_layouts_drawn_by_seed(seed: int) -> None:
    check(layouts.Layout(random.Random(seed).choice).page())
