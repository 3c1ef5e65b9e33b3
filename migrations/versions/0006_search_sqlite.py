"""Full-text search on SQLite, which the database itself keeps true.

``search_index`` has a row for each article: the key by which found articles are sorted, which is
the minute of publication and a number within it.  Triggers on it keep the FTS5 table
``article_search`` in step, which has no copy of the texts.  Whatever changes an article, its
pictures' captions or its authors takes the row away and puts it back.

Korean has no spaces where a reader looks for a word: 북한 stands in 북한이.  So each run of
Hangul, Kana or Chinese characters is indexed as its overlapping pieces of two (북한 한이 이), as
search engines do; a word is then the phrase of its pieces.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CJK = "\u3040-\ud7a3"
PIECES_UP_TO = 8
"""Characters of a word that SQLite cuts by one expression; a longer one is walked through."""

PART = 64
"""Characters that are walked through at a time."""

SPACE = ",.·…‘’“”()?!"
"""What most often touches a Korean word without a space: SQLite splits at spaces only."""


def pieces(text: str) -> str:
    """Return the expression for *text* with its runs of CJK cut into pieces.

    Made for speed: the trigger runs for every article.  A text without CJK is left as it is.
    """
    spaced = text
    for character in SPACE:
        spaced = f"replace({spaced}, '{character}', ' ')"
    words = f"""json_each('[' || replace(json_quote({spaced}), ' ', '","') || ']')"""
    cut = " ".join(
        f"WHEN {length} THEN "
        + " || ' ' || ".join(f"substr(word, {i}, 2)" for i in range(1, length + 1))
        for length in range(2, PIECES_UP_TO + 1)
    )
    # Chinese has no spaces at all: by the part, for to find a character takes as long as it is far.
    walked = f"""(
            WITH RECURSIVE parts(part, rest) AS (
                SELECT substr(word, 1, {PART} + 1), substr(word, {PART} + 1)
                UNION ALL
                SELECT substr(rest, 1, {PART} + 1), substr(rest, {PART} + 1)
                FROM parts WHERE rest <> ''
            )
            SELECT group_concat((
                WITH RECURSIVE walk(at, piece) AS (
                    SELECT 1, substr(part, 1, 2)
                    UNION ALL
                    SELECT at + 1, substr(part, at + 1, 2)
                    FROM walk WHERE at < min(length(part), {PART})
                )
                SELECT group_concat(
                    CASE
                        WHEN piece GLOB '[{CJK}][{CJK}]' THEN ' ' || piece
                        WHEN piece GLOB '[{CJK}]*' THEN ' ' || substr(piece, 1, 1) || ' '
                        ELSE substr(piece, 1, 1)
                    END, ''
                ) FROM walk
            ), '') FROM parts
        )"""
    return f"""CASE WHEN {text} GLOB '*[{CJK}]*' THEN (
        SELECT group_concat(
            CASE
                WHEN word NOT GLOB '*[^{CJK}]*' THEN
                    CASE length(word) WHEN 0 THEN '' WHEN 1 THEN word {cut} ELSE {walked} END
                WHEN word NOT GLOB '*[{CJK}]*' THEN word
                ELSE {walked}
            END, ' '
        )
        FROM (SELECT value AS word FROM {words})
    ) ELSE {text} END"""


CAPTIONS = """(
        SELECT group_concat(caption, char(10)) FROM (
            SELECT caption FROM images
            WHERE images.article_id = articles.id AND caption IS NOT NULL ORDER BY position
        )
    )"""
AUTHORS = """(
        SELECT group_concat(name, char(10)) FROM (
            SELECT name FROM bylines JOIN authors ON authors.id = bylines.author_id
            WHERE bylines.article_id = articles.id ORDER BY position
        )
    )"""
# A filter is one more word to be found, so that it costs what a word costs.  The 0 at its end
# keeps the stemmer away.
FILTERS = """(
        'fe' || hex(edition) || '0'
        || CASE WHEN section IS NULL THEN '' ELSE ' fs' || hex(section) || '0' END
        || CASE WHEN label IS NULL THEN '' ELSE ' fl' || hex(lower(label)) || '0' END
        || coalesce((
            SELECT group_concat(' fa' || author_id || '0', '')
            FROM bylines WHERE bylines.article_id = articles.id
        ), '')
    )"""
COLUMNS = ("headline", "deck", "body", "captions", "authors", "filters")
TEXTS = f"""
    CREATE VIEW search_texts AS
    SELECT
        search_key,
        article_id,
        {pieces("headline")} AS headline,
        {pieces("deck")} AS deck,
        {pieces("body")} AS body,
        {pieces("captions")} AS captions,
        {pieces("authors")} AS authors,
        filters
    FROM (
        SELECT
            search_index.search_key AS search_key,
            search_index.article_id AS article_id,
            articles.headline AS headline,
            articles.deck AS deck,
            articles.body AS body,
            {CAPTIONS} AS captions,
            {AUTHORS} AS authors,
            {FILTERS} AS filters
        FROM search_index JOIN articles ON articles.id = search_index.article_id
    )
"""
KEPT = ("headline", "deck", "body", "published_at", "edition", "section", "label")
"""Columns of an article that the index depends on."""

# The first free number of the minute; of an article without a date, its id, before all dates.
KEY = """
    SELECT
        CASE
            WHEN published_at IS NULL THEN id - 1152921504606846976
            WHEN last IS NULL THEN first
            WHEN last < first + 1023 THEN last + 1
            ELSE (
                SELECT min(taken.search_key) + 1 FROM search_index AS taken
                WHERE taken.search_key >= first AND NOT EXISTS (
                    SELECT 1 FROM search_index AS other
                    WHERE other.search_key = taken.search_key + 1
                )
            )
        END AS search_key,
        id AS article_id
    FROM (
        SELECT
            id, published_at, first,
            (
                SELECT max(search_key) FROM search_index
                WHERE search_key BETWEEN first AND first + 1023
            ) AS last
        FROM (
            SELECT
                id, published_at,
                CAST(strftime('%s', published_at) AS INTEGER) / 60 * 1024 AS first
            FROM articles
            WHERE id = {id} AND id NOT IN (SELECT article_id FROM search_index)
        )
    )
"""
SEARCH = f"""
    CREATE VIRTUAL TABLE article_search USING fts5(
        {", ".join(COLUMNS)}, content="",
        tokenize="porter unicode61 remove_diacritics 2"
    )
"""
# A batch of a crawl is small, and merging is half of what indexing costs: later is soon enough.
MERGING = "INSERT INTO article_search (article_search, rank) VALUES ('automerge', 8)"
DUE = """
    CREATE TABLE search_due (
        article_id INTEGER NOT NULL CONSTRAINT pk_search_due PRIMARY KEY,
        CONSTRAINT fk_search_due_article_id_articles FOREIGN KEY (article_id)
            REFERENCES articles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
    )
"""
INDEX = """
    CREATE TABLE search_index (
        search_key INTEGER NOT NULL CONSTRAINT pk_search_index PRIMARY KEY,
        article_id INTEGER NOT NULL CONSTRAINT uq_search_index_article_id UNIQUE,
        CONSTRAINT fk_search_index_article_id_articles FOREIGN KEY (article_id)
            REFERENCES articles (id)
    )
"""


def trigger(name: str, event: str, body: str) -> str:
    return f"CREATE TRIGGER search_{name} {event} BEGIN {body} END"


def triggers() -> list[str]:
    """Return what keeps ``article_search`` true.

    What is about to change leaves the index with the words it was indexed by; what has changed
    is due.  It is indexed at once, but where ``search_due`` holds the row -1: then when the
    writer deletes all of ``search_due``, so that an article and its pictures are read once.  No
    transaction can be committed with that row, for there is no article -1.
    """
    texts = ", ".join(COLUMNS)
    changed = " OR ".join(f"old.{name} IS NOT new.{name}" for name in KEPT)
    out = "DELETE FROM search_index WHERE article_id = {id};"
    due = "INSERT INTO search_due (article_id) VALUES ({id}) ON CONFLICT DO NOTHING;"
    made = [
        trigger(
            "indexed",
            "AFTER INSERT ON search_index",
            f"INSERT INTO article_search (rowid, {texts})"
            f" SELECT search_key, {texts} FROM search_texts WHERE search_key = new.search_key;",
        ),
        trigger(
            "unindexed",
            "BEFORE DELETE ON search_index",
            f"INSERT INTO article_search (article_search, rowid, {texts})"
            f" SELECT 'delete', search_key, {texts} FROM search_texts"
            " WHERE search_key = old.search_key;",
        ),
        trigger(
            "due",
            "AFTER INSERT ON search_due"
            " WHEN NOT EXISTS (SELECT 1 FROM search_due WHERE article_id = -1)",
            "DELETE FROM search_due WHERE article_id = new.article_id;",
        ),
        trigger(
            "done",
            "AFTER DELETE ON search_due WHEN old.article_id <> -1",
            "INSERT INTO search_index (search_key, article_id)"
            f" {KEY.format(id='old.article_id').strip()};",
        ),
        trigger("article_new", "AFTER INSERT ON articles", due.format(id="new.id")),
        trigger(
            "article_before",
            f"BEFORE UPDATE OF {', '.join(KEPT)} ON articles WHEN {changed}",
            out.format(id="old.id"),
        ),
        trigger(
            "article_after",
            f"AFTER UPDATE OF {', '.join(KEPT)} ON articles WHEN {changed}",
            due.format(id="new.id"),
        ),
        trigger(
            "article_gone",
            "BEFORE DELETE ON articles",
            out.format(id="old.id")
            + " DELETE FROM search_due WHERE article_id = old.id;"
            # What was due and is put into the index by that.
            + out.format(id="old.id"),
        ),
    ]
    for table, name in (("images", "picture"), ("bylines", "byline")):
        for verb, ids in (
            ("INSERT", ("new",)),
            ("UPDATE", ("old", "new")),
            ("DELETE", ("old",)),
        ):
            before = " ".join(out.format(id=f"{each}.article_id") for each in ids)
            # With its article, a picture goes too: then there is nothing to be indexed.
            after = " ".join(
                f"INSERT INTO search_due (article_id) SELECT id FROM articles"
                f" WHERE id = {each}.article_id ON CONFLICT DO NOTHING;"
                for each in ids
            )
            made += [
                trigger(f"{name}_{verb.lower()}_before", f"BEFORE {verb} ON {table}", before),
                trigger(f"{name}_{verb.lower()}_after", f"AFTER {verb} ON {table}", after),
            ]
    signed = "(SELECT article_id FROM bylines WHERE author_id = old.id)"
    made += [
        trigger(
            "author_before",
            "BEFORE UPDATE OF name ON authors WHEN old.name IS NOT new.name",
            f"DELETE FROM search_index WHERE article_id IN {signed};",
        ),
        trigger(
            "author_after",
            "AFTER UPDATE OF name ON authors WHEN old.name IS NOT new.name",
            "INSERT INTO search_due (article_id) SELECT DISTINCT article_id FROM bylines"
            " WHERE author_id = old.id ON CONFLICT DO NOTHING;",
        ),
    ]
    return made


# At once what is stored already; those of one minute beyond 1024 are due after it.
FILL = """
    INSERT INTO search_index (search_key, article_id)
    SELECT
        CASE WHEN published_at IS NULL THEN id - 1152921504606846976
        ELSE first + place - 1 END,
        id
    FROM (
        SELECT
            id, published_at, first,
            row_number() OVER (PARTITION BY first ORDER BY id) AS place
        FROM (
            SELECT
                id, published_at,
                CAST(strftime('%s', published_at) AS INTEGER) / 60 * 1024 AS first
            FROM articles
        )
    )
    WHERE published_at IS NULL OR place <= 1024
"""
REST = """
    INSERT INTO search_due (article_id)
    SELECT id FROM articles WHERE id NOT IN (SELECT article_id FROM search_index)
"""


ALL = f"""
    INSERT INTO article_search (rowid, {", ".join(COLUMNS)})
    SELECT search_key, {", ".join(COLUMNS)} FROM search_texts ORDER BY search_key
"""


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def upgrade() -> None:
    if not is_sqlite():
        return
    for statement in (INDEX, DUE, TEXTS, SEARCH, FILL):
        op.execute(statement)
    op.execute(MERGING)
    op.execute(ALL)
    for statement in triggers():
        op.execute(statement)
    op.execute(REST)


def downgrade() -> None:
    if not is_sqlite():
        return
    for statement in triggers():
        op.execute(f"DROP TRIGGER {statement.split()[2]}")
    for statement in (
        "DROP TABLE article_search",
        "DROP VIEW search_texts",
        "DROP TABLE search_due",
        "DROP TABLE search_index",
    ):
        op.execute(statement)
