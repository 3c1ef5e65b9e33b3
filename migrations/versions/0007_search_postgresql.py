"""Full-text search on PostgreSQL, as 0006 has it on SQLite.

``search_index.words`` is what is searched.  Whatever changes an article, its pictures' captions
or its authors makes it due, and at the end of the transaction it is indexed once.
"""

import unicodedata

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

CJK = "[\u3040-\ud7a3]"
PIECES_UP_TO = 8
PARTED = "[-/._@\\:~&=%#?+<>'’*|!()\\\\\"]+"
"""What the parser would take for a part of a word, an address, a number or a tag.  (translate()
takes twelve times as long: it looks through the list for each character.)"""
SHORT = "\\m(\\w)[sS]\\M"
"""Words of two letters that the stemmer would make one of; SQLite's leaves them: "us", "is"."""
LETTERS = [chr(code) for code in range(0xC0, 0x250)]
PLAIN = [unicodedata.normalize("NFD", letter)[0] for letter in LETTERS]
ACCENTED = {letter: plain for letter, plain in zip(LETTERS, PLAIN, strict=True) if plain.isascii()}
CHARACTERS = 20_000
"""How much is indexed of a body that is too much: the index of an article is 1 MB at most."""
WRITERS_TURN = 0x68616E69
"""The lock that writers hold while they write: nobody else takes a key meanwhile."""


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def cut(run: str) -> str:
    """Return the expression for a run of CJK cut into its pieces of two."""
    short = " ".join(
        f"WHEN {length} THEN "
        + " || ' ' || ".join(f"substr({run}, {i}, 2)" for i in range(1, length + 1))
        for length in range(2, PIECES_UP_TO + 1)
    )
    return f"""CASE length({run}) WHEN 1 THEN {run} {short} ELSE (
                SELECT string_agg(one || coalesce(next, ''), ' ' ORDER BY at)
                FROM (
                    SELECT one, at, lead(one) OVER (ORDER BY at) AS next
                    FROM unnest(string_to_array({run}, NULL)) WITH ORDINALITY AS each(one, at)
                ) AS pairs
            ) END"""


CONFIGURATION = (
    # The stemmer that SQLite's "porter" is; and no stop words: "The Who" can be found.
    "CREATE TEXT SEARCH DICTIONARY hani_porter (TEMPLATE = snowball, Language = porter)",
    'CREATE TEXT SEARCH CONFIGURATION hani (PARSER = "default")',
    """ALTER TEXT SEARCH CONFIGURATION hani ADD MAPPING FOR
        asciiword, word, numword, asciihword, hword, numhword, hword_asciipart, hword_part,
        hword_numpart, int, uint, float, sfloat, version, url, url_path, host, email, file
        WITH hani_porter""",
)
WORDS = f"""
    CREATE FUNCTION search_words(given text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
        words text := regexp_replace(
            regexp_replace(given, {quoted(PARTED)}, ' ', 'g'), {quoted(SHORT)}, '\\1s0', 'g'
        );
    BEGIN
        IF words ~ '[\u00c0-\u024f]' THEN
            words := translate(
                words, {quoted("".join(ACCENTED))}, {quoted("".join(ACCENTED.values()))}
            );
        END IF;
        IF words ~ '{CJK}' THEN
            SELECT string_agg(
                CASE WHEN found.run ~ '^{CJK}' THEN ' ' || {cut("found.run")} || ' '
                ELSE found.run END, '' ORDER BY found.place
            )
            INTO words
            FROM (
                SELECT run[1] AS run, place
                FROM regexp_matches(words, '{CJK}+|[^{CJK[1:-1]}]+', 'g')
                    WITH ORDINALITY AS match(run, place)
            ) AS found;
        END IF;
        RETURN words;
    END
    $$
"""
QUERY = f"""
    CREATE FUNCTION search_query(given text) RETURNS tsquery
    LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
    DECLARE
        part text;
        place bigint;
        query text := '';
    BEGIN
        FOR part, place IN
            SELECT * FROM unnest(string_to_array(given, '"')) WITH ORDINALITY
        LOOP
            IF place % 2 = 0 THEN
                query := query || '"' || regexp_replace(
                    search_words(part), '({CJK})({CJK}) +\\2 *$', '\\1\\2'
                ) || '"';
            ELSE
                SELECT query || coalesce(string_agg(
                    CASE WHEN run[1] ~ '^{CJK}' THEN ' "' || regexp_replace(
                        search_words(run[1]), '({CJK})({CJK}) +\\2 *$', '\\1\\2'
                    ) || '" '
                    ELSE regexp_replace(run[1], '(?<=\\w)[^\\w\\s]', ' ', 'g') END, ''
                    ORDER BY at
                ), '')
                INTO query
                FROM regexp_matches(part, '{CJK}+|[^{CJK[1:-1]}]+', 'g')
                    WITH ORDINALITY AS match(run, at);
            END IF;
        END LOOP;
        RETURN websearch_to_tsquery('hani', query);
    END
    $$
"""
TABLES = (
    """
    CREATE TABLE search_index (
        search_key bigint NOT NULL CONSTRAINT pk_search_index PRIMARY KEY,
        article_id integer NOT NULL CONSTRAINT uq_search_index_article_id UNIQUE
            CONSTRAINT fk_search_index_article_id_articles
            REFERENCES articles (id) ON DELETE CASCADE,
        words tsvector NOT NULL
    )
    """,
    # So that the planner knows how common a word is.
    "ALTER TABLE search_index ALTER COLUMN words SET STATISTICS 1000",
    """
    CREATE TABLE search_due (
        article_id integer NOT NULL CONSTRAINT pk_search_due PRIMARY KEY
            CONSTRAINT fk_search_due_article_id_articles
            REFERENCES articles (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
    )
    """,
)
GAP = "'''=''\\:1'::tsvector"  # a colon before a word would be a parameter
"""Keeps a phrase from reaching from one field into the next."""


def field(expression: str, weight: str) -> str:
    return f"setweight(to_tsvector('hani', search_words(coalesce({expression}, ''))), '{weight}')"


CAPTIONS = """(
            SELECT string_agg(caption, chr(10) ORDER BY position) FROM images
            WHERE images.article_id = articles.id
        )"""
AUTHORS = """(
            SELECT string_agg(name, chr(10) ORDER BY position)
            FROM bylines JOIN authors ON authors.id = bylines.author_id
            WHERE bylines.article_id = articles.id
        )"""
# A filter is one more word to be found; no word of a text begins with "=".  The body stands last:
# behind the 16,383rd word no place is known, and a phrase is not found.
VECTOR = f"""
        {field("articles.headline", "A")} || {GAP}
        || {field("articles.deck", "B")} || {GAP}
        || {field(CAPTIONS, "C")} || {GAP}
        || {field(AUTHORS, "B")} || {GAP}
        || {field("articles.body", "D")}
        || array_to_tsvector(array_remove(ARRAY[
            '=e:' || edition, '=s:' || section, '=l:' || lower(label)
        ] || ARRAY(
            SELECT DISTINCT '=a:' || author_id FROM bylines WHERE bylines.article_id = articles.id
        ), NULL))
"""
PART = f"""
            {field(f"left(articles.headline, {CHARACTERS})", "A")} || {GAP}
            || {field(f"left(articles.body, {CHARACTERS})", "D")}
            || array_to_tsvector(ARRAY['=e:' || edition])
"""
VECTOR_OF = f"""
    CREATE FUNCTION search_vector(wanted integer) RETURNS tsvector
    LANGUAGE plpgsql STABLE AS $$
    BEGIN
        RETURN (SELECT {VECTOR} FROM articles WHERE id = wanted);
    EXCEPTION WHEN program_limit_exceeded THEN
        RETURN (SELECT {PART} FROM articles WHERE id = wanted);
    END
    $$
"""
FIRST = "floor(extract(epoch FROM published_at AT TIME ZONE 'UTC') / 60)::bigint * 1024"
REFRESH = f"""
    CREATE FUNCTION search_refresh(wanted integer) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE
        found_words tsvector;
        first bigint;
        had bigint;
        key bigint;
        dated boolean;
    BEGIN
        SELECT search_vector(id), coalesce({FIRST}, id - 1152921504606846976),
            published_at IS NOT NULL
        INTO found_words, first, dated
        FROM articles WHERE id = wanted;
        IF NOT FOUND THEN
            RETURN;
        END IF;
        PERFORM pg_advisory_xact_lock({WRITERS_TURN});
        SELECT search_key INTO had FROM search_index WHERE article_id = wanted;
        IF had = first OR dated AND had BETWEEN first AND first + 1023 THEN
            key := had;
        ELSIF NOT dated THEN
            key := first;
        ELSE
            SELECT coalesce(max(search_key) + 1, first) INTO key FROM search_index
            WHERE search_key BETWEEN first AND first + 1023;
            IF key > first + 1023 THEN
                SELECT min(taken.search_key) + 1 INTO key FROM search_index AS taken
                WHERE taken.search_key >= first AND NOT EXISTS (
                    SELECT 1 FROM search_index AS other
                    WHERE other.search_key = taken.search_key + 1
                );
            END IF;
        END IF;
        INSERT INTO search_index (search_key, article_id, words)
        VALUES (key, wanted, found_words)
        ON CONFLICT (article_id)
            DO UPDATE SET search_key = excluded.search_key, words = excluded.words;
    END
    $$
"""
DONE = (
    """
    CREATE FUNCTION search_done() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM search_due WHERE article_id = NEW.article_id;
        IF FOUND THEN
            PERFORM search_refresh(NEW.article_id);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE CONSTRAINT TRIGGER search_due AFTER INSERT ON search_due
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION search_done()
    """,
)
KEPT = ("headline", "deck", "body", "published_at", "edition", "section", "label")
"""Columns of an article that the index depends on."""


def due(name: str, chosen: str) -> str:
    """Return the function that makes the articles due that *chosen* selects."""
    return f"""
        CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO search_due (article_id)
            {chosen}
            ON CONFLICT DO NOTHING;
            RETURN NULL;
        END
        $$
    """


CHANGED = " OR ".join(f"earlier.{name} IS DISTINCT FROM later.{name}" for name in KEPT)
FUNCTIONS = {
    "search_article_new": "SELECT id FROM later",
    "search_article_changed": f"SELECT later.id FROM later JOIN earlier USING (id) WHERE {CHANGED}",
    "search_part_new": "SELECT DISTINCT article_id FROM later",
    # With its article, a picture goes too: then there is nothing to be indexed.
    "search_part_gone": "SELECT DISTINCT article_id FROM earlier"
    " WHERE EXISTS (SELECT 1 FROM articles WHERE id = article_id)",
    "search_part_changed": "SELECT article_id FROM later UNION SELECT article_id FROM earlier",
    "search_author_changed": "SELECT DISTINCT article_id FROM bylines WHERE author_id IN ("
    "SELECT id FROM later JOIN earlier USING (id) WHERE later.name <> earlier.name)",
}
NEW, OLD = "NEW TABLE AS later", "OLD TABLE AS earlier"
TRIGGERS = [
    ("articles", "INSERT", NEW, "search_article_new"),
    ("articles", "UPDATE", f"{OLD} {NEW}", "search_article_changed"),
    ("authors", "UPDATE", f"{OLD} {NEW}", "search_author_changed"),
    *[
        row
        for table in ("images", "bylines")
        for row in (
            (table, "INSERT", NEW, "search_part_new"),
            (table, "UPDATE", f"{OLD} {NEW}", "search_part_changed"),
            (table, "DELETE", OLD, "search_part_gone"),
        )
    ],
]
# May be asked like the FTS5 table of that name: SELECT ... FROM article_search('words').
SEARCH = """
    CREATE FUNCTION article_search(query text)
    RETURNS TABLE (rowid bigint, article_id integer, rank real)
    LANGUAGE sql STABLE PARALLEL SAFE AS $$
        SELECT search_index.search_key, search_index.article_id,
            -ts_rank(search_index.words, search_query(query))
        FROM search_index WHERE search_index.words @@ search_query(query)
    $$
"""


# At once what is stored already; those of one minute beyond 1024 after it.
FILL = (
    f"""
    INSERT INTO search_index (search_key, article_id, words)
    SELECT coalesce(first + place - 1, id - 1152921504606846976), id, search_vector(id)
    FROM (
        SELECT *, row_number() OVER (PARTITION BY first ORDER BY id) AS place
        FROM (SELECT *, {FIRST} AS first FROM articles) AS dated
    ) AS placed
    WHERE first IS NULL OR place <= 1024
    """,
    "CREATE INDEX ix_search_index_words ON search_index USING gin (words)",
    """
    SELECT count(search_refresh(id)) FROM articles
    WHERE NOT EXISTS (SELECT 1 FROM search_index WHERE article_id = articles.id)
    """,
    "ANALYZE search_index",
)


def is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def upgrade() -> None:
    if not is_postgresql():
        return
    for statement in (*CONFIGURATION, WORDS, QUERY, *TABLES, VECTOR_OF, REFRESH, *DONE):
        op.execute(statement)
    for name, chosen in FUNCTIONS.items():
        op.execute(due(name, chosen))
    for table, event, rows, function in TRIGGERS:
        op.execute(
            f"CREATE TRIGGER search_{event.lower()} AFTER {event} ON {table}"
            f" REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
        )
    op.execute(SEARCH)
    for statement in FILL:
        op.execute(statement)


def downgrade() -> None:
    if not is_postgresql():
        return
    op.execute("DROP FUNCTION article_search(text)")
    for table, event, _, _ in TRIGGERS:
        op.execute(f"DROP TRIGGER search_{event.lower()} ON {table}")
    for table in ("search_due", "search_index"):
        op.execute(f"DROP TABLE {table}")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION {name}()")
    for function in (
        "search_done()",
        "search_refresh(integer)",
        "search_vector(integer)",
        "search_query(text)",
        "search_words(text)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP TEXT SEARCH CONFIGURATION hani")
    op.execute("DROP TEXT SEARCH DICTIONARY hani_porter")
