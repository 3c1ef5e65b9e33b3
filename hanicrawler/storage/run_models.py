"""The tables of the crawler's own memory: pages, crawls, coverage and problems."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, get_args

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hanicrawler.items import GapReason, Layer, PageKind, Stage
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

NO_ARTICLE = sa.text("kind <> 'article'")
"""Which pages the index of entrances looks at: feeds, fronts and lists are few."""


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
        at_least("depth", 0),
        at_least("attempts", 0),
        sa.Index(None, "due_at"),
        sa.Index(
            "ix_pages_entrances",
            "kind",
            sqlite_where=NO_ARTICLE,
            postgresql_where=NO_ARTICLE,
        ),
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
    section: Mapped[str | None] = mapped_column(
        comment="The section's code in its URL; NULL where it names none"
    )
    listed_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; the date a list printed beside it; NULL where none did"
    )
    depth: Mapped[int | None] = mapped_column(
        comment="Related stories between it and what was asked for; NULL where not followed"
    )
    attempts: Mapped[int] = mapped_column(
        server_default=sa.text("0"), comment="Leases taken since the last fetch, in a shared crawl"
    )
    top_id: Mapped[int | None] = mapped_column(
        comment="Of a first list page: the highest source_id from which down it was read"
    )
    archive_file: Mapped[str | None] = mapped_column(
        comment="The archive's file that keeps its last response with a page; NULL for none"
    )
    archive_offset: Mapped[int | None] = mapped_column(
        sa.BigInteger, comment="Bytes before the record in that file"
    )
    archived_at: Mapped[datetime | None] = mapped_column(comment="UTC; when that response came")


READERS: Final = frozenset({"reparse", "import"})
"""The names in ``crawls.spider`` of what reads archives and asks the site for nothing."""


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
    alarms: Mapped[str | None] = mapped_column(
        comment="Codes of what is wrong, parted by spaces; NULL for nothing"
    )
    not_before: Mapped[datetime | None] = mapped_column(
        comment="UTC; until when the site asked to be left alone (Retry-After)"
    )
    shared: Mapped[bool] = mapped_column(
        server_default=sa.false(), comment="Whether several crawlers may have shared it"
    )
    unreadable: Mapped[int | None] = mapped_column(
        comment="Article pages that came and could not be read"
    )

    coverage: Mapped[list["CoverageRow"]] = relationship(
        back_populates="crawl", passive_deletes=True
    )


COUNTED_WITH_THE_WORK = ("new", "changed", "updated", "unchanged", "gone", "problems")
"""Counts that the writer adds in the very transaction that stores what they count: they hold
for a run that is killed, and can be watched while it runs."""

COUNTED_AT_THE_END = (
    "found",
    "fetched",
    "not_modified",
    "failed",
    "unreadable",
    "bytes",
    "requests",
    "seconds",
)
"""Counts that the run sets when it ends; a run that was killed has none of them."""

COUNTS = (*COUNTED_WITH_THE_WORK, *COUNTED_AT_THE_END)
"""The columns of a crawl that are counts."""


class WorkerRow(Base):
    """A crawler that took part in a shared crawl."""

    __tablename__ = "workers"
    __table_args__ = (
        sa.Index(None, "crawl_id"),
        {"comment": "A crawler that took part in a shared crawl"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours")
    crawl_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="CASCADE"), comment="crawls.id"
    )
    host: Mapped[str] = mapped_column(comment="The machine's name")
    pid: Mapped[int] = mapped_column(comment="The process there")
    started_at: Mapped[datetime] = mapped_column(comment="UTC")
    finished_at: Mapped[datetime | None] = mapped_column(
        comment="UTC; NULL while it runs, and for one that was killed"
    )
    stats: Mapped[Mapping[str, Any] | None] = mapped_column(
        JsonText, comment="JSON object: what it counted; NULL likewise"
    )


class GapRow(Base):
    """A stretch of a section's lists that was not read."""

    __tablename__ = "gaps"
    __table_args__ = (
        sa.UniqueConstraint("edition", "section", "oldest_id"),
        known_edition(),
        not_blank("section"),
        one_of("reason", get_args(GapReason)),
        at_least("newest_id", 0),
        at_least("oldest_id", 0),
        {"comment": "A stretch of a section's lists that was not read: what may be missing"},
    )

    id: Mapped[int] = mapped_column(primary_key=True, comment="Ours")
    edition: Mapped[str] = mapped_column(comment="As in articles")
    section: Mapped[str] = mapped_column(comment="The section's code")
    newest_id: Mapped[int] = mapped_column(
        comment="source_id below which the lists were not read; 0 where they were, to the end"
    )
    oldest_id: Mapped[int] = mapped_column(
        comment="source_id from which on down they were; 0 where nothing below was ever read"
    )
    reason: Mapped[str] = mapped_column(
        comment="history (never read), reading (a run is at it, or was ended), limit or failed"
    )
    noted_at: Mapped[datetime] = mapped_column(
        comment="UTC; when it was last made, made smaller or met"
    )
    crawl_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="SET NULL"), comment="The run that noted it last"
    )


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
    archive_file: Mapped[str | None] = mapped_column(
        comment="The archive's file that keeps the page; NULL where none does"
    )
    archive_offset: Mapped[int | None] = mapped_column(
        sa.BigInteger, comment="Bytes before the record in that file"
    )


class CaptureRow(Base):
    """A response of an article's page, and what it gave."""

    __tablename__ = "captures"
    __table_args__ = (
        known_edition(),
        id_in_range(),
        sa.CheckConstraint("status BETWEEN 100 AND 599", name="status"),
        {"comment": "A response of an article's page, and what was read from it"},
    )

    edition: Mapped[str] = mapped_column(primary_key=True, comment="As in articles")
    source_id: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="The site's id of the article"
    )
    captured_at: Mapped[datetime] = mapped_column(
        primary_key=True, comment="UTC; when the response came"
    )
    status: Mapped[int] = mapped_column(
        primary_key=True, autoincrement=False, comment="HTTP status"
    )
    body_hash: Mapped[str | None] = mapped_column(
        comment="sha256 of the body that was read, hexadecimal; NULL where none was"
    )
    content_hash: Mapped[str | None] = mapped_column(
        comment="As in articles, of what was read; NULL where nothing was"
    )
    modified_at: Mapped[datetime | None] = mapped_column(comment="UTC; the site's own time, then")
    modified_text: Mapped[str | None] = mapped_column(comment="The date of change as printed")
    revisit_of: Mapped[datetime | None] = mapped_column(
        comment="UTC; the capture that an archive says brought the same; NULL for none"
    )
    problems: Mapped[str | None] = mapped_column(
        comment="JSON list of its problems: url, stage, code, error; NULL for none"
    )
    archive_file: Mapped[str | None] = mapped_column(
        comment="The archive's file that keeps the response; NULL where none does"
    )
    archive_offset: Mapped[int | None] = mapped_column(
        sa.BigInteger, comment="Bytes before the record in that file"
    )
    crawl_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="SET NULL"), comment="The run that read it last"
    )


class RankingSightingRow(Base):
    """A moment at which a page showed a ranking of most viewed articles."""

    __tablename__ = "ranking_sightings"
    __table_args__ = (
        known_edition(),
        {"comment": "A moment at which a page showed a ranking, changed or not"},
    )

    edition: Mapped[str] = mapped_column(primary_key=True, comment="As in most_viewed")
    seen_at: Mapped[datetime] = mapped_column(primary_key=True, comment="UTC")
    digest: Mapped[str] = mapped_column(comment="Sixteen hexadecimal digits for its places")
    crawl_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="SET NULL"), comment="The run that read it last"
    )


class ReadingRow(Base):
    """How far a run has read an archive's file."""

    __tablename__ = "readings"
    __table_args__ = (
        at_least("read_to", 0),
        {"comment": "How far a reparse or an import has read a file of an archive"},
    )

    crawl_id: Mapped[int] = mapped_column(
        sa.ForeignKey("crawls.id", ondelete="CASCADE"), primary_key=True, comment="crawls.id"
    )
    file: Mapped[str] = mapped_column(primary_key=True, comment="As in captures")
    read_to: Mapped[int] = mapped_column(sa.BigInteger, comment="Bytes before the next record")
    at_end: Mapped[bool] = mapped_column(comment="Whether nothing is left of it")
