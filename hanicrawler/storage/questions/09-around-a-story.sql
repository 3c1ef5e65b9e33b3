-- title: Which stories lie around one story?
-- tells: The stories that an article names as related, and those that these name: two steps, by the article's number on the site.
-- command: hanicrawler related en:1218475 --depth 2
-- browser: /hanicrawler/around-a-story
-- :source_id: 1218475
-- :steps: 2

WITH RECURSIVE around(article_id, steps) AS (
    SELECT id, 0 FROM articles WHERE edition = 'en' AND source_id = :source_id
    UNION
    SELECT story_graph.related_id, around.steps + 1
    FROM around
    JOIN story_graph ON story_graph.article_id = around.article_id
    WHERE around.steps < CAST(:steps AS integer) AND story_graph.related_id IS NOT NULL
)
SELECT min(around.steps) AS steps, articles.published_at, articles.headline, articles.url
FROM around
JOIN articles ON articles.id = around.article_id
GROUP BY articles.id, articles.published_at, articles.headline, articles.url
ORDER BY 1, articles.published_at DESC, articles.id
