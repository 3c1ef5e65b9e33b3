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


def test_where_nothing_says_which_line_is_the_headline_the_page_is_refused() -> None:
    page = (
        "<html><head><title>The Hankyoreh</title></head><body>"
        "<x-title>The mill in the valley stops</x-title>"
        "<h2>Nobody in the village could say afterwards who had pulled the lever at noon</h2>"
        "<p>Posted on : 2019-03-02 10:11 KST</p><section><p>The mill stopped at noon on Tuesday, "
        "and the river went on as it had before anybody built on it.</p></section></body></html>"
    )
    with pytest.raises(PageError) as caught:
        read_article(page.encode(), "https://english.hani.co.kr/arti/english_edition/e_x/1.html")

    assert caught.value.code == "no_headline"
