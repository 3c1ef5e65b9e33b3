"""What an article page prints, and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, Literal

KST: Final = timezone(timedelta(hours=9), "KST")

CONTACT: Final = "Please direct questions or comments to [english@hani.co.kr]"
CONTACT_2018: Final = "Please direct comments or questions to [english@hani.co.kr]"
BUTTON: Final = "button that move to original korean article (클릭시 원문으로 이동하는 버튼)"

Edition = Literal["en", "ko", "ja", "zh"]
HOSTS: Final[dict[Edition, str]] = {
    "en": "english.hani.co.kr",
    "ko": "www.hani.co.kr",
    "ja": "japan.hani.co.kr",
    "zh": "china.hani.co.kr",
}


@dataclass(frozen=True, slots=True)
class Author:
    """An author as the byline means it: stated by whoever wrote the story, never computed."""

    name: str
    role: str | None = None
    place: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as printed: its caption stands once as the alt text and once beside it."""

    url: str
    caption: str
    credit: str | None
    after: int = 0
    """How many paragraphs stand before it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a paragraph that stand out: ``em``, ``strong``, or a link if *href* is given."""

    paragraph: int
    words: str
    tag: str = "em"
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An article: everything its page prints, and what that means."""

    edition: Edition = "en"
    source_id: int
    section: str
    section_name: str | None
    """As its page prints it, be it in the menu only."""
    headline: str
    label_text: str | None = None
    """A label printed apart from the headline, as printed."""
    posted: datetime
    modified: datetime | None = None
    deck: str | None = None
    paragraphs: tuple[str, ...]
    subheads: frozenset[int] = frozenset()
    """Which paragraphs are subheads."""
    marks: tuple[Mark, ...] = ()
    pictures: tuple[Picture, ...] = ()
    byline: str | None = None
    contact: str | None = None
    authors: tuple[Author, ...] = ()
    reporters: str | None = None
    """What a reporter box or header prints (Korean pages)."""
    original: tuple[str, int] | None = None
    """Section and id of the Korean original."""
    related: tuple[int, ...] = ()
    template: str

    @property
    def path(self) -> str:
        prefix = "english_edition/" if self.edition == "en" else ""
        return f"/arti/{prefix}{self.section}/{self.source_id}.html"

    @property
    def url(self) -> str:
        return f"https://{HOSTS[self.edition]}{self.path}"

    @property
    def photo(self) -> bool:
        """A page whose one paragraph is the caption of its picture."""
        return len(self.pictures) == 1 and self.paragraphs == (self.pictures[0].caption,)


def expected(story: Story) -> dict[str, Any]:
    """Return the truth about *story* that a test compares with: words, and moments in UTC."""
    return {
        "edition": story.edition,
        "source_id": story.source_id,
        "url": story.url,
        "section": story.section,
        "section_name": story.section_name,
        "headline": story.headline,
        "label_text": story.label_text,
        "posted": story.posted.astimezone(UTC),
        "modified": story.modified.astimezone(UTC) if story.modified else None,
        "deck": story.deck,
        "paragraphs": story.paragraphs,
        "byline": story.byline,
        "authors": tuple((a.name, a.role, a.place, a.email) for a in story.authors),
        "contact": story.contact,
        "images": tuple(picture.url for picture in story.pictures),
        "captions": tuple(picture.caption for picture in story.pictures),
        "credits": tuple(picture.credit for picture in story.pictures),
        "original_source_id": story.original[1] if story.original else None,
        "original_url": (
            f"https://www.hani.co.kr/arti/{story.original[0]}/{story.original[1]}.html"
            if story.original
            else None
        ),
        "related": story.related,
    }
