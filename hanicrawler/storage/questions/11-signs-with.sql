-- title: With whom does an author sign?
-- tells: Who stands in the same bylines as an author, how often, and since when.
-- command: hanicrawler authors Paik Dan-bi
-- browser: /hanicrawler/signs-with
-- :author: Paik Dan-bi

SELECT
    others.name AS author,
    count(*) AS together,
    min(articles.published_at) AS first_at,
    max(articles.published_at) AS last_at
FROM authors
JOIN bylines ON bylines.author_id = authors.id
JOIN bylines AS beside
    ON beside.article_id = bylines.article_id AND beside.author_id <> bylines.author_id
JOIN authors AS others ON others.id = beside.author_id
JOIN articles ON articles.id = bylines.article_id
WHERE authors.name = :author
GROUP BY others.id, others.name
ORDER BY together DESC, others.name
LIMIT 50
