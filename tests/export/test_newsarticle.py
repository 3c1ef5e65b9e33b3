"""A line of JSON Lines is a schema.org NewsArticle, and says where the database's words went."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from hanicrawler.export import Order, export_to_stream
from hanicrawler.export.fields import NAMES
from hanicrawler.export.formats import Form
from hanicrawler.export.newsarticle import PREFIX, property_of
from tests.export.conftest import HOSTILE
from tests.storage.conftest import article_url

if TYPE_CHECKING:
    from hanicrawler import Archive

KNOWN = {
    "NewsArticle": {
        "alternativeHeadline", "articleBody", "articleSection", "author", "citation",
        "dateModified", "datePublished", "genre", "headline", "identifier", "image",
        "inLanguage", "publisher", "translationOfWork", "url", "version",
    },
    "CreativeWork": {"headline", "url"},
    "Person": {"name", "jobTitle", "email", "workLocation"},
    "Organization": {"name", "email"},
    "NewsMediaOrganization": {"name"},
    "Place": {"name"},
    "ImageObject": {"contentUrl", "caption", "creditText"},
}  # fmt: skip
"""Properties of schema.org (release 29) that its types have, of those that are used."""


@pytest.fixture
def lines(archive: Archive) -> list[dict[str, Any]]:
    stream = BytesIO()
    export_to_stream(archive, stream, Form("jsonl"), Order())
    return [json.loads(line) for line in stream.getvalue().decode().splitlines()]


def objects(value: Any) -> list[dict[str, Any]]:
    """Return every object with a type in *value*."""
    if isinstance(value, list):
        return [found for item in value for found in objects(item)]
    if isinstance(value, dict) and "@type" in value:
        return [value, *(found for item in value.values() for found in objects(item))]
    return []


def test_every_property_is_one_of_schema_org_or_has_the_prefix(lines: list[Any]) -> None:
    seen = set()
    for found in objects(lines):
        kind = found["@type"]
        own = {name for name in found if name[0] != "@" and not name.startswith(f"{PREFIX}:")}
        assert own <= KNOWN[kind], kind
        seen.add(kind)
    assert seen == set(KNOWN)


def test_what_schema_org_has_no_name_for_has_the_databases_name() -> None:
    for name in NAMES:
        said = property_of(name)
        assert said in KNOWN["NewsArticle"] or said == f"{PREFIX}:{name}"


def test_a_line_says_who_wrote_what_where_and_with_which_pictures(lines: list[Any]) -> None:
    first = lines[0]

    assert first["@context"] == ["https://schema.org", {"hani": "urn:hanicrawler:"}]
    assert first["@type"] == "NewsArticle"
    assert first["author"] == [
        {
            "@type": "Person",
            "name": "Kim Na-ra",
            "jobTitle": "reporter",
            "workLocation": {"@type": "Place", "name": "Seoul"},
            "email": "=a@b.c",
        },
        {"@type": "Organization", "name": "Yonhap News"},
        {"@type": "Organization", "name": "연합뉴스"},
    ]
    assert first["image"][0] == {
        "@type": "ImageObject",
        "contentUrl": "https://img.example/1.jpg",
        "caption": HOSTILE,
        "creditText": "Yonhap",
    }
    assert first["translationOfWork"] == {
        "@type": "NewsArticle",
        "url": "https://www.hani.co.kr/arti/politics/77.html",
        "identifier": "ko:77",
        "inLanguage": "ko",
    }
    assert first["datePublished"] == "2026-02-27T12:00:00.000000Z"
    assert (first["inLanguage"], first["identifier"]) == ("en", "en:1")


def test_related_stories_are_cited(lines: list[Any]) -> None:
    assert lines[2]["citation"] == [
        {
            "@type": "NewsArticle",
            "headline": "One",
            "url": article_url(1),
            "identifier": "en:1",
        },
        {"@type": "CreativeWork", "url": "https://elsewhere.example/"},
    ]


def test_what_an_article_does_not_have_is_left_out(lines: list[Any]) -> None:
    for name in ("author", "image", "citation", "genre", "translationOfWork", "hani:gone_at"):
        assert name not in lines[1]
    assert None not in [value for found in objects(lines) for value in found.values()]
