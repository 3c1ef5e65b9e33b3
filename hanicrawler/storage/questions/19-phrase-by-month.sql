-- title: How often did a word or a phrase stand in it, month by month?
-- tells: Months of the Korean calendar, with how many English articles had the words; write "a phrase" in double quotes.
-- command: hanicrawler question phrase-by-month
-- browser: /hanicrawler/phrase-by-month
-- :words: lighthouse
-- :since: 2024-01-01
-- :until: 2024-12-31

WITH period(first_key, end_key) AS (
    SELECT
        CAST(round((julianday(datetime(:since, '-9 hours')) - 2440587.5) * 1440) AS bigint) * 1024,
        CAST(round((julianday(datetime(:until, '+15 hours')) - 2440587.5) * 1440) AS bigint) * 1024
)
SELECT substr(article_list.day, 1, 7) AS month, count(*) AS articles
FROM period
CROSS JOIN article_search(:words) AS found
CROSS JOIN search_index
CROSS JOIN article_list
WHERE found.rowid >= period.first_key
    AND found.rowid < period.end_key
    AND search_index.search_key = found.rowid
    AND article_list.id = search_index.article_id
    AND article_list.edition = 'en'
GROUP BY substr(article_list.day, 1, 7)
ORDER BY 1
