-- title: What did it write on something in a month?
-- tells: Articles of a month with some words in headline, deck, body, captions or authors, the newest first.
-- command: hanicrawler search '"rice mill" OR lighthouse' --since 2024-06-01 --until 2024-06-30
-- browser: /hanicrawler/wrote-on
-- :words: "rice mill" OR lighthouse
-- :since: 2024-06-01
-- :until: 2024-06-30

WITH period(first_key, end_key) AS (
    SELECT
        CAST(round((julianday(datetime(:since, '-9 hours')) - 2440587.5) * 1440) AS bigint) * 1024,
        CAST(round((julianday(datetime(:until, '+15 hours')) - 2440587.5) * 1440) AS bigint) * 1024
)
SELECT articles.published_at, articles.section, articles.headline, articles.url
FROM period
CROSS JOIN article_search(:words) AS found
CROSS JOIN search_index
CROSS JOIN articles
WHERE found.rowid >= period.first_key
    AND found.rowid < period.end_key
    AND search_index.search_key = found.rowid
    AND articles.id = search_index.article_id
ORDER BY found.rowid DESC
LIMIT 50
