"""What travels from room to room, frozen.

A parser gives a :class:`ScrapedArticle`: the page's own words, nothing interpreted.  The
pipelines make an :class:`Article` of it: what those words mean.  The storage room takes
articles, problems and what the crawler learnt of a URL, and sees no unparsed date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hanicrawler.site import ArticleAddress, Edition

Layer = Literal["template", "landmark", "metadata", "absent"]
"""Which way a field was found: by a template's selectors, by its words standing on the page,
by what the page says of itself, or not at all."""

PageKind = Literal["feed", "front", "list", "article"]
Stage = Literal["discover", "fetch", "parse", "normalise", "store"]
GapReason = Literal["history", "reading", "limit", "failed"]
"""Why a stretch of a section's lists was not read."""

FIELDS: tuple[str, ...] = (
    "headline",
    "label",
    "posted",
    "modified",
    "deck",
    "body",
    "images",
    "byline",
    "contact",
    "original",
    "section",
    "related",
    "most_viewed",
)
"""The fields whose layer is recorded, in reading order: the keys of ``layers``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where a response is kept as it came: a record of an archive."""

    file: str
    """The file's name in the archive's folder; its whole path where it stands anywhere else."""
    offset: int
    """Bytes before the record; 0 where the file is the page itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """A link to a story, as a page prints it."""

    url: str
    """Absolute; canonical where it names an article of the site."""
    headline: str
    """The link's words; empty where the page prints none."""
    edition: Edition | None = None
    """With *source_id*: which article of the site; None for anything else."""
    source_id: int | None = None
    listed_text: str | None = None
    """The date a list prints beside the link, in its words; None where it prints none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article."""

    url: str
    """Absolute, as the page links it."""
    caption: str | None
    """As printed, its credit included; None where the page prints none."""
    credit: str | None = None
    """Who made or provided it, without its parentheses (``KCNA/Yonhap``).  Always None in a
    ScrapedArticle: reading the credit is the normaliser's work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapedArticle:
    """An article page's own words.

    Strings are as the page prints them but for white space that a browser would not show.
    """

    url: str
    """The URL the page was read from."""
    template: str
    """The template's name (``english-2018``), or ``unknown`` where no template's marker fits."""
    headline: str
    """As printed, a label in brackets (``[Photo]``) included."""
    label_text: str | None = None
    """A label the page prints apart from the headline; None for one inside it."""
    posted_text: str | None = None
    """The date of posting in the page's words, without its label: ``Nov.9,2018 18:10 KST``."""
    modified_text: str | None = None
    deck: str | None = None
    paragraphs: tuple[str, ...]
    """The body's paragraphs; a line break inside one is ``\\n``.  No caption, byline, contact
    line or list is in it.  Never empty: a photo page's caption is its body."""
    byline_text: str | None = None
    """The byline with its "By": ``By Lee Je-hun, senior staff writer``.  None is normal for
    photo pages and editorials."""
    reporter_text: str | None = None
    """The reporters a box or header names apart from the byline (Korean pages), else None."""
    contact: str | None = None
    original_url: str | None = None
    """Absolute URL of the Korean original."""
    section_name: str | None = None
    """The section's name in the page's words: ``North Korea``."""
    images: tuple[Image, ...] = ()
    related: tuple[StoryLink, ...] = ()
    most_viewed: tuple[StoryLink, ...] = ()
    layers: Mapping[str, Layer] = field(default_factory=dict)
    """Field name (see FIELDS) to the layer that gave it; every field is a key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """One author of an article."""

    name: str
    """As printed, spacing and slips mended: ``Lee Je-hun``, ``연합뉴스``."""
    language: Literal["en", "ko"]
    """The script the name is printed in."""
    role: str | None = None
    """The whole title in the singular: ``staff reporter``, ``Washington correspondent``,
    ``특파원``.  None for an agency or where none is printed."""
    place: str | None = None
    """Where the title or byline says the author is: ``Washington``, ``교토``."""
    email: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be used, for a person to look at."""

    url: str
    stage: Stage
    code: str
    """A short stable word to group by: ``no_headline``, ``impossible_date``, ``not_html``."""
    error: str
    """One line: what, where."""
    seen_at: datetime
    """Aware, UTC."""
    body: bytes | None = None
    """The page's raw bytes where it could not be read and is not *kept*; else None."""
    kept: Kept | None = None
    """Where the page is kept; None where no archive has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """What a fetch taught about a URL: the crawler's memory of it."""

    url: str
    """Canonical for an article."""
    kind: PageKind
    fetched_at: datetime
    """Aware, UTC."""
    status: int | None
    """HTTP status; None where no response came."""
    etag: str | None = None
    last_modified: str | None = None
    """The Last-Modified header as sent."""
    body_hash: str | None = None
    """sha256 of the body, hexadecimal; None where nothing readable came; empty for a list that
    was read by a run which left some of what it names: the next one is to read it again."""
    top_id: int | None = None
    """Of a section's first list page: the highest source_id from which down the section's list
    has been read without a gap.  None leaves what is known."""
    kept: Kept | None = None
    """Where the page is kept, where this fetch brought one; None where no archive has it."""
    revisit_of: datetime | None = None
    """Aware, UTC; of which capture an archive says that this one brought the same, without the
    bytes.  None where it says nothing of the kind."""

    @property
    def says_same(self) -> bool:
        """Whether it brought no page to read, and says that the page is as it was."""
        return self.status == 304 or bool(self.body_hash) or self.revisit_of is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """A URL of the site that a page named, perhaps to be fetched later."""

    url: str
    kind: PageKind
    discovered_at: datetime
    due_at: datetime | None = None
    """Aware, UTC; when to fetch it, where a run is to: now, as a rule.  None leaves that open."""
    depth: int | None = None
    """Related stories between it and what was asked for; goes with *due_at*."""
    listed_at: datetime | None = None
    """Aware, UTC; the date a list prints beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """What a run is through with.

    An article outside its period or, in a shared crawl, an entrance whose every link is noted.
    """

    url: str
    """Canonical for an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTo:
    """How far an archive's file has been read by the run that writes this."""

    file: str
    """As in Kept."""
    offset: int
    """Bytes before the next record."""
    at_end: bool = False
    """Whether nothing is left of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWalk:
    """How far a section's lists have been read, from the newest article down."""

    edition: Edition
    section: str
    at: datetime
    """Aware, UTC."""
    down_to: int
    """The lowest source_id that was read; 0 where the lists were read to their end."""
    known_to: int = 0
    """The highest source_id that was known before: the walk closes the stretch between the two.
    0 for one that goes back as far as it was told, whatever is known."""
    state: Literal["reading", "limit", "failed", "done"] = "done"
    """``reading``: more is to come; ``done``: it got where it wanted to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """A list of most viewed articles at a moment."""

    edition: Edition
    seen_at: datetime
    """Aware, UTC."""
    links: tuple[StoryLink, ...]
    """In the ranking's order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What an article page means: values, and the words they were read from beside them."""

    edition: Edition
    source_id: int
    url: str
    """Canonical."""
    section: str | None
    """The section's code from the URL: ``e_northkorea``."""
    section_name: str | None
    label: str | None
    """``Photo``, ``News analysis``, ``Editorial``; without brackets."""
    headline: str
    deck: str | None
    body: str
    """Paragraphs parted by a blank line."""
    byline: str | None
    """As printed."""
    authors: tuple[Byline, ...] = ()
    published_at: datetime | None = None
    """Aware, UTC; None where the printed date is impossible (see *problems*)."""
    modified_at: datetime | None = None
    published_text: str | None = None
    modified_text: str | None = None
    contact: str | None = None
    original_url: str | None = None
    original_source_id: int | None = None
    images: tuple[Image, ...] = ()
    related: tuple[StoryLink, ...] = ()
    most_viewed: tuple[StoryLink, ...] = ()
    template: str
    layers: Mapping[str, Layer] = field(default_factory=dict)
    content_hash: str
    """sha256 over headline, deck, body and byline, hexadecimal; white space does not count."""
    fetch: Fetch
    """The fetch that brought the page; stored in the same transaction."""
    problems: tuple[Problem, ...] = ()
    """What could not be used of a page that is stored all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPage:
    """An article page as it was read: what the spider hands to the pipelines."""

    scraped: ScrapedArticle
    fetch: Fetch
    address: ArticleAddress
    body: bytes
    """The page's raw bytes, for the problem's row should a later step fail."""
