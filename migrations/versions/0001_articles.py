"""Articles and what belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours; joins the other tables"),
        sa.Column("edition", sa.Text(), nullable=False, comment="en, ko, ja or zh"),
        sa.Column(
            "source_id",
            sa.Integer(),
            nullable=False,
            comment="The site's id; unique within an edition",
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=False,
            comment="Canonical, as last seen; a section may be renamed",
        ),
        sa.Column("section", sa.Text(), nullable=True, comment="The section's code, e_northkorea"),
        sa.Column(
            "section_name", sa.Text(), nullable=True, comment="The section's name as printed"
        ),
        sa.Column(
            "label",
            sa.Text(),
            nullable=True,
            comment="Photo, Editorial, News analysis; without brackets",
        ),
        sa.Column("headline", sa.Text(), nullable=False, comment="As printed"),
        sa.Column(
            "deck", sa.Text(), nullable=True, comment="The lines below the headline, as printed"
        ),
        sa.Column("body", sa.Text(), nullable=False, comment="Paragraphs parted by a blank line"),
        sa.Column("byline", sa.Text(), nullable=True, comment="As printed; NULL where none is"),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; NULL where the printed date is impossible",
        ),
        sa.Column(
            "modified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; the site's own time of its last change",
        ),
        sa.Column(
            "published_text", sa.Text(), nullable=True, comment="The date of posting as printed"
        ),
        sa.Column(
            "modified_text", sa.Text(), nullable=True, comment="The date of change as printed"
        ),
        sa.Column("contact", sa.Text(), nullable=True, comment="The contact line as printed"),
        sa.Column("original_url", sa.Text(), nullable=True, comment="URL of the Korean original"),
        sa.Column(
            "original_source_id",
            sa.Integer(),
            nullable=True,
            comment="The site's id of the Korean original",
        ),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="Number of the revision this is"
        ),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="sha256 over headline, deck, body and byline; white space does not count",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when it was first stored",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when it was last seen live, changed or not",
        ),
        sa.Column(
            "captured_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when the page that this row was read from was fetched",
        ),
        sa.Column(
            "gone_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; when the site first said it is gone (404, 410); NULL while it is live",
        ),
        sa.Column(
            "template", sa.Text(), nullable=False, comment="How the page was read, english-2018"
        ),
        sa.Column(
            "layers",
            sa.Text(),
            nullable=False,
            comment="JSON object: field to the layer that gave it (as in coverage)",
        ),
        sa.CheckConstraint("edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_articles_edition")),
        sa.CheckConstraint("trim(body) <> ''", name=op.f("ck_articles_body")),
        sa.CheckConstraint("trim(headline) <> ''", name=op.f("ck_articles_headline")),
        sa.CheckConstraint("trim(template) <> ''", name=op.f("ck_articles_template")),
        sa.CheckConstraint("last_seen_at >= first_seen_at", name=op.f("ck_articles_last_seen_at")),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_articles_content_hash")),
        sa.CheckConstraint("length(url) BETWEEN 1 AND 2000", name=op.f("ck_articles_url")),
        sa.CheckConstraint("modified_at >= published_at", name=op.f("ck_articles_modified_at")),
        sa.CheckConstraint(
            "original_source_id BETWEEN 1 AND 2147483647",
            name=op.f("ck_articles_original_source_id"),
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_articles_revision")),
        sa.CheckConstraint(
            "source_id BETWEEN 1 AND 2147483647", name=op.f("ck_articles_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("edition", "source_id", name=op.f("uq_articles_edition_source_id")),
        comment="An article as last seen",
    )
    op.create_index(op.f("ix_articles_original_source_id"), "articles", ["original_source_id"])
    op.create_index(op.f("ix_articles_published_at"), "articles", ["published_at"])
    op.create_index(
        op.f("ix_articles_section_published_at"), "articles", ["section", "published_at"]
    )
    op.create_index(op.f("ix_articles_url"), "articles", ["url"])
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), nullable=False, comment="Ours; joins bylines"),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="As printed, spacing and slips mended"
        ),
        sa.Column(
            "language", sa.Text(), nullable=False, comment="The script of the name, en or ko"
        ),
        sa.CheckConstraint("language IN ('en', 'ko')", name=op.f("ck_authors_language")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_authors_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("name", "language", name=op.f("uq_authors_name_language")),
        comment="A person or agency that signs articles",
    )
    op.create_table(
        "most_viewed",
        sa.Column("edition", sa.Text(), nullable=False, comment="Whose pages show the ranking"),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when this ranking was first seen",
        ),
        sa.Column("position", sa.Integer(), nullable=False, comment="From 1"),
        sa.Column(
            "source_id",
            sa.Integer(),
            nullable=True,
            comment="The site's id of the article; NULL where the link names none",
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=False,
            comment="Absolute; canonical for an article of the site",
        ),
        sa.Column("headline", sa.Text(), nullable=False, comment="The link's words; may be empty"),
        sa.CheckConstraint(
            "edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_most_viewed_edition")
        ),
        sa.CheckConstraint("trim(url) <> ''", name=op.f("ck_most_viewed_url")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_most_viewed_position")),
        sa.CheckConstraint(
            "source_id BETWEEN 1 AND 2147483647", name=op.f("ck_most_viewed_source_id")
        ),
        sa.PrimaryKeyConstraint("edition", "seen_at", "position", name=op.f("pk_most_viewed")),
        comment="A place in a ranking at a time; a ranking equal to the last is not repeated",
    )
    op.create_index(
        op.f("ix_most_viewed_edition_source_id"), "most_viewed", ["edition", "source_id"]
    )
    op.create_table(
        "bylines",
        sa.Column("position", sa.Integer(), nullable=False, comment="From 1, in printed order"),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="authors.id"),
        sa.Column(
            "role",
            sa.Text(),
            nullable=True,
            comment="The whole title in the singular, staff reporter; NULL for an agency",
        ),
        sa.Column("place", sa.Text(), nullable=True, comment="Where the author is, Washington"),
        sa.Column("email", sa.Text(), nullable=True, comment="As printed"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="articles.id"),
        sa.CheckConstraint("position >= 1", name=op.f("ck_bylines_position")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_bylines_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["authors.id"], name=op.f("fk_bylines_author_id_authors")
        ),
        sa.PrimaryKeyConstraint("position", "article_id", name=op.f("pk_bylines")),
        comment="An author of an article",
    )
    op.create_index(op.f("ix_bylines_author_id_article_id"), "bylines", ["author_id", "article_id"])
    op.create_table(
        "images",
        sa.Column("position", sa.Integer(), nullable=False, comment="From 1, in printed order"),
        sa.Column("url", sa.Text(), nullable=False, comment="Absolute, as the page links it"),
        sa.Column("caption", sa.Text(), nullable=True, comment="As printed, its credit included"),
        sa.Column(
            "credit", sa.Text(), nullable=True, comment="Who made or provided it, KCNA/Yonhap"
        ),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="articles.id"),
        sa.CheckConstraint("trim(url) <> ''", name=op.f("ck_images_url")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_images_position")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_images_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "article_id", name=op.f("pk_images")),
        comment="A picture of an article",
    )
    op.create_table(
        "related_stories",
        sa.Column("position", sa.Integer(), nullable=False, comment="From 1, in printed order"),
        sa.Column(
            "edition",
            sa.Text(),
            nullable=True,
            comment="With source_id: the article it links to; NULL for any other page",
        ),
        sa.Column(
            "source_id", sa.Integer(), nullable=True, comment="The site's id of that article"
        ),
        sa.Column(
            "url",
            sa.Text(),
            nullable=False,
            comment="Absolute; canonical for an article of the site",
        ),
        sa.Column("headline", sa.Text(), nullable=False, comment="The link's words; may be empty"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="articles.id"),
        sa.CheckConstraint(
            "edition IN ('en', 'ko', 'ja', 'zh')", name=op.f("ck_related_stories_edition")
        ),
        sa.CheckConstraint("trim(url) <> ''", name=op.f("ck_related_stories_url")),
        sa.CheckConstraint(
            "(edition IS NULL) = (source_id IS NULL)", name=op.f("ck_related_stories_key")
        ),
        sa.CheckConstraint("position >= 1", name=op.f("ck_related_stories_position")),
        sa.CheckConstraint(
            "source_id BETWEEN 1 AND 2147483647", name=op.f("ck_related_stories_source_id")
        ),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_related_stories_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("position", "article_id", name=op.f("pk_related_stories")),
        comment="A related story that an article names; it may not be stored itself",
    )
    op.create_index(
        op.f("ix_related_stories_edition_source_id"), "related_stories", ["edition", "source_id"]
    )
    op.create_table(
        "revisions",
        sa.Column("number", sa.Integer(), nullable=False, comment="From 1, without gaps"),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="UTC; when this version was first seen",
        ),
        sa.Column(
            "modified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="UTC; the site's own time, then",
        ),
        sa.Column("headline", sa.Text(), nullable=False, comment="As printed"),
        sa.Column("deck", sa.Text(), nullable=True, comment="As printed"),
        sa.Column("body", sa.Text(), nullable=False, comment="Paragraphs parted by a blank line"),
        sa.Column("byline", sa.Text(), nullable=True, comment="As printed"),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="As in articles"),
        sa.Column(
            "silent",
            sa.Boolean(),
            nullable=False,
            comment="The text changed and the site's own modified time did not",
        ),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="articles.id"),
        sa.CheckConstraint("trim(body) <> ''", name=op.f("ck_revisions_body")),
        sa.CheckConstraint("trim(headline) <> ''", name=op.f("ck_revisions_headline")),
        sa.CheckConstraint("length(content_hash) = 64", name=op.f("ck_revisions_content_hash")),
        sa.CheckConstraint("number >= 1", name=op.f("ck_revisions_number")),
        sa.ForeignKeyConstraint(
            ["article_id"],
            ["articles.id"],
            name=op.f("fk_revisions_article_id_articles"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", "article_id", name=op.f("pk_revisions")),
        comment="A version of an article that was seen, in the words the site printed",
    )
    op.create_index(op.f("ix_revisions_seen_at"), "revisions", ["seen_at"])


def downgrade() -> None:
    op.drop_table("revisions")
    op.drop_table("related_stories")
    op.drop_table("images")
    op.drop_table("bylines")
    op.drop_table("most_viewed")
    op.drop_table("authors")
    op.drop_table("articles")
