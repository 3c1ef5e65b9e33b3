"""Frozen pages against what a person read on them; see cases/index.md."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from hanicrawler.items import FIELDS
from hanicrawler.pages import PageError
from tests.pages.frozen import expected as expected_of
from tests.pages.frozen import read

FOLDERS = sorted(path.parent for path in Path(__file__).parent.glob("cases/*/expected.json"))
EXPECTED = {folder: expected_of(folder) for folder in FOLDERS}
ARTICLES = [folder for folder in FOLDERS if "error" not in EXPECTED[folder]]
ERRORS = [folder for folder in FOLDERS if "error" in EXPECTED[folder]]
URL = "https://english.hani.co.kr/arti/english_edition/e_national/1.html"


def shown(value: Any) -> Any:
    """Return an item's value as the expected JSON writes it."""
    if isinstance(value, tuple) and value and hasattr(value[0], "url"):
        return [_pair(asdict(entry)) for entry in value]
    return list(value) if isinstance(value, tuple) else value


def _pair(entry: dict[str, Any]) -> dict[str, Any]:
    return {name: entry[name] for name in ("url", "caption", "headline") if name in entry}


@pytest.mark.parametrize("folder", ARTICLES, ids=lambda folder: folder.name)
def test_every_field_of_a_saved_page_is_as_a_person_read_it(
    folder: Path, subtests: pytest.Subtests
) -> None:
    expected = expected_of(folder)
    article = read(folder, expected["url"])
    for name, value in expected.items():
        with subtests.test(name):
            assert shown(getattr(article, name)) == value


@pytest.mark.parametrize("folder", ARTICLES, ids=lambda folder: folder.name)
def test_every_field_records_the_layer_that_gave_it(folder: Path) -> None:
    expected = expected_of(folder)
    article = read(folder, expected["url"])

    assert set(article.layers) == set(FIELDS)
    assert article.layers["headline"] != "absent"
    assert article.layers["posted"] != "absent"
    assert article.layers["body"] == ("landmark" if article.template == "unknown" else "template")
    for field, name in (("deck", "deck"), ("byline", "byline_text"), ("related", "related")):
        assert (article.layers[field] == "absent") == (not expected[name]), field


@pytest.mark.parametrize("folder", ERRORS, ids=lambda folder: folder.name)
def test_a_page_that_is_no_whole_article_is_refused_with_its_reason(folder: Path) -> None:
    with pytest.raises(PageError) as caught:
        read(folder, expected_of(folder).get("url", URL))

    assert caught.value.code == expected_of(folder)["error"]
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith("https://")


def test_there_are_cases_of_every_template() -> None:
    seen = {EXPECTED[folder]["template"] for folder in ARTICLES}

    assert seen == {"english-2018", "english-next", "korean-2015", "korean-next", "unknown"}
