"""The tables of the crawler's own memory: pages, crawls, coverage and problems."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hanicrawler.items import Layer, PageKind, Stage
from hanicrawler.storage.schema import (
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

STILL_OPEN = sa.text("resolved_at IS NULL")
"""Which problems the unique index looks at."""


class PageRow(Base):
    """A URL the crawler knows."""

    __tablename__ = "pages"
    __table_args__ = (
        sa.UniqueConstraint("url"),
        sa.UniqueConstraint("edition", "source_id"),
        fits_an_index(),
        one_of("kind", get_args(PageKind)),
        known_edition(),
        id_in_range(),
        key_is_whole(),
        at_least("failures", 0),
        sa.CheckConstraint("status BETWEEN 100 AND 599", name="status"),
        sa.Index(None, "due_at"),
        {"comment": "A URL the crawler knows: its memory and its frontier"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours")
    url: Mapped[str] = mapped_column(comment="Canonical for an article; unique")
    kind: Mapped[str] = mapped_column(comment="feed, front, list or article")
    edition: Mapped[str | None] = mapped_column(
        comment="With source_id: the article it is, unique; NULL for any other page"
    )
    source_id: Mapped[int | None] = mapped_column(comment="The site's id of that article")
    discovered_at: Mapped[datetime] = mapped_column(comment="UTC; when a page first named it")
    fetched_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; the last fetch, failed or not; NULL before the first"
    )
    due_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; when to fetch it next; NULL where that is not planned"
    )
    lease_until: Mapped[datetime | None] = mapped_column(
        comment="UTC; until when a crawler has claimed it; NULL where none has"
    )
    status: Mapped[int | None] = mapped_column(
        comment="HTTP status of the last fetch; NULL where no response came"
    )
    etag: Mapped[str | None] = mapped_column(comment="Validator of the last response with a page")
    last_modified: Mapped[str | None] = mapped_column(comment="Its Last-Modified header as sent")
    body_hash: Mapped[str | None] = mapped_column(comment="sha256 of its body, hexadecimal")
    failures: Mapped[int] = mapped_column(
        server_default=sa.text("0"), comment="Fetches that failed since the last good one"
    )


class CrawlRow(Base):
    """A run of the crawler."""

    __tablename__ = "crawls"
    __table_args__ = (
        not_blank("spider"),
        not_blank("outcome"),
        sa.CheckConstraint("finished_at >= started_at", name="finished_at"),
        {"comment": "A run of the crawler; finished_at stays NULL for one that was killed"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours")
    spider: Mapped[str] = mapped_column(comment="The spider's name")
    arguments: Mapped[Mapping[str, Any]] = mapped_column(
        JsonText, comment="JSON object: the spider's arguments"
    )
    started_at: Mapped[datetime] = mapped_column(comment="UTC")
    finished_at: Mapped[datetime | None] = mapped_column(comment="UTC; NULL while it runs")
    outcome: Mapped[str | None] = mapped_column(comment="One word; NULL while it runs")
    reason: Mapped[str | None] = mapped_column(comment="Why it ended so, in one line")
    found: Mapped[int | None] = mapped_column(comment="Articles that lists and feeds named")
    fetched: Mapped[int | None] = mapped_column(comment="Pages that came")
    not_modified: Mapped[int | None] = mapped_column(comment="Pages the site said are unchanged")
    new: Mapped[int | None] = mapped_column(comment="Articles stored for the first time")
    changed: Mapped[int | None] = mapped_column(comment="Articles with a new revision")
    updated: Mapped[int | None] = mapped_column(
        comment="Articles of the same text, something beside it changed"
    )
    unchanged: Mapped[int | None] = mapped_column(comment="Articles seen again as they were")
    gone: Mapped[int | None] = mapped_column(comment="Articles the site said are gone")
    failed: Mapped[int | None] = mapped_column(comment="Pages that could not be had")
    problems: Mapped[int | None] = mapped_column(comment="Problems recorded")
    bytes: Mapped[int | None] = mapped_column(sa.BigInteger, comment="Received")
    requests: Mapped[int | None] = mapped_column(comment="Requests sent")
    seconds: Mapped[float | None] = mapped_column(sa.Double, comment="How long the run took")

    coverage: Mapped[list["CoverageRow"]] = relationship(
        back_populates="crawl", passive_deletes=True
    )


COUNTS = (
    "found",
    "fetched",
    "not_modified",
    "new",
    "changed",
    "updated",
    "unchanged",
    "gone",
    "failed",
    "problems",
    "bytes",
    "requests",
    "seconds",
)
"""The columns of a crawl that are counts."""


class CoverageRow(Base):
    """How often a layer gave a field in a run."""

    __tablename__ = "coverage"
    __table_args__ = (
        one_of("layer", get_args(Layer)),
        at_least("articles", 0),
        {"comment": "By which layer a field was found in a run, by template"},
    )

    crawl_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True, comment="crawls.id"
    )
    template: Mapped[str] = mapped_column(primary_key=True, comment="As in articles")
    field: Mapped[str] = mapped_column(primary_key=True, comment="headline, body, byline, ...")
    layer: Mapped[str] = mapped_column(
        primary_key=True, comment="template, landmark, metadata, or absent (not found)"
    )
    articles: Mapped[int] = mapped_column(comment="Number of articles")

    crawl: Mapped[CrawlRow] = relationship(back_populates="coverage")


class ProblemRow(Base):
    """Something that could not be used."""

    __tablename__ = "problems"
    __table_args__ = (
        one_of("stage", get_args(Stage)),
        not_blank("code"),
        fits_an_index(),
        sa.Index(
            "uq_problems_open",
            "url",
            "stage",
            "code",
            unique=True,
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        sa.Index(None, "url"),
        sa.Index(None, "crawl_id"),
        {"comment": "Something that could not be used, for a person to look at"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours")
    crawl_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="SET NULL"), comment="The last run that met it"
    )
    url: Mapped[str] = mapped_column(comment="The page")
    stage: Mapped[str] = mapped_column(comment="discover, fetch, parse, normalise or store")
    code: Mapped[str] = mapped_column(comment="A short stable word to group by")
    error: Mapped[str] = mapped_column(comment="What and where, in one line")
    body: Mapped[bytes | None] = mapped_column(
        sa.LargeBinary, comment="The page's raw bytes, zlib-compressed, where it could not be read"
    )
    seen_at: Mapped[datetime] = mapped_column(comment="UTC; when it was last met")
    resolved_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; when the page was stored without it; NULL while it is open"
    )
