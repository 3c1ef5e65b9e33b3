"""Articles as JSON Lines: a schema.org NewsArticle a line.

What schema.org has no name for stands under the prefix ``hani:``, with the name it has in the
database; ``docs/exporting.md`` lists both.  What an article does not have is left out.
"""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any, Final

from hanicrawler.normalize import bylines_english, bylines_korean

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hanicrawler.export.fields import Field
    from hanicrawler.items import Byline, Image, StoryLink
    from hanicrawler.storage.streams import ArticleRecord

PREFIX: Final = "hani"
CONTEXT: Final = ("https://schema.org", {PREFIX: "urn:hanicrawler:"})
PUBLISHER: Final = {"@type": "NewsMediaOrganization", "name": "The Hankyoreh"}

PROPERTIES: Final = {
    "source_id": "identifier",
    "edition": "inLanguage",
    "url": "url",
    "published_at": "datePublished",
    "modified_at": "dateModified",
    "section_name": "articleSection",
    "label": "genre",
    "headline": "headline",
    "deck": "alternativeHeadline",
    "authors": "author",
    "body": "articleBody",
    "bylines": "author",
    "images": "image",
    "related_stories": "citation",
    "original_url": "translationOfWork",
    "original_source_id": "translationOfWork",
    "revision": "version",
}
"""Field to the property of schema.org that says it; every other has the prefix and its name."""

_ODD_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")
"""Line ends for some readers of lines; JSON has another way to write them."""


class JsonLinesWriter:
    """Writes articles as JSON objects, one a line, in UTF-8."""

    def __init__(self, stream: IO[bytes], chosen: Sequence[Field]) -> None:
        self._stream = stream
        self._properties = {property_of(field.name): _value(field) for field in chosen}
        self._encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode

    def write(self, record: ArticleRecord) -> None:
        """Write a line."""
        line = self._encode(self.document(record))
        if not line.isascii():
            line = _ODD_LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
        self._stream.write(f"{line}\n".encode())

    def document(self, record: ArticleRecord) -> dict[str, Any]:
        """Return *record* as a NewsArticle."""
        document: dict[str, Any] = {"@context": CONTEXT, "@type": "NewsArticle"}
        for name, value in self._properties.items():
            if (found := value(record)) is not None:
                document[name] = found
        document["publisher"] = PUBLISHER
        return document

    def close(self) -> None:
        """Do nothing: every line is written."""


def property_of(name: str) -> str:
    """Return the property that says the field *name*."""
    return PROPERTIES.get(name, f"{PREFIX}:{name}")


def _value(field: Field) -> Callable[[ArticleRecord], Any]:
    name, value = field.name, field.value
    if name in _SAID:
        return _SAID[name]
    if field.kind == "time":
        return lambda record: _time(value(record))
    if field.kind == "day":
        return lambda record: None if (day := value(record)) is None else day.isoformat()
    if field.kind == "json":
        return lambda record: dict(sorted(value(record).items()))
    return value


def _time(moment: datetime | None) -> str | None:
    # ISO 8601, of one width.
    return None if moment is None else f"{moment.isoformat(timespec='microseconds')[:-6]}Z"


def _identifier(record: ArticleRecord) -> str:
    return f"{record.edition}:{record.source_id}"


def _original(record: ArticleRecord) -> dict[str, Any] | None:
    if record.original_url is None and record.original_source_id is None:
        return None
    number = record.original_source_id
    return _present(
        {
            "@type": "NewsArticle",
            "url": record.original_url,
            "identifier": None if number is None else f"ko:{number}",
            "inLanguage": "ko",
        }
    )


def _authors(record: ArticleRecord) -> list[dict[str, Any]] | None:
    return [_author(author) for author in record.authors] or None


def _author(author: Byline) -> dict[str, Any]:
    language = bylines_english if author.language == "en" else bylines_korean
    if author.role is None and language.is_collective(author.name):
        return _present({"@type": "Organization", "name": author.name, "email": author.email})
    place = None if author.place is None else {"@type": "Place", "name": author.place}
    return _present(
        {
            "@type": "Person",
            "name": author.name,
            "jobTitle": author.role,
            "workLocation": place,
            "email": author.email,
        }
    )


def _images(record: ArticleRecord) -> list[dict[str, Any]] | None:
    return [_image(image) for image in record.images] or None


def _image(image: Image) -> dict[str, Any]:
    return _present(
        {
            "@type": "ImageObject",
            "contentUrl": image.url,
            "caption": image.caption,
            "creditText": image.credit,
        }
    )


def _related(record: ArticleRecord) -> list[dict[str, Any]] | None:
    return [_story(story) for story in record.related] or None


def _story(story: StoryLink) -> dict[str, Any]:
    known = story.edition is not None
    return _present(
        {
            "@type": "NewsArticle" if known else "CreativeWork",
            "headline": story.headline or None,
            "url": story.url,
            "identifier": f"{story.edition}:{story.source_id}" if known else None,
        }
    )


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


_SAID: Final[dict[str, Callable[[ArticleRecord], Any]]] = {
    "source_id": _identifier,
    "authors": _authors,
    "bylines": _authors,
    "images": _images,
    "related_stories": _related,
    "original_url": _original,
    "original_source_id": _original,
}
