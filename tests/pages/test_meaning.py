"""Frozen pages against what a person says they mean: the parser and the normaliser together."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.items import Article, Fetch
from hanicrawler.normalize.article import normalise
from hanicrawler.site import article_address
from tests.pages import frozen

if TYPE_CHECKING:
    from datetime import datetime

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/meaning.json"))


def read(folder: Path, url: str) -> Article:
    address = article_address(url)
    assert address is not None
    at = frozen.response(folder).captured_at
    fetch = Fetch(url=address.url, kind="article", fetched_at=at, status=200)
    scraped = frozen.read(folder, url)
    return normalise(scraped, fetch, address=address)


def meaning(article: Article) -> dict[str, Any]:
    """Return an article's values as meaning.json writes them."""
    return {
        "edition": article.edition,
        "source_id": article.source_id,
        "section": article.section,
        "label": article.label,
        "published_at": _moment(article.published_at),
        "modified_at": _moment(article.modified_at),
        "authors": [
            {name: asdict(author)[name] for name in ("name", "role", "place", "email")}
            for author in article.authors
        ],
        "credits": [image.credit for image in article.images],
        "original_source_id": article.original_source_id,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_value_of_a_saved_page_is_what_a_person_says_it_means(
    folder: Path, subtests: pytest.Subtests
) -> None:
    url = json.loads((folder / "expected.json").read_text("utf-8"))["url"]
    truth = json.loads((folder / "meaning.json").read_text("utf-8"))
    problems = truth.pop("problems", [])
    article = read(folder, url)

    found = meaning(article)
    assert set(found) == set(truth)
    for name, value in truth.items():
        with subtests.test(name):
            assert found[name] == value
    assert [problem.code for problem in article.problems] == problems


def test_every_article_of_the_cases_has_its_meaning() -> None:
    words = {path.parent for path in Path(__file__).parent.glob("cases/*/expected.json")}
    articles = {
        folder
        for folder in words
        if "error" not in json.loads((folder / "expected.json").read_text("utf-8"))
    }

    assert set(FOLDERS) == articles
