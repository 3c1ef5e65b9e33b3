"""Views for people who write SQL by hand."""

from alembic import op

revision = "0003"
down_revision = "0002"
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

ARTICLE_LIST = """
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

TRANSLATIONS = """
    CREATE VIEW translations AS
    SELECT
        english.id AS english_id,
        english.source_id AS english_source_id,
        english.url AS english_url,
        english.published_at AS english_published_at,
        english.headline AS english_headline,
        english.deck AS english_deck,
        english.body AS english_body,
        korean.id AS korean_id,
        english.original_source_id AS korean_source_id,
        coalesce(korean.url, english.original_url) AS korean_url,
        korean.published_at AS korean_published_at,
        korean.headline AS korean_headline,
        korean.deck AS korean_deck,
        korean.body AS korean_body
    FROM articles AS english
    LEFT JOIN articles AS korean
        ON korean.edition = 'ko' AND korean.source_id = english.original_source_id
    WHERE english.edition = 'en' AND english.original_source_id IS NOT NULL
"""

STORY_GRAPH = """
    CREATE VIEW story_graph AS
    SELECT
        articles.id AS article_id,
        articles.edition AS edition,
        articles.source_id AS source_id,
        articles.published_at AS published_at,
        articles.headline AS headline,
        related_stories.position AS position,
        target.id AS related_id,
        related_stories.edition AS related_edition,
        related_stories.source_id AS related_source_id,
        related_stories.url AS related_url,
        target.published_at AS related_published_at,
        target.headline AS related_headline,
        related_stories.headline AS link_headline
    FROM related_stories
    JOIN articles ON articles.id = related_stories.article_id
    LEFT JOIN articles AS target
        ON target.edition = related_stories.edition
        AND target.source_id = related_stories.source_id
"""

RANKING_HISTORY = """
    CREATE VIEW ranking_history AS
    SELECT
        most_viewed.edition AS edition,
        most_viewed.seen_at AS seen_at,
        (
            SELECT min(later.seen_at) FROM most_viewed AS later
            WHERE later.edition = most_viewed.edition AND later.seen_at > most_viewed.seen_at
        ) AS replaced_at,
        most_viewed.position AS position,
        articles.id AS article_id,
        most_viewed.source_id AS source_id,
        most_viewed.url AS url,
        coalesce(articles.headline, most_viewed.headline) AS headline,
        articles.section AS section,
        articles.published_at AS published_at
    FROM most_viewed
    LEFT JOIN articles
        ON articles.edition = most_viewed.edition AND articles.source_id = most_viewed.source_id
"""


def upgrade() -> None:
    authors = AUTHORS[op.get_bind().dialect.name].strip()
    op.execute(ARTICLE_LIST.format(authors=authors))
    op.execute(TRANSLATIONS)
    op.execute(STORY_GRAPH)
    op.execute(RANKING_HISTORY)


def downgrade() -> None:
    for view in ("ranking_history", "story_graph", "translations", "article_list"):
        op.execute(f"DROP VIEW {view}")
