"""Every story of the invented newspaper, in every template, means what its editor meant.

The newspaper's pages are rendered by code that knows nothing of the parser, and its truth is
written by hand.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hanicrawler.items import Article, Fetch
from hanicrawler.normalize.article import normalise
from hanicrawler.pages import read_article
from hanicrawler.site import article_address
from tests.replica import Newspaper, Story, expected
from tests.replica.templates import render

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def read(story: Story, paper: Newspaper) -> Article:
    url = expected(story)["url"]
    address = article_address(url)
    assert address is not None
    scraped = read_article(render(story, paper).encode(), url)
    fetch = Fetch(url=address.url, kind="article", fetched_at=NOW, status=200)
    return normalise(scraped, fetch, address=address)


@pytest.mark.parametrize(
    "paper",
    [Newspaper.standard(), pytest.param(Newspaper.generate(400), marks=pytest.mark.slow)],
    ids=["the standard paper", "four hundred stories"],
)
def test_every_story_means_what_its_editor_meant(
    paper: Newspaper, subtests: pytest.Subtests
) -> None:
    stories = [story for story in paper if story.edition in ("en", "ko")]
    assert len(stories) >= 79
    for story in stories:
        with subtests.test(f"{story.template} {story.source_id}"):
            truth = expected(story)
            article = read(story, paper)

            assert article.url == truth["url"]
            assert article.headline == truth["headline"]
            assert article.section_name == truth["section_name"]
            assert article.deck == truth["deck"]
            assert tuple(article.body.split("\n\n")) == tuple(truth["paragraphs"])
            assert article.published_at == truth["posted"]
            assert article.modified_at == truth["modified"]
            assert article.byline == truth["byline"]
            assert article.contact == truth["contact"]
            assert article.original_source_id == truth["original_source_id"]
            assert [image.caption for image in article.images] == list(truth["captions"])
            assert [image.credit for image in article.images] == list(truth["credits"])
            assert [
                (author.name, author.role, author.place, author.email) for author in article.authors
            ] == list(truth["authors"])
            assert [(link.edition, link.source_id) for link in article.related] == [
                (other.edition, other.source_id) for other in paper.related(story)
            ]
            assert [link.source_id for link in article.most_viewed] == [
                other.source_id for other in paper.most_viewed(story.edition)
            ]
            assert article.problems == ()
