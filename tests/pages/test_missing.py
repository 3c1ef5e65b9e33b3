"""A page that lost a required field is refused: no other line takes its place."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hanicrawler.pages import PageError, read_article
from tests.replica import Newspaper, Story, expected
from tests.replica.templates import RENDERERS, render

LOST: dict[str, dict[str, object]] = {
    "headline": {"headline": "", "label_text": None},
    "body": {
        "paragraphs": (),
        "pictures": (),
        "subheads": frozenset(),
        "marks": (),
        "deck": None,
    },
}
PAPER = Newspaper.generate(80)


@pytest.mark.parametrize("template", [name for name in RENDERERS if not name.startswith("korean")])
@pytest.mark.parametrize("field", LOST)
def test_a_page_without_it_is_refused_and_nothing_takes_its_place(
    template: str, field: str
) -> None:
    stories: list[Story] = [story for story in PAPER if story.template == template]
    assert len(stories) >= 10
    for story in stories:
        page = render(replace(story, **LOST[field]), PAPER)  # type: ignore[arg-type]
        with pytest.raises(PageError) as caught:
            read_article(page.encode(), expected(story)["url"])
        assert caught.value.code in (f"no_{field}", "not_an_article")
