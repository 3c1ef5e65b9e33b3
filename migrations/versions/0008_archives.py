"""What a kept past needs: where responses are kept, what each gave, how far files were read."""

import hashlib
import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
# SQLite adds a column in place; a copy of the table would lose its triggers.
COLUMNS = {
    "pages.archive_file": (
        "TEXT",
        "The archive's file that keeps its last response with a page; NULL for none",
    ),
    "pages.archive_offset": ("BIGINT", "Bytes before the record in that file"),
    "pages.archived_at": ("{time}", "UTC; when that response came"),
    "problems.archive_file": (
        "TEXT",
        "The archive's file that keeps the page; NULL where none does",
    ),
    "problems.archive_offset": ("BIGINT", "Bytes before the record in that file"),
}
# What is known of the past: each version was read when it was first seen, the last one again
# when its row was read; an article was there when it was last seen, and gone when it was said so.
KNOWN_CAPTURES = (
    """
    INSERT INTO captures (edition, source_id, captured_at, status, body_hash, content_hash,
        modified_at, modified_text)
    SELECT articles.edition, articles.source_id, articles.captured_at, 200, pages.body_hash,
        articles.content_hash, articles.modified_at, articles.modified_text
    FROM articles LEFT JOIN pages
        ON pages.edition = articles.edition AND pages.source_id = articles.source_id
    """,
    """
    INSERT INTO captures (edition, source_id, captured_at, status, content_hash, modified_at)
    SELECT articles.edition, articles.source_id, revisions.seen_at, 200, revisions.content_hash,
        revisions.modified_at
    FROM revisions JOIN articles ON articles.id = revisions.article_id
    WHERE revisions.seen_at < articles.captured_at
    ON CONFLICT DO NOTHING
    """,
    """
    INSERT INTO captures (edition, source_id, captured_at, status)
    SELECT edition, source_id, last_seen_at, 304 FROM articles WHERE last_seen_at > captured_at
    """,
    """
    INSERT INTO captures (edition, source_id, captured_at, status)
    SELECT edition, source_id, gone_at, 404 FROM articles WHERE gone_at IS NOT NULL
    """,
)


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for column, (kind, comment) in COLUMNS.items():
        table, name = column.split(".")
        op.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind.format(time=TIME[dialect])}")
        if dialect == "postgresql":
            quoted = comment.replace("'", "''")
            op.execute(f"COMMENT ON COLUMN {column} IS '{quoted}'")
    _make_captures()
    _make_ranking_sightings()
    _make_readings()
    for statement in KNOWN_CAPTURES:
        op.execute(statement)
    _fill_ranking_sightings()


def _make_captures() -> None:
    op.create_table(
        "captures",
        sa.Column("edition", sa.Text(), nullable=False, comment="As in articles"),
        sa.Column(
            "source_id", sa.Integer(), nullable=False, comment="The site's id of the article"
        ),
        sa.Column(
            "captured_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when the response came",
        ),
        sa.Column("status", sa.Integer(), nullable=False, comment="HTTP status"),
        sa.Column(
            "body_hash",
            sa.Text(),
            comment="sha256 of the body that was read, hexadecimal; NULL where none was",
        ),
        sa.Column(
            "content_hash",
            sa.Text(),
            comment="As in articles, of what was read; NULL where nothing was",
        ),
        sa.Column(
            "modified_at", sa.DateTime(timezone=True), comment="UTC; the site's own time, then"
        ),
        sa.Column("modified_text", sa.Text(), comment="The date of change as printed"),
        sa.Column(
            "revisit_of",
            sa.DateTime(timezone=True),
            comment="UTC; the capture that an archive says brought the same; NULL for none",
        ),
        sa.Column(
            "problems",
            sa.Text(),
            comment="JSON list of its problems: url, stage, code, error; NULL for none",
        ),
        sa.Column(
            "archive_file",
            sa.Text(),
            comment="The archive's file that keeps the response; NULL where none does",
        ),
        sa.Column(
            "archive_offset", sa.BigInteger(), comment="Bytes before the record in that file"
        ),
        sa.Column("crawl_id", sa.Integer(), comment="The run that read it last"),
        sa.CheckConstraint("edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_captures_edition")),
        sa.CheckConstraint(
            "source_id BETWEEN 1 AND 2147483647", name=op.f("ck_captures_source_id")
        ),
        sa.CheckConstraint("status BETWEEN 100 AND 599", name=op.f("ck_captures_status")),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawls.id"], name="fk_captures_crawl_id_crawls", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint(
            "edition", "source_id", "captured_at", "status", name="pk_captures"
        ),
        comment="A response of an article's page, and what was read from it",
    )


def _make_ranking_sightings() -> None:
    op.create_table(
        "ranking_sightings",
        sa.Column("edition", sa.Text(), nullable=False, comment="As in most_viewed"),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            comment="Sixteen hexadecimal digits for its places",
        ),
        sa.Column("crawl_id", sa.Integer(), comment="The run that read it last"),
        sa.ForeignKeyConstraint(
            ["crawl_id"],
            ["crawls.id"],
            name="fk_ranking_sightings_crawl_id_crawls",
            ondelete="SET NULL",
        ),
        sa.CheckConstraint(
            "edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_ranking_sightings_edition")
        ),
        sa.PrimaryKeyConstraint("edition", "seen_at", name="pk_ranking_sightings"),
        comment="A moment at which a page showed a ranking, changed or not",
    )


def _make_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("crawl_id", sa.Integer(), nullable=False, comment="crawls.id"),
        sa.Column("file", sa.Text(), nullable=False, comment="As in captures"),
        sa.Column(
            "read_to", sa.BigInteger(), nullable=False, comment="Bytes before the next record"
        ),
        sa.Column("at_end", sa.Boolean(), nullable=False, comment="Whether nothing is left of it"),
        sa.CheckConstraint("read_to >= 0", name=op.f("ck_readings_read_to")),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawls.id"], name="fk_readings_crawl_id_crawls", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("crawl_id", "file", name="pk_readings"),
        comment="How far a reparse or an import has read a file of an archive",
    )


def _fill_ranking_sightings() -> None:
    """Note when each stored ranking was seen; the times at which it stood still are not known."""
    connection = op.get_bind()
    asked = "SELECT edition, seen_at, source_id, url, headline FROM most_viewed"
    noted = sa.text(
        "INSERT INTO ranking_sightings (edition, seen_at, digest)"
        " VALUES (:edition, :seen_at, :digest)"
    )
    ranking, places = None, []
    rows = connection.execute(sa.text(f"{asked} ORDER BY edition, seen_at, position")).all()
    for row in [*rows, None]:
        if row is None or ranking != (row.edition, row.seen_at):
            if ranking is not None:
                dumped = json.dumps(places, separators=(",", ":"))
                digest = hashlib.sha256(dumped.encode()).hexdigest()[:16]
                values = dict(zip(("edition", "seen_at"), ranking, strict=True), digest=digest)
                connection.execute(noted, values)
            places = []
        if row is not None:
            ranking = (row.edition, row.seen_at)
            places.append([row.source_id, row.url, row.headline])


def downgrade() -> None:
    op.drop_table("readings")
    op.drop_table("ranking_sightings")
    op.drop_table("captures")
    for column in reversed(COLUMNS):
        table, name = column.split(".")
        op.execute(f"ALTER TABLE {table} DROP COLUMN {name}")
