"""The tables: the public interface for people who query the record.

The comments are the documentation: ``docs/schema.md`` shows them, PostgreSQL keeps them, and a
test compares the two.  Only migrations make tables.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hanicrawler.storage.schema import (
    MAX_NAME,
    Base,
    at_least,
    fits_an_index,
    id_in_range,
    key_is_whole,
    known_edition,
    not_blank,
    one_of,
)
from hanicrawler.storage.types import JsonText

_OF_ARTICLE = "articles.id"


class ArticleRow(Base):
    """An article as last seen."""

    __tablename__ = "articles"
    __table_args__ = (
        sa.UniqueConstraint("edition", "source_id"),
        known_edition(),
        id_in_range(),
        id_in_range("original_source_id"),
        fits_an_index(),
        not_blank("headline"),
        not_blank("body"),
        not_blank("template"),
        at_least("revision", 1),
        sa.CheckConstraint("modified_at >= published_at", name="modified_at"),
        sa.CheckConstraint("last_seen_at >= first_seen_at", name="last_seen_at"),
        sa.CheckConstraint("length(content_hash) = 64", name="content_hash"),
        sa.Index(None, "section", "published_at"),
        sa.Index(None, "published_at"),
        sa.Index(None, "edition", "published_at"),
        sa.Index(None, "url"),
        sa.Index(None, "original_source_id"),
        sa.Index(
            None,
            "gone_at",
            sqlite_where=sa.text("gone_at IS NOT NULL"),
            postgresql_where=sa.text("gone_at IS NOT NULL"),
        ),
        {"comment": "An article as last seen"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours; joins the other tables")
    edition: Mapped[str] = mapped_column(comment="en, ko, ja or zh")
    source_id: Mapped[int] = mapped_column(comment="The site's id; unique within an edition")
    url: Mapped[str] = mapped_column(comment="Canonical, as last seen; a section may be renamed")
    section: Mapped[str | None] = mapped_column(comment="The section's code, e_northkorea")
    section_name: Mapped[str | None] = mapped_column(comment="The section's name as printed")
    label: Mapped[str | None] = mapped_column(
        comment="Photo, Editorial, News analysis; without brackets"
    )
    headline: Mapped[str] = mapped_column(comment="As printed")
    deck: Mapped[str | None] = mapped_column(comment="The lines below the headline, as printed")
    body: Mapped[str] = mapped_column(comment="Paragraphs parted by a blank line")
    byline: Mapped[str | None] = mapped_column(comment="As printed; NULL where none is")
    published_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; NULL where the printed date is impossible"
    )
    modified_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; the site's own time of its last change"
    )
    published_text: Mapped[str | None] = mapped_column(comment="The date of posting as printed")
    modified_text: Mapped[str | None] = mapped_column(comment="The date of change as printed")
    contact: Mapped[str | None] = mapped_column(comment="The contact line as printed")
    original_url: Mapped[str | None] = mapped_column(comment="URL of the Korean original")
    original_source_id: Mapped[int | None] = mapped_column(
        comment="The site's id of the Korean original"
    )
    revision: Mapped[int] = mapped_column(comment="Number of the revision this is")
    content_hash: Mapped[str] = mapped_column(
        comment="sha256 over headline, deck, body and byline; white space does not count"
    )
    first_seen_at: Mapped[datetime] = mapped_column(comment="UTC; when it was first stored")
    last_seen_at: Mapped[datetime] = mapped_column(
        comment="UTC; when it was last seen live, changed or not"
    )
    captured_at: Mapped[datetime] = mapped_column(
        comment="UTC; when the page that this row was read from was fetched"
    )
    gone_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; when the site first said it is gone (404, 410); NULL while it is live"
    )
    template: Mapped[str] = mapped_column(comment="How the page was read, english-2018")
    layers: Mapped[Mapping[str, Any]] = mapped_column(
        JsonText,
        comment="JSON object: field to the layer that gave it (as in coverage)",
    )

    revisions: Mapped[list["RevisionRow"]] = relationship(
        back_populates="article", order_by="RevisionRow.number", passive_deletes=True
    )
    bylines: Mapped[list["BylineRow"]] = relationship(
        back_populates="article", order_by="BylineRow.position", passive_deletes=True
    )
    images: Mapped[list["ImageRow"]] = relationship(
        back_populates="article", order_by="ImageRow.position", passive_deletes=True
    )
    related: Mapped[list["RelatedRow"]] = relationship(
        back_populates="article", order_by="RelatedRow.position", passive_deletes=True
    )


class _OfArticle:
    """The key of a row that belongs to an article and goes with it."""

    article_id: Mapped[int] = mapped_column(
        sa.ForeignKey(_OF_ARTICLE, ondelete="CASCADE"),
        primary_key=True,
        comment="articles.id",
    )


class RevisionRow(_OfArticle, Base):
    """A version of an article that was seen."""

    __tablename__ = "revisions"
    __table_args__ = (
        at_least("number", 1),
        sa.Index(None, "article_id", "number"),
        not_blank("headline"),
        not_blank("body"),
        sa.CheckConstraint("length(content_hash) = 64", name="content_hash"),
        sa.Index(None, "seen_at"),
        sa.Index(
            "ix_revisions_edits",
            "silent",
            "seen_at",
            sqlite_where=sa.text("number > 1"),
            postgresql_where=sa.text("number > 1"),
        ),
        {"comment": "A version of an article that was seen, in the words the site printed"},
    )

    number: Mapped[int] = mapped_column(primary_key=True, comment="From 1, without gaps")
    seen_at: Mapped[datetime] = mapped_column(comment="UTC; when this version was first seen")
    modified_at: Mapped[datetime | None] = mapped_column(comment="UTC; the site's own time, then")
    headline: Mapped[str] = mapped_column(comment="As printed")
    deck: Mapped[str | None] = mapped_column(comment="As printed")
    body: Mapped[str] = mapped_column(comment="Paragraphs parted by a blank line")
    byline: Mapped[str | None] = mapped_column(comment="As printed")
    content_hash: Mapped[str] = mapped_column(comment="As in articles")
    silent: Mapped[bool] = mapped_column(
        comment="The text changed and the site's own modified time did not"
    )

    article: Mapped[ArticleRow] = relationship(back_populates="revisions")


class AuthorRow(Base):
    """A person or agency that signs articles."""

    __tablename__ = "authors"
    __table_args__ = (
        sa.UniqueConstraint("name", "language"),
        fits_an_index("name", MAX_NAME),
        one_of("language", ("en", "ko")),
        {"comment": "A person or agency that signs articles"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours; joins bylines")
    name: Mapped[str] = mapped_column(comment="As printed, spacing and slips mended")
    language: Mapped[str] = mapped_column(comment="The script of the name, en or ko")

    bylines: Mapped[list["BylineRow"]] = relationship(back_populates="author", passive_deletes=True)


class BylineRow(_OfArticle, Base):
    """An author of an article."""

    __tablename__ = "bylines"
    __table_args__ = (
        at_least("position", 1),
        sa.Index(None, "article_id", "position"),
        sa.Index(None, "author_id", "article_id"),
        {"comment": "An author of an article"},
    )

    position: Mapped[int] = mapped_column(primary_key=True, comment="From 1, in printed order")
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("authors.id"), comment="authors.id")
    role: Mapped[str | None] = mapped_column(
        comment="The whole title in the singular, staff reporter; NULL for an agency"
    )
    place: Mapped[str | None] = mapped_column(comment="Where the author is, Washington")
    email: Mapped[str | None] = mapped_column(comment="As printed")

    article: Mapped[ArticleRow] = relationship(back_populates="bylines")
    author: Mapped[AuthorRow] = relationship(back_populates="bylines")


class ImageRow(_OfArticle, Base):
    """A picture of an article."""

    __tablename__ = "images"
    __table_args__ = (
        at_least("position", 1),
        sa.Index(None, "article_id", "position"),
        not_blank("url"),
        {"comment": "A picture of an article"},
    )

    position: Mapped[int] = mapped_column(primary_key=True, comment="From 1, in printed order")
    url: Mapped[str] = mapped_column(comment="Absolute, as the page links it")
    caption: Mapped[str | None] = mapped_column(comment="As printed, its credit included")
    credit: Mapped[str | None] = mapped_column(comment="Who made or provided it, KCNA/Yonhap")

    article: Mapped[ArticleRow] = relationship(back_populates="images")


class RelatedRow(_OfArticle, Base):
    """A related story that an article names."""

    __tablename__ = "related_stories"
    __table_args__ = (
        at_least("position", 1),
        sa.Index(None, "article_id", "position"),
        known_edition(),
        id_in_range(),
        key_is_whole(),
        not_blank("url"),
        sa.Index(None, "edition", "source_id"),
        {"comment": "A related story that an article names; it may not be stored itself"},
    )

    position: Mapped[int] = mapped_column(primary_key=True, comment="From 1, in printed order")
    edition: Mapped[str | None] = mapped_column(
        comment="With source_id: the article it links to; NULL for any other page"
    )
    source_id: Mapped[int | None] = mapped_column(comment="The site's id of that article")
    url: Mapped[str] = mapped_column(comment="Absolute; canonical for an article of the site")
    headline: Mapped[str] = mapped_column(comment="The link's words; may be empty")

    article: Mapped[ArticleRow] = relationship(back_populates="related")
    target: Mapped["ArticleRow | None"] = relationship(
        primaryjoin="and_(foreign(RelatedRow.edition) == remote(ArticleRow.edition),"
        " foreign(RelatedRow.source_id) == remote(ArticleRow.source_id))",
        viewonly=True,
    )


class MostViewedRow(Base):
    """A place in a ranking of most viewed articles."""

    __tablename__ = "most_viewed"
    __table_args__ = (
        at_least("position", 1),
        known_edition(),
        id_in_range(),
        not_blank("url"),
        sa.Index(None, "edition", "source_id"),
        {"comment": "A place in a ranking at a time; a ranking equal to the last is not repeated"},
    )

    edition: Mapped[str] = mapped_column(primary_key=True, comment="Whose pages show the ranking")
    seen_at: Mapped[datetime] = mapped_column(
        primary_key=True, comment="UTC; when this ranking was first seen"
    )
    position: Mapped[int] = mapped_column(primary_key=True, comment="From 1")
    source_id: Mapped[int | None] = mapped_column(
        comment="The site's id of the article; NULL where the link names none"
    )
    url: Mapped[str] = mapped_column(comment="Absolute; canonical for an article of the site")
    headline: Mapped[str] = mapped_column(comment="The link's words; may be empty")
