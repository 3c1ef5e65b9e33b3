"""Pages of the size the site's have, by the way this project reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tests.replica import Newspaper
from tests.replica.templates import render

if TYPE_CHECKING:
    from tests.replica import Story

PAGES: Final = 12
"""Of each kind."""
BY_TEMPLATE: Final = {
    "english-2018": ('id="bodyapp"', 'id="story"'),
    "english-next": ('id="renewal2023"', 'id="story"'),
    "korean-2015": ('id="article_view_headline"', 'id="story"'),
    "korean-next": ('id="renewal2023"', 'id="story"'),
}
"""Template to its marker, and what stands there once it is renamed."""
UNSEEN: Final = ("english-2006", "unseen-a", "unseen-b", "unseen-c")


@dataclass(frozen=True, slots=True)
class Sample:
    """A page to time."""

    name: str
    group: str
    """``by template``, ``by landmarks`` (a template's page, its marker renamed) or ``unseen``."""
    template: str
    url: str
    html: str


def samples() -> list[Sample]:
    """Return the pages, those of a kind together."""
    found = []
    for template, (marker, renamed) in BY_TEMPLATE.items():
        for url, html in _pages(template):
            if marker not in html:
                raise ValueError(f"{url}: no {marker}")
            found.append(Sample(f"{template} {url}", "by template", template, url, html))
            other = html.replace(marker, renamed)
            found.append(Sample(f"{template}* {url}", "by landmarks", template, url, other))
    for template in UNSEEN:
        found += [
            Sample(f"{template} {url}", "unseen", template, url, html)
            for url, html in _pages(template)
        ]
    return found


def _pages(template: str) -> list[tuple[str, str]]:
    if template.startswith("korean"):
        paper = Newspaper.standard()
        stories = [s for s in paper if s.template == template and s.edition == "ko"]
    else:
        paper = Newspaper.generate(200, template=template)
        stories = [story for story in paper if not story.photo]
    return [(story.url, render(story, paper)) for story in _longest(stories)]


def _longest(stories: list[Story]) -> list[Story]:
    """Return the longest stories: what is claimed of a page holds of these too."""
    length = lambda story: sum(map(len, story.paragraphs))  # noqa: E731
    return sorted(stories, key=length, reverse=True)[:PAGES]
