"""What asking needs: the Korean day of an article, its edits side by side."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

AUTHORS = {
    "sqlite": """
        SELECT group_concat(name, '; ')
        FROM (
            SELECT authors.name AS name
            FROM bylines JOIN authors ON authors.id = bylines.author_id
            WHERE bylines.article_id = articles.id
            ORDER BY bylines.position
        )
    """,
    "postgresql": """
        SELECT string_agg(authors.name, '; ' ORDER BY bylines.position)
        FROM bylines JOIN authors ON authors.id = bylines.author_id
        WHERE bylines.article_id = articles.id
    """,
}
DAY = {
    "sqlite": "date(articles.published_at, '+9 hours')",
    "postgresql": "to_char(articles.published_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD')",
}
BEFORE = """
    CREATE VIEW article_list AS
    SELECT
        articles.id,
        articles.edition,
        articles.source_id,
        articles.published_at,
        articles.modified_at,
        articles.section,
        articles.section_name,
        articles.label,
        articles.headline,
        articles.deck,
        ({authors}) AS authors,
        articles.url,
        articles.revision,
        articles.first_seen_at,
        articles.last_seen_at,
        articles.gone_at
    FROM articles
"""
ARTICLE_LIST = BEFORE.replace("articles.gone_at", "articles.gone_at,\n        {day} AS day")
EDITS = """
    CREATE VIEW edits AS
    SELECT
        articles.id AS article_id,
        articles.edition AS edition,
        articles.source_id AS source_id,
        articles.url AS url,
        articles.section AS section,
        articles.published_at AS published_at,
        later.number AS number,
        later.seen_at AS seen_at,
        later.silent AS silent,
        earlier.headline AS headline_before,
        later.headline AS headline,
        earlier.deck AS deck_before,
        later.deck AS deck,
        earlier.byline AS byline_before,
        later.byline AS byline,
        earlier.body AS body_before,
        later.body AS body
    FROM revisions AS later
    JOIN revisions AS earlier
        ON earlier.article_id = later.article_id AND earlier.number = later.number - 1
    JOIN articles ON articles.id = later.article_id
    WHERE later.number > 1
"""

# What belongs to an article is asked for by the article: their keys begin with the position.
OF_ARTICLE = {
    "bylines": "position",
    "images": "position",
    "related_stories": "position",
    "revisions": "number",
}
# SQLite's own functions of these names, for SQL that runs on both: the moment that lies so far
# from another one, '2024-06-01', '-9 hours' being a midnight in Korea; and days between moments.
FUNCTIONS = """
    CREATE FUNCTION datetime(moment text, shift text) RETURNS timestamptz
        LANGUAGE sql STABLE PARALLEL SAFE
        AS $$
            SELECT CAST(shift AS interval) + CASE WHEN moment = 'now' THEN now()
                ELSE CAST(moment AS timestamp) AT TIME ZONE 'UTC' END
        $$;
    CREATE FUNCTION julianday(moment timestamptz) RETURNS numeric
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        AS $$ SELECT extract(epoch FROM moment) / 86400 + 2440587.5 $$
"""


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.execute("DROP VIEW article_list")
    op.execute(ARTICLE_LIST.format(authors=AUTHORS[dialect].strip(), day=DAY[dialect]))
    op.execute(EDITS)
    edited = sa.text("number > 1")
    op.create_index(
        "ix_revisions_edits",
        "revisions",
        ["silent", "seen_at"],
        sqlite_where=edited,
        postgresql_where=edited,
    )
    # Without it, SQLite goes through an edition's whole unique key for a month of it.
    op.create_index("ix_articles_edition_published_at", "articles", ["edition", "published_at"])
    is_gone = sa.text("gone_at IS NOT NULL")
    op.create_index(
        "ix_articles_gone_at",
        "articles",
        ["gone_at"],
        sqlite_where=is_gone,
        postgresql_where=is_gone,
    )
    for table, second in OF_ARTICLE.items():
        op.create_index(f"ix_{table}_article_id_{second}", table, ["article_id", second])
    if dialect == "postgresql":
        for statement in FUNCTIONS.split(";"):
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION julianday(timestamptz)")
        op.execute("DROP FUNCTION datetime(text, text)")
    for table, second in OF_ARTICLE.items():
        op.drop_index(f"ix_{table}_article_id_{second}", table)
    op.drop_index("ix_articles_gone_at", "articles")
    op.drop_index("ix_articles_edition_published_at", "articles")
    op.drop_index("ix_revisions_edits", "revisions")
    op.execute("DROP VIEW edits")
    op.execute("DROP VIEW article_list")
    op.execute(BEFORE.format(authors=AUTHORS[op.get_bind().dialect.name].strip()))
