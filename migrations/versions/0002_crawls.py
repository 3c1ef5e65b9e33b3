"""The crawler's own memory: pages, crawls, coverage, problems."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "crawls",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours"),
        sa.Column("spider", sa.Text(), nullable=False, comment="The spider's name"),
        sa.Column(
            "arguments", sa.Text(), nullable=False, comment="JSON object: the spider's arguments"
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; NULL while it runs",
        ),
        sa.Column("outcome", sa.Text(), nullable=True, comment="One word; NULL while it runs"),
        sa.Column("reason", sa.Text(), nullable=True, comment="Why it ended so, in one line"),
        sa.Column(
            "found", sa.Integer(), nullable=True, comment="Articles that lists and feeds named"
        ),
        sa.Column("fetched", sa.Integer(), nullable=True, comment="Pages that came"),
        sa.Column(
            "not_modified", sa.Integer(), nullable=True, comment="Pages the site said are unchanged"
        ),
        sa.Column("new", sa.Integer(), nullable=True, comment="Articles stored for the first time"),
        sa.Column("changed", sa.Integer(), nullable=True, comment="Articles with a new revision"),
        sa.Column(
            "updated",
            sa.Integer(),
            nullable=True,
            comment="Articles of the same text, something beside it changed",
        ),
        sa.Column(
            "unchanged", sa.Integer(), nullable=True, comment="Articles seen again as they were"
        ),
        sa.Column("gone", sa.Integer(), nullable=True, comment="Articles the site said are gone"),
        sa.Column("failed", sa.Integer(), nullable=True, comment="Pages that could not be had"),
        sa.Column("problems", sa.Integer(), nullable=True, comment="Problems recorded"),
        sa.Column("bytes", sa.BigInteger(), nullable=True, comment="Received"),
        sa.Column("requests", sa.Integer(), nullable=True, comment="Requests sent"),
        sa.Column("seconds", sa.Double(), nullable=True, comment="How long the run took"),
        sa.CheckConstraint("trim(outcome) <> ''", name=op.f("ck_crawls_outcome")),
        sa.CheckConstraint("trim(spider) <> ''", name=op.f("ck_crawls_spider")),
        sa.CheckConstraint("finished_at >= started_at", name=op.f("ck_crawls_finished_at")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
        comment="A run of the crawler; finished_at stays NULL for one that was killed",
    )
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours"),
        sa.Column("url", sa.Text(), nullable=False, comment="Canonical for an article; unique"),
        sa.Column("kind", sa.Text(), nullable=False, comment="feed, front, list or article"),
        sa.Column(
            "edition",
            sa.Text(),
            nullable=True,
            comment="With source_id: the article it is, unique; NULL for any other page",
        ),
        sa.Column(
            "source_id", sa.Integer(), nullable=True, comment="The site's id of that article"
        ),
        sa.Column(
            "discovered_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when a page first named it",
        ),
        sa.Column(
            "fetched_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; the last fetch, failed or not; NULL before the first",
        ),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; when to fetch it next; NULL where that is not planned",
        ),
        sa.Column(
            "lease_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; until when a crawler has claimed it; NULL where none has",
        ),
        sa.Column(
            "status",
            sa.Integer(),
            nullable=True,
            comment="HTTP status of the last fetch; NULL where no response came",
        ),
        sa.Column(
            "etag", sa.Text(), nullable=True, comment="Validator of the last response with a page"
        ),
        sa.Column(
            "last_modified", sa.Text(), nullable=True, comment="Its Last-Modified header as sent"
        ),
        sa.Column("body_hash", sa.Text(), nullable=True, comment="sha256 of its body, hexadecimal"),
        sa.Column(
            "failures",
            sa.Integer(),
            server_default=sa.text("0"),
            nullable=False,
            comment="Fetches that failed since the last good one",
        ),
        sa.CheckConstraint("edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_pages_edition")),
        sa.CheckConstraint(
            "kind IN ('feed', 'front', 'list', 'article')", name=op.f("ck_pages_kind")
        ),
        sa.CheckConstraint("(edition IS NULL) = (source_id IS NULL)", name=op.f("ck_pages_key")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_pages_failures")),
        sa.CheckConstraint("length(url) BETWEEN 1 AND 2000", name=op.f("ck_pages_url")),
        sa.CheckConstraint("source_id BETWEEN 1 AND 2147483647", name=op.f("ck_pages_source_id")),
        sa.CheckConstraint("status BETWEEN 100 AND 599", name=op.f("ck_pages_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("edition", "source_id", name=op.f("uq_pages_edition_source_id")),
        sa.UniqueConstraint("url", name=op.f("uq_pages_url")),
        comment="A URL the crawler knows: its memory and its frontier",
    )
    op.create_index(op.f("ix_pages_due_at"), "pages", ["due_at"])
    op.create_table(
        "coverage",
        sa.Column("crawl_id", sa.Integer(), nullable=False, comment="crawls.id"),
        sa.Column("template", sa.Text(), nullable=False, comment="As in articles"),
        sa.Column("field", sa.Text(), nullable=False, comment="headline, body, byline, ..."),
        sa.Column(
            "layer",
            sa.Text(),
            nullable=False,
            comment="template, landmark, metadata, or absent (not found)",
        ),
        sa.Column("articles", sa.Integer(), nullable=False, comment="Number of articles"),
        sa.CheckConstraint(
            "layer IN ('template', 'landmark', 'metadata', 'absent')",
            name=op.f("ck_coverage_layer"),
        ),
        sa.CheckConstraint("articles >= 0", name=op.f("ck_coverage_articles")),
        sa.ForeignKeyConstraint(
            ["crawl_id"],
            ["crawls.id"],
            name=op.f("fk_coverage_crawl_id_crawls"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("crawl_id", "template", "field", "layer", name=op.f("pk_coverage")),
        comment="By which layer a field was found in a run, by template",
    )
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours"),
        sa.Column("crawl_id", sa.Integer(), nullable=True, comment="The last run that met it"),
        sa.Column("url", sa.Text(), nullable=False, comment="The page"),
        sa.Column(
            "stage", sa.Text(), nullable=False, comment="discover, fetch, parse, normalise or store"
        ),
        sa.Column("code", sa.Text(), nullable=False, comment="A short stable word to group by"),
        sa.Column("error", sa.Text(), nullable=False, comment="What and where, in one line"),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=True,
            comment="The page's raw bytes, zlib-compressed, where it could not be read",
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when it was last met",
        ),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; when the page was stored without it; NULL while it is open",
        ),
        sa.CheckConstraint(
            "stage IN ('discover', 'fetch', 'parse', 'normalise', 'store')",
            name=op.f("ck_problems_stage"),
        ),
        sa.CheckConstraint("trim(code) <> ''", name=op.f("ck_problems_code")),
        sa.CheckConstraint("length(url) BETWEEN 1 AND 2000", name=op.f("ck_problems_url")),
        sa.ForeignKeyConstraint(
            ["crawl_id"],
            ["crawls.id"],
            name=op.f("fk_problems_crawl_id_crawls"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problems")),
        comment="Something that could not be used, for a person to look at",
    )
    op.create_index(op.f("ix_problems_crawl_id"), "problems", ["crawl_id"])
    op.create_index(op.f("ix_problems_url"), "problems", ["url"])
    op.create_index(
        "uq_problems_open",
        "problems",
        ["url", "stage", "code"],
        unique=True,
        sqlite_where=sa.text("resolved_at IS NULL"),
        postgresql_where=sa.text("resolved_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("problems")
    op.drop_table("coverage")
    op.drop_table("pages")
    op.drop_table("crawls")
