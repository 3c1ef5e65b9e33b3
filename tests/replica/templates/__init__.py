"""One module a template: ``render(story, paper)`` gives the whole page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import (
    english_2006,
    english_2018,
    english_next,
    korean_2015,
    korean_next,
    unseen_a,
    unseen_b,
    unseen_c,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..newspaper import Newspaper
    from ..stories import Story

RENDERERS: Final[dict[str, Callable[[Story, Newspaper], str]]] = {
    "english-2006": english_2006.render,
    "english-2018": english_2018.render,
    "english-next": english_next.render,
    "korean-2015": korean_2015.render,
    "korean-next": korean_next.render,
    "unseen-a": unseen_a.render,
    "unseen-b": unseen_b.render,
    "unseen-c": unseen_c.render,
}


def render(story: Story, paper: Newspaper) -> str:
    """Return the page of *story*."""
    return RENDERERS[story.template](story, paper)
