-- title: What were the first and the last article of an author?
-- tells: Both, with their dates: since when somebody has written for it.
-- command: hanicrawler authors Paik Dan-bi
-- browser: /hanicrawler/first-and-last
-- :author: Paik Dan-bi

WITH written(article_id, published_at) AS (
    SELECT articles.id, articles.published_at
    FROM authors
    JOIN bylines ON bylines.author_id = authors.id
    JOIN articles ON articles.id = bylines.article_id
    WHERE authors.name = :author
)
SELECT articles.published_at, articles.section, articles.headline, articles.url
FROM written
JOIN articles ON articles.id = written.article_id
WHERE written.published_at = (SELECT min(published_at) FROM written)
    OR written.published_at = (SELECT max(published_at) FROM written)
ORDER BY articles.published_at, articles.id
