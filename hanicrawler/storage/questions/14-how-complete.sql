-- title: How complete is a month?
-- tells: What is known of the English articles between the first and the last one of a month, by section: stored, gone, failed, or not fetched yet.
-- command: hanicrawler coverage --since 2024-06-01 --until 2024-06-30 --by month
-- browser: /hanicrawler/how-complete
-- :since: 2024-06-01
-- :until: 2024-06-30

WITH span(first_id, last_id) AS (
    SELECT
        (
            SELECT articles.source_id
            FROM articles
            WHERE articles.edition = 'en'
                AND articles.published_at >= datetime(:since, '-9 hours')
            ORDER BY articles.published_at
            LIMIT 1
        ),
        (
            SELECT articles.source_id
            FROM articles
            WHERE articles.edition = 'en'
                AND articles.published_at < datetime(:until, '+15 hours')
            ORDER BY articles.published_at DESC
            LIMIT 1
        )
)
SELECT
    pages.section,
    count(*) AS listed,
    count(articles.source_id) AS stored,
    count(CASE WHEN pages.status IN (404, 410) THEN 1 END) AS gone,
    count(CASE WHEN articles.source_id IS NULL AND pages.fetched_at IS NOT NULL
        AND coalesce(pages.status, 0) NOT IN (404, 410) THEN 1 END) AS failed,
    count(CASE WHEN articles.source_id IS NULL AND pages.fetched_at IS NULL THEN 1 END)
        AS not_fetched
FROM span
JOIN pages
    ON pages.edition = 'en' AND pages.source_id >= span.first_id AND pages.source_id <= span.last_id
LEFT JOIN articles
    ON articles.edition = pages.edition AND articles.source_id = pages.source_id
GROUP BY pages.section
ORDER BY coalesce(pages.section, '')
