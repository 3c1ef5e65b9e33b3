-- title: Who writes from Washington, from Beijing, from Tokyo?
-- tells: Correspondents of a month by place, with the days of their first and last article from there.
-- command: hanicrawler question correspondents
-- browser: /hanicrawler/correspondents
-- :since: 2024-06-01
-- :until: 2024-06-30

SELECT
    bylines.place,
    authors.name AS author,
    count(*) AS written,
    min(articles.published_at) AS first_at,
    max(articles.published_at) AS last_at
FROM articles
JOIN bylines ON bylines.article_id = articles.id
JOIN authors ON authors.id = bylines.author_id
WHERE articles.published_at >= datetime(:since, '-9 hours')
    AND articles.published_at < datetime(:until, '+15 hours')
    AND bylines.place IS NOT NULL
GROUP BY bylines.place, authors.id, authors.name
ORDER BY bylines.place, written DESC, authors.name
LIMIT 100
