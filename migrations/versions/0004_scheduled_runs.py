"""What scheduled runs need: what is due, what is missing, who shares a crawl."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite adds a column in place, its check included; a copy of the table would not be.
COLUMNS = (
    "ALTER TABLE pages ADD COLUMN section TEXT",
    "ALTER TABLE pages ADD COLUMN listed_at {time}",
    "ALTER TABLE pages ADD COLUMN depth INTEGER CONSTRAINT ck_pages_depth CHECK (depth >= 0)",
    "ALTER TABLE pages ADD COLUMN attempts INTEGER DEFAULT 0 NOT NULL"
    " CONSTRAINT ck_pages_attempts CHECK (attempts >= 0)",
    "ALTER TABLE pages ADD COLUMN top_id INTEGER",
    "ALTER TABLE crawls ADD COLUMN alarms TEXT",
    "ALTER TABLE crawls ADD COLUMN not_before {time}",
    "ALTER TABLE crawls ADD COLUMN shared BOOLEAN DEFAULT false NOT NULL",
    "ALTER TABLE crawls ADD COLUMN unreadable INTEGER",
)
COMMENTS = {
    "pages.section": "The section's code in its URL; NULL where it names none",
    "pages.listed_at": "UTC; the date a list printed beside it; NULL where none did",
    "pages.depth": "Related stories between it and what was asked for; NULL where not followed",
    "pages.attempts": "Leases taken since the last fetch, in a shared crawl",
    "pages.top_id": "Of a first list page: the highest source_id from which down it was read",
    "crawls.alarms": "Codes of what is wrong, parted by spaces; NULL for nothing",
    "crawls.not_before": "UTC; until when the site asked to be left alone (Retry-After)",
    "crawls.shared": "Whether several crawlers may have shared it",
    "crawls.unreadable": "Article pages that came and could not be read",
}
# What was stored by an earlier version is looked at again as if it had been due since.
DUE = """
    UPDATE pages SET
        section = (
            SELECT articles.section FROM articles
            WHERE articles.edition = pages.edition AND articles.source_id = pages.source_id
        ),
        due_at = CASE WHEN EXISTS (
            SELECT 1 FROM articles
            WHERE articles.edition = pages.edition AND articles.source_id = pages.source_id
                AND articles.published_at > {year_ago}
        ) THEN pages.fetched_at END
    WHERE kind = 'article' AND fetched_at IS NOT NULL
"""
COVERAGE_BY_DAY = """
    CREATE VIEW coverage_by_day AS
    SELECT
        edition,
        section,
        day,
        count(*) AS listed,
        count(fetched_at) AS fetched,
        count(article_id) AS stored,
        count(CASE WHEN gone THEN 1 END) AS gone,
        count(CASE WHEN fetched_at IS NOT NULL AND article_id IS NULL AND NOT gone AND failed
            THEN 1 END) AS failed,
        count(CASE WHEN fetched_at IS NULL AND due_at IS NOT NULL THEN 1 END) AS waiting
    FROM (
        SELECT
            pages.edition AS edition,
            coalesce(articles.section, pages.section) AS section,
            {day} AS day,
            pages.fetched_at AS fetched_at,
            pages.due_at AS due_at,
            articles.id AS article_id,
            coalesce(pages.status IN (404, 410), false) AS gone,
            pages.failures > 0 AS failed
        FROM pages
        LEFT JOIN articles
            ON articles.edition = pages.edition AND articles.source_id = pages.source_id
        WHERE pages.kind = 'article' AND pages.edition IS NOT NULL
    ) AS known
    GROUP BY edition, section, day
"""
# A story that was only named beside others is of no known day: when it was found says nothing.
MOMENT = """coalesce(articles.published_at, pages.listed_at, CASE
                WHEN articles.id IS NOT NULL OR pages.fetched_at IS NOT NULL
                    OR pages.due_at IS NOT NULL THEN pages.discovered_at END)"""
DAY = {
    "sqlite": f"date({MOMENT}, '+9 hours')",
    "postgresql": f"to_char({MOMENT} AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')",
}
TIME = {"sqlite": "DATETIME", "postgresql": "TIMESTAMP WITH TIME ZONE"}
YEAR_AGO = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', 'now', '-365 days')",
    "postgresql": "now() - interval '365 days'",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in COLUMNS:
        op.execute(statement.format(time=TIME[dialect]))
    if dialect == "postgresql":
        for column, comment in COMMENTS.items():
            quoted = comment.replace("'", "''")
            op.execute(f"COMMENT ON COLUMN {column} IS '{quoted}'")
    op.execute(DUE.format(year_ago=YEAR_AGO[dialect]))
    not_articles = sa.text("kind <> 'article'")
    op.create_index(
        "ix_pages_entrances",
        "pages",
        ["kind"],
        sqlite_where=not_articles,
        postgresql_where=not_articles,
    )
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours"),
        sa.Column("edition", sa.Text(), nullable=False, comment="As in articles"),
        sa.Column("section", sa.Text(), nullable=False, comment="The section's code"),
        sa.Column(
            "newest_id",
            sa.Integer(),
            nullable=False,
            comment="source_id below which the lists were not read; 0 where they were, to the end",
        ),
        sa.Column(
            "oldest_id",
            sa.Integer(),
            nullable=False,
            comment="source_id from which on down they were; 0 where nothing below was ever read",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="history (never read), reading (a run is at it, or was ended), limit or failed",
        ),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when it was last made, made smaller or met",
        ),
        sa.Column("crawl_id", sa.Integer(), nullable=True, comment="The run that noted it last"),
        sa.CheckConstraint("edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_gaps_edition")),
        sa.CheckConstraint(
            "reason IN ('history', 'reading', 'limit', 'failed')", name=op.f("ck_gaps_reason")
        ),
        sa.CheckConstraint("newest_id >= 0", name=op.f("ck_gaps_newest_id")),
        sa.CheckConstraint("oldest_id >= 0", name=op.f("ck_gaps_oldest_id")),
        sa.CheckConstraint("trim(section) <> ''", name=op.f("ck_gaps_section")),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawls.id"], name="fk_gaps_crawl_id_crawls", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
        sa.UniqueConstraint(
            "edition", "section", "oldest_id", name="uq_gaps_edition_section_oldest_id"
        ),
        comment="A stretch of a section's lists that was not read: what may be missing",
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours"),
        sa.Column("crawl_id", sa.Integer(), nullable=False, comment="crawls.id"),
        sa.Column("host", sa.Text(), nullable=False, comment="The machine's name"),
        sa.Column("pid", sa.Integer(), nullable=False, comment="The process there"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="UTC"),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; NULL while it runs, and for one that was killed",
        ),
        sa.Column(
            "stats", sa.Text(), nullable=True, comment="JSON object: what it counted; NULL likewise"
        ),
        sa.ForeignKeyConstraint(
            ["crawl_id"], ["crawls.id"], name="fk_workers_crawl_id_crawls", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
        comment="A crawler that took part in a shared crawl",
    )
    op.create_index("ix_workers_crawl_id", "workers", ["crawl_id"])
    op.execute(COVERAGE_BY_DAY.format(day=DAY[dialect]))


def downgrade() -> None:
    op.execute("DROP VIEW coverage_by_day")
    op.drop_table("workers")
    op.drop_table("gaps")
    op.drop_index("ix_pages_entrances", "pages")
    for statement in reversed(COLUMNS):
        _, _, table, _, _, column, *_ = statement.split()
        op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
