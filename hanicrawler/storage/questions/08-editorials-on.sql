-- title: What did its editorials of a year say about something?
-- tells: Editorials of a year with some words in them, the newest first.
-- command: hanicrawler search lighthouse --section english_editorials --since 2024-01-01 --until 2024-12-31
-- browser: /hanicrawler/editorials-on
-- :words: lighthouse
-- :since: 2024-01-01
-- :until: 2024-12-31

WITH period(first_key, end_key) AS (
    SELECT
        CAST(round((julianday(datetime(:since, '-9 hours')) - 2440587.5) * 1440) AS bigint) * 1024,
        CAST(round((julianday(datetime(:until, '+15 hours')) - 2440587.5) * 1440) AS bigint) * 1024
)
SELECT articles.published_at, articles.headline, articles.deck, articles.url
FROM period
CROSS JOIN article_search(:words) AS found
CROSS JOIN search_index
CROSS JOIN articles
WHERE found.rowid >= period.first_key
    AND found.rowid < period.end_key
    AND search_index.search_key = found.rowid
    AND articles.id = search_index.article_id
    AND articles.section = 'english_editorials'
ORDER BY found.rowid DESC
LIMIT 50
